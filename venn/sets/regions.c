/* regions.c - the exclusive regions of several footprints. */
#include "venn/sets/regions.h"

#include <string.h>

#include "collector/base/memory.h"

static int compare_masks(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

void regions_count(const uint64_t *masks, size_t first, size_t count, struct regions *regions)
{
	size_t executed = 0;

	if (count > regions->mask_capacity) {
		regions->mask_capacity = count;
		regions->masks = cov_xreallocarray(regions->masks, count, sizeof(*regions->masks));
	}
	/* Most lines are executed by nobody, so little is left to sort. */
	for (size_t i = first; i < first + count; i++) {
		if (masks[i])
			regions->masks[executed++] = masks[i];
	}
	if (executed)
		qsort(regions->masks, executed, sizeof(*regions->masks), compare_masks);
	regions->count = 0;
	for (size_t i = 0; i < executed; i++) {
		if (i == 0 || regions->masks[i] != regions->masks[i - 1]) {
			regions->items = cov_grow(regions->items, regions->count,
						  &regions->capacity, sizeof(*regions->items));
			regions->items[regions->count++] =
			    (struct regions_item){ regions->masks[i], 0 };
		}
		regions->items[regions->count - 1].lines++;
	}
}

void regions_deinit(struct regions *regions)
{
	free(regions->items);
	free(regions->masks);
	memset(regions, 0, sizeof(*regions));
}
