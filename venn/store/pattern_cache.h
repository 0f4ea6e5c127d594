/* pattern_cache.h - the patterns of tiles that are known, by number and by marks; no database. */
#ifndef VENN_STORE_PATTERN_CACHE_H
#define VENN_STORE_PATTERN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct known_pattern {
	uint32_t tile, number;
	uint32_t class_count; /* as it was added */
	char marks[];         /* likewise, with a NUL behind */
};

struct pattern_cache {
	struct pattern_slot {
		const struct known_pattern *pattern; /* NULL: free */
		uint32_t hash;                       /* of its tile and marks */
	} * slots; /* [slot_count], a power of two, or none; owned */
	size_t slot_count, count;
	struct pattern_tile {
		const struct known_pattern **items; /* [count], by number; owned */
		size_t count, capacity;
		bool is_known; /* these are all */
	} * tiles;             /* [tile_count]; owned */
	size_t tile_count;
	struct cov_arena patterns;
};

/** pattern_cache_knows() - whether it is known which patterns a tile has. */
bool pattern_cache_knows(const struct pattern_cache *cache, uint32_t tile);

/** pattern_cache_begin() - from now on all patterns of a tile are added. */
void pattern_cache_begin(struct pattern_cache *cache, uint32_t tile);

/** pattern_cache_end() - the number behind the highest of a tile that is known; from 1. */
uint32_t pattern_cache_end(const struct pattern_cache *cache, uint32_t tile);

/** pattern_cache_add() - a pattern of a tile that was begun. @number: above all others of it */
void pattern_cache_add(struct pattern_cache *cache, uint32_t tile, uint32_t number,
		       uint32_t class_count, const char *marks);

/** pattern_cache_find() - a pattern of a tile by its marks; NULL if it is not known. */
const struct known_pattern *pattern_cache_find(const struct pattern_cache *cache, uint32_t tile,
					       const char *marks);

/** pattern_cache_at() - a pattern of a tile by its number; NULL if it is not known. */
const struct known_pattern *pattern_cache_at(const struct pattern_cache *cache, uint32_t tile,
					     int64_t number);

/** pattern_cache_deinit() - free what @cache owns; a zeroed struct is fine. */
void pattern_cache_deinit(struct pattern_cache *cache);
COV_DEFINE_AUTO_STRUCT(struct pattern_cache, pattern_cache_deinit)

#endif
