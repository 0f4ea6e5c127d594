/* regions.c - the exclusive regions of several footprints. */
#include "venn/sets/regions.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

enum { SLOTS_MIN = 64 };

static int compare_items(const void *a, const void *b)
{
	uint64_t first = ((const struct regions_item *)a)->mask;
	uint64_t second = ((const struct regions_item *)b)->mask;

	return (first > second) - (first < second);
}

/* The slot of a mask, or where it would be. */
static uint32_t *find_slot(const struct regions *regions, uint64_t mask)
{
	size_t slot = (size_t)(mask * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (;; slot++) {
		uint32_t *place = &regions->slots[slot & (regions->slot_count - 1)];

		if (!*place || regions->items[*place - 1].mask == mask)
			return place;
	}
}

/* Of a table that is half full, one twice as large. */
static void make_room(struct regions *regions)
{
	if (2 * regions->count < regions->slot_count)
		return;
	free(regions->slots);
	regions->slot_count *= 2;
	regions->slots = cov_xcalloc(regions->slot_count, sizeof(*regions->slots));
	for (size_t i = 0; i < regions->count; i++)
		*find_slot(regions, regions->items[i].mask) = (uint32_t)i + 1;
}

static struct regions_item *find_item(struct regions *regions, uint64_t mask)
{
	uint32_t *slot = find_slot(regions, mask);

	if (*slot)
		return &regions->items[*slot - 1];
	regions->items =
	    cov_grow(regions->items, regions->count, &regions->capacity, sizeof(*regions->items));
	regions->items[regions->count] = (struct regions_item){ mask, 0 };
	*slot = (uint32_t)++regions->count;
	make_room(regions);
	return &regions->items[regions->count - 1];
}

void regions_count(const uint64_t *masks, size_t first, size_t count, struct regions *regions)
{
	struct regions_item *last = NULL;

	if (!regions->slots) {
		regions->slot_count = SLOTS_MIN;
		regions->slots = cov_xcalloc(SLOTS_MIN, sizeof(*regions->slots));
	}
	memset(regions->slots, 0, regions->slot_count * sizeof(*regions->slots));
	regions->count = 0;
	for (size_t i = first; i < first + count; i++) {
		if (!masks[i])
			continue;
		/* Lines that follow each other mostly have the same. */
		if (!last || last->mask != masks[i])
			last = find_item(regions, masks[i]);
		last->lines++;
	}
	if (regions->count)
		qsort(regions->items, regions->count, sizeof(*regions->items), compare_items);
}

void regions_deinit(struct regions *regions)
{
	free(regions->items);
	free(regions->slots);
	memset(regions, 0, sizeof(*regions));
}
