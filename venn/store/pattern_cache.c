/* pattern_cache.c - the patterns of tiles that are known, by number and by marks; no database. */
#include "venn/store/pattern_cache.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

enum { SLOTS_MIN = 4096, TILES_MIN = 1024 };

bool pattern_cache_knows(const struct pattern_cache *cache, uint32_t tile)
{
	return tile < cache->tile_count && cache->tiles[tile].is_known;
}

void pattern_cache_begin(struct pattern_cache *cache, uint32_t tile)
{
	if (tile >= cache->tile_count) {
		size_t wanted = 2 * (size_t)tile + TILES_MIN;

		cache->tiles = cov_xreallocarray(cache->tiles, wanted, sizeof(*cache->tiles));
		memset(cache->tiles + cache->tile_count, 0,
		       (wanted - cache->tile_count) * sizeof(*cache->tiles));
		cache->tile_count = wanted;
	}
	cache->tiles[tile].is_known = true;
}

uint32_t pattern_cache_end(const struct pattern_cache *cache, uint32_t tile)
{
	const struct pattern_tile *of = &cache->tiles[tile];

	return of->count ? of->items[of->count - 1]->number + 1 : 1;
}

static uint32_t hash_of(uint32_t tile, const char *marks)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ tile; /* FNV-1a */

	for (; *marks; marks++)
		hash = (hash ^ (unsigned char)*marks) * UINT64_C(1099511628211);
	return (uint32_t)(hash ^ hash >> 32);
}

static void put(struct pattern_cache *cache, const struct pattern_slot *slot)
{
	size_t place = slot->hash;

	while (cache->slots[place & (cache->slot_count - 1)].pattern)
		place++;
	cache->slots[place & (cache->slot_count - 1)] = *slot;
}

/* So that at most half of the slots are taken. */
static void make_room(struct pattern_cache *cache)
{
	struct pattern_slot *before = cache->slots;
	size_t before_count = cache->slot_count;

	if (2 * cache->count < cache->slot_count)
		return;
	cache->slot_count = before_count ? 2 * before_count : SLOTS_MIN;
	cache->slots = cov_xcalloc(cache->slot_count, sizeof(*cache->slots));
	for (size_t i = 0; i < before_count; i++) {
		if (before[i].pattern)
			put(cache, &before[i]);
	}
	free(before);
}

void pattern_cache_add(struct pattern_cache *cache, uint32_t tile, uint32_t number,
		       uint32_t class_count, const char *marks)
{
	struct pattern_tile *of = &cache->tiles[tile];
	size_t marks_bytes = strlen(marks) + 1;
	struct known_pattern *pattern =
	    cov_arena_alloc(&cache->patterns, sizeof(*pattern) + marks_bytes, 1);
	const struct pattern_slot slot = { pattern, hash_of(tile, marks) };

	*pattern =
	    (struct known_pattern){ .tile = tile, .number = number, .class_count = class_count };
	memcpy(pattern->marks, marks, marks_bytes);
	make_room(cache);
	put(cache, &slot);
	cache->count++;
	of->items = cov_grow(of->items, of->count, &of->capacity, sizeof(*of->items));
	of->items[of->count++] = pattern;
}

const struct known_pattern *pattern_cache_find(const struct pattern_cache *cache, uint32_t tile,
					       const char *marks)
{
	uint32_t hash = hash_of(tile, marks);

	for (size_t place = hash; cache->slot_count; place++) {
		const struct pattern_slot *slot = &cache->slots[place & (cache->slot_count - 1)];

		if (!slot->pattern)
			return NULL;
		if (slot->hash == hash && slot->pattern->tile == tile &&
		    strcmp(slot->pattern->marks, marks) == 0)
			return slot->pattern;
	}
	return NULL;
}

const struct known_pattern *pattern_cache_at(const struct pattern_cache *cache, uint32_t tile,
					     int64_t number)
{
	size_t first = 0, end = pattern_cache_knows(cache, tile) ? cache->tiles[tile].count : 0;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		const struct known_pattern *pattern = cache->tiles[tile].items[middle];

		if (pattern->number == number)
			return pattern;
		if (pattern->number < number)
			first = middle + 1;
		else
			end = middle;
	}
	return NULL;
}

void pattern_cache_deinit(struct pattern_cache *cache)
{
	for (size_t i = 0; i < cache->tile_count; i++)
		free(cache->tiles[i].items);
	free(cache->tiles);
	free(cache->slots);
	cov_arena_deinit(&cache->patterns);
	memset(cache, 0, sizeof(*cache));
}
