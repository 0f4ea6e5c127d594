/* store_find.c - what of a kernel has a word in its name: functions, files, directories, platforms,
 * workloads. */
#include "venn/store/store_find.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

void store_find_deinit(struct store_find_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		free(hits->items[i].name);
		free(hits->items[i].file);
	}
	free(hits->items);
	memset(hits, 0, sizeof(*hits));
}

bool store_find_is_glob(const char *word)
{
	return strpbrk(word, "*?[") != NULL;
}

bool store_find_is_hit(const char *word, const char *name)
{
	return store_find_is_glob(word) ? fnmatch(word, name, 0) == 0
					: strcasestr(name, word) != NULL;
}

/*
 * Of each kind those that is_hit() says have the word: name, file and lines, in the order in which
 * they are listed. ?1: the kernel; ?2: the word. Few have it, so that is asked before files are
 * looked up, and rows sorted.
 */
static const char *const queries[] = {
	[STORE_FIND_FUNCTION] =
	    "SELECT DISTINCT name, path, start_line, end_line FROM function"
	    " CROSS JOIN file USING (kernel_id, file_id) WHERE kernel_id = ?1 AND is_hit(?2, name)"
	    " ORDER BY name, path, start_line",
	[STORE_FIND_FILE] = "SELECT path, NULL, 0, 0 FROM file WHERE kernel_id = ?1"
			    " AND is_hit(?2, path) ORDER BY path",
	[STORE_FIND_DIRECTORY] = "SELECT path, NULL, 0, 0 FROM directory WHERE kernel_id = ?1"
				 " AND is_hit(?2, path) ORDER BY path",
	[STORE_FIND_PLATFORM] =
	    "SELECT DISTINCT name, NULL, 0, 0 FROM platform JOIN trial USING (platform_id)"
	    " WHERE kernel_id = ?1 AND is_hit(?2, name) ORDER BY platform_id",
	/* A group has no trials of its own. */
	[STORE_FIND_WORKLOAD] =
	    "SELECT name, NULL, 0, 0 FROM workload w WHERE kind IN ('workload', 'phase', 'group')"
	    " AND is_hit(?2, name) AND EXISTS (SELECT 1 FROM trial t WHERE t.kernel_id = ?1"
	    "  AND (t.workload_id = w.workload_id OR t.workload_id IN (SELECT m.workload_id"
	    "   FROM workload_member m WHERE m.group_id = w.workload_id))) ORDER BY workload_id",
};

static void is_hit(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *word = (const char *)sqlite3_value_text(values[0]);
	const char *name = (const char *)sqlite3_value_text(values[1]);

	(void)count;
	sqlite3_result_int(context, word && name && store_find_is_hit(word, name));
}

static int add_function(struct store *store, struct cov_error *err)
{
	if (sqlite3_create_function(store->database, "is_hit", 2, SQLITE_UTF8, NULL, is_hit, NULL,
				    NULL) != SQLITE_OK)
		return statement_fail(store, err);
	return 0;
}

/* Add what a query has that is wanted. */
static int add_hits(struct store *store, int64_t kernel_id, enum store_find_kind kind,
		    const char *word, struct store_find_hits *hits, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, queries[kind], &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, word);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0) {
		hits->items =
		    cov_grow(hits->items, hits->count, &hits->capacity, sizeof(*hits->items));
		hits->items[hits->count++] = (struct store_find_hit){
			.kind = kind,
			.name = statement_column_text(statement, 0),
			.file = sqlite3_column_type(statement, 1) == SQLITE_NULL
				    ? NULL
				    : statement_column_text(statement, 1),
			.start_line = statement_row_number(&row, 2, 0, STORE_LINES_MAX),
			.end_line = statement_row_number(&row, 3, 0, STORE_LINES_MAX),
		};
	}
	return row.result ? row.result : result;
}

/* The word itself stands before what has it in it. */
static void put_exact_first(const char *word, struct store_find_hit *items, size_t count)
{
	size_t exact = 0;

	for (size_t i = 0; i < count; i++) {
		struct store_find_hit hit = items[i];

		if (strcmp(hit.name, word) != 0)
			continue;
		memmove(items + exact + 1, items + exact, (i - exact) * sizeof(*items));
		items[exact++] = hit;
	}
}

int store_find(struct store *store, int64_t kernel_id, const char *word,
	       struct store_find_hits *ret, struct cov_error *err)
{
	COV_AUTO(store_find_deinit) struct store_find_hits hits = { 0 };
	int result = add_function(store, err);

	for (int kind = STORE_FIND_PLATFORM; result == 0 && kind <= STORE_FIND_FUNCTION; kind++) {
		size_t before = hits.count;

		result = add_hits(store, kernel_id, (enum store_find_kind)kind, word, &hits, err);
		if (hits.count > before)
			put_exact_first(word, hits.items + before, hits.count - before);
	}
	if (result)
		return result;
	*ret = hits;
	memset(&hits, 0, sizeof(hits));
	return 0;
}

int store_find_function_fail(struct store *store, int64_t kernel_id, const char *name,
			     const char *where, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = name };
	int result = statement_prepare(
	    store, "SELECT DISTINCT name FROM function WHERE kernel_id = ?1", &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		COV_AUTO(free) char *other = statement_column_text(statement, 0);

		cov_suggest(&suggestion, other);
	}
	if (result)
		return result;
	COV_AUTO(free) char *meant = cov_suggest_text(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no function '%s'%s%s", name, where, meant);
}

/* Whether a path is that file, or ends in it. */
static bool is_file(const char *path, const char *file)
{
	size_t path_length = strlen(path), length = strlen(file);

	return strcmp(path, file) == 0 ||
	       (path_length > length && path[path_length - length - 1] == '/' &&
		strcmp(path + path_length - length, file) == 0);
}

int store_find_named(struct store *store, int64_t kernel_id, const char *file, const char *name,
		     struct store_find_hits *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT DISTINCT path, start_line, end_line"
				       " FROM function INDEXED BY function_name"
				       " CROSS JOIN file USING (kernel_id, file_id)"
				       " WHERE name = ?2 AND kernel_id = ?1"
				       " ORDER BY path, start_line",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, name);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0) {
		COV_AUTO(free) char *path = statement_column_text(statement, 0);

		if (file && !is_file(path, file))
			continue;
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct store_find_hit){
			.kind = STORE_FIND_FUNCTION,
			.name = cov_xstrdup(name),
			.file = path,
			.start_line = statement_row_number(&row, 1, 0, STORE_LINES_MAX),
			.end_line = statement_row_number(&row, 2, 0, STORE_LINES_MAX),
		};
		path = NULL;
	}
	return row.result ? row.result : result;
}

int store_find_function(struct store *store, int64_t kernel_id, const char *file, const char *name,
			struct store_find_hits *ret, struct cov_error *err)
{
	COV_AUTO(store_find_deinit) struct store_find_hits hits = { 0 };
	int result = store_find_named(store, kernel_id, file, name, &hits, err);

	if (result)
		return result;
	if (!hits.count) {
		COV_AUTO(free) char *where = file ? cov_format(" in %s", file) : cov_xstrdup("");

		return store_find_function_fail(store, kernel_id, name, where, err);
	}
	*ret = hits;
	memset(&hits, 0, sizeof(hits));
	return 0;
}
