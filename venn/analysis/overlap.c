/* overlap.c - the regions of the footprints of several platforms, for every directory. */
#include "venn/analysis/overlap.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
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
	int result = store_tile_ids_footprint(ids, footprint->id, footprint->lines.words, err);
	return result ? result
		      : store_footprint_without(ids->store, footprint->id, ids->line_count,
						footprint->without, err);
}

/* Whatever ran, a set is a part of it. */
static bool is_part(const struct overlap *overlap, int64_t workload_id,
		    const struct store_footprint *footprint)
{
	return footprint->group->is_set || footprint->group->workload_id == workload_id ||
	       unite_has(overlap->members, workload_id, footprint->group);
}

/* The footprints that are set side by side, several of a platform if need be. */
struct parts {
	struct store_footprint **items; /* [count]; those of pairs, and the next; owned */
	struct store_footprint *united; /* [united_count], owned, as are their lines */
	size_t count, united_count;
};

static void parts_deinit(struct parts *parts)
{
	for (size_t i = 0; i < parts->united_count; i++)
		store_footprint_deinit(&parts->united[i]);
	free(parts->united);
	free(parts->items);
}

COV_DEFINE_AUTO_STRUCT(struct parts, parts_deinit)

/*
 * That of all workloads of a platform, if it says all that those of each say together: where some
 * have resamples and others have none, it has none.
 */
static const struct store_footprint_stored *find_united(const struct overlap *overlap,
							const struct store_footprint *member)
{
	const struct store_footprint_stored *united =
	    member->group->is_set
		? NULL
		: store_footprint_find(overlap->stored, member->group->platform_id, 0);

	for (size_t i = 0; united && i < overlap->pairs->count; i++) {
		const struct store_footprint *footprint = &overlap->pairs->footprints[i];

		if (footprint->group->platform_id == united->platform_id &&
		    is_part(overlap, 0, footprint) &&
		    (footprint->resample_count > 0) != (united->resample_count > 0))
			return NULL;
	}
	return united;
}

/* In place of the workloads of a platform what they are united to. */
static void add_united(struct parts *parts, const struct store_footprint *member,
		       const struct store_footprint_stored *stored)
{
	const struct store_footprint *last =
	    parts->united_count ? &parts->united[parts->united_count - 1] : NULL;

	if (last && last->id == stored->id)
		return;
	parts->united[parts->united_count] = (struct store_footprint){
		.group = member->group, .id = stored->id, .resample_count = stored->resample_count
	};
	parts->items[parts->count++] = &parts->united[parts->united_count++];
}

static void list_parts(const struct overlap *overlap, int64_t workload_id, struct parts *ret)
{
	size_t most = overlap->pairs->count;

	ret->items = cov_xcalloc(most, sizeof(*ret->items));
	ret->united = cov_xcalloc(most, sizeof(*ret->united));
	for (size_t i = 0; i < most; i++) {
		struct store_footprint *footprint = &overlap->pairs->footprints[i];

		if (!is_part(overlap, workload_id, footprint))
			continue;
		const struct store_footprint_stored *united =
		    workload_id ? NULL : find_united(overlap, footprint);
		if (united)
			add_united(ret, footprint, united);
		else
			ret->items[ret->count++] = footprint;
	}
}

/* The lines of the footprints of a workload, and their resamples. */
static int read_parts(const struct overlap *overlap, const struct parts *parts,
		      struct store_region_place *place, struct cov_error *err)
{
	int result = 0;

	place->can_tell = true;
	for (size_t i = 0; result == 0 && i < parts->count; i++) {
		struct store_footprint *footprint = parts->items[i];

		result = overlap_lines(overlap->ids, footprint, err);
		if (footprint->resample_count > place->resample_count)
			place->resample_count = footprint->resample_count;
		/* A set has no trials that could be left out: it is the same in all resamples. */
		place->can_tell &= footprint->resample_count > 0 || footprint->group->is_set;
	}
	return result;
}

/*
 * A bit for each platform in the mask of each line of its footprints.
 * @resample: COV_RESAMPLE_MAX: the whole
 */
static int fill_masks(const struct overlap *overlap, const struct parts *parts, size_t resample,
		      uint64_t *masks, struct cov_error *err)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };

	cov_footprint_init(&lines, overlap->ids->line_count);
	memset(masks, 0, overlap->ids->line_count * sizeof(*masks));
	for (size_t i = 0; i < parts->count; i++) {
		const struct store_footprint *footprint = parts->items[i];
		int bit;
		int result = store_platform_bit(overlap->ids->store, footprint->group->platform_id,
						&bit, err);
		if (result)
			return result;
		cov_footprint_copy(&footprint->lines, &lines);
		if (resample < footprint->resample_count)
			cov_footprint_change(&lines, &footprint->without[resample]);
		cov_footprint_mark(&lines, (uint64_t)1 << bit, masks);
	}
	return 0;
}

/* The regions of one mask per line, counted for each directory, which have lines in common. */
struct counting {
	const struct store_directories *directories;
	const uint64_t *masks;
	size_t resample;               /* as of fill_masks() */
	struct store_regions *regions; /* [directory count] */
	struct regions counted[COV_THREADS_MAX];
};

static void count_directory(void *context, size_t index, size_t thread)
{
	struct counting *counting = context;
	const struct store_directory *directory = &counting->directories->items[index];
	struct regions *counted = &counting->counted[thread];

	regions_count(counting->masks, directory->line_first, directory->line_count, counted);
	store_region_count(counted, counting->resample, &counting->regions[index]);
}

/* @ret: [directory count], of the whole and of each resample */
static int count_parts(const struct overlap *overlap, const struct parts *parts,
		       const struct store_region_place *place, struct store_regions *ret,
		       struct cov_error *err)
{
	COV_AUTO(free) uint64_t *masks = cov_xcalloc(overlap->ids->line_count, sizeof(*masks));
	struct counting counting = {
		.directories = overlap->directories,
		.masks = masks,
		.regions = ret,
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i <= place->resample_count; i++) {
		counting.resample = i ? i - 1 : COV_RESAMPLE_MAX;
		result = fill_masks(overlap, parts, counting.resample, masks, err);
		if (result == 0)
			cov_parallel_for(overlap->directories->count, count_directory, &counting);
	}
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		regions_deinit(&counting.counted[i]);
	return result;
}

static int store_parts(const struct overlap *overlap, const struct parts *parts,
		       struct store_region_place *place, struct cov_error *err)
{
	size_t count = overlap->directories->count;
	COV_AUTO(free) struct store_regions *regions = cov_xcalloc(count, sizeof(*regions));
	int result = count_parts(overlap, parts, place, regions, err);

	for (size_t i = 0; i < count; i++) {
		place->directory_id = overlap->directories->items[i].id;
		if (result == 0)
			result = store_region_add(overlap->ids->store, place, &regions[i], err);
		store_region_list_deinit(&regions[i]);
	}
	return result;
}

int overlap_store(const struct overlap *overlap, int64_t workload_id, struct cov_error *err)
{
	struct store_region_place place = { .analysis_id = overlap->analysis_id,
					    .workload_id = workload_id };
	COV_AUTO(parts_deinit) struct parts parts = { 0 };
	bool is_there = false;
	int result = store_region_has(overlap->ids->store, overlap->analysis_id, workload_id,
				      &is_there, err);

	if (result || is_there)
		return result;
	list_parts(overlap, workload_id, &parts);
	result = read_parts(overlap, &parts, &place, err);
	return result || !parts.count ? result : store_parts(overlap, &parts, &place, err);
}
