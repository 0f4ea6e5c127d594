/* store_cve_git.c - what a git says of the fixes of records, for a kernel. */
#include "venn/store/store_cve_git.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"

void store_cve_git_deinit(struct store_cve_fixes *records)
{
	for (size_t i = 0; i < records->count; i++) {
		struct store_cve_fixed *record = &records->items[i];

		for (size_t j = 0; j < record->files.count; j++)
			free(record->files.items[j]);
		for (size_t j = 0; j < record->fix_count; j++)
			free(record->fixes[j].commit);
		free(record->files.items);
		free(record->fixes);
	}
	free(records->items);
	memset(records, 0, sizeof(*records));
}

static int forget(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	static const char *const parts[] = { "DELETE FROM cve_git WHERE kernel_id = ?",
					     "DELETE FROM cve_line WHERE kernel_id = ?" };
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(parts) / sizeof(*parts); i++) {
		COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;

		result = statement_prepare(store, parts[i], &statement, err);
		if (result)
			return result;
		sqlite3_bind_int64(statement, 1, kernel_id);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int read_files(struct store *store, int64_t kernel_id, struct store_cve_fixes *list,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	struct store_cve_fixed *record = NULL;
	int result = statement_prepare(store,
				       "SELECT f.cve_id, f.path FROM cve_file f JOIN file k"
				       " ON k.kernel_id = ? AND k.path = f.path"
				       " ORDER BY f.cve_id, f.path",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		int64_t id = sqlite3_column_int64(statement, 0);

		if (!record || record->id != id) {
			list->items = cov_grow(list->items, list->count, &list->capacity,
					       sizeof(*list->items));
			record = &list->items[list->count++];
			*record = (struct store_cve_fixed){ .id = id };
		}
		record->files.items =
		    cov_grow(record->files.items, record->files.count, &record->files.capacity,
			     sizeof(*record->files.items));
		record->files.items[record->files.count++] = statement_column_text(statement, 1);
	}
	return result;
}

static int read_fixes(struct store *store, sqlite3_stmt *statement, struct store_cve_fixed *record,
		      struct cov_error *err)
{
	int result;

	sqlite3_reset(statement);
	sqlite3_bind_int64(statement, 1, record->id);
	while ((result = statement_step(store, statement, err)) > 0) {
		record->fixes = cov_grow(record->fixes, record->fix_count, &record->fix_capacity,
					 sizeof(*record->fixes));
		record->fixes[record->fix_count++] = (struct store_cve_fix){
			.version = sqlite3_column_int64(statement, 0),
			.commit = statement_column_text(statement, 1),
		};
	}
	return result;
}

int store_cve_git_begin(struct store *store, int64_t kernel_id, struct store_cve_fixes *ret,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_cve_git_deinit) struct store_cve_fixes list = { 0 };
	int result = forget(store, kernel_id, err);

	if (result == 0)
		result = read_files(store, kernel_id, &list, err);
	if (result == 0)
		result = statement_prepare(store,
					   "SELECT version, commit_id FROM cve_fix"
					   " WHERE cve_id = ? ORDER BY version, commit_id",
					   &statement, err);
	for (size_t i = 0; result == 0 && i < list.count; i++)
		result = read_fixes(store, statement, &list.items[i], err);
	if (result)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

static int put_lines(struct store *store, int64_t kernel_id, const struct store_cve_git *found,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT OR IGNORE INTO cve_line (kernel_id, cve_id, path,"
				       " first, last, is_exact) VALUES (?, ?, ?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < found->line_count; i++) {
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, found->cve_id);
		statement_bind_text(statement, 3, found->lines[i].path);
		sqlite3_bind_int64(statement, 4, found->lines[i].first);
		sqlite3_bind_int64(statement, 5, found->lines[i].last);
		sqlite3_bind_int64(statement, 6, found->lines[i].is_exact);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_cve_git_put(struct store *store, int64_t kernel_id, const struct store_cve_git *found,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO cve_git (kernel_id, cve_id, commit_id,"
				       " is_in_source) VALUES (?, ?, ?, ?)",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, found->cve_id);
	statement_bind_text(statement, 3, found->commit);
	sqlite3_bind_int64(statement, 4, found->is_in_source);
	result = statement_insert(store, statement, err);
	return result ? result : put_lines(store, kernel_id, found, err);
}
