/* store.c - the SQLite database: opening it. */
#include "venn/store/store.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_gate.h"
#include "venn/store/store_migrate.h"
#include "venn/store/store_schema.h"
#include "venn/store/store_transaction.h"

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

static int fail_missing(const char *path, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "there is no database %s; 'covdb kernel add' makes one",
			path);
}

/* @version_out: of an older schema, which is not an error here; else 0 */
static int check_schema(struct store *store, enum store_mode mode, int64_t *version_out,
			struct cov_error *err)
{
	int64_t table_count = 0, version = 0, application_id = 0;
	int result =
	    statement_number(store, "SELECT count(*) FROM sqlite_schema", &table_count, err);

	*version_out = 0;
	if (result == 0)
		result = statement_number(store, "PRAGMA user_version", &version, err);
	if (result == 0)
		result = statement_number(store, "PRAGMA application_id", &application_id, err);
	if (result || (!table_count && mode == STORE_CREATE))
		return result;
	if (!table_count && !version && !application_id)
		return fail_missing(store->path, err);
	if (application_id != APPLICATION_ID)
		return cov_fail(err, COV_ERR_STORE, "%s: not a covdb database", store->path);
	if (version > STORE_SCHEMA_VERSION)
		return cov_fail(err, COV_ERR_STORE,
				"%s: schema version %lld is of a newer covdb; this one knows %d",
				store->path, (long long)version, STORE_SCHEMA_VERSION);
	if (version == STORE_SCHEMA_VERSION)
		return store_gate_check(store, err);
	*version_out = version;
	return 0;
}

static int open_file(const char *path, enum store_mode mode, int64_t *version_out,
		     struct store **ret, struct cov_error *err)
{
	/*
	 * A program that was killed leaves a journal, which the next one plays back: a reader, too,
	 * if it may write to the file. Where it may not, SQLite opens it for reading by itself.
	 */
	static const int flags[] = {
		[STORE_READ] = SQLITE_OPEN_READWRITE,
		[STORE_PEEK] = SQLITE_OPEN_READWRITE,
		[STORE_WRITE] = SQLITE_OPEN_READWRITE,
		[STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	};
	/* SQLite takes a name that begins with ':' for something other than a file. */
	COV_AUTO(free) char *file = *path == ':' ? cov_format("./%s", path) : cov_xstrdup(path);
	COV_AUTO(store_close) struct store *store = NULL;
	bool is_reader = mode == STORE_READ || mode == STORE_PEEK;

	if (mode != STORE_CREATE && access(file, F_OK) != 0)
		return fail_missing(path, err);
	int result = statement_open(file, flags[mode], &store, err);
	if (result)
		return result;
	/* Large pages for a new file: kernels and trials are long values, read in fewer steps. */
	result = statement_run(store, "PRAGMA foreign_keys = ON; PRAGMA page_size = 16384", err);
	store->is_created = mode == STORE_CREATE;
	if (result == 0 && is_reader)
		result = statement_run(store, "PRAGMA query_only = ON", err);
	if (result == 0 && is_reader)
		result = store_transaction_read(store, err);
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

	if (result == 0 && version && mode == STORE_PEEK)
		return cov_fail(err, COV_ERR_STORE, "%s: schema version %lld is an older one", path,
				(long long)version);
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

/* Whether the file behind a connection has another name now, or none. */
static bool is_moved(const struct store *store)
{
	int is_moved = 0;

	return sqlite3_file_control(store->database, "main", SQLITE_FCNTL_HAS_MOVED, &is_moved) !=
		   SQLITE_OK ||
	       is_moved;
}

/* While one reads nothing is written, unless the journal is a log that is written ahead. */
static bool keeps_writers_out(struct store *store)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	struct cov_error err;

	return statement_prepare(store, "PRAGMA journal_mode", &statement, &err) == 0 &&
	       statement_step(store, statement, &err) > 0 &&
	       strcmp(statement_column_peek(statement, 0), "wal") != 0;
}

struct store *store_open_again(struct store *store)
{
	COV_AUTO(store_close) struct store *again = NULL;
	struct cov_error err;

	if (!keeps_writers_out(store) ||
	    statement_open(store->path, SQLITE_OPEN_READWRITE, &again, &err) != 0)
		return NULL;
	/* Who waits to write lets no other reader in, and waits for @store itself. */
	if (sqlite3_busy_handler(again->database, NULL, NULL) != SQLITE_OK ||
	    statement_run(again, "PRAGMA query_only = ON", &err) != 0 ||
	    store_transaction_read(again, &err) != 0 || store_gate_check(again, &err) != 0 ||
	    is_moved(store) || is_moved(again))
		return NULL;
	struct store *ret = again;
	again = NULL;
	return ret;
}

uint64_t store_wait_s(const struct store *store)
{
	return store->busy.limit_s;
}

void store_close(struct store *store)
{
	statement_close(store);
}
