/* store_function.c - calls of functions, summed over trials and over copies. */
#include "venn/store/store_function.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_tile.h"

void store_function_calls_deinit(struct store_calls *calls)
{
	free(calls->row_of);
	free(calls->calls);
	free(calls->baseline);
	memset(calls, 0, sizeof(*calls));
}

void store_function_list_deinit(struct store_functions *functions)
{
	for (size_t i = 0; i < functions->count; i++) {
		free(functions->items[i].name);
		free(functions->items[i].calls);
		free(functions->items[i].baseline_calls);
	}
	for (size_t i = 0; i < functions->file_count; i++)
		free(functions->files[i]);
	free(functions->files);
	free(functions->items);
	free(functions->place_of);
	memset(functions, 0, sizeof(*functions));
}

/* Most functions are called by nobody, and there may be many platforms. */
static void grow_rows(struct store_calls *calls)
{
	size_t more = calls->copy_count / 8 + 1;

	calls->row_capacity += more;
	size_t wanted = calls->row_capacity * calls->platform_count;
	calls->calls = cov_xreallocarray(calls->calls, wanted, sizeof(*calls->calls));
	calls->baseline = cov_xreallocarray(calls->baseline, wanted, sizeof(*calls->baseline));
}

/* A copy gets its row when it is met first. */
static size_t find_index(struct store_calls *calls, size_t function_id, size_t place)
{
	uint32_t *row = &calls->row_of[function_id];
	size_t first = calls->row_count * calls->platform_count;

	if (*row)
		return store_function_index(calls, function_id, place);
	if (calls->row_count == calls->row_capacity)
		grow_rows(calls);
	for (size_t i = 0; i < calls->platform_count; i++) {
		calls->calls[first + i] = 0;
		calls->baseline[first + i] = 0;
	}
	*row = (uint32_t)++calls->row_count;
	return first + place;
}

/*
 * Add the calls of a footprint of the platform at @place. What is subtracted is the same for all
 * workloads of a platform, so it is not added up.
 */
static int add_calls(struct store *store, int64_t footprint, size_t place, struct store_calls *ret,
		     struct cov_error *err)
{
	/* Functions that compilers make have calls, but no row of their own. */
	const struct store_range range = { 0, ret->copy_count };
	COV_AUTO(store_tile_close) struct store_tile_reader tiles = { 0 };
	int result =
	    store_tile_open(store, STORE_TILE_FOOTPRINT_FUNCTIONS, footprint, &range, &tiles, err);

	if (result)
		return result;
	while ((result = store_tile_next(&tiles, err)) > 0) {
		size_t index = find_index(ret, tiles.id, place);
		double baseline = (double)store_tile_number(&tiles, 1) / (double)tiles.scale;

		ret->calls[index] = cov_number_add(ret->calls[index], store_tile_number(&tiles, 0));
		if (baseline > ret->baseline[index])
			ret->baseline[index] = baseline;
	}
	return result;
}

static int count_functions(struct store *store, int64_t kernel_id, size_t *ret,
			   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT ifnull(max(function_id) + 1, 0) AS functions"
				       " FROM function WHERE kernel_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	struct statement_row row = { store, statement, err, 0 };
	*ret = (size_t)statement_row_number(&row, 0, 0, STORE_LINES_MAX);
	return row.result;
}

int store_function_calls(struct store *store, const struct store_query *query,
			 struct store_calls *ret, struct cov_error *err)
{
	COV_AUTO(store_function_calls_deinit)
	struct store_calls calls = { .platform_count = query->platform_count };
	int result = count_functions(store, query->kernel_id, &calls.copy_count, err);

	if (result)
		return result;
	calls.row_of = cov_xcalloc(calls.copy_count, sizeof(*calls.row_of));
	for (size_t i = 0; i < query->platform_count; i++) {
		for (size_t j = 0; result == 0 && j < query->platforms[i].footprint_count; j++)
			result =
			    add_calls(store, query->platforms[i].footprints[j], i, &calls, err);
	}
	if (result)
		return result;
	*ret = calls;
	memset(&calls, 0, sizeof(calls));
	return 0;
}

bool store_function_is_called(const struct store_calls *calls, size_t function_id)
{
	for (size_t i = 0; calls->row_of[function_id] && i < calls->platform_count; i++) {
		if (calls->calls[store_function_index(calls, function_id, i)])
			return true;
	}
	return false;
}

static int64_t *copy_calls(const struct store_calls *calls, size_t function_id)
{
	int64_t *copy = cov_xcalloc(calls->platform_count, sizeof(*copy));

	for (size_t i = 0; calls->row_of[function_id] && i < calls->platform_count; i++)
		copy[i] = calls->calls[store_function_index(calls, function_id, i)];
	return copy;
}

static double *copy_baseline(const struct store_calls *calls, size_t function_id)
{
	double *copy = cov_xcalloc(calls->platform_count, sizeof(*copy));

	for (size_t i = 0; calls->row_of[function_id] && i < calls->platform_count; i++)
		copy[i] = calls->baseline[store_function_index(calls, function_id, i)];
	return copy;
}

/* @is_wanted: called or not */
static void add_function(struct store_functions *list, const struct store_calls *calls,
			 bool is_wanted, struct statement_row *row)
{
	sqlite3_stmt *statement = row->statement;
	size_t function_id = statement_row_index(row, 0, 0, calls->copy_count);
	size_t file_id = statement_row_index(row, 1, 0, list->file_count);
	int64_t start_line = statement_row_number(row, 3, 0, store_line_number_max);
	int64_t end_line = statement_row_number(row, 4, 0, store_line_number_max);

	if (row->result || !(is_wanted || store_function_is_called(calls, function_id)))
		return;

	list->items = cov_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = (struct store_function){
		.id = (int64_t)function_id,
		.file_id = (int64_t)file_id,
		.name = statement_column_text(statement, 2),
		.start_line = start_line,
		.end_line = end_line,
		.file = list->files[file_id],
		.calls = calls->platform_count ? copy_calls(calls, function_id) : NULL,
		.baseline_calls = calls->platform_count ? copy_baseline(calls, function_id) : NULL,
	};
}

static int compare_functions(const void *a, const void *b)
{
	const struct store_function *first = a, *second = b;

	if (first->file_id != second->file_id)
		return first->file_id < second->file_id ? -1 : 1;
	if (first->start_line != second->start_line)
		return first->start_line < second->start_line ? -1 : 1;
	return strcmp(first->name, second->name);
}

static int compare_copies(const void *a, const void *b)
{
	const struct store_function *first = a, *second = b;
	int result = compare_functions(a, b);

	return result ? result : (first->id > second->id) - (first->id < second->id);
}

/* Sort, and merge copies of the same function. */
static void merge_copies(struct store_functions *list, size_t platform_count)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_copies);
	for (size_t i = 0; i < list->copy_count; i++)
		list->place_of[i] = STORE_NOT_LISTED;
	for (size_t i = 0; i < list->count; i++) {
		struct store_function *function = &list->items[i];
		bool is_new = !kept || compare_functions(&list->items[kept - 1], function) != 0;

		list->place_of[function->id] = (uint32_t)(is_new ? kept : kept - 1);
		if (is_new) {
			list->items[kept++] = *function;
			continue;
		}
		struct store_function *first = &list->items[kept - 1];
		for (size_t j = 0; j < platform_count; j++) {
			first->calls[j] = cov_number_add(first->calls[j], function->calls[j]);
			first->baseline_calls[j] += function->baseline_calls[j];
		}
		free(function->name);
		free(function->calls);
		free(function->baseline_calls);
	}
	list->count = kept;
}

/* All files by their id, and which of them are in the query's directory. */
static int read_files(struct store *store, const struct store_query *query,
		      struct store_functions *list, int64_t *first_out, int64_t *last_out,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT path, line_count > 0 AND line_first >= ?2"
				       " AND line_first + line_count <= ?2 + ?3 FROM file"
				       " WHERE kernel_id = ?1 ORDER BY file_id",
				       &statement, err);
	if (result)
		return result;
	*first_out = INT64_MAX;
	*last_out = -1;
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	sqlite3_bind_int64(statement, 2, query->line_first);
	sqlite3_bind_int64(statement, 3, query->line_count);
	while ((result = statement_step(store, statement, err)) > 0) {
		int64_t file_id = (int64_t)list->file_count;

		if (sqlite3_column_int(statement, 1)) {
			*first_out = file_id < *first_out ? file_id : *first_out;
			*last_out = file_id;
		}
		list->files = cov_grow(list->files, list->file_count, &list->file_capacity,
				       sizeof(*list->files));
		list->files[list->file_count++] = statement_column_text(statement, 0);
	}
	return result;
}

/* The functions of files ?2 to ?3 of kernel ?1, of a pattern ?4 unless it is NULL. */
static const char all_functions[] =
    "SELECT function_id, file_id, name, start_line, end_line FROM function"
    " WHERE kernel_id = ?1 AND file_id >= ?2 AND file_id <= ?3 AND (?4 IS NULL OR name GLOB ?4)";
/* The same, of a pattern whose names are from ?5 to below ?6: found in the index alone, before any
 * row is looked up. */
static const char functions_between[] =
    "SELECT function_id, f.file_id, f.name, f.start_line, f.end_line"
    " FROM function AS named INDEXED BY function_name"
    " CROSS JOIN function AS f USING (kernel_id, function_id)"
    " WHERE named.name >= ?5 AND named.name < ?6 AND named.name GLOB ?4"
    " AND named.kernel_id = ?1 AND f.file_id >= ?2 AND f.file_id <= ?3";

/* The range of names that a pattern fits, by what it begins with. Free both with free(). Return:
 * whether there is one. */
static bool find_range(const char *glob, char **first, char **behind)
{
	size_t length = glob ? strcspn(glob, "*?[") : 0;

	if (!length || (unsigned char)glob[length - 1] >= 127)
		return false;
	*first = cov_xstrndup(glob, length);
	*behind = cov_xstrndup(glob, length);
	(*behind)[length - 1]++;
	return true;
}

int store_function_list(struct store *store, const struct store_query *query, const char *glob,
			struct store_functions *ret, struct cov_error *err)
{
	COV_AUTO(store_function_calls_deinit) struct store_calls calls = { 0 };
	COV_AUTO(store_function_list_deinit) struct store_functions list = { 0 };
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int64_t file_first = 0, file_last = 0;
	int result = store_function_calls(store, query, &calls, err);

	if (result == 0)
		result = read_files(store, query, &list, &file_first, &file_last, err);
	COV_AUTO(free) char *first = NULL;
	COV_AUTO(free) char *behind = NULL;
	bool has_range = find_range(glob, &first, &behind);
	if (result == 0)
		result = statement_prepare(store, has_range ? functions_between : all_functions,
					   &statement, err);
	if (result)
		return result;
	if (has_range) {
		statement_bind_text(statement, 5, first);
		statement_bind_text(statement, 6, behind);
	}
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	sqlite3_bind_int64(statement, 2, file_first);
	sqlite3_bind_int64(statement, 3, file_last);
	statement_bind_text(statement, 4, glob);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0)
		add_function(&list, &calls, glob != NULL, &row);
	if (row.result || result < 0)
		return row.result ? row.result : result;
	list.copy_count = calls.copy_count;
	list.place_of = cov_xcalloc(list.copy_count, sizeof(*list.place_of));
	merge_copies(&list, query->platform_count);
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

int store_function_names(struct store *store, const struct store_query *query, const char *glob,
			 struct store_functions *ret, struct cov_error *err)
{
	struct store_query nobody = *query;

	nobody.platform_count = 0;
	return store_function_list(store, &nobody, glob, ret, err);
}

double store_function_rate(const struct store_query *query, const struct store_function *function,
			   size_t place)
{
	const struct store_query_platform *platform = &query->platforms[place];
	double rate = 0, baseline = 0;

	if (platform->duration_ns)
		rate = (double)function->calls[place] * 1e9 / (double)platform->duration_ns;
	if (platform->baseline_ns)
		baseline = function->baseline_calls[place] * 1e9 / (double)platform->baseline_ns;
	return rate > baseline ? rate - baseline : 0;
}

bool store_function_is_beyond(const struct store_query *query,
			      const struct store_function *function, size_t place)
{
	if (query->platforms[place].is_set)
		return function->calls[place] > 0;
	return store_function_rate(query, function, place) > 0;
}

int store_function_name(struct store *store, int64_t kernel_id, int64_t function_id, char **ret,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT name FROM function WHERE kernel_id = ?"
				       " AND function_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, function_id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = statement_column_text(statement, 0);
	return 0;
}

int store_function_object(struct store *store, int64_t kernel_id, int64_t function_id, int64_t *ret,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT object_id FROM function WHERE kernel_id = ?"
				       " AND function_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, function_id);
	result = statement_step(store, statement, err);
	*ret = sqlite3_column_int64(statement, 0);
	return result < 0 ? result : 0;
}
