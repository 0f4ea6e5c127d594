/* functions.c - the functions of a kernel by their place in the sources, one for all copies. */
#include "venn/change/functions.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

void functions_deinit(struct functions *functions)
{
	free(functions->items);
	free(functions->of_lines);
	memset(functions, 0, sizeof(*functions));
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_places(const void *a, const void *b)
{
	const struct functions_item *left = a, *right = b;
	int order = compare_numbers(left->file, right->file);

	if (order == 0)
		order = compare_numbers(left->start_line, right->start_line);
	/* One that is within another comes behind it. */
	if (order == 0)
		order = compare_numbers(right->end_line, left->end_line);
	return order ? order : strcmp(left->name, right->name);
}

static void drop_copies(struct functions *functions)
{
	size_t kept = 0;

	for (size_t i = 0; i < functions->count; i++) {
		if (!kept || compare_places(&functions->items[kept - 1], &functions->items[i]) != 0)
			functions->items[kept++] = functions->items[i];
	}
	functions->count = kept;
}

static bool is_around(const struct functions_item *item, uint32_t file, uint32_t line)
{
	return item->file == file && item->start_line <= line && line <= item->end_line;
}

uint32_t functions_find(const struct functions *functions, uint32_t file, uint32_t line)
{
	size_t low = 0, high = functions->count;

	/* Behind the last that starts up to the line. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct functions_item *item = &functions->items[middle];

		if (item->file < file || (item->file == file && item->start_line <= line))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && functions->items[low - 1].file == file; low--) {
		if (is_around(&functions->items[low - 1], file, line))
			return (uint32_t)(low - 1);
	}
	return FUNCTIONS_NONE;
}

void functions_list(const struct cov_kernel *kernel, struct functions *ret)
{
	ret->items = cov_xcalloc(kernel->function_count, sizeof(*ret->items));
	ret->of_lines = cov_xcalloc(kernel->line_count, sizeof(*ret->of_lines));
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			if (function->is_artificial)
				continue;
			ret->items[ret->count++] = (struct functions_item){
				.name = object->plan.texts + function->name,
				.file = kernel_function_file(object, j),
				.start_line = function->start_line,
				.end_line = function->end_line,
			};
		}
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), compare_places);
	drop_copies(ret);
	for (size_t i = 0; i < kernel->line_count; i++)
		ret->of_lines[i] =
		    functions_find(ret, kernel->line_files[i], kernel->line_numbers[i]);
}

/* The functions of a kernel by file and name. */
static int compare_names(const void *a, const void *b, void *context)
{
	const struct functions_item *items = context;
	const struct functions_item *left = &items[*(const uint32_t *)a],
				    *right = &items[*(const uint32_t *)b];
	int order = compare_numbers(left->file, right->file);

	if (order == 0)
		order = strcmp(left->name, right->name);
	return order ? order : compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Indices in that order; free() them. */
static uint32_t *sort_by_name(const struct functions *functions)
{
	uint32_t *order = cov_xcalloc(functions->count, sizeof(*order));

	for (size_t i = 0; i < functions->count; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, functions->count, sizeof(*order), compare_names, functions->items);
	return order;
}

/* The first in @order that is not before a file and name. */
static size_t find_name(const struct functions *functions, const uint32_t *order, uint32_t file,
			const char *name)
{
	size_t low = 0, high = functions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct functions_item *item = &functions->items[order[middle]];
		int compared = compare_numbers(item->file, file);

		if (compared == 0)
			compared = strcmp(item->name, name);
		if (compared < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void functions_join(const struct functions *old, const struct functions *new, const uint32_t *files,
		    uint32_t *ret)
{
	COV_AUTO(free) uint32_t *old_order = sort_by_name(old);
	COV_AUTO(free) uint32_t *new_order = sort_by_name(new);
	size_t number = 0; /* of this name in this file */

	for (size_t i = 0; i < old->count; i++) {
		const struct functions_item *item = &old->items[old_order[i]];
		const struct functions_item *before = i ? &old->items[old_order[i - 1]] : item;
		uint32_t file = files[item->file];

		ret[old_order[i]] = FUNCTIONS_NONE;
		number = i && before->file == item->file && strcmp(before->name, item->name) == 0
			     ? number + 1
			     : 0;
		if (file == UINT32_MAX)
			continue;
		size_t place = find_name(new, new_order, file, item->name) + number;
		if (place < new->count &&new->items[new_order[place]].file == file &&
		    strcmp(new->items[new_order[place]].name, item->name) == 0)
			ret[old_order[i]] = new_order[place];
	}
}
