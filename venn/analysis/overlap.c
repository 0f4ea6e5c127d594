/* overlap.c - the regions of the footprints of several platforms, for every directory. */
#include "venn/analysis/overlap.h"

#include <stdbool.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/analysis/unite.h"
#include "venn/sets/regions.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_region.h"

int overlap_lines(struct store_tile_ids *ids, struct store_footprint *footprint,
		  struct cov_error *err)
{
	if (footprint->lines.words)
		return 0;
	cov_footprint_init(&footprint->lines, ids->line_count);
	return store_tile_ids_footprint(ids, footprint->id, footprint->lines.words, err);
}

static bool is_part(const struct overlap *overlap, int64_t workload_id,
		    const struct store_footprint *footprint)
{
	return footprint->group->workload_id == workload_id ||
	       unite_has(overlap->members, workload_id, footprint->group);
}

/* A bit for the platform of a footprint in the mask of each of its lines. */
static int mark(const struct overlap *overlap, struct store_footprint *footprint, uint64_t *masks,
		struct cov_error *err)
{
	int bit;
	int result = overlap_lines(overlap->ids, footprint, err);

	if (result == 0)
		result = store_platform_bit(overlap->ids->store, footprint->group->platform_id,
					    &bit, err);
	if (result)
		return result;
	for (size_t i = 0; i < (footprint->lines.line_count + 63) / 64; i++) {
		for (uint64_t left = footprint->lines.words[i]; left; left &= left - 1)
			masks[i * 64 + (size_t)__builtin_ctzll(left)] |= (uint64_t)1 << bit;
	}
	return 0;
}

static int store_masks(const struct overlap *overlap, int64_t workload_id, const uint64_t *masks,
		       struct cov_error *err)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < overlap->directories->count; i++) {
		const struct store_directory *directory = &overlap->directories->items[i];

		regions_count(masks, directory->line_first, directory->line_count, &regions);
		for (size_t j = 0; result == 0 && j < regions.count; j++) {
			struct store_region region = {
				.directory_id = directory->id,
				.workload_id = workload_id,
				.mask = regions.items[j].mask,
				.lines = (int64_t)regions.items[j].lines,
			};

			result = store_region_add(overlap->ids->store, overlap->analysis_id,
						  &region, err);
		}
	}
	return result;
}

int overlap_store(const struct overlap *overlap, int64_t workload_id, struct cov_error *err)
{
	COV_AUTO(free) uint64_t *masks = NULL;
	bool is_there = false;
	int result = store_region_has(overlap->ids->store, overlap->analysis_id, workload_id,
				      &is_there, err);

	if (result || is_there)
		return result;
	for (size_t i = 0; result == 0 && i < overlap->pairs->count; i++) {
		struct store_footprint *footprint = &overlap->pairs->footprints[i];

		if (!is_part(overlap, workload_id, footprint))
			continue;
		if (!masks)
			masks = cov_xcalloc(overlap->ids->line_count, sizeof(*masks));
		result = mark(overlap, footprint, masks, err);
	}
	return result || !masks ? result : store_masks(overlap, workload_id, masks, err);
}
