/* store_platform.c - the names of platforms, and their place in masks. */
#include "venn/store/store_platform.h"

#include <string.h>

#include "collector/base/error.h"
#include "venn/store/statement.h"
#include "venn/store/store.h"

const char store_platform_set[] = "set";

/* The lowest place in masks that no platform has. */
static int find_place(struct store *store, const char *name, int *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "WITH RECURSIVE place (bit) AS (SELECT 0 UNION ALL"
				       " SELECT bit + 1 FROM place WHERE bit + 1 < ?1)"
				       " SELECT min(bit) FROM place"
				       " WHERE bit NOT IN (SELECT bit FROM platform)",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int(statement, 1, STORE_PLATFORMS_MAX);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	if (sqlite3_column_type(statement, 0) == SQLITE_NULL)
		return cov_fail(err, COV_ERR_STORE,
				"%s: no room for platform %s: there are %d already", store->path,
				name, STORE_PLATFORMS_MAX);
	*ret = sqlite3_column_int(statement, 0);
	return 0;
}

static int insert_platform(struct store *store, const char *name, int64_t *ret,
			   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int bit = 0;
	int result = find_place(store, name, &bit, err);

	if (result == 0)
		result = statement_prepare(store, "INSERT INTO platform (name, bit) VALUES (?, ?)",
					   &statement, err);
	if (result)
		return result;
	statement_bind_text(statement, 1, name);
	sqlite3_bind_int(statement, 2, bit);
	result = statement_insert(store, statement, err);
	*ret = sqlite3_last_insert_rowid(store->database);
	return result;
}

/*
 * The id of a platform, which is added when it is new. What was measured and what is kept whole do
 * not mix.
 */
static int intern_platform(struct store *store, const char *name, bool is_set, int64_t *ret,
			   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_find(
	    store, "SELECT platform_id, driver IS 'set' FROM platform WHERE name = ?", name,
	    &statement, err);
	if (result < 0)
		return result;
	if (result == 0)
		return insert_platform(store, name, ret, err);
	if (sqlite3_column_int(statement, 1) != is_set)
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    is_set ? "%s: %s is already the name of a platform that was measured, "
			     "and cannot be that of a set as well"
			   : "%s: %s is already the name of a set, and cannot be that of a "
			     "platform that was measured as well",
		    store->path, name);
	*ret = sqlite3_column_int64(statement, 0);
	return 0;
}

int store_platform_add(struct store *store, const char *name, const char *driver, int64_t *ret,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	bool is_set = driver && strcmp(driver, store_platform_set) == 0;
	int result = intern_platform(store, name, is_set, ret, err);

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
	if (result < 0)
		return result;
	/* A platform that is not there has no number either. */
	struct statement_row row = { store, statement, err, 0 };
	*ret = (int)statement_row_number(&row, 0, 0, STORE_PLATFORMS_MAX - 1);
	return row.result;
}
