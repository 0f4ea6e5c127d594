/* pair.h - which baseline each group of trials is set against, and by which rule. */
#ifndef VENN_ANALYSIS_PAIR_H
#define VENN_ANALYSIS_PAIR_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "differ/differ.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_group.h"

struct cov_error;

/* What sets are set against: it has no trials, and executed nothing within a nanosecond. */
extern const struct store_group pair_nothing;

/* A footprint for each group that is not what it would be set against. */
struct pairs {
	struct store_footprint *footprints; /* [count], of borrowed groups; owned */
	size_t count;
	char *baseline; /* "host/idle", or "own"; owned */
};

void pair_deinit(struct pairs *pairs);
COV_DEFINE_AUTO_STRUCT(struct pairs, pair_deinit)

/**
 * pair_groups() - set each group against its baseline; the footprints are empty as yet.
 *
 * A set is set against pair_nothing, whatever the baseline of the others.
 *
 * @name: of the baseline, as analysis_run() takes it
 * @ret:  borrows the groups; free with pair_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such baseline, or several, or no trial of a workload.
 */
int pair_groups(const struct store_groups *groups, const char *name, struct pairs *ret,
		struct cov_error *err);

/* With five trials of everything but sets permutation; with fewer, which could discover nothing,
 * rate. */
enum cov_rule pair_usual_rule(const struct pairs *pairs);

/**
 * pair_rule() - which rule decides.
 * @rate: false discovery rate asked of rules that test
 * @rule: in and out; COV_RULE_COUNT: the default. Sets are kept whole, by any rule
 *
 * With too few trials for a rule that tests, even what only the workload executes is not a
 * discovery. Phases and baselines of which that is so are left out of @pairs, which is said; all
 * phases of the platform, since what they are together would lack some.
 *
 * Return: 0; COV_ERR_MISMATCH if the rule can tell nothing about some workload.
 */
int pair_rule(struct pairs *pairs, double rate, enum cov_rule *rule, struct cov_error *err);

/**
 * pair_share_needed() - which share of the blocks that are tested has to be discovered together
 * before any is: with few trials no p-value is small. 0 of rules whose p-values can be as small as
 * they like.
 */
double pair_share_needed(enum cov_rule rule, double rate, const struct store_footprint *footprint);

#endif
