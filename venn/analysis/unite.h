/* unite.h - the footprints of a platform's workloads, added up as they are decided. */
#ifndef VENN_ANALYSIS_UNITE_H
#define VENN_ANALYSIS_UNITE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_group.h"

struct cov_error;
struct store;

/* All workloads of one platform. A zeroed struct has none yet. */
struct unite {
	struct store_group group; /* workload 0; texts borrowed */
	struct store_footprint footprint;
	int64_t *counters;     /* [kernel->counter_count]; NULL: none yet; owned, as all of them */
	int64_t *counts;       /* [kernel->line_count] */
	unsigned char *states; /* [kernel->line_count], the highest cov_line_state */
	int64_t *calls;        /* [kernel->function_count] */
	int64_t *baseline_calls;         /* [kernel->function_count], likewise */
	const struct cov_kernel *kernel; /* borrowed */
	int64_t scale;
};

void unite_deinit(struct unite *unite);
COV_DEFINE_AUTO_STRUCT(struct unite, unite_deinit)

/** unite_add() - add a footprint of the platform: counts as they are printed. */
void unite_add(struct unite *unite, const struct store_footprint *footprint,
	       const struct store_sums *sums);

/** unite_store() - write what was united, if anything, and begin anew. */
int unite_store(struct unite *unite, struct store *store, int64_t kernel_id, int64_t analysis_id,
		struct cov_error *err);

#endif
