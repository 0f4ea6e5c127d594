/* store_region.c - exclusive regions: written for each directory, read for a Venn diagram. */
#include "venn/store/store_region.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/sets/regions.h"
#include "venn/store/statement.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_limits.h"

int store_region_add(struct store *store, int64_t analysis_id, const struct store_region *region,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO region (analysis_id, directory_id, workload_id,"
				       " mask, lines) VALUES (?, ?, ?, ?, ?)",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, region->directory_id);
	sqlite3_bind_int64(statement, 3, region->workload_id);
	sqlite3_bind_int64(statement, 4, (int64_t)region->mask);
	sqlite3_bind_int64(statement, 5, region->lines);
	return statement_insert(store, statement, err);
}

int store_region_has(struct store *store, int64_t analysis_id, int64_t workload_id, bool *ret,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT 1 FROM region WHERE analysis_id = ?"
				       " AND workload_id = ? LIMIT 1",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, workload_id);
	result = statement_step(store, statement, err);
	*ret = result > 0;
	return result < 0 ? result : 0;
}

void store_region_list_deinit(struct store_regions *regions)
{
	free(regions->items);
	memset(regions, 0, sizeof(*regions));
}

/* A row of (mask, lines). */
static void add_region(struct store_regions *regions, struct statement_row *row, int column)
{
	regions->items =
	    cov_grow(regions->items, regions->count, &regions->capacity, sizeof(*regions->items));
	regions->items[regions->count++] = (struct store_region){
		.mask = (uint64_t)sqlite3_column_int64(row->statement, column),
		.lines = statement_row_number(row, column + 1, 0, STORE_LINES_MAX),
	};
}

/* Whether regions of a query's directories are stored; if not, they are counted. */
static bool is_stored(const struct store_query *query)
{
	return query->workloads.stored_id != STORE_NOT_STORED;
}

/* A row of (mask, lines) for each region of the query's directory. */
static int read_directory(struct store *store, const struct store_query *query,
			  struct store_regions *regions, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT mask, lines FROM region WHERE analysis_id = ?"
				       " AND directory_id = ? AND workload_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->analysis.id);
	sqlite3_bind_int64(statement, 2, query->directory_id);
	sqlite3_bind_int64(statement, 3, query->workloads.stored_id);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0)
		add_region(regions, &row, 0);
	return row.result ? row.result : result;
}

/* The platforms, by bit, in whose footprint each line of the query's range is. */
static int fill_masks(struct store *store, const struct store_query *query, uint64_t *masks,
		      struct cov_error *err)
{
	const struct store_range range = { (size_t)query->line_first, (size_t)query->line_count };
	int result = 0;

	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result = store_footprint_masks(store, platform->footprints[j], &range,
						       (uint64_t)1 << platform->bit, masks, err);
	}
	return result;
}

/* Count the regions of lines @first .. @first + @count - 1. @scratch: kept between calls */
static void count_regions(const uint64_t *masks, size_t first, size_t count,
			  struct regions *scratch, struct store_regions *regions)
{
	regions_count(masks, first, count, scratch);
	for (size_t i = 0; i < scratch->count; i++) {
		regions->items = cov_grow(regions->items, regions->count, &regions->capacity,
					  sizeof(*regions->items));
		regions->items[regions->count++] = (struct store_region){
			.mask = scratch->items[i].mask,
			.lines = (int64_t)scratch->items[i].lines,
		};
	}
}

static int count_range(struct store *store, const struct store_query *query,
		       struct store_regions *regions, struct cov_error *err)
{
	size_t count = (size_t)query->line_count;
	COV_AUTO(free) uint64_t *masks = cov_xcalloc(count, sizeof(*masks));
	COV_AUTO(regions_deinit) struct regions scratch = { 0 };
	int result = fill_masks(store, query, masks, err);

	if (result == 0)
		count_regions(masks, 0, count, &scratch, regions);
	return result;
}

int store_region_list(struct store *store, const struct store_query *query,
		      struct store_regions *ret, struct cov_error *err)
{
	COV_AUTO(store_region_list_deinit) struct store_regions regions = { 0 };
	int result = store_query_is_file(query) || !is_stored(query)
			 ? count_range(store, query, &regions, err)
			 : read_directory(store, query, &regions, err);

	if (result)
		return result;
	*ret = regions;
	memset(&regions, 0, sizeof(regions));
	return 0;
}

void store_region_parts_deinit(struct store_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->items[i].path);
		store_region_list_deinit(&parts->items[i].regions);
	}
	free(parts->items);
	memset(parts, 0, sizeof(*parts));
}

/* The part of a path, which is the last one or a new one. */
static struct store_part *add_part(struct store_parts *parts, struct statement_row *row)
{
	COV_AUTO(free) char *path = statement_column_text(row->statement, 0);
	struct store_part *part = parts->count ? &parts->items[parts->count - 1] : NULL;

	if (part && strcmp(part->path, path) == 0)
		return part;
	parts->items =
	    cov_grow(parts->items, parts->count, &parts->capacity, sizeof(*parts->items));
	part = &parts->items[parts->count++];
	*part = (struct store_part){
		.path = cov_xstrdup(path),
		.found = statement_row_number(row, 1, 0, STORE_LINES_MAX),
	};
	return part;
}

/* Directories up to ?4 below those whose paths begin with ?3. */
#define PARTS                                                                                      \
	" (SELECT *, substr(path, length(?3) + 1) AS rest FROM directory"                          \
	" WHERE kernel_id = ?1 AND path <> '.' AND substr(path, 1, length(?3)) = ?3)"
/* What follows the prefix has one slash fewer than its depth. */
#define IS_PART "length(rest) - length(replace(rest, '/', '')) < ?4"

/* Rows of (path, found, mask, lines). */
static int read_parts(struct store *store, const struct store_query *query, sqlite3_stmt *statement,
		      struct store_parts *parts, struct cov_error *err)
{
	struct statement_row row = { store, statement, err, 0 };
	int result = 0;

	sqlite3_bind_int64(statement, 2, query->analysis.id);
	sqlite3_bind_int64(statement, 5, query->workloads.stored_id);
	while (!row.result && (result = statement_step(store, statement, err)) > 0)
		add_region(&add_part(parts, &row)->regions, &row, 2);
	return row.result ? row.result : result;
}

/* Rows of (path, found, first line, lines), whose regions are counted. */
static int count_parts(struct store *store, const struct store_query *query,
		       sqlite3_stmt *statement, struct store_parts *parts, struct cov_error *err)
{
	size_t first = (size_t)query->line_first, count = (size_t)query->line_count;
	COV_AUTO(free) uint64_t *masks = cov_xcalloc(count, sizeof(*masks));
	COV_AUTO(regions_deinit) struct regions scratch = { 0 };
	struct statement_row row = { store, statement, err, 0 };
	int result = fill_masks(store, query, masks, err);

	while (result >= 0 && (result = statement_step(store, statement, err)) > 0) {
		struct store_part *part = add_part(parts, &row);
		size_t offset = statement_row_index(&row, 2, first, count + 1);
		if (row.result)
			return row.result;
		int64_t lines = statement_row_number(&row, 3, 0, (int64_t)(count - offset));
		if (row.result)
			return row.result;
		count_regions(masks, offset, (size_t)lines, &scratch, &part->regions);
	}
	return result;
}

int store_region_parts(struct store *store, const struct store_query *query, size_t depth,
		       struct store_parts *ret, struct cov_error *err)
{
	bool is_whole = strcmp(query->directory, ".") == 0;
	COV_AUTO(free)
	char *prefix = is_whole ? cov_xstrdup("") : cov_format("%s/", query->directory);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_region_parts_deinit) struct store_parts parts = { 0 };
	int result = statement_prepare(
	    store,
	    is_stored(query) ? "SELECT path, found, mask, lines FROM" PARTS
			       " JOIN region USING (directory_id) WHERE analysis_id = ?2"
			       " AND workload_id = ?5 AND " IS_PART " ORDER BY path, mask"
			     : "SELECT path, found, line_first, line_count FROM" PARTS
			       " WHERE " IS_PART " ORDER BY path",
	    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	statement_bind_text(statement, 3, prefix);
	sqlite3_bind_int64(statement, 4, (int64_t)depth);
	result = is_stored(query) ? read_parts(store, query, statement, &parts, err)
				  : count_parts(store, query, statement, &parts, err);
	if (result)
		return result;
	*ret = parts;
	memset(&parts, 0, sizeof(parts));
	return 0;
}
