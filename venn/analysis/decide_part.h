/*
 * decide_part.h - what ran of a group and its baseline, as a kernel of its own: what is decided
 * many times, with the group and without each of its trials, is decided there.
 */
#ifndef VENN_ANALYSIS_DECIDE_PART_H
#define VENN_ANALYSIS_DECIDE_PART_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_observer.h"

struct cov_error;

/* What a part is taken of. All borrowed, until the part is released. */
struct decide_part_whole {
	const struct cov_kernel *kernel;
	const struct store_observers *observers;
	const struct store_parts *parts;     /* of the group */
	const struct cov_few_counters *idle; /* of the baseline */
	const int64_t *idle_lines;           /* [kernel->line_count], its counts */
	/* [trial_count], single trials that are to be tested, times the scale; need not stay */
	const struct cov_few_counters *trials;
	size_t trial_count;
};

/* The same of the part: with its objects, counters and lines. */
struct decide_part {
	struct kernel_part ran;           /* owned; its snapshots are borrowed by what follows */
	struct store_observers observers; /* owned, but for their sums */
	struct store_parts parts;         /* borrows from those of the whole, too */
	const struct cov_few_counters *idle;
	int64_t *idle_lines; /* [ran.kernel.line_count]; owned */
	const struct cov_few_counters *trials;
};

void decide_part_deinit(struct decide_part *part);
COV_DEFINE_AUTO_STRUCT(struct decide_part, decide_part_deinit)

/**
 * decide_part_init() - the part of a kernel that ran in any of the trials.
 * @ret: free with decide_part_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int decide_part_init(const struct decide_part_whole *whole, struct decide_part *ret,
		     struct cov_error *err);

#endif
