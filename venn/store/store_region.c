/* store_region.c - exclusive regions: written for each directory, read for a Venn diagram. */
#include "venn/store/store_region.h"

#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/sets/regions.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_mask.h"

/* The region of a mask, or a new one, which has no line as yet. */
static struct store_region *find_region(struct store_regions *regions, uint64_t mask)
{
	for (size_t i = 0; i < regions->count; i++) {
		if (regions->items[i].mask == mask)
			return &regions->items[i];
	}
	regions->items =
	    cov_grow(regions->items, regions->count, &regions->capacity, sizeof(*regions->items));
	regions->items[regions->count] = (struct store_region){ .mask = mask };
	return &regions->items[regions->count++];
}

void store_region_count(const struct regions *counted, size_t resample,
			struct store_regions *regions)
{
	for (size_t i = 0; i < counted->count; i++) {
		struct store_region *region = find_region(regions, counted->items[i].mask);
		int64_t lines = (int64_t)counted->items[i].lines;

		if (resample < COV_RESAMPLE_MAX)
			region->without[resample] += lines;
		else
			region->lines += lines;
	}
}

/* Its lines in each resample, as JSON; NULL: as many in all; free() it. */
static char *list_without(const struct store_region *region, size_t resample_count)
{
	COV_AUTO(json_decref) json_t *list = cov_json_array();
	bool is_same = true;

	for (size_t i = 0; i < resample_count; i++) {
		is_same &= region->without[i] == region->lines;
		cov_json_append(list, cov_json_integer(region->without[i]));
	}
	return is_same ? NULL : cov_json_format(list, JSON_COMPACT);
}

static void bind_range(sqlite3_stmt *statement, const struct store_region *region,
		       size_t resample_count)
{
	int64_t low = region->lines, high = region->lines;

	for (size_t i = 0; i < resample_count; i++) {
		low = region->without[i] < low ? region->without[i] : low;
		high = region->without[i] > high ? region->without[i] : high;
	}
	sqlite3_bind_int64(statement, 6, low);
	sqlite3_bind_int64(statement, 7, high);
}

int store_region_add(struct store *store, const struct store_region_place *place,
		     const struct store_regions *regions, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO region (analysis_id, directory_id, workload_id,"
			      " mask, lines, low, high, without) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			      &statement, err);

	for (size_t i = 0; result == 0 && i < regions->count; i++) {
		const struct store_region *region = &regions->items[i];
		COV_AUTO(free) char *without = list_without(region, place->resample_count);

		sqlite3_bind_int64(statement, 1, place->analysis_id);
		sqlite3_bind_int64(statement, 2, place->directory_id);
		sqlite3_bind_int64(statement, 3, place->workload_id);
		sqlite3_bind_int64(statement, 4, (int64_t)region->mask);
		sqlite3_bind_int64(statement, 5, region->lines);
		if (place->can_tell)
			bind_range(statement, region, place->resample_count);
		statement_bind_text(statement, 8, without);
		result = statement_insert(store, statement, err);
	}
	return result;
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

/* What follows mask and lines in a row: the lines of each resample, NULL where they are the same.
 */
#define WITHOUT                                                                                    \
	" without ->> '$[0]', without ->> '$[1]', without ->> '$[2]', without ->> '$[3]',"         \
	" without ->> '$[4]', without ->> '$[5]', without ->> '$[6]', without ->> '$[7]',"         \
	" without ->> '$[8]', without ->> '$[9]'"
_Static_assert(COV_RESAMPLE_MAX == 10, "as many are read");

/* A row of (mask, lines, WITHOUT). */
static void add_region(struct store_regions *regions, struct statement_row *row, int column)
{
	struct store_region region = {
		.mask = (uint64_t)sqlite3_column_int64(row->statement, column),
		.lines = statement_row_number(row, column + 1, 0, STORE_LINES_MAX),
	};

	for (int i = 0; i < COV_RESAMPLE_MAX; i++) {
		int place = column + 2 + i;

		region.without[i] = sqlite3_column_type(row->statement, place) == SQLITE_NULL
					? region.lines
					: statement_row_number(row, place, 0, STORE_LINES_MAX);
	}
	regions->items =
	    cov_grow(regions->items, regions->count, &regions->capacity, sizeof(*regions->items));
	regions->items[regions->count++] = region;
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
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result =
	    statement_keep(store,
			   "SELECT mask, lines," WITHOUT " FROM region WHERE analysis_id = ?"
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

/* Lines that a range has of a query's. */
struct span {
	size_t first, count;
};

/*
 * Count the regions of spans, of the whole and of each resample.
 * @regions: [@count]
 */
static int count_spans(struct store *store, const struct store_query *query,
		       const struct span *spans, size_t count, struct store_regions **regions,
		       struct cov_error *err)
{
	COV_AUTO(store_mask_deinit) struct store_masks masks = { 0 };
	COV_AUTO(free)
	uint64_t *lines = cov_xcalloc((size_t)query->line_count, sizeof(*lines));
	COV_AUTO(regions_deinit) struct regions counted = { 0 };
	int result = store_mask_open(store, query, &masks, err);

	for (size_t i = 0; result == 0 && i <= COV_RESAMPLE_MAX; i++) {
		store_mask_fill(&masks, i, lines);
		for (size_t j = 0; j < count; j++) {
			regions_count(lines, spans[j].first, spans[j].count, &counted);
			store_region_count(&counted, i, regions[j]);
		}
	}
	return result;
}

int store_region_list(struct store *store, const struct store_query *query,
		      struct store_regions *ret, struct cov_error *err)
{
	COV_AUTO(store_region_list_deinit) struct store_regions regions = { 0 };
	const struct span whole = { 0, (size_t)query->line_count };
	struct store_regions *counted = &regions;
	int result = store_query_is_file(query) || !is_stored(query)
			 ? count_spans(store, query, &whole, 1, &counted, err)
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

/* Rows of (path, found, mask, lines, WITHOUT). */
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
	struct statement_row row = { store, statement, err, 0 };
	COV_AUTO(free) struct span *spans = NULL;
	size_t span_count = 0, capacity = 0;
	int result;

	while ((result = statement_step(store, statement, err)) > 0) {
		struct span span = { .first = statement_row_index(&row, 2, first, count + 1) };

		if (row.result)
			return row.result;
		span.count =
		    (size_t)statement_row_number(&row, 3, 0, (int64_t)(count - span.first));
		if (row.result)
			return row.result;
		add_part(parts, &row);
		spans = cov_grow(spans, span_count, &capacity, sizeof(*spans));
		spans[span_count++] = span;
	}
	if (result || !span_count)
		return result;
	COV_AUTO(free) struct store_regions **regions = cov_xcalloc(span_count, sizeof(*regions));
	for (size_t i = 0; i < span_count; i++)
		regions[i] = &parts->items[i].regions;
	return count_spans(store, query, spans, span_count, regions, err);
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
	    is_stored(query) ? "SELECT path, found, mask, lines," WITHOUT " FROM" PARTS
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
