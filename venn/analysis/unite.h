/* unite.h - the footprints of a platform's workloads, of all or of a group, as one. */
#ifndef VENN_ANALYSIS_UNITE_H
#define VENN_ANALYSIS_UNITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/analysis/agreement.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_group.h"
#include "venn/store/store_workload.h"

struct cov_error;
struct store;

/* What a footprint adds to unions, unpacked. All owned. */
struct unite_part {
	struct cov_footprint found; /* what is instrumented */
	struct cov_footprint ran, kept;
	int64_t *counts;    /* [lines that ran], in order; NULL: not asked for, as are the next */
	uint32_t *calls_of; /* [call_count], functions; of these calls, and of the baseline */
	int64_t *calls, *baseline_calls;
	size_t call_count;
	struct cov_footprint counted; /* a bit for each counter that is not 0 */
	int64_t *counters;            /* [those], in order */
	bool is_damaged;              /* and not complete */
};

/**
 * unite_part_open() - unpack a footprint, on any thread.
 * @packed:     as it is stored, or will be
 * @scale:      of the analysis
 * @is_counted: it is for the union of all workloads, too
 * @ret:        free with unite_part_deinit()
 */
void unite_part_open(const struct store_packed *packed, const struct cov_kernel *kernel,
		     int64_t scale, bool is_counted, struct unite_part *ret);

void unite_part_deinit(struct unite_part *part);

/* Some workloads of one platform. A zeroed struct is all of them, and has none yet. */
struct unite {
	int64_t group_id;         /* of workloads: no more than totals are stored; 0: all */
	struct store_group group; /* its workload is that id; texts borrowed */
	struct store_footprint footprint;
	/* The first trials of all workloads are one study of them, the second ones another, ... */
	struct agreement_trials trials;
	struct cov_footprint resamples[COV_RESAMPLE_MAX]; /* the lines of each, if any; owned */
	bool lacks_resamples; /* of one of the workloads there are none, so of all neither */
	const struct cov_kernel *kernel; /* borrowed */
	int64_t scale;
	/* Instrumented lines, and those of them that were executed. Without words there is nothing
	 * yet; owned, as all that follows, which is for all workloads only. */
	struct cov_footprint found, ran;
	int64_t *counts;              /* [lines that ran], in order */
	struct cov_footprint counted; /* a bit for each counter that is not 0 */
	int64_t *counters;            /* [those], in order */
	int64_t *calls;               /* [kernel->function_count] */
	int64_t *baseline_calls;      /* [kernel->function_count], times the scale */
};

void unite_deinit(struct unite *unite);
COV_DEFINE_AUTO_STRUCT(struct unite, unite_deinit)

/** unite_has() - whether a group of trials is among those of a group of workloads; 0: of all. */
bool unite_has(const struct store_members *members, int64_t group_id,
	       const struct store_group *group);

/**
 * unite_add() - add a footprint of the platform: counts as they are printed.
 * @footprint: with its groups, and what is counted beside lines
 * @part:      of the same, not damaged; with counts, if all workloads are united
 */
void unite_add(struct unite *unite, const struct cov_kernel *kernel, int64_t scale,
	       const struct store_footprint *footprint, const struct unite_part *part);

/** unite_store() - write what was united, if anything, and begin anew with the same workloads. */
int unite_store(struct unite *unite, struct store *store, int64_t kernel_id, int64_t analysis_id,
		const struct store_directories *directories, struct cov_error *err);

#endif
