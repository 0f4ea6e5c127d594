/* diagram.c - the exclusive regions of platforms' footprints, in one directory or several. */
#include "venn/questions/diagram.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/store/store_query.h"
#include "venn/store/store_stability.h"

void diagram_deinit(struct diagram *diagram)
{
	for (size_t i = 0; i < diagram->row_count; i++) {
		free(diagram->rows[i].directory);
		free(diagram->rows[i].regions);
	}
	free(diagram->rows);
	store_query_deinit(&diagram->query);
	memset(diagram, 0, sizeof(*diagram));
}

static int compare_regions(const void *a, const void *b)
{
	const struct store_region *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

void diagram_row_finish(struct diagram_row *row)
{
	if (row->region_count)
		qsort(row->regions, row->region_count, sizeof(*row->regions), compare_regions);
}

/* Over the platforms asked for: regions that differ in others only are one. */
static void merge_regions(const struct store_query *query, const struct store_regions *regions,
			  struct diagram_row *row)
{
	row->regions = cov_xcalloc(regions->count, sizeof(*row->regions));
	for (size_t i = 0; i < regions->count; i++) {
		int64_t lines = regions->items[i].lines;
		uint64_t mask = 0;
		size_t place = 0;

		for (size_t j = 0; j < query->platform_count; j++)
			mask |= (regions->items[i].mask >> query->platforms[j].bit & 1) << j;
		if (!mask || !lines)
			continue;
		while (place < row->region_count && row->regions[place].mask != mask)
			place++;
		if (place == row->region_count)
			row->regions[row->region_count++].mask = mask;
		row->regions[place].lines += lines;
		row->united += lines;
		for (size_t j = 0; j < query->platform_count; j++) {
			if (mask >> j & 1)
				row->totals[j] += lines;
		}
	}
	diagram_row_finish(row);
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
		merge_regions(&diagram->query, &part->regions, row);
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

int diagram_read(struct store *store, const struct store_asked *asked, size_t depth,
		 struct diagram *ret, struct cov_error *err)
{
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
	merge_regions(query, &regions, &diagram.rows[0]);
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
	for (size_t i = 0; i < row->region_count; i++) {
		if (row->regions[i].mask == (uint64_t)1 << place)
			return row->regions[i].lines;
	}
	return 0;
}
