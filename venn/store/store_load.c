/* store_load.c - a kernel out of the database. */
#include "venn/store/store_load.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

/* An object on its way out of the database. */
struct stored_object {
	void *functions; /* [functions_bytes]; in loading.packed, as is the next */
	size_t functions_bytes;
	void *lines; /* [lines_bytes] */
	size_t lines_bytes;
};

struct loading {
	struct store *store;
	struct cov_kernel *kernel;
	struct stored_object *objects; /* [object_count]; owned */
	size_t object_count;
	/* Thousands of pieces that go leave holes between those that stay. */
	struct cov_arena packed;
	size_t image_bytes, image_used; /* of kernel->image, if it is for the bodies */
	const unsigned char *ran;       /* [object_count], which objects are read; NULL: all are */
	struct cov_error errors[COV_THREADS_MAX]; /* code 0 when fine */
};

static void loading_deinit(struct loading *loading)
{
	free(loading->objects);
	cov_arena_deinit(&loading->packed);
}

COV_DEFINE_AUTO_STRUCT(struct loading, loading_deinit)

static int fail_damaged(const struct loading *loading, const char *what, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: %s is damaged", loading->store->path, what);
}

static void unpack_one(void *context, size_t index, size_t thread)
{
	struct loading *loading = context;
	struct cov_object *object = &loading->kernel->objects[index];
	struct stored_object *stored = &loading->objects[index];
	struct cov_error *err = &loading->errors[thread];
	struct cov_error reason;

	if (err->code || (loading->ran && !loading->ran[index]))
		return;
	if (pack_read_head(stored->functions, stored->functions_bytes, object->body_bytes,
			   &object->plan, &reason) != 0) {
		fail_damaged(loading, object->path, err);
		return;
	}
	object->line_ids =
	    cov_ids_unpack(stored->lines, stored->lines_bytes, object->plan.line_count);
	/* An outline has no files, and nobody looks for those of its functions. */
	if (object->line_ids &&
	    (loading->ran ? kernel_are_lines_valid(loading->kernel, object)
			  : kernel_are_references_valid(loading->kernel, object)))
		return;
	object->plan.line_count = 0;
	fail_damaged(loading, object->path, err);
}

static int unpack_objects(struct loading *loading, struct cov_error *err)
{
	cov_parallel_for(loading->kernel->object_count, unpack_one, loading);
	return cov_error_first(loading->errors, COV_THREADS_MAX, err);
}

static void *copy_column(sqlite3_stmt *statement, int column, struct cov_arena *arena,
			 size_t *size_out)
{
	const void *bytes = statement_column_bytes(statement, column, size_out);

	return cov_arena_text(arena, bytes ? bytes : "", *size_out);
}

/* Into one piece, if there is one. */
static int read_body(struct loading *loading, struct cov_object *object, sqlite3_stmt *statement,
		     struct cov_error *err)
{
	char *image = loading->kernel->image;

	if (!image) {
		object->body = statement_column_copy(statement, 3, &object->body_bytes);
		return 0;
	}
	const void *bytes = statement_column_bytes(statement, 3, &object->body_bytes);
	if (object->body_bytes > loading->image_bytes - loading->image_used)
		return fail_damaged(loading, "the list of objects", err);
	object->body = image + loading->image_used;
	if (object->body_bytes)
		memcpy(object->body, bytes, object->body_bytes);
	loading->image_used += object->body_bytes;
	return 0;
}

/* An object, packed as it is. */
static int read_object(struct loading *loading, size_t index, sqlite3_stmt *statement,
		       struct cov_error *err)
{
	struct stored_object *stored = &loading->objects[index];
	struct cov_object *object = &loading->kernel->objects[index];

	object->path = statement_column_text(statement, 0);
	stored->functions = copy_column(statement, 1, &loading->packed, &stored->functions_bytes);
	stored->lines = copy_column(statement, 2, &loading->packed, &stored->lines_bytes);
	/* Objects and data are matched by what stands before it. */
	if (!cov_has_suffix(object->path, ".o"))
		return fail_damaged(loading, "the path of an object", err);
	return read_body(loading, object, statement, err);
}

/* How large their bodies are together is known without reading them. */
static int open_image(struct loading *loading, int64_t kernel_id, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(loading->store,
				       "SELECT ifnull(sum(length(plan)), 0) FROM object"
				       " WHERE kernel_id = ?",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(loading->store, statement, err);
	if (result < 0)
		return result;
	loading->image_bytes = (size_t)sqlite3_column_int64(statement, 0);
	loading->kernel->image = cov_xmalloc(loading->image_bytes);
	return 0;
}

static int read_objects(struct loading *loading, int64_t kernel_id, struct cov_error *err)
{
	struct cov_kernel *kernel = loading->kernel;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(loading->store,
				       "SELECT path, functions, lines, plan FROM object"
				       " WHERE kernel_id = ? ORDER BY object_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	kernel->objects = cov_xcalloc(loading->object_count, sizeof(*kernel->objects));
	loading->objects = cov_xcalloc(loading->object_count, sizeof(*loading->objects));
	while ((result = statement_step(loading->store, statement, err)) > 0) {
		if (kernel->object_count == loading->object_count)
			return fail_damaged(loading, "the list of objects", err);
		result = read_object(loading, kernel->object_count++, statement, err);
		if (result)
			return result;
	}
	if (result == 0 && kernel->object_count != loading->object_count)
		return fail_damaged(loading, "the list of objects", err);
	return result;
}

/* Files follow one another in the universe. */
static int read_files(struct loading *loading, int64_t kernel_id, struct cov_error *err)
{
	struct cov_kernel *kernel = loading->kernel;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t capacity = 0, first_capacity = 0, next = 0;
	int result = statement_prepare(loading->store,
				       "SELECT path, line_first, line_count FROM file"
				       " WHERE kernel_id = ? ORDER BY file_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(loading->store, statement, err)) > 0) {
		size_t line_first = (size_t)sqlite3_column_int64(statement, 1);
		size_t line_count = (size_t)sqlite3_column_int64(statement, 2);

		if (line_first != next || line_count > kernel->line_count - next)
			return fail_damaged(loading, "the list of files", err);
		kernel->files =
		    cov_grow(kernel->files, kernel->file_count, &capacity, sizeof(*kernel->files));
		kernel->file_line_first =
		    cov_grow(kernel->file_line_first, kernel->file_count, &first_capacity,
			     sizeof(*kernel->file_line_first));
		for (size_t i = 0; i < line_count; i++)
			kernel->line_files[next + i] = (uint32_t)kernel->file_count;
		kernel->file_line_first[kernel->file_count] = (uint32_t)line_first;
		kernel->files[kernel->file_count++] = statement_column_text(statement, 0);
		next += line_count;
	}
	if (result < 0)
		return result;
	if (next != kernel->line_count)
		return fail_damaged(loading, "the list of files", err);
	kernel->file_line_first = cov_grow(kernel->file_line_first, kernel->file_count,
					   &first_capacity, sizeof(*kernel->file_line_first));
	kernel->file_line_first[kernel->file_count] = (uint32_t)next;
	return 0;
}

static int read_kernel(struct loading *loading, int64_t kernel_id, struct cov_error *err)
{
	struct cov_kernel *kernel = loading->kernel;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(loading->store,
				       "SELECT build_root, source_root, object_count, line_count,"
				       " lines, (SELECT count(*) FROM object o"
				       " WHERE o.kernel_id = k.kernel_id)"
				       " FROM kernel k WHERE kernel_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(loading->store, statement, err);
	if (result <= 0)
		return result ? result : fail_damaged(loading, "the kernel", err);
	struct statement_row row = { loading->store, statement, err, 0 };
	/* No more than there are: memory for all of them is next. */
	int64_t object_rows = sqlite3_column_int64(statement, 5);
	int64_t objects = statement_row_number(&row, 2, object_rows, object_rows);
	int64_t lines = statement_row_number(&row, 3, 0, STORE_LINES_MAX);
	if (row.result)
		return row.result;
	loading->object_count = (size_t)objects;
	kernel->build_root = statement_column_text(statement, 0);
	kernel->source_root = statement_column_text(statement, 1);
	kernel->line_count = (size_t)lines;
	kernel->line_numbers =
	    cov_ids_unpack(sqlite3_column_blob(statement, 4),
			   (size_t)sqlite3_column_bytes(statement, 4), kernel->line_count);
	if (!kernel->line_numbers)
		return fail_damaged(loading, "the list of lines", err);
	kernel->line_files = cov_xcalloc(kernel->line_count, sizeof(uint32_t));
	return 0;
}

int store_load_kernel(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		      struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(loading_deinit) struct loading loading = { .store = store, .kernel = &kernel };
	int result = read_kernel(&loading, kernel_id, err);

	if (result == 0)
		result =
		    statement_number(store, "PRAGMA data_version", &store->loaded_version, err);
	if (result == 0)
		result = read_files(&loading, kernel_id, err);
	if (result == 0)
		result = open_image(&loading, kernel_id, err);
	if (result == 0)
		result = read_objects(&loading, kernel_id, err);
	if (result == 0)
		result = unpack_objects(&loading, err);
	if (result)
		return result;
	kernel_index_number(&kernel);
	kernel.line_copies = kernel_index_copies(&kernel);
	*ret = kernel;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

int store_load_universe(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
			struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(loading_deinit) struct loading loading = { .store = store, .kernel = &kernel };
	int result = read_kernel(&loading, kernel_id, err);

	/* There are no objects to be released. */
	loading.object_count = 0;
	if (result == 0)
		result = read_files(&loading, kernel_id, err);
	if (result)
		return result;
	*ret = kernel;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

/* One object as it is in the database. */
static int prepare_object(struct store *store, int64_t kernel_id, sqlite3_stmt **ret,
			  struct cov_error *err)
{
	int result = statement_prepare(store,
				       "SELECT path, functions, lines, plan FROM object"
				       " WHERE kernel_id = ? AND object_id = ?",
				       ret, err);

	if (result == 0)
		sqlite3_bind_int64(*ret, 1, kernel_id);
	return result;
}

static int find_object(struct loading *loading, sqlite3_stmt *statement, int64_t object_id,
		       size_t index, struct cov_error *err)
{
	sqlite3_reset(statement); /* what went wrong before was reported before */
	sqlite3_bind_int64(statement, 2, object_id);
	int result = statement_step(loading->store, statement, err);
	if (result <= 0)
		return result ? result : fail_damaged(loading, "the list of objects", err);
	return read_object(loading, index, statement, err);
}

int store_load_object(struct store *store, int64_t kernel_id, int64_t object_id,
		      struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(loading_deinit)
	struct loading loading = { .store = store, .kernel = kernel, .object_count = 1 };
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = prepare_object(store, kernel_id, &statement, err);

	if (result)
		return result;
	kernel_drop_objects(kernel);
	kernel->objects = cov_xcalloc(1, sizeof(*kernel->objects));
	kernel->object_count = 1;
	loading.objects = cov_xcalloc(1, sizeof(*loading.objects));
	result = find_object(&loading, statement, object_id, 0, err);
	return result ? result : unpack_objects(&loading, err);
}

/* How many objects and lines a kernel says that it has. */
static int read_sizes(struct store *store, int64_t kernel_id, int64_t *objects, int64_t *lines,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT object_count, line_count FROM kernel"
				       " WHERE kernel_id = ?",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	if (!result)
		return cov_fail(err, COV_ERR_STORE, "%s: the kernel is damaged", store->path);
	struct statement_row row = { store, statement, err, 0 };
	*objects = sqlite3_column_int64(statement, 0);
	*lines = statement_row_number(&row, 1, 0, STORE_LINES_MAX);
	return row.result;
}

/* How many counters an object has. @statement: at its functions, the bytes of its plan, its path */
static int count_counters(const struct loading *loading, sqlite3_stmt *statement,
			  struct cov_object *object, struct cov_error *err)
{
	const void *head = sqlite3_column_blob(statement, 1);
	size_t head_bytes = (size_t)sqlite3_column_bytes(statement, 1);
	size_t body_bytes = (size_t)sqlite3_column_int64(statement, 2);
	struct cov_error reason;

	if (pack_head_count(head, head_bytes, body_bytes, &object->plan.counter_count, &reason) ==
	    0)
		return 0;
	COV_AUTO(free) char *path = statement_column_text(statement, 3);
	return fail_damaged(loading, path, err);
}

static int outline_objects(struct loading *loading, int64_t kernel_id, struct cov_error *err)
{
	struct cov_kernel *kernel = loading->kernel;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t capacity = 0;
	/* The bytes of its plan are known without reading it. */
	int result = statement_prepare(loading->store,
				       "SELECT object_id, functions, length(plan), path"
				       " FROM object WHERE kernel_id = ? ORDER BY object_id",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(loading->store, statement, err)) > 0) {
		kernel->objects = cov_grow(kernel->objects, kernel->object_count, &capacity,
					   sizeof(*kernel->objects));
		struct cov_object *object = &kernel->objects[kernel->object_count];
		*object = (struct cov_object){ 0 };
		/* By which it is looked for again. */
		if (sqlite3_column_int64(statement, 0) != (int64_t)kernel->object_count++)
			return fail_damaged(loading, "the list of objects", err);
		result = count_counters(loading, statement, object, err);
		if (result)
			return result;
	}
	return result;
}

int store_load_outline(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		       struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	struct loading loading = { .store = store, .kernel = &kernel };
	int64_t object_count = 0, line_count = 0;
	int result = read_sizes(store, kernel_id, &object_count, &line_count, err);

	if (result == 0)
		result = outline_objects(&loading, kernel_id, err);
	if (result)
		return result;
	if ((int64_t)kernel.object_count != object_count)
		return fail_damaged(&loading, "the list of objects", err);
	kernel.line_count = (size_t)line_count;
	kernel_index_number(&kernel);
	*ret = kernel;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

int store_load_ran(struct store *store, int64_t kernel_id, const unsigned char *ran,
		   struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(loading_deinit)
	struct loading loading = {
		.store = store, .kernel = kernel, .object_count = kernel->object_count, .ran = ran
	};
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = prepare_object(store, kernel_id, &statement, err);

	loading.objects = cov_xcalloc(loading.object_count, sizeof(*loading.objects));
	for (size_t i = 0; result == 0 && i < kernel->object_count; i++) {
		if (ran[i])
			result = find_object(&loading, statement, (int64_t)i, i, err);
	}
	return result ? result : unpack_objects(&loading, err);
}

static bool is_same_universe(const struct cov_kernel *a, const struct cov_kernel *b)
{
	if (a->line_count != b->line_count || a->file_count != b->file_count ||
	    strcmp(a->build_root, b->build_root) != 0 ||
	    memcmp(a->line_numbers, b->line_numbers, a->line_count * sizeof(*a->line_numbers)) != 0)
		return false;
	for (size_t i = 0; i < a->file_count; i++) {
		if (strcmp(a->files[i], b->files[i]) != 0 ||
		    a->file_line_first[i] != b->file_line_first[i])
			return false;
	}
	return true;
}

/* Whether the objects in the database are of the same compilations as those of @kernel. */
static int compare_objects(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			   bool *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t count = 0;
	int result = statement_prepare(store,
				       "SELECT path, stamp FROM object WHERE kernel_id = ?"
				       " ORDER BY object_id",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		const char *path = statement_column_peek(statement, 0);

		if (count == kernel->object_count || !path ||
		    strcmp(path, kernel->objects[count].path) != 0 ||
		    sqlite3_column_int64(statement, 1) != kernel->objects[count].plan.stamp)
			return 0;
		count++;
	}
	*ret = result == 0 && count == kernel->object_count;
	return result;
}

int store_load_is_current(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  bool *ret, struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel now = { 0 };
	int64_t version = 0, count = 0;
	int result = statement_number(store, "PRAGMA data_version", &version, err);

	*ret = version == store->loaded_version;
	if (result || *ret)
		return result;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	result = statement_prepare(store, "SELECT count(*) FROM kernel WHERE kernel_id = ?",
				   &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	count = sqlite3_column_int64(statement, 0);
	if (!count)
		return 0;
	result = store_load_universe(store, kernel_id, &now, err);
	if (result == 0 && is_same_universe(kernel, &now))
		result = compare_objects(store, kernel_id, kernel, ret, err);
	return result;
}
