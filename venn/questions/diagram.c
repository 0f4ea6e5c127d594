/* diagram.c - the exclusive regions of platforms' footprints, in one directory or several. */
#include "venn/questions/diagram.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/store/store_query.h"
#include "venn/store/store_stability.h"

void diagram_keep_rows(struct diagram *diagram, size_t count)
{
	for (size_t i = count; i < diagram->row_count; i++) {
		free(diagram->rows[i].directory);
		free(diagram->rows[i].regions);
	}
	diagram->row_count = count;
}

void diagram_deinit(struct diagram *diagram)
{
	diagram_keep_rows(diagram, 0);
	free(diagram->rows);
	store_analysis_list_deinit(&diagram->others);
	store_query_deinit(&diagram->query);
	memset(diagram, 0, sizeof(*diagram));
}

static int compare_regions(const void *a, const void *b)
{
	const struct diagram_region *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

/* A range that has nothing but the number itself in it as yet. */
static struct diagram_range range_of(int64_t lines, size_t resample_count)
{
	return (struct diagram_range){ resample_count, lines, lines, lines, lines };
}

static void widen(int64_t lines, int64_t *low, int64_t *high)
{
	if (lines < *low)
		*low = lines;
	if (lines > *high)
		*high = lines;
}

/* What the row has in one resample. */
static void add_resample(const struct store_query *query, size_t resample, struct diagram_row *row)
{
	int64_t totals[STORE_PLATFORMS_MAX] = { 0 };
	int64_t united = 0;

	for (size_t i = 0; i < row->region_count; i++) {
		struct diagram_region *region = &row->regions[i];
		int64_t lines = region->without[resample];

		widen(lines, &region->range.low, &region->range.high);
		united += lines;
		for (uint64_t mask = region->mask; mask; mask &= mask - 1)
			totals[__builtin_ctzll(mask)] += lines;
	}
	widen(united, &row->united_range.low, &row->united_range.high);
	for (size_t i = 0; i < query->platform_count; i++)
		widen(totals[i], &row->total_ranges[i].low, &row->total_ranges[i].high);
}

/* Regions that there are in resamples only are not listed. */
static void drop_empty(struct diagram_row *row)
{
	size_t kept = 0;

	for (size_t i = 0; i < row->region_count; i++) {
		if (row->regions[i].lines)
			row->regions[kept++] = row->regions[i];
	}
	row->region_count = kept;
}

static struct diagram_region *find_region(struct diagram_row *row, uint64_t mask)
{
	size_t place = 0;

	while (place < row->region_count && row->regions[place].mask != mask)
		place++;
	if (place == row->region_count)
		row->regions[row->region_count++] = (struct diagram_region){ .mask = mask };
	return &row->regions[place];
}

/* Over the platforms asked for: regions that differ in others only are one. */
void diagram_row_fill(const struct store_query *query, const struct store_regions *regions,
		      struct diagram_row *row)
{
	row->regions = cov_xcalloc(regions->count, sizeof(*row->regions));
	for (size_t i = 0; i < regions->count; i++) {
		int64_t lines = regions->items[i].lines;
		uint64_t mask = 0;

		for (size_t j = 0; j < query->platform_count; j++)
			mask |= (regions->items[i].mask >> query->platforms[j].bit & 1) << j;
		if (!mask)
			continue;
		struct diagram_region *region = find_region(row, mask);
		region->lines += lines;
		for (size_t j = 0; j < COV_RESAMPLE_MAX; j++)
			region->without[j] += regions->items[i].without[j];
		row->united += lines;
		for (size_t j = 0; j < query->platform_count; j++) {
			if (mask >> j & 1)
				row->totals[j] += lines;
		}
	}
	row->united_range = range_of(row->united, query->resample_count);
	for (size_t i = 0; i < query->platform_count; i++)
		row->total_ranges[i] = range_of(row->totals[i], query->platforms[i].resample_count);
	for (size_t i = 0; i < row->region_count; i++)
		row->regions[i].range = range_of(row->regions[i].lines, query->resample_count);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		add_resample(query, i, row);
	drop_empty(row);
	if (row->region_count)
		qsort(row->regions, row->region_count, sizeof(*row->regions), compare_regions);
}

static int64_t lines_of(const struct diagram_row *row, uint64_t mask)
{
	for (size_t i = 0; row && i < row->region_count; i++) {
		if (row->regions[i].mask == mask)
			return row->regions[i].lines;
	}
	return 0;
}

/* @other: the same by another rule; NULL: it has no line there */
static void add_rule(const struct store_query *query, const struct diagram_row *other,
		     struct diagram_row *row)
{
	for (size_t i = 0; i < row->region_count; i++) {
		struct diagram_range *range = &row->regions[i].range;

		widen(lines_of(other, row->regions[i].mask), &range->rule_low, &range->rule_high);
	}
	widen(other ? other->united : 0, &row->united_range.rule_low, &row->united_range.rule_high);
	for (size_t i = 0; i < query->platform_count; i++)
		widen(other ? other->totals[i] : 0, &row->total_ranges[i].rule_low,
		      &row->total_ranges[i].rule_high);
}

static const struct diagram_row *find_row(const struct diagram *diagram, const char *directory)
{
	for (size_t i = 0; i < diagram->row_count; i++) {
		if (strcmp(diagram->rows[i].directory, directory) == 0)
			return &diagram->rows[i];
	}
	return NULL;
}

int diagram_add_rules(struct store *store, const struct store_asked *asked, struct diagram *diagram,
		      int (*read)(void *context, struct store *store,
				  const struct store_asked *asked, struct diagram *ret,
				  struct cov_error *err),
		      void *context, struct cov_error *err)
{
	const struct store_query *query = &diagram->query;
	int result = store_query_rules(store, query, &diagram->others, err);
	COV_AUTO(free) char *platforms = store_query_platforms(query);

	for (size_t i = 0; result == 0 && i < diagram->others.count; i++) {
		COV_AUTO(diagram_deinit) struct diagram other = { 0 };
		struct store_asked question = *asked;

		question.choice.rule = diagram->others.items[i].rule;
		question.choice.baseline = diagram->others.items[i].baseline;
		question.platforms = platforms;
		result = read(context, store, &question, &other, err);
		for (size_t j = 0; result == 0 && j < diagram->row_count; j++)
			add_rule(query, find_row(&other, diagram->rows[j].directory),
				 &diagram->rows[j]);
	}
	return result;
}

/* "net/", "net/core/dev.c", "."; free() it. */
static char *shown_directory(const char *directory, bool is_file)
{
	if (strcmp(directory, ".") == 0 || is_file)
		return cov_xstrdup(directory);
	return cov_format("%s/", directory);
}

/* Rows for what is below the first row's directory. */
static int add_rows(struct store *store, struct diagram *diagram, size_t depth,
		    struct cov_error *err)
{
	COV_AUTO(store_region_parts_deinit) struct store_parts parts = { 0 };
	int result = store_region_parts(store, &diagram->query, depth, &parts, err);

	if (result)
		return result;
	diagram->rows = cov_xreallocarray(diagram->rows, parts.count + 1, sizeof(*diagram->rows));
	for (size_t i = 0; i < parts.count; i++) {
		const struct store_part *part = &parts.items[i];
		struct diagram_row *row = &diagram->rows[diagram->row_count];

		*row = (struct diagram_row){ .found = part->found };
		diagram_row_fill(&diagram->query, &part->regions, row);
		if (!row->united) {
			free(row->regions);
			continue;
		}
		row->directory = shown_directory(part->path, false);
		diagram->row_count++;
		result = store_stability_at_least(store, &diagram->query, part->path, row->at_least,
						  err);
		if (result)
			return result;
	}
	return 0;
}

/* The diagram by one rule. @context: how deep it goes */
static int read_one(void *context, struct store *store, const struct store_asked *asked,
		    struct diagram *ret, struct cov_error *err)
{
	size_t depth = *(const size_t *)context;
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	COV_AUTO(store_region_list_deinit) struct store_regions regions = { 0 };
	const struct store_query *query = &diagram.query;
	int result = store_query_open(store, asked, &diagram.query, err);

	if (result == 0)
		result = store_region_list(store, query, &regions, err);
	if (result)
		return result;
	diagram.rows = cov_xcalloc(1, sizeof(*diagram.rows));
	diagram.row_count = 1;
	diagram.rows[0].directory = shown_directory(query->directory, store_query_is_file(query));
	diagram.rows[0].found = query->found;
	diagram_row_fill(query, &regions, &diagram.rows[0]);
	result =
	    store_stability_at_least(store, query, query->directory, diagram.rows[0].at_least, err);
	if (result == 0 && depth && !store_query_is_file(query))
		result = add_rows(store, &diagram, depth, err);
	if (result)
		return result;
	*ret = diagram;
	memset(&diagram, 0, sizeof(diagram));
	return 0;
}

int diagram_read(struct store *store, const struct store_asked *asked, size_t depth,
		 struct diagram *ret, struct cov_error *err)
{
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	int result = read_one(&depth, store, asked, &diagram, err);

	if (result == 0)
		result = diagram_add_rules(store, asked, &diagram, read_one, &depth, err);
	if (result)
		return result;
	*ret = diagram;
	memset(&diagram, 0, sizeof(diagram));
	return 0;
}

int diagram_read_alone(struct store *store, const struct store_asked *asked, size_t depth,
		       struct diagram *ret, struct cov_error *err)
{
	return read_one(&depth, store, asked, ret, err);
}

const char *diagram_platform(const struct diagram *diagram, size_t place)
{
	return diagram->query.platforms[place].name;
}

char *diagram_region_name(const struct diagram *diagram, uint64_t mask)
{
	return store_query_join(&diagram->query, mask, "+");
}

int64_t diagram_exclusive(const struct diagram_row *row, size_t place)
{
	return lines_of(row, (uint64_t)1 << place);
}
