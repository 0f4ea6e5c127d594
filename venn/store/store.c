/* store.c - the SQLite database: opening it, and transactions. */
#include "venn/store/store.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_migrate.h"
#include "venn/store/store_schema.h"

enum {
	APPLICATION_ID = 0x436f7644, /* as in store_schema.c */
};

const char *store_path(const char *option)
{
	const char *environment = getenv("COVDB");

	if (option)
		return option;
	return environment && *environment ? environment : "covdb.sqlite";
}

static int read_pragma(struct store *store, const char *sql, int64_t *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = sqlite3_column_int64(statement, 0);
	return 0;
}

static int is_empty(struct store *store, bool *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store, "SELECT 1 FROM sqlite_schema LIMIT 1", &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	*ret = result == 0;
	return result < 0 ? result : 0;
}

/* @version_out: of an older schema, which is not an error here; else 0 */
static int check_schema(struct store *store, enum store_mode mode, int64_t *version_out,
			struct cov_error *err)
{
	int64_t version = 0, application_id = 0;
	bool is_new;
	int result = is_empty(store, &is_new, err);

	*version_out = 0;
	if (result == 0)
		result = read_pragma(store, "PRAGMA user_version", &version, err);
	if (result == 0)
		result = read_pragma(store, "PRAGMA application_id", &application_id, err);
	if (result)
		return result;
	if (is_new && mode == STORE_CREATE)
		return statement_run(store, store_schema, err);
	if (application_id != APPLICATION_ID)
		return cov_fail(err, COV_ERR_STORE, "%s: not a covdb database", store->path);
	if (version > STORE_SCHEMA_VERSION)
		return cov_fail(err, COV_ERR_STORE,
				"%s: schema version %lld is of a newer covdb; this one knows %d",
				store->path, (long long)version, STORE_SCHEMA_VERSION);
	if (version < STORE_SCHEMA_VERSION)
		*version_out = version;
	return 0;
}

static int open_file(const char *path, enum store_mode mode, int64_t *version_out,
		     struct store **ret, struct cov_error *err)
{
	static const int flags[] = {
		[STORE_READ] = SQLITE_OPEN_READONLY,
		[STORE_WRITE] = SQLITE_OPEN_READWRITE,
		[STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	/* SQLite takes a name that begins with ':' for something other than a file. */
	COV_AUTO(free) char *file = *path == ':' ? cov_format("./%s", path) : cov_xstrdup(path);
	COV_AUTO(store_close) struct store *store = NULL;

	if (mode != STORE_CREATE && access(file, F_OK) != 0)
		return cov_fail(err, COV_ERR_STORE,
				"there is no database %s; 'covdb kernel add' makes one", path);
	int result = statement_open(file, flags[mode], &store, err);
	if (result)
		return result;
	sqlite3_busy_timeout(store->database, 10000);
	/* Large pages for a new file: kernels and trials are long values, read in fewer steps. */
	result = statement_run(store, "PRAGMA foreign_keys = ON; PRAGMA page_size = 16384", err);
	if (result == 0)
		result = check_schema(store, mode, version_out, err);
	if (result)
		return result;
	*ret = store;
	store = NULL;
	return 0;
}

int store_open(const char *path, enum store_mode mode, struct store **ret, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	int64_t version;
	int result = open_file(path, mode, &version, &store, err);

	if (result == 0 && version) {
		COV_AUTO(free) char *file = cov_xstrdup(store->path);

		store_close(store);
		store = NULL;
		result = store_migrate(file, version, err);
		if (result == 0)
			result = open_file(path, mode, &version, &store, err);
	}
	if (result)
		return result;
	*ret = store;
	store = NULL;
	return 0;
}

void store_close(struct store *store)
{
	statement_close(store);
}

int store_begin(struct store *store, struct cov_error *err)
{
	return statement_run(store, "BEGIN IMMEDIATE", err);
}

int store_commit(struct store *store, struct cov_error *err)
{
	return statement_run(store, "COMMIT", err);
}

int store_rollback(struct store *store, struct cov_error *err)
{
	return statement_run(store, "ROLLBACK", err);
}
