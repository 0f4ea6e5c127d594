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
	int64_t duration_ns = query->platforms[place].duration_ns;

	return duration_ns ? (double)highest * 1e9 / (double)duration_ns : 0;
}

bool conditional_is_shared(const struct store_code *code, const struct store_code_line *line,
			   enum conditional_shared shared, uint64_t platforms)
{
	if (line->function == STORE_NO_FUNCTION)
		return false;
	const struct store_code_function *function = &code->functions[line->function];
	uint64_t has = shared == CONDITIONAL_EXECUTED ? function->executed : function->kept;
	return (has & platforms) == platforms;
}

struct conditional_added conditional_added(const struct store_code *code, size_t place,
					   size_t against)
{
	struct conditional_added added = { 0 };
	uint64_t other = (uint64_t)1 << against;

	for (size_t i = 0; i < code->line_count; i++) {
		const struct store_code_line *line = &code->lines[i];

		if (!(line->kept >> place & 1) || line->kept & other)
			continue;
		added.lines++;
		added.unknown += line->function == STORE_NO_FUNCTION;
		for (int j = CONDITIONAL_FOOTPRINT; j <= CONDITIONAL_EXECUTED; j++) {
			bool is_shared =
			    conditional_is_shared(code, line, (enum conditional_shared)j, other);

			added.shared[j] += is_shared;
			added.fresh[j] += !is_shared && line->function != STORE_NO_FUNCTION;
		}
	}
	return added;
}

/* What only some execute: the others do not at all, not even as often as the baseline. */
static bool is_conditional(const struct conditional_search *search,
			   const struct store_code_line *line)
{
	uint64_t all = mask_all(search->query->platform_count);

	return line && line->kept && line->kept == line->executed && line->kept != all &&
	       (!search->only || line->kept == search->only) &&
	       conditional_is_shared(search->code, line, search->shared, all);
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

void conditional_find(const struct conditional_search *search, struct conditional_hunks *ret)
{
	const struct store_query *query = search->query;
	const struct store_code *code = search->code;
	bool is_open = false;

	for (int64_t i = 0; i < query->line_count; i++) {
		struct conditional_hunk *last = ret->count ? &ret->items[ret->count - 1] : NULL;
		const struct store_code_line *line = store_code_line(code, i);

		if (!is_conditional(search, line)) {
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
