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

/* A function as it is read. */
struct found_function {
	uint32_t id, file_id, start_line, end_line;
};

/* Functions in the order of their ids. */
struct functions {
	struct found_function *items; /* [count]; owned */
	size_t count, capacity;
	uint32_t id_next; /* those of other files, and artificial ones, have ids, too */
	int64_t file_first, file_last; /* which files are asked for; none if the last is less */
};

static void functions_deinit(struct functions *functions)
{
	free(functions->items);
}

COV_DEFINE_AUTO_STRUCT(struct functions, functions_deinit)

void store_code_deinit(struct store_code *code)
{
	if (code->universe)
		kernel_drop_objects(&code->kernel);
	else
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
		       struct functions *ret)
{
	ret->file_last = -1;
	if (!query->line_count)
		return;
	ret->file_first = kernel->line_files[query->line_first];
	ret->file_last = kernel->line_files[query->line_first + query->line_count - 1];
}

/* The functions of one object. Return: whether they are sound. */
static bool add_functions(struct pack_head_walk *walk, struct functions *ret)
{
	while (pack_head_next(walk)) {
		uint32_t id = ret->id_next++;

		if (walk->is_artificial || walk->source < ret->file_first ||
		    walk->source > ret->file_last)
			continue;
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] =
		    (struct found_function){ id, walk->source, walk->start_line, walk->end_line };
	}
	return !walk->from.is_short;
}

/*
 * Of the objects, as store_load has them: the table of functions says the same in a row for each,
 * in the order of objects as well, which take five times as long to be read.
 */
static int read_objects(struct store *store, int64_t kernel_id, struct functions *ret,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT functions, length(plan), path FROM object"
				       " WHERE kernel_id = ? ORDER BY object_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		const void *head = sqlite3_column_blob(statement, 0);
		size_t head_bytes = (size_t)sqlite3_column_bytes(statement, 0);
		size_t body_bytes = (size_t)sqlite3_column_int64(statement, 1);
		struct pack_head_walk walk;
		struct cov_error reason;

		if (pack_head_walk(head, head_bytes, body_bytes, &walk, &reason) == 0 &&
		    add_functions(&walk, ret))
			continue;
		COV_AUTO(free) char *path = statement_column_text(statement, 2);
		return cov_fail(err, COV_ERR_STORE, "%s: %s is damaged", store->path, path);
	}
	return result;
}

/* In the order of files, then of lines: of a file there are few to be sorted. */
static void sort_functions(const struct functions *functions, struct store_code *code)
{
	size_t file_count = (size_t)(functions->file_last - functions->file_first + 1);
	COV_AUTO(free) size_t *ends = cov_xcalloc(file_count + 1, sizeof(*ends));

	for (size_t i = 0; i < functions->count; i++)
		ends[functions->items[i].file_id - functions->file_first + 1]++;
	for (size_t i = 0; i < file_count; i++)
		ends[i + 1] += ends[i];
	code->function_count = functions->count;
	code->functions = cov_xcalloc(functions->count, sizeof(*code->functions));
	for (size_t i = 0; i < functions->count; i++) {
		const struct found_function *found = &functions->items[i];

		code->functions[ends[found->file_id - functions->file_first]++] =
		    (struct store_code_function){
			    .id = found->id,
			    .file_id = found->file_id,
			    .start_line = found->start_line,
			    .end_line = found->end_line,
		    };
	}
	for (size_t i = 0, first = 0; i < file_count; first = ends[i++]) {
		if (ends[i] - first > 1)
			qsort(code->functions + first, ends[i] - first, sizeof(*code->functions),
			      compare_functions);
	}
}

static int read_functions(struct store *store, const struct store_query *query,
			  struct store_code *code, struct cov_error *err)
{
	COV_AUTO(functions_deinit) struct functions functions = { 0 };

	find_files(query, &code->kernel, &functions);
	int result = read_objects(store, query->kernel_id, &functions, err);
	if (result == 0)
		sort_functions(&functions, code);
	return result;
}

/* Room for a line more, with its counts: of another query than before, each may have more. */
static void grow_lines(const struct store_query *query, struct store_code *code)
{
	/* A tenth of a kernel's lines run or more; each may have counts of many platforms. */
	size_t more = (size_t)query->line_count / (code->line_count ? 32 : 8) + 1;

	if (code->line_count == code->line_capacity) {
		code->line_capacity += more;
		code->lines =
		    cov_xreallocarray(code->lines, code->line_capacity, sizeof(*code->lines));
	}
	if (code->line_count == code->count_capacity / query->platform_count) {
		code->count_capacity = code->line_capacity * query->platform_count;
		code->counts =
		    cov_xreallocarray(code->counts, code->count_capacity, sizeof(*code->counts));
	}
}

/* The line that is @offset into the query's, which is made if it is new: few lines ever run. */
static uint32_t find_line(const struct store_query *query, struct store_code *code, size_t offset)
{
	uint32_t *line = &code->line_of[offset];

	if (*line)
		return *line - 1;
	grow_lines(query, code);
	code->lines[code->line_count] = (struct store_code_line){ 0 };
	for (size_t i = 0; i < query->platform_count; i++)
		code->counts[code->line_count * query->platform_count + i] = 0;
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
	const struct store_range range = store_query_range(query);
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

/* Files, lines and functions, which are the same for all queries of a range. */
static int read_kernel(struct store *store, const struct store_query *query,
		       struct store_code *code, struct cov_error *err)
{
	int result = 0;

	if (code->universe)
		code->kernel = *code->universe;
	else
		result = store_load_universe(store, query->kernel_id, &code->kernel, err);
	if (result == 0 &&
	    (query->line_first < 0 || query->line_count < 0 ||
	     (size_t)query->line_first > code->kernel.line_count ||
	     (size_t)query->line_count > code->kernel.line_count - (size_t)query->line_first))
		result = cov_fail(err, COV_ERR_STORE, "%s: the list of directories is damaged",
				  store->path);
	return result || code->is_of_lines ? result : read_functions(store, query, code, err);
}

/* What was executed of a range, and what it is executed of, which of a large one two threads read.
 */
struct reading {
	struct store *stores[2]; /* by thread */
	const struct store_query *query;
	struct store_code *code;
	struct cov_error errors[2]; /* with a code if it failed */
};

static void read_one(void *context, size_t item, size_t thread)
{
	struct reading *reading = context;
	struct store *store = reading->stores[thread];

	if (item == 0)
		read_kernel(store, reading->query, reading->code, &reading->errors[0]);
	else
		read_lines(store, reading->query, reading->code, &reading->errors[1]);
}

static int read_both(struct store *store, const struct store_query *query, struct store_code *code,
		     struct cov_error *err)
{
	bool is_large = query->line_count >= LINES_LARGE && cov_thread_count() > 1;
	COV_AUTO(store_close) struct store *again = is_large ? store_open_again(store) : NULL;
	struct reading reading = { .stores = { store, again }, .query = query, .code = code };

	cov_parallel_for_few(again ? 2 : 1, 2, read_one, &reading);
	return cov_error_first(reading.errors, 2, err);
}

/* Nobody executed a line yet. */
static void make_room(const struct store_query *query, struct store_code *code)
{
	code->line_of = cov_xcalloc((size_t)query->line_count, sizeof(*code->line_of));
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
		make_room(query, ret);
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
		make_room(query, ret);
		result = read_kernel(store, query, ret, err);
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
