/* store_mask.c - which platforms have each line in their footprint, in the study and in resamples.
 */
#include "venn/store/store_mask.h"

#include <string.h>

#include "collector/base/memory.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_limits.h"

void store_mask_deinit(struct store_masks *masks)
{
	for (size_t i = 0; i < masks->footprint_count; i++) {
		cov_footprint_deinit(&masks->footprints[i].lines);
		for (size_t j = 0; j < COV_RESAMPLE_MAX; j++)
			free(masks->footprints[i].without[j].lines);
	}
	free(masks->footprints);
	memset(masks, 0, sizeof(*masks));
}

/* From lines of the kernel to those of the range. */
static void cut(struct cov_footprint_changes *changes, const struct store_range *range)
{
	size_t kept = 0;

	for (size_t i = 0; i < changes->count; i++) {
		size_t line = changes->lines[i];

		if (line >= range->line_first && line - range->line_first < range->line_count)
			changes->lines[kept++] = (uint32_t)(line - range->line_first);
	}
	changes->count = kept;
}

/* @scratch: [range->line_count], all 0, as it is left */
static int read_footprint(struct store_tile_ids *tiles, int64_t id,
			  struct store_mask_footprint *footprint, uint64_t *scratch,
			  struct cov_error *err)
{
	const struct store_range *range = &tiles->range;

	cov_footprint_init(&footprint->lines, range->line_count);
	int result = store_tile_ids_masks(tiles, id, 1, scratch, err);

	for (size_t i = 0; i < range->line_count; i++) {
		if (scratch[i])
			cov_footprint_add(&footprint->lines, i);
		scratch[i] = 0;
	}
	if (result == 0)
		result = store_footprint_without(tiles->store, id, STORE_LINES_MAX,
						 footprint->without, err);
	for (size_t i = 0; result == 0 && i < COV_RESAMPLE_MAX; i++)
		cut(&footprint->without[i], range);
	return result;
}

struct store_tile_ids store_mask_tiles(struct store *store, const struct store_query *query)
{
	struct store_range range = store_query_range(query);

	return (struct store_tile_ids){
		.store = store,
		.kernel_id = query->kernel_id,
		.line_count = range.line_first + range.line_count,
		.range = range,
	};
}

int store_mask_places_of(struct store_tile_ids *tiles, const struct store_query *query,
			 uint64_t *masks, struct cov_error *err)
{
	int result = 0;

	for (size_t place = 0; place < query->platform_count; place++) {
		const struct store_query_platform *platform = &query->platforms[place];

		for (size_t i = 0; result == 0 && i < platform->footprint_count; i++)
			result = store_tile_ids_masks(tiles, platform->footprints[i],
						      UINT64_C(1) << place, masks, err);
	}
	return result;
}

int store_mask_places(struct store *store, const struct store_query *query, uint64_t *masks,
		      struct cov_error *err)
{
	COV_AUTO(store_tile_ids_deinit)
	struct store_tile_ids tiles = store_mask_tiles(store, query);

	return store_mask_places_of(&tiles, query, masks, err);
}

int store_mask_words(struct store *store, const struct store_query *query, uint64_t *words,
		     size_t word_count, struct cov_error *err)
{
	COV_AUTO(store_tile_ids_deinit)
	struct store_tile_ids tiles = store_mask_tiles(store, query);
	int result = 0;

	for (size_t i = 0; tiles.range.line_count && i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result = store_tile_ids_footprint(&tiles, platform->footprints[j],
							  words + i * word_count, err);
	}
	return result;
}

int store_mask_open(struct store *store, const struct store_query *query, struct store_masks *ret,
		    struct cov_error *err)
{
	const struct store_range range = store_query_range(query);
	COV_AUTO(store_mask_deinit) struct store_masks masks = { .line_count = range.line_count };
	COV_AUTO(store_tile_ids_deinit)
	struct store_tile_ids tiles = store_mask_tiles(store, query);
	COV_AUTO(free) uint64_t *scratch = cov_xcalloc(range.line_count, sizeof(*scratch));
	size_t count = 0;
	int result = 0;

	for (size_t i = 0; i < query->platform_count; i++)
		count += query->platforms[i].footprint_count;
	masks.footprints = cov_xcalloc(count, sizeof(*masks.footprints));
	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];
		uint64_t bit = (uint64_t)1 << platform->bit;

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++) {
			struct store_mask_footprint *footprint =
			    &masks.footprints[masks.footprint_count++];

			footprint->bit = bit;
			result = read_footprint(&tiles, platform->footprints[j], footprint, scratch,
						err);
		}
	}
	if (result)
		return result;
	*ret = masks;
	memset(&masks, 0, sizeof(masks));
	return 0;
}

void store_mask_fill(const struct store_masks *masks, size_t resample, uint64_t *ret)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };

	cov_footprint_init(&lines, masks->line_count);
	memset(ret, 0, masks->line_count * sizeof(*ret));
	for (size_t i = 0; i < masks->footprint_count; i++) {
		const struct store_mask_footprint *footprint = &masks->footprints[i];

		cov_footprint_copy(&footprint->lines, &lines);
		if (resample < COV_RESAMPLE_MAX)
			cov_footprint_change(&lines, &footprint->without[resample]);
		cov_footprint_mark(&lines, footprint->bit, ret);
	}
}
