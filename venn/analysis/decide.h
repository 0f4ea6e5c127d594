/* decide.h - the footprint of one group of trials, from its counters; on any thread. */
#ifndef VENN_ANALYSIS_DECIDE_H
#define VENN_ANALYSIS_DECIDE_H

#include "collector/base/error.h"
#include "venn/analysis/block_rule.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_group.h"

/* The trials of a baseline, and what they say if none of their objects is left out. */
struct decide_baseline {
	const struct store_group *group; /* borrowed; NULL: none yet */
	struct store_snapshots trials;   /* one by one, if the rule tests; owned, as are the next */
	struct cov_few_counters counters; /* added up, without observers */
	struct cov_counts counts;         /* made to say what the states say */
};

void decide_baseline_deinit(struct decide_baseline *baseline);

/* What the trials of a group say together, and what their baseline does beside them. */
struct decide_sides {
	struct cov_counters counters;              /* without observers, times their scale */
	struct cov_counts counts, own_idle_counts; /* as counters; owned, as those */
	const struct cov_counts *idle_counts;      /* own_idle_counts, or those of the baseline */
	size_t objects_left_out;
};

/* All that deciding on a group takes and gives. */
struct decide {
	const struct cov_kernel *kernel; /* borrowed, as are the next four */
	const struct store_observers *observers;
	const struct decide_baseline *baseline;
	struct store_footprint *footprint; /* its lines are empty before, and it has no resamples */
	struct block_rule rule;
	size_t resample_count; /* 0: it cannot be told what the group would be without a trial */
	struct store_packed_trials trials; /* owned, as is what follows */
	struct store_parts parts;
	struct decide_sides whole;       /* what all trials say */
	struct block_findings *findings; /* of a rule that tests; splits likewise */
	struct store_packed packed;
	struct cov_error err; /* code 0 when fine */
};

void decide_deinit(struct decide *decide);

/**
 * decide_evaluate() - counts of the trials and of their baseline, for those who add to them.
 *
 * Return: 0; decide->err.
 */
int decide_evaluate(struct decide *decide);

/**
 * decide_apply() - which lines are kept, of the whole and of each resample, and what is stored; all
 * else is freed. Does what decide_evaluate() does, unless that was called before.
 *
 * A resample is decided as if the trials that it lacks had never been made: with its own sums, and
 * where the rule tests with its own p-values and its own limit.
 *
 * Return: 0; decide->err.
 */
int decide_apply(struct decide *decide);

#endif
