/*
 * regions.h - the exclusive regions of several footprints.
 *
 * Each line has a mask: a bit for each platform whose footprint holds it. The lines of a range
 * that have the same mask are a region of its Venn diagram.
 */
#ifndef VENN_SETS_REGIONS_H
#define VENN_SETS_REGIONS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct regions_item {
	uint64_t mask; /* never 0 */
	size_t lines;
};

/* The regions of one range of lines. The memory is reused for the next range. */
struct regions {
	struct regions_item *items; /* [count], masks ascending; owned */
	size_t count;
	size_t capacity;
	uint32_t *slots; /* [slot_count], a power of 2: 1 + number of an item, 0: free; owned */
	size_t slot_count;
};

/**
 * regions_count() - the regions of lines @first .. @first + @count - 1.
 * @masks: [at least first + count], by line id
 * @regions: filled anew; free with regions_deinit()
 */
void regions_count(const uint64_t *masks, size_t first, size_t count, struct regions *regions);

/** regions_deinit() - free what @regions owns; a zeroed struct is fine. */
void regions_deinit(struct regions *regions);

COV_DEFINE_AUTO_STRUCT(struct regions, regions_deinit)

#endif
