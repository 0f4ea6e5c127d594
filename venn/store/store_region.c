/* store_region.c - exclusive regions: written for each directory, read for a Venn diagram. */
#include "venn/store/store_region.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
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

static int prepare_directory(struct store *store, const struct store_query *query,
			     sqlite3_stmt **ret, struct cov_error *err)
{
	int result = statement_prepare(store,
				       "SELECT mask, lines FROM region WHERE analysis_id = ?"
				       " AND directory_id = ? AND workload_id = ?",
				       ret, err);
	if (result)
		return result;
	sqlite3_bind_int64(*ret, 1, query->analysis.id);
	sqlite3_bind_int64(*ret, 2, query->directory_id);
	sqlite3_bind_int64(*ret, 3, query->workload_id);
	return 0;
}

/* One file's regions are counted from the footprints. */
static int prepare_file(struct store *store, const struct store_query *query, sqlite3_stmt **ret,
			struct cov_error *err)
{
	/* sum() of powers of two is their union, since a platform's bit comes once per line. */
	int result = statement_prepare(
	    store,
	    "SELECT mask, count(*) FROM (SELECT sum(bit) AS mask FROM"
	    " (SELECT DISTINCT line_id, 1 << p.bit AS bit FROM footprint"
	    " JOIN footprint_line USING (footprint_id)"
	    " JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id) WHERE analysis_id = ?1"
	    " AND iif(?2 = 0, w.kind = 'workload', workload_id = ?2) AND line_id >= ?3"
	    " AND line_id < ?3 + ?4) GROUP BY line_id) GROUP BY mask",
	    ret, err);
	if (result)
		return result;
	sqlite3_bind_int64(*ret, 1, query->analysis.id);
	sqlite3_bind_int64(*ret, 2, query->workload_id);
	sqlite3_bind_int64(*ret, 3, query->line_first);
	sqlite3_bind_int64(*ret, 4, query->line_count);
	return 0;
}

int store_region_list(struct store *store, const struct store_query *query,
		      struct store_regions *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_region_list_deinit) struct store_regions regions = { 0 };
	int result = store_query_is_file(query) ? prepare_file(store, query, &statement, err)
						: prepare_directory(store, query, &statement, err);

	if (result)
		return result;
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0)
		add_region(&regions, &row, 0);
	if (row.result || result < 0)
		return row.result ? row.result : result;
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

/* A row of (path, found, mask, lines). */
static void add_part_region(struct store_parts *parts, struct statement_row *row)
{
	COV_AUTO(free) char *path = statement_column_text(row->statement, 0);
	struct store_part *part = parts->count ? &parts->items[parts->count - 1] : NULL;

	if (!part || strcmp(part->path, path) != 0) {
		parts->items =
		    cov_grow(parts->items, parts->count, &parts->capacity, sizeof(*parts->items));
		part = &parts->items[parts->count++];
		*part = (struct store_part){
			.path = cov_xstrdup(path),
			.found = statement_row_number(row, 1, 0, STORE_LINES_MAX),
		};
	}
	add_region(&part->regions, row, 2);
}

int store_region_parts(struct store *store, const struct store_query *query, size_t depth,
		       struct store_parts *ret, struct cov_error *err)
{
	bool is_whole = strcmp(query->directory, ".") == 0;
	COV_AUTO(free)
	char *prefix = is_whole ? cov_xstrdup("") : cov_format("%s/", query->directory);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_region_parts_deinit) struct store_parts parts = { 0 };
	/* What follows the prefix has one slash fewer than its depth. */
	int result = statement_prepare(store,
				       "SELECT path, found, mask, lines FROM (SELECT *,"
				       " substr(path, length(?4) + 1) AS rest FROM directory"
				       " WHERE kernel_id = ?1 AND path <> '.'"
				       " AND substr(path, 1, length(?4)) = ?4)"
				       " JOIN region USING (directory_id) WHERE analysis_id = ?2"
				       " AND workload_id = ?3"
				       " AND length(rest) - length(replace(rest, '/', '')) < ?5"
				       " ORDER BY path, mask",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	sqlite3_bind_int64(statement, 2, query->analysis.id);
	sqlite3_bind_int64(statement, 3, query->workload_id);
	statement_bind_text(statement, 4, prefix);
	sqlite3_bind_int64(statement, 5, (int64_t)depth);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0)
		add_part_region(&parts, &row);
	if (row.result || result < 0)
		return row.result ? row.result : result;
	*ret = parts;
	memset(&parts, 0, sizeof(parts));
	return 0;
}
