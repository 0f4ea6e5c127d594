/* store_mask.h - which platforms have each line in their footprint, in the study and in resamples.
 */
#ifndef VENN_STORE_STORE_MASK_H
#define VENN_STORE_STORE_MASK_H

#include <stdint.h>

#include "collector/base/cleanup.h"
#include "differ/differ.h"
#include "venn/store/store_query.h"
#include "venn/store/store_tile_ids.h"

struct cov_error;
struct store;

/* A footprint's lines in a query's range, and what each resample has otherwise. */
struct store_mask_footprint {
	uint64_t bit;               /* 1 << platform.bit, as in masks of regions */
	struct cov_footprint lines; /* owned, as is the next */
	struct cov_footprint_changes without[COV_RESAMPLE_MAX]; /* within the range */
};

struct store_masks {
	struct store_mask_footprint *footprints; /* [footprint_count], of all platforms; owned */
	size_t footprint_count;
	size_t line_count; /* of the range */
};

void store_mask_deinit(struct store_masks *masks);
COV_DEFINE_AUTO_STRUCT(struct store_masks, store_mask_deinit)

/**
 * store_mask_open() - read the footprints of a query.
 * @ret: free with store_mask_deinit()
 */
int store_mask_open(struct store *store, const struct store_query *query, struct store_masks *ret,
		    struct cov_error *err);

/**
 * store_mask_places() - the platforms of each line, in the whole alone, by their places in the
 * query.
 * @masks: [query->line_count]: 1 << place is set for each platform of which a footprint keeps the
 * line
 */
int store_mask_places(struct store *store, const struct store_query *query, uint64_t *masks,
		      struct cov_error *err);

/** store_mask_tiles() - what the footprints of a query are read with; release it. */
struct store_tile_ids store_mask_tiles(struct store *store, const struct store_query *query);

/** store_mask_places_of() - store_mask_places() with tiles of the query, of which some are known.
 */
int store_mask_places_of(struct store_tile_ids *tiles, const struct store_query *query,
			 uint64_t *masks, struct cov_error *err);

/**
 * store_mask_words() - the lines of each platform, in the whole alone, 64 at a time.
 * @words: [query->platform_count][@word_count], all 0; by place in the query, a bit per line id
 * @word_count: at least those of lines up to the end of the query's range
 *
 * Lines beside the range may be there or not.
 */
int store_mask_words(struct store *store, const struct store_query *query, uint64_t *words,
		     size_t word_count, struct cov_error *err);

/**
 * store_mask_fill() - the platforms of each line.
 * @resample: from 0; COV_RESAMPLE_MAX: the whole, as are resamples that there are not
 * @ret:      [masks->line_count]
 */
void store_mask_fill(const struct store_masks *masks, size_t resample, uint64_t *ret);

#endif
