/* store_code.c - footprints side by side: who executes each line, and in which function it is. */
#include "venn/store/store_code.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "venn/store/statement.h"
#include "venn/store/store_tile.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_load.h"

enum { LINES_LARGE = 100000 }; /* from here on reading takes longer than opening the file again */

void store_code_deinit(struct store_code *code)
{
	kernel_deinit(&code->kernel);
	free(code->functions);
	free(code->line_of);
	free(code->lines);
	free(code->counts);
	memset(code, 0, sizeof(*code));
}

static int compare_functions(const void *a, const void *b)
{
	const struct store_code_function *first = a, *second = b;

	if (first->file_id != second->file_id)
		return first->file_id < second->file_id ? -1 : 1;
	if (first->start_line != second->start_line)
		return first->start_line < second->start_line ? -1 : 1;
	/* The outer of two that start together comes first. */
	if (first->end_line != second->end_line)
		return first->end_line > second->end_line ? -1 : 1;
	return first->id < second->id ? -1 : 1;
}

static bool is_same_function(const struct store_code_function *a,
			     const struct store_code_function *b)
{
	return a->file_id == b->file_id && a->start_line == b->start_line &&
	       a->end_line == b->end_line;
}

/* Which files the query's lines are in; ids are places in kernel.files. */
static void find_files(const struct store_query *query, const struct cov_kernel *kernel,
		       int64_t *first, int64_t *last)
{
	*first = 0;
	*last = -1;
	if (!query->line_count)
		return;
	*first = kernel->line_files[query->line_first];
	*last = kernel->line_files[query->line_first + query->line_count - 1];
}

static int read_functions(struct store *store, const struct store_query *query,
			  struct store_code *code, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t capacity = 0;
	int64_t file_first, file_last;
	int result = statement_prepare(store,
				       "SELECT function_id, file_id, start_line, end_line"
				       " FROM function WHERE kernel_id = ?1 AND file_id >= ?2"
				       " AND file_id <= ?3",
				       &statement, err);
	if (result)
		return result;
	find_files(query, &code->kernel, &file_first, &file_last);
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	sqlite3_bind_int64(statement, 2, file_first);
	sqlite3_bind_int64(statement, 3, file_last);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0) {
		code->functions = cov_grow(code->functions, code->function_count, &capacity,
					   sizeof(*code->functions));
		code->functions[code->function_count++] = (struct store_code_function){
			.id = sqlite3_column_int64(statement, 0),
			.file_id = sqlite3_column_int64(statement, 1),
			.start_line = statement_row_number(&row, 2, 0, store_line_number_max),
			.end_line = statement_row_number(&row, 3, 0, store_line_number_max),
		};
	}
	if (row.result)
		return row.result;
	if (code->function_count)
		qsort(code->functions, code->function_count, sizeof(*code->functions),
		      compare_functions);
	return result;
}

/* The line that is @offset into the query's, which is made if it is new: few lines ever run. */
static uint32_t find_line(const struct store_query *query, struct store_code *code, size_t offset)
{
	uint32_t *line = &code->line_of[offset];

	if (*line)
		return *line - 1;
	size_t count_needed = (code->line_count + 1) * query->platform_count;
	code->lines =
	    cov_grow(code->lines, code->line_count, &code->line_capacity, sizeof(*code->lines));
	if (count_needed > code->count_capacity) {
		code->count_capacity = 2 * count_needed;
		code->counts =
		    cov_xreallocarray(code->counts, code->count_capacity, sizeof(*code->counts));
	}
	code->lines[code->line_count] = (struct store_code_line){ 0 };
	memset(code->counts + code->line_count * query->platform_count, 0,
	       query->platform_count * sizeof(*code->counts));
	*line = (uint32_t)++code->line_count;
	return *line - 1;
}

/* A line of the platform at @place, kept or removed. */
static void add_line(const struct store_query *query, struct store_code *code,
		     const struct store_tile_reader *reader, size_t place)
{
	uint32_t line = find_line(query, code, reader->id - (size_t)query->line_first);
	int64_t *count = &code->counts[line * query->platform_count + place];

	code->lines[line].executed |= (uint64_t)1 << place;
	if (store_tile_number(reader, 1))
		code->lines[line].kept |= (uint64_t)1 << place;
	*count = cov_number_add(*count, store_tile_number(reader, 0));
}

static int read_footprint(struct store *store, const struct store_query *query, int64_t footprint,
			  size_t place, struct store_code *code, struct cov_error *err)
{
	const struct store_range range = { (size_t)query->line_first, (size_t)query->line_count };
	COV_AUTO(store_tile_close) struct store_tile_reader reader = { 0 };
	int result =
	    store_tile_open(store, STORE_TILE_FOOTPRINT_LINES, footprint, &range, &reader, err);

	if (result)
		return result;
	reader.column_count = 2; /* counts, and whether they are kept */
	while ((result = store_tile_next(&reader, err)) > 0)
		add_line(query, code, &reader, place);
	return result;
}

/* The footprints in the range: lines kept, and lines removed. */
static int read_lines(struct store *store, const struct store_query *query, struct store_code *code,
		      struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result =
			    read_footprint(store, query, platform->footprints[j], i, code, err);
	}
	return result;
}

/* Functions that have begun and not ended yet, on the way through lines in their order. */
struct open_functions {
	uint32_t *items; /* [count], innermost last; borrowed */
	size_t count;
	size_t next; /* function that has not begun yet */
};

static bool has_begun(const struct store_code_function *function, int64_t file_id, int64_t line)
{
	return function->file_id < file_id ||
	       (function->file_id == file_id && function->start_line <= line);
}

static bool has_ended(const struct store_code_function *function, int64_t file_id, int64_t line)
{
	return function->file_id != file_id || function->end_line < line;
}

/* Open the functions that begin up to a line; close those that end before it. */
static void go_to_line(const struct store_code *code, int64_t file_id, int64_t line,
		       struct open_functions *open)
{
	const struct store_code_function *functions = code->functions;

	for (; open->next < code->function_count; open->next++) {
		const struct store_code_function *function = &functions[open->next];

		if (!has_begun(function, file_id, line))
			break;
		if (!open->next || !is_same_function(function, function - 1))
			open->items[open->count++] = (uint32_t)open->next;
	}
	while (open->count && has_ended(&functions[open->items[open->count - 1]], file_id, line))
		open->count--;
}

/*
 * Both lines and functions are in the order of files, so that going through them once finds the
 * innermost function around each line: the last one that has begun and not ended yet.
 */
static void find_functions(const struct store_query *query, struct store_code *code)
{
	const struct cov_kernel *kernel = &code->kernel;
	COV_AUTO(free)
	uint32_t *items = cov_xcalloc(code->function_count, sizeof(*items));
	struct open_functions open = { .items = items };

	for (int64_t i = 0; i < query->line_count; i++) {
		if (!code->line_of[i])
			continue;
		struct store_code_line *found = &code->lines[code->line_of[i] - 1];

		go_to_line(code, kernel->line_files[query->line_first + i],
			   kernel->line_numbers[query->line_first + i], &open);
		found->function = open.count ? items[open.count - 1] : STORE_NO_FUNCTION;
		if (!open.count)
			continue;
		code->functions[found->function].kept |= found->kept;
		code->functions[found->function].executed |= found->executed;
	}
}

/* Files and lines, which are the same for all queries of a range, as are its functions. */
static int open_code(struct store *store, const struct store_query *query, struct store_code *code,
		     struct cov_error *err)
{
	size_t line_count = (size_t)query->line_count;
	int result = store_load_universe(store, query->kernel_id, &code->kernel, err);

	if (result == 0 && (query->line_first < 0 || query->line_count < 0 ||
			    (size_t)query->line_first > code->kernel.line_count ||
			    line_count > code->kernel.line_count - (size_t)query->line_first))
		result = cov_fail(err, COV_ERR_STORE, "%s: the list of directories is damaged",
				  store->path);
	if (result)
		return result;
	code->line_of = cov_xcalloc(line_count, sizeof(*code->line_of));
	return 0;
}

/* Lines and functions of a large range, which are read by two threads. */
struct reading {
	struct store *stores[2]; /* of lines, of functions */
	const struct store_query *query;
	struct store_code *code;
	struct cov_error errors[2]; /* with a code if it failed */
};

static void read_one(void *context, size_t item)
{
	struct reading *reading = context;
	struct store *store = reading->stores[item];

	if (item == 0)
		read_lines(store, reading->query, reading->code, &reading->errors[0]);
	else
		read_functions(store, reading->query, reading->code, &reading->errors[1]);
}

static int read_both(struct store *store, const struct store_query *query, struct store_code *code,
		     struct cov_error *err)
{
	bool is_large = query->line_count >= LINES_LARGE && cov_thread_count() > 1;
	COV_AUTO(store_close) struct store *again = is_large ? store_open_again(store) : NULL;
	struct reading reading = { .stores = { store, again }, .query = query, .code = code };

	if (!again) {
		int result = read_functions(store, query, code, err);

		return result ? result : read_lines(store, query, code, err);
	}
	cov_parallel_each(2, read_one, &reading);
	return cov_error_first(reading.errors, 2, err);
}

/* Nothing was executed yet. */
static void forget_lines(const struct store_query *query, struct store_code *code)
{
	memset(code->line_of, 0, (size_t)query->line_count * sizeof(*code->line_of));
	code->line_count = 0;
	for (size_t i = 0; i < code->function_count; i++)
		code->functions[i].kept = code->functions[i].executed = 0;
}

int store_code_read(struct store *store, const struct store_query *query, struct store_code *ret,
		    struct cov_error *err)
{
	int result = 0;

	if (ret->line_of) {
		forget_lines(query, ret);
		result = read_lines(store, query, ret, err);
	} else {
		result = open_code(store, query, ret, err);
		if (result == 0)
			result = read_both(store, query, ret, err);
	}
	if (result == 0)
		find_functions(query, ret);
	return result;
}

int store_code_of_masks(struct store *store, const struct store_query *query, const uint64_t *masks,
			struct store_code *ret, struct cov_error *err)
{
	int result = 0;

	if (ret->line_of) {
		forget_lines(query, ret);
	} else {
		result = open_code(store, query, ret, err);
		if (result == 0)
			result = read_functions(store, query, ret, err);
	}
	for (size_t i = 0; result == 0 && i < (size_t)query->line_count; i++) {
		if (!masks[i])
			continue;
		uint32_t line = find_line(query, ret, i);

		ret->lines[line].kept = ret->lines[line].executed = masks[i];
	}
	if (result == 0)
		find_functions(query, ret);
	return result;
}
