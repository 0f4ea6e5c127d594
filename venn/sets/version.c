/* version.c - versions of the kernel as numbers that sort, and ranges of them. */
#include "venn/sets/version.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { PART = 1000 };

static const int64_t branch_step = INT64_C(1000000); /* 6.1 to 6.2 */
static const int64_t old_step = PART;                /* 2.6.12 to 2.6.13 */
static const int64_t new_scheme = INT64_C(3000000000);

bool version_parse(const char *text, int64_t *ret)
{
	int64_t number = 0;

	for (int part = 0; part < VERSION_PARTS; part++) {
		size_t digits = strspn(text, "0123456789");
		int64_t value = 0;

		if (digits > 3 || (!digits && part == 0))
			return false;
		for (size_t i = 0; i < digits; i++)
			value = 10 * value + (*text++ - '0');
		number = number * PART + value;
		/* Only a dot with a digit behind it goes on: "6.1-rc1", "6.1." end here. */
		if (digits && *text == '.' && strchr("0123456789", text[1]) && text[1])
			text++;
		else
			text = "";
	}
	*ret = number;
	return true;
}

int64_t version_branch(int64_t version)
{
	int64_t step = version < new_scheme ? old_step : branch_step;

	return version / step * step;
}

int64_t version_branch_end(int64_t version)
{
	return version_branch(version) + (version < new_scheme ? old_step : branch_step);
}

char *version_text(int64_t version)
{
	int parts[VERSION_PARTS];
	struct cov_text text = { 0 };
	int count = VERSION_PARTS;

	for (int i = VERSION_PARTS - 1; i >= 0; i--, version /= PART)
		parts[i] = (int)(version % PART);
	while (count > 2 && !parts[count - 1])
		count--;
	for (int i = 0; i < count; i++)
		cov_text_print(&text, "%s%d", i ? "." : "", parts[i]);
	return text.data;
}

static void add_range(struct version_ranges *ranges, int64_t first, int64_t behind)
{
	if (first >= behind)
		return;
	ranges->items =
	    cov_grow(ranges->items, ranges->count, &ranges->capacity, sizeof(*ranges->items));
	ranges->items[ranges->count++] = (struct version_range){ first, behind };
}

void version_set(struct version_ranges *ranges, struct version_range range, bool is_in)
{
	struct version_ranges after = { 0 };
	size_t i = 0;

	if (range.first >= range.behind)
		return;
	/* One that goes on where another ends joins it. */
	for (; i < ranges->count && ranges->items[i].behind < range.first; i++)
		add_range(&after, ranges->items[i].first, ranges->items[i].behind);
	for (; i < ranges->count && ranges->items[i].first <= range.behind; i++) {
		const struct version_range *met = &ranges->items[i];

		if (is_in) {
			range.first = met->first < range.first ? met->first : range.first;
			range.behind = met->behind > range.behind ? met->behind : range.behind;
			continue;
		}
		add_range(&after, met->first,
			  met->behind < range.first ? met->behind : range.first);
		add_range(&after, met->first > range.behind ? met->first : range.behind,
			  met->behind);
	}
	if (is_in)
		add_range(&after, range.first, range.behind);
	for (; i < ranges->count; i++)
		add_range(&after, ranges->items[i].first, ranges->items[i].behind);
	version_ranges_deinit(ranges);
	*ranges = after;
}

void version_ranges_deinit(struct version_ranges *ranges)
{
	free(ranges->items);
	memset(ranges, 0, sizeof(*ranges));
}
