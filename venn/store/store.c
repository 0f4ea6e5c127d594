/* store.c - the SQLite database: opening, transactions, statements. */
#include "venn/store/store.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/store_migrate.h"
#include "venn/store/store_private.h"
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

int store_fail(const struct store *store, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: %s", store->path, sqlite3_errmsg(store->database));
}

int store_run(struct store *store, const char *sql, struct cov_error *err)
{
	if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, err);
	return 0;
}

int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret, struct cov_error *err)
{
	if (sqlite3_prepare_v2(store->database, sql, -1, ret, NULL) != SQLITE_OK)
		return store_fail(store, err);
	return 0;
}

int store_step(struct store *store, sqlite3_stmt *statement, struct cov_error *err)
{
	int result = sqlite3_step(statement);

	if (result == SQLITE_ROW)
		return 1;
	return result == SQLITE_DONE ? 0 : store_fail(store, err);
}

int store_insert(struct store *store, sqlite3_stmt *statement, struct cov_error *err)
{
	int result = store_step(store, statement, err);

	sqlite3_reset(statement);
	return result < 0 ? result : 0;
}

void store_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

char *store_column_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return cov_xstrdup(text ? (const char *)text : "");
}

static int read_pragma(struct store *store, const char *sql, int64_t *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = store_prepare(store, sql, &statement, err);

	if (result == 0)
		result = store_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = sqlite3_column_int64(statement, 0);
	return 0;
}

static int is_empty(struct store *store, bool *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = store_prepare(store, "SELECT 1 FROM sqlite_schema LIMIT 1", &statement, err);

	if (result == 0)
		result = store_step(store, statement, err);
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
		return store_run(store, store_schema, err);
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
	COV_AUTO(store_close) struct store *store = cov_xcalloc(1, sizeof(*store));

	/* SQLite takes a name that begins with ':' for something else than a file. */
	store->path = *path == ':' ? cov_format("./%s", path) : cov_xstrdup(path);
	if (mode != STORE_CREATE && access(store->path, F_OK) != 0)
		return cov_fail(err, COV_ERR_STORE,
				"there is no database %s; 'covdb kernel add' makes one", path);
	/* One thread at a time uses it, so SQLite need not lock each step. */
	if (sqlite3_open_v2(store->path, &store->database, flags[mode] | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return store_fail(store, err);
	sqlite3_busy_timeout(store->database, 10000);
	/* Pages of a new file: kernels and trials are long values, in few steps rather than many.
	 */
	int result = store_run(store, "PRAGMA foreign_keys = ON; PRAGMA page_size = 16384", err);
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
	if (!store)
		return;
	sqlite3_close(store->database);
	free(store->path);
	free(store);
}

int store_begin(struct store *store, struct cov_error *err)
{
	return store_run(store, "BEGIN IMMEDIATE", err);
}

int store_commit(struct store *store, struct cov_error *err)
{
	return store_run(store, "COMMIT", err);
}

int store_rollback(struct store *store, struct cov_error *err)
{
	return store_run(store, "ROLLBACK", err);
}
