/* store_tile_ids.h - which lines and functions trials executed and footprints keep, without their
 * numbers. */
#ifndef VENN_STORE_STORE_TILE_IDS_H
#define VENN_STORE_STORE_TILE_IDS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_tile.h"

struct cov_error;
struct store;

struct pattern_cache;
struct store_tile_pattern;

enum { STORE_TILE_IDS_QUERIES = 4 };

/*
 * Patterns of a kernel's lines, or of its functions, as they were met: many trials share them.
 * Zeroed but for the first five, it is empty. What was met stays true within a transaction.
 */
struct store_tile_ids {
	struct store *store; /* borrowed */
	int64_t kernel_id;
	size_t line_count;                    /* of the kernel, or up to the end of the range */
	struct store_range range;             /* whose tiles are read; zeroed: all */
	bool is_of_functions;                 /* what is said of lines here is of functions */
	const struct pattern_cache *patterns; /* that the store knows, borrowed; NULL: none */
	sqlite3_stmt *pattern;                /* owned, as is all that follows */
	sqlite3_stmt *queries[STORE_TILE_IDS_QUERIES];
	struct store_tile_pattern **tiles; /* [(line_count + 63) / 64], each by pattern */
	size_t *counts;                    /* of each of these arrays */
};

void store_tile_ids_deinit(struct store_tile_ids *ids);
COV_DEFINE_AUTO_STRUCT(struct store_tile_ids, store_tile_ids_deinit)

/** store_tile_ids_trial() - the lines that a trial executed, fully or partly. */
int store_tile_ids_trial(struct store_tile_ids *ids, int64_t trial_id, uint64_t *words,
			 struct cov_error *err);

/** store_tile_ids_called() - the functions that a trial called. */
int store_tile_ids_called(struct store_tile_ids *ids, int64_t trial_id, uint64_t *words,
			  struct cov_error *err);

/**
 * store_tile_ids_footprint() - the lines that a footprint keeps.
 * @words: [(line_count + 63) / 64], a bit per line id; those of the lines are set
 */
int store_tile_ids_footprint(struct store_tile_ids *ids, int64_t footprint_id, uint64_t *words,
			     struct cov_error *err);

/** store_tile_ids_hit() - the same of all lines that were executed, kept or removed. */
int store_tile_ids_hit(struct store_tile_ids *ids, int64_t footprint_id, uint64_t *words,
		       struct cov_error *err);

/**
 * store_tile_ids_masks() - mark the lines of the range that a footprint keeps.
 * @masks: [ids->range.line_count]; @bit is or'ed in
 */
int store_tile_ids_masks(struct store_tile_ids *ids, int64_t footprint_id, uint64_t bit,
			 uint64_t *masks, struct cov_error *err);

/**
 * store_tile_ids_mark() - set a bit of the masks of lines.
 * @words: a bit per line id, from line 0 on
 * @masks: [range->line_count]
 */
void store_tile_ids_mark(const uint64_t *words, const struct store_range *range, uint64_t bit,
			 uint64_t *masks);

#endif
