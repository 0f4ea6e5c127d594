/* overlap.h - the regions of the footprints of several platforms, for every directory. */
#ifndef VENN_ANALYSIS_OVERLAP_H
#define VENN_ANALYSIS_OVERLAP_H

#include <stddef.h>
#include <stdint.h>

#include "venn/analysis/pair.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_tile_ids.h"
#include "venn/store/store_workload.h"

struct cov_error;

/* What overlaps. All borrowed. */
struct overlap {
	int64_t analysis_id;
	struct pairs *pairs;                          /* their footprints, all of them stored */
	const struct store_footprints_stored *stored; /* the same, and united ones */
	const struct store_members *members;
	const struct store_directories *directories;
	struct store_tile_ids *ids; /* of the kernel */
};

/** overlap_lines() - read the lines of a footprint that is stored, unless they are there. */
int overlap_lines(struct store_tile_ids *ids, struct store_footprint *footprint,
		  struct cov_error *err);

/** overlap_store() - the regions of a workload, a group of them or all (0), unless there are any.
 */
int overlap_store(const struct overlap *overlap, int64_t workload_id, struct cov_error *err);

#endif
