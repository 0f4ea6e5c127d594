/* store_universe.c - which lines of a kernel its trials have found. */
#include "venn/store/store_universe.h"

#include "collector/collector.h"
#include "venn/store/statement.h"

/* Marks objects that were never decoded before as linked. @ret: whether there was one. */
static int link_objects(struct store *store, int64_t kernel_id, const struct store_results *results,
			bool *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int before = sqlite3_total_changes(store->database);
	int result = statement_prepare(store,
				       "UPDATE object SET is_linked = 1 WHERE kernel_id = ? AND"
				       " object_id = ? AND is_linked = 0",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < results->kernel->object_count; i++) {
		if (results->counters->states[i] != COV_OBJECT_DECODED)
			continue;
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		result = statement_insert(store, statement, err);
	}
	*ret = sqlite3_total_changes(store->database) > before;
	return result;
}

static int add_lines(struct store *store, int64_t kernel_id, const struct store_results *results,
		     struct cov_error *err)
{
	const struct cov_kernel *kernel = results->kernel;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT OR IGNORE INTO line (kernel_id, line_id, file_id, line)"
			      " VALUES (?, ?, ?, ?)",
			      &statement, err);

	for (size_t i = 0; result == 0 && i < kernel->line_count; i++) {
		if (!results->counts->states[i])
			continue;
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		sqlite3_bind_int64(statement, 3, kernel->line_files[i]);
		sqlite3_bind_int64(statement, 4, kernel->line_numbers[i]);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int count_found(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "UPDATE directory SET found = (SELECT count(*) FROM line l"
			      " WHERE l.kernel_id = directory.kernel_id"
			      " AND l.line_id >= directory.line_first"
			      " AND l.line_id < directory.line_first + directory.line_count)"
			      " WHERE kernel_id = ?",
			      &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	return statement_insert(store, statement, err);
}

int store_universe_grow(struct store *store, int64_t kernel_id, const struct store_results *results,
			struct cov_error *err)
{
	bool has_new_lines = results->is_listed != NULL;
	int result = 0;

	if (!results->is_listed)
		result = link_objects(store, kernel_id, results, &has_new_lines, err);
	if (result == 0 && has_new_lines)
		result = add_lines(store, kernel_id, results, err);
	if (result == 0 && has_new_lines)
		result = count_found(store, kernel_id, err);
	return result;
}
