/* store_kernel.c - kernels in the database: plans, files, functions, directories. */
#include "venn/store/store_kernel.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

void store_kernel_deinit(struct store_kernel *kernel)
{
	free(kernel->name);
	free(kernel->release);
	free(kernel->build_id);
	free(kernel->profile_update);
	free(kernel->build_root);
	free(kernel->source_root);
	memset(kernel, 0, sizeof(*kernel));
}

static int insert_kernel(struct store *store, struct store_kernel *about,
			 const struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO kernel (name, release, build_id, profile_update,"
			      " build_root, source_root, object_count, line_count,"
			      " counter_count, lines)"
			      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			      &statement, err);
	size_t size;
	if (result)
		return result;
	COV_AUTO(free)
	void *lines = cov_ids_pack(kernel->line_numbers, kernel->line_count, &size);
	statement_bind_text(statement, 1, about->name);
	statement_bind_text(statement, 2, about->release);
	statement_bind_text(statement, 3, about->build_id);
	statement_bind_text(statement, 4, about->profile_update);
	statement_bind_text(statement, 5, kernel->build_root);
	statement_bind_text(statement, 6, kernel->source_root);
	sqlite3_bind_int64(statement, 7, (int64_t)kernel->object_count);
	sqlite3_bind_int64(statement, 8, (int64_t)kernel->line_count);
	sqlite3_bind_int64(statement, 9, (int64_t)kernel->counter_count);
	statement_bind_blob(statement, 10, lines, size);
	result = statement_insert(store, statement, err);
	about->id = sqlite3_last_insert_rowid(store->database);
	about->object_count = (int64_t)kernel->object_count;
	about->line_count = (int64_t)kernel->line_count;
	return result;
}

/* The plan of an object; its body is the object's own if it was packed when the notes were read. */
static void pack_object(const struct cov_object *object, struct plan_packed *ret)
{
	struct cov_text head = { 0 };

	if (!object->body) {
		plan_pack(&object->plan, object->source_files, ret);
		return;
	}
	pack_head(&object->plan, object->source_files, &head);
	*ret = (struct plan_packed){ head.data, head.length, NULL, object->body_bytes };
}

static int insert_objects(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO object (kernel_id, object_id, path, stamp,"
				       " functions, lines, plan) VALUES (?, ?, ?, ?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		size_t size;
		COV_AUTO(free)
		void *lines = cov_ids_pack(object->line_ids, object->plan.line_count, &size);
		COV_AUTO(plan_packed_deinit) struct plan_packed packed;

		pack_object(object, &packed);
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		statement_bind_text(statement, 3, object->path);
		sqlite3_bind_int64(statement, 4, object->plan.stamp);
		statement_bind_blob(statement, 5, packed.head, packed.head_bytes);
		statement_bind_blob(statement, 6, lines, size);
		statement_bind_blob(statement, 7, object->body ? object->body : packed.body,
				    packed.body_bytes);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int insert_files(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO file (kernel_id, file_id, path, line_first,"
				       " line_count) VALUES (?, ?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < kernel->file_count; i++) {
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		statement_bind_text(statement, 3, kernel->files[i]);
		sqlite3_bind_int64(statement, 4, kernel->file_line_first[i]);
		sqlite3_bind_int64(statement, 5,
				   kernel->file_line_first[i + 1] - kernel->file_line_first[i]);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int insert_functions(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			    struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO function (kernel_id, function_id, object_id, file_id,"
			      " name, start_line, end_line) VALUES (?, ?, ?, ?, ?, ?, ?)",
			      &statement, err);

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; result == 0 && j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			if (function->is_artificial)
				continue;
			sqlite3_bind_int64(statement, 1, kernel_id);
			sqlite3_bind_int64(statement, 2, (int64_t)(object->function_first + j));
			sqlite3_bind_int64(statement, 3, (int64_t)i);
			sqlite3_bind_int64(statement, 4, kernel_function_file(object, j));
			statement_bind_text(statement, 5, object->plan.texts + function->name);
			sqlite3_bind_int64(statement, 6, function->start_line);
			sqlite3_bind_int64(statement, 7, function->end_line);
			result = statement_insert(store, statement, err);
		}
	}
	return result;
}

static int insert_directory(struct store *store, sqlite3_stmt *statement, int64_t kernel_id,
			    const struct cov_kernel *kernel, const char *path,
			    struct cov_error *err)
{
	size_t line_first;
	size_t line_count = kernel_directory_range(kernel, path, &line_first);

	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, path);
	sqlite3_bind_int64(statement, 3, (int64_t)line_first);
	sqlite3_bind_int64(statement, 4, (int64_t)line_count);
	return statement_insert(store, statement, err);
}

/* Files are sorted, so a directory is new when the file before is not in it. */
static int insert_directories(struct store *store, int64_t kernel_id,
			      const struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO directory (kernel_id, path, line_first, line_count)"
			      " VALUES (?, ?, ?, ?)",
			      &statement, err);

	if (result == 0)
		result = insert_directory(store, statement, kernel_id, kernel, ".", err);
	for (size_t i = 0; i < kernel->file_count; i++) {
		const char *file = kernel->files[i];
		const char *before = i ? kernel->files[i - 1] : "";

		/* From the second byte on: the directory '/' itself is not of interest. */
		for (const char *slash = *file ? strchr(file + 1, '/') : NULL; slash && result == 0;
		     slash = strchr(slash + 1, '/')) {
			size_t length = (size_t)(slash - file);
			COV_AUTO(free) char *path = cov_xstrndup(file, length);

			if (strncmp(before, file, length + 1) != 0)
				result = insert_directory(store, statement, kernel_id, kernel, path,
							  err);
		}
	}
	return result;
}

static int check_new(struct store *store, const struct store_kernel *about, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT name, build_id FROM kernel WHERE name = ?1"
				       " OR (build_id = ?2 AND build_id <> '')",
				       &statement, err);
	if (result)
		return result;
	statement_bind_text(statement, 1, about->name);
	statement_bind_text(statement, 2, about->build_id);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	COV_AUTO(free) char *name = statement_column_text(statement, 0);
	COV_AUTO(free) char *build_id = statement_column_text(statement, 1);
	if (strcmp(build_id, about->build_id) == 0 && *build_id)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: the kernel with build id %s is registered as %s", store->path,
				build_id, name);
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: there is another kernel %s, build id %s; give this one a --name",
			store->path, name, *build_id ? build_id : "unknown");
}

int store_kernel_add(struct store *store, struct store_kernel *about,
		     const struct cov_kernel *kernel, struct cov_error *err)
{
	int result = check_new(store, about, err);

	if (result == 0 &&
	    (kernel->line_count > STORE_LINES_MAX || kernel->function_count > STORE_LINES_MAX ||
	     kernel->object_count > STORE_OBJECTS_MAX))
		result = cov_fail(err, COV_ERR_FORMAT,
				  "%s: too large a kernel: %zu lines, %zu functions, %zu objects",
				  store->path, kernel->line_count, kernel->function_count,
				  kernel->object_count);
	if (result == 0)
		result = insert_kernel(store, about, kernel, err);
	if (result == 0)
		result = insert_objects(store, about->id, kernel, err);
	if (result == 0)
		result = insert_files(store, about->id, kernel, err);
	if (result == 0)
		result = insert_functions(store, about->id, kernel, err);
	if (result == 0)
		result = insert_directories(store, about->id, kernel, err);
	return result;
}

void store_kernel_list_deinit(struct store_kernels *kernels)
{
	for (size_t i = 0; i < kernels->count; i++)
		store_kernel_deinit(&kernels->items[i]);
	free(kernels->items);
	memset(kernels, 0, sizeof(*kernels));
}

int store_kernel_list(struct store *store, struct store_kernels *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_kernel_list_deinit) struct store_kernels list = { 0 };
	int result = statement_prepare(store,
				       "SELECT kernel_id, name, release, build_id, profile_update,"
				       " object_count, line_count, (SELECT count(*) FROM trial t"
				       " WHERE t.kernel_id = k.kernel_id), build_root, source_root"
				       " FROM kernel k"
				       " ORDER BY kernel_id",
				       &statement, err);
	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_kernel){
			.id = sqlite3_column_int64(statement, 0),
			.name = statement_column_text(statement, 1),
			.release = statement_column_text(statement, 2),
			.build_id = statement_column_text(statement, 3),
			.profile_update = statement_column_text(statement, 4),
			.object_count = sqlite3_column_int64(statement, 5),
			.line_count = sqlite3_column_int64(statement, 6),
			.trial_count = sqlite3_column_int64(statement, 7),
			.build_root = statement_column_text(statement, 8),
			.source_root = statement_column_text(statement, 9),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

/* "6.1.192 (build id 12ab...)", of all registered kernels. */
static void print_kernels(const struct store_kernels *kernels, struct cov_text *text)
{
	for (size_t i = 0; i < kernels->count; i++)
		cov_text_print(text, "%s%s (build id %s)", i ? ", " : "", kernels->items[i].name,
			       *kernels->items[i].build_id ? kernels->items[i].build_id
							   : "unknown");
}

int store_kernel_find(struct store *store, const char *build_id, const char *name,
		      struct store_kernel *ret, struct cov_error *err)
{
	COV_AUTO(store_kernel_list_deinit) struct store_kernels kernels = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	struct store_kernel *found = NULL;
	size_t found_count = 0;
	int result = store_kernel_list(store, &kernels, err);

	if (result)
		return result;
	for (size_t i = 0; i < kernels.count; i++) {
		struct store_kernel *kernel = &kernels.items[i];

		if ((build_id && strcmp(kernel->build_id, build_id) != 0) ||
		    (name && strcmp(kernel->name, name) != 0))
			continue;
		found = kernel;
		found_count++;
	}
	if (found_count == 1) {
		*ret = *found;
		memset(found, 0, sizeof(*found)); /* now the caller's */
		return 0;
	}
	print_kernels(&kernels, &list);
	if (!kernels.count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: no kernel is registered; 'covdb kernel add' registers one",
				store->path);
	if (found_count > 1)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: there are several kernels: %s; name one", store->path,
				list.data);
	if (build_id)
		return cov_fail(err, COV_ERR_MISMATCH,
				"no kernel with build id %s is registered, only %s", build_id,
				list.data);
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = name };
	for (size_t i = 0; i < kernels.count; i++)
		cov_suggest(&suggestion, kernels.items[i].name);
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "%s: no kernel %s is registered%s", store->path,
			name, only);
}
