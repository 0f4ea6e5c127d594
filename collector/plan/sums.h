/* sums.h - what lines count in many sums of the same few snapshots of one object. */
#ifndef COLLECTOR_PLAN_SUMS_H
#define COLLECTOR_PLAN_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/plan.h"

enum { SUMS_SNAPSHOTS_MAX = 64 };

struct sums_asked {
	const int64_t *counters; /* [snapshot_count][plan->counter_count] */
	size_t snapshot_count;   /* at most SUMS_SNAPSHOTS_MAX */
	const uint64_t *masks;   /* [count], a bit for each snapshot that is in a sum */
	size_t count;
};

/* Memory that is used for object after object; zeroed at first. */
struct sums_scratch {
	struct evaluate_scratch evaluate;
	void *memory; /* owned */
	size_t size_bytes;
};

void sums_scratch_deinit(struct sums_scratch *scratch);
COV_DEFINE_AUTO_STRUCT(struct sums_scratch, sums_scratch_deinit)

/**
 * sums_evaluate() - what plan_evaluate() says of the counters of each sum.
 * @lines:    [plan->line_count][asked->count], counts; added to
 * @executed: [plan->line_count][asked->count], set to 1 where the line ran, fully or partly
 * @scratch:  kept by the caller between calls
 *
 * Arcs, blocks and most lines of a sum are the sums of those of its snapshots, which are evaluated
 * once. Each sum is looked at where that is not so: in cycles that were passed, and, for which
 * blocks ran, in functions whose counters contradict each other.
 */
void sums_evaluate(const struct plan *plan, const struct sums_asked *asked, int64_t *lines,
		   unsigned char *executed, struct sums_scratch *scratch);

#endif
