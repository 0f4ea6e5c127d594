/* pattern_list.h - patterns of tiles by their numbers, and which of them something has; no
 * database. */
#ifndef VENN_STORE_PATTERN_LIST_H
#define VENN_STORE_PATTERN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct pattern_list {
	struct pattern_place {
		int64_t tile, number;
		bool is_used; /* something has it */
	} * items;            /* [count]; owned */
	size_t count, capacity;
};

void pattern_list_deinit(struct pattern_list *list);
COV_DEFINE_AUTO_STRUCT(struct pattern_list, pattern_list_deinit)

/** pattern_list_add() - another one; any number of times before pattern_list_sort(). */
void pattern_list_add(struct pattern_list *list, int64_t tile, int64_t number);

/** pattern_list_sort() - by tile, then number, each once; nothing has what was added again. */
void pattern_list_sort(struct pattern_list *list);

/** pattern_list_use() - something has a pattern, whether it is in the sorted @list or not. */
void pattern_list_use(struct pattern_list *list, int64_t tile, int64_t number);

/** pattern_list_drop_used() - take out what something has. */
void pattern_list_drop_used(struct pattern_list *list);

#endif
