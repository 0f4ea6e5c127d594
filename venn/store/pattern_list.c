/* pattern_list.c - patterns of tiles by their numbers, and which of them something has; no
 * database. */
#include "venn/store/pattern_list.h"

#include <stdlib.h>

#include "collector/base/memory.h"

void pattern_list_deinit(struct pattern_list *list)
{
	free(list->items);
	*list = (struct pattern_list){ 0 };
}

void pattern_list_add(struct pattern_list *list, int64_t tile, int64_t number)
{
	list->items = cov_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = (struct pattern_place){ .tile = tile, .number = number };
}

static int compare(const void *a, const void *b)
{
	const struct pattern_place *first = a, *second = b;

	if (first->tile != second->tile)
		return first->tile < second->tile ? -1 : 1;
	return (first->number > second->number) - (first->number < second->number);
}

void pattern_list_sort(struct pattern_list *list)
{
	size_t count = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare);
	for (size_t i = 0; i < list->count; i++) {
		if (count && compare(&list->items[count - 1], &list->items[i]) == 0)
			list->items[count - 1].is_used &= list->items[i].is_used;
		else
			list->items[count++] = list->items[i];
	}
	list->count = count;
}

void pattern_list_use(struct pattern_list *list, int64_t tile, int64_t number)
{
	const struct pattern_place place = { .tile = tile, .number = number };
	struct pattern_place *found =
	    list->count ? bsearch(&place, list->items, list->count, sizeof(place), compare) : NULL;

	if (found)
		found->is_used = true;
}

void pattern_list_drop_used(struct pattern_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].is_used)
			list->items[count++] = list->items[i];
	}
	list->count = count;
}
