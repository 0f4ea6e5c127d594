/* store_platform.c - the names of platforms, and their place in masks. */
#include "venn/store/store_platform.h"

#include "collector/base/error.h"
#include "venn/store/statement.h"
#include "venn/store/store.h"

/* The id of a name in a table, which is added when it is new. */
static int intern_name(struct store *store, const char *select, const char *insert,
		       const char *name, int64_t *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *add = NULL;
	int result = statement_prepare(store, select, &find, err);

	if (result)
		return result;
	statement_bind_text(find, 1, name);
	result = statement_step(store, find, err);
	if (result < 0)
		return result;
	if (result > 0) {
		*ret = sqlite3_column_int64(find, 0);
		return 0;
	}
	result = statement_prepare(store, insert, &add, err);
	if (result)
		return result;
	statement_bind_text(add, 1, name);
	result = statement_insert(store, add, err);
	*ret = sqlite3_last_insert_rowid(store->database);
	return result;
}

int store_platform_add(struct store *store, const char *name, const char *driver, int64_t *ret,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = intern_name(store, "SELECT platform_id FROM platform WHERE name = ?",
				 "INSERT INTO platform (name, bit) VALUES"
				 " (?, (SELECT count(*) FROM platform))",
				 name, ret, err);

	if (result && sqlite3_extended_errcode(store->database) == SQLITE_CONSTRAINT_CHECK)
		return cov_fail(err, COV_ERR_STORE,
				"%s: no room for platform %s: there are %d already", store->path,
				name, STORE_PLATFORMS_MAX);
	if (result || !driver)
		return result;
	result = statement_prepare(store, "UPDATE platform SET driver = ? WHERE platform_id = ?",
				   &statement, err);
	if (result)
		return result;
	statement_bind_text(statement, 1, driver);
	sqlite3_bind_int64(statement, 2, *ret);
	return statement_insert(store, statement, err);
}

int store_platform_bit(struct store *store, int64_t platform_id, int *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, "SELECT bit FROM platform WHERE platform_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, platform_id);
	result = statement_step(store, statement, err);
	*ret = sqlite3_column_int(statement, 0);
	return result < 0 ? result : 0;
}
