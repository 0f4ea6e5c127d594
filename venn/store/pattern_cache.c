/* pattern_cache.c - the patterns of tiles that are known, by what they look like; no database. */
#include "venn/store/pattern_cache.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

enum { SLOTS_MIN = 4096, TILES_MIN = 1024 };

uint32_t pattern_cache_end(const struct pattern_cache *cache, uint32_t tile)
{
	return tile < cache->tile_count ? cache->ends[tile] : 0;
}

void pattern_cache_begin(struct pattern_cache *cache, uint32_t tile)
{
	if (tile >= cache->tile_count) {
		size_t wanted = 2 * (size_t)tile + TILES_MIN;

		cache->ends = cov_xreallocarray(cache->ends, wanted, sizeof(*cache->ends));
		memset(cache->ends + cache->tile_count, 0,
		       (wanted - cache->tile_count) * sizeof(*cache->ends));
		cache->tile_count = wanted;
	}
	cache->ends[tile] = 1;
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

void pattern_cache_add(struct pattern_cache *cache, uint32_t tile, const char *marks,
		       uint32_t pattern)
{
	size_t marks_bytes = strlen(marks) + 1;
	char *text = cov_arena_alloc(&cache->texts, sizeof(tile) + marks_bytes, 1);
	const struct pattern_slot slot = { text, hash_of(tile, marks), pattern };

	memcpy(text, &tile, sizeof(tile));
	memcpy(text + sizeof(tile), marks, marks_bytes);
	make_room(cache);
	put(cache, &slot);
	cache->count++;
	if (pattern >= cache->ends[tile])
		cache->ends[tile] = pattern + 1;
}

uint32_t pattern_cache_find(const struct pattern_cache *cache, uint32_t tile, const char *marks)
{
	uint32_t hash = hash_of(tile, marks);

	for (size_t place = hash; cache->slot_count; place++) {
		const struct pattern_slot *slot = &cache->slots[place & (cache->slot_count - 1)];

		if (!slot->pattern)
			return 0;
		if (slot->hash == hash && memcmp(slot->text, &tile, sizeof(tile)) == 0 &&
		    strcmp(slot->text + sizeof(tile), marks) == 0)
			return slot->pattern;
	}
	return 0;
}

void pattern_cache_deinit(struct pattern_cache *cache)
{
	free(cache->slots);
	free(cache->ends);
	cov_arena_deinit(&cache->texts);
	memset(cache, 0, sizeof(*cache));
}
