/* pattern_cache.h - the patterns of tiles that are known, by what they look like; no database. */
#ifndef VENN_STORE_PATTERN_CACHE_H
#define VENN_STORE_PATTERN_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct pattern_cache {
	struct pattern_slot {
		const char *text; /* its tile, a uint32_t, and its marks, with a NUL behind */
		uint32_t hash;    /* of it */
		uint32_t pattern; /* from 1; 0: free */
	} * slots;                /* [slot_count], a power of two, or none; owned */
	size_t slot_count, count;
	struct cov_arena texts;
	uint32_t *ends; /* [tile_count], behind the highest number; 0: not all are known; owned */
	size_t tile_count;
};

/** pattern_cache_end() - the next number of a tile; 0 if it is not known which patterns it has. */
uint32_t pattern_cache_end(const struct pattern_cache *cache, uint32_t tile);

/** pattern_cache_begin() - from now on all patterns of a tile are added. */
void pattern_cache_begin(struct pattern_cache *cache, uint32_t tile);

/** pattern_cache_add() - a pattern of a tile that was begun. */
void pattern_cache_add(struct pattern_cache *cache, uint32_t tile, const char *marks,
		       uint32_t pattern);

/** pattern_cache_find() - the number of a pattern of a tile; 0 if it is not known. */
uint32_t pattern_cache_find(const struct pattern_cache *cache, uint32_t tile, const char *marks);

/** pattern_cache_deinit() - free what @cache owns; a zeroed struct is fine. */
void pattern_cache_deinit(struct pattern_cache *cache);
COV_DEFINE_AUTO_STRUCT(struct pattern_cache, pattern_cache_deinit)

#endif
