/* conditional.c - code that only some platforms execute, in functions that all of them execute. */
#include "venn/questions/conditional.h"

#include <math.h>
#include <string.h>

#include "collector/base/memory.h"
#include "venn/sets/mask.h"

void conditional_hunks_deinit(struct conditional_hunks *hunks)
{
	free(hunks->items);
	memset(hunks, 0, sizeof(*hunks));
}

double conditional_rate(const struct store_query *query, const struct store_code *code,
			const struct conditional_hunk *hunk, size_t place)
{
	int64_t highest = 0;

	for (int64_t i = hunk->first; i < hunk->first + hunk->count; i++) {
		int64_t count = store_code_count(code, query, i, place);

		highest = count > highest ? count : highest;
	}
	return (double)highest * 1e9 / (double)query->platforms[place].duration_ns;
}

bool conditional_is_shared(const struct store_query *query, const struct store_code *code,
			   const struct store_code_line *line)
{
	return line->function != STORE_NO_FUNCTION &&
	       code->functions[line->function].executed == mask_all(query->platform_count);
}

/* What only some execute: the others do not at all, not even as often as the baseline. */
static bool is_conditional(const struct store_query *query, const struct store_code *code,
			   const struct store_code_line *line)
{
	return line && line->kept && line->kept == line->executed &&
	       line->kept != mask_all(query->platform_count) &&
	       conditional_is_shared(query, code, line);
}

int conditional_compare(const void *a, const void *b)
{
	const struct conditional_hunk *first = a, *second = b;

	if (first->rate != second->rate)
		return first->rate > second->rate ? -1 : 1;
	if (first->count != second->count)
		return first->count > second->count ? -1 : 1;
	return first->first < second->first ? -1 : 1;
}

void conditional_find(const struct store_query *query, const struct store_code *code, uint64_t only,
		      struct conditional_hunks *ret)
{
	bool is_open = false;

	for (int64_t i = 0; i < query->line_count; i++) {
		struct conditional_hunk *last = ret->count ? &ret->items[ret->count - 1] : NULL;
		const struct store_code_line *line = store_code_line(code, i);

		if (!is_conditional(query, code, line) || (only && line->kept != only)) {
			is_open = false;
			continue;
		}
		if (is_open && last->mask == line->kept && last->function == line->function) {
			last->count++;
			continue;
		}
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct conditional_hunk){
			.first = i, .count = 1, .function = line->function, .mask = line->kept
		};
		is_open = true;
	}
	for (size_t i = 0; i < ret->count; i++) {
		for (size_t j = 0; j < query->platform_count; j++)
			ret->items[i].rate = fmax(ret->items[i].rate,
						  conditional_rate(query, code, &ret->items[i], j));
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), conditional_compare);
}
