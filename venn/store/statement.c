/* statement.c - the open file behind struct store, and statements over SQLite. */
#include "venn/store/statement.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/heap.h"

/* SQLite opens a database, and what stands beside it, without a look at what it is. */
static int check_files(const char *path, struct cov_error *err)
{
	static const char *const suffixes[] = { "-journal", "-wal", "-shm" };
	COV_AUTO(free) char *real = realpath(path, NULL);
	int result = cov_file_check(path, err);

	for (size_t i = 0; !result && real && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		COV_AUTO(free) char *name = cov_format("%s%s", real, suffixes[i]);

		result = cov_file_check(name, err);
	}
	return result;
}

enum { LENGTH_MAX = 1 << 29, SQL_LENGTH_MAX = 1 << 20 };

/* Whatever is in the file: nothing in it runs but what our statements ask for. */
static int protect(struct store *store, struct cov_error *err)
{
	sqlite3 *database = store->database;

	if (sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
	    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
	    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) != SQLITE_OK)
		return cov_fail(
		    err, COV_ERR_STORE,
		    "%s: this SQLite cannot be protected from a database: it is older than 3.31",
		    store->path);
	sqlite3_limit(database, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, SQL_LENGTH_MAX);
	return statement_run(store, "PRAGMA cell_size_check = ON", err);
}

void statement_forget(struct store *store)
{
	struct store_known *known = &store->known;

	for (size_t i = 0; i < sizeof(known->patterns) / sizeof(*known->patterns); i++)
		pattern_cache_deinit(&known->patterns[i]);
	free(known->linked);
	*known = (struct store_known){ 0 };
}

int statement_know(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	struct store_known *known = &store->known;
	int64_t version = 0;
	int result = statement_number(store, "PRAGMA data_version", &version, err);

	if (result || (known->kernel_id == kernel_id && known->version == version))
		return result;
	statement_forget(store);
	known->kernel_id = kernel_id;
	known->version = version;
	return 0;
}

static void forget_undone(void *store)
{
	statement_forget(store);
}

int statement_open(const char *path, int flags, struct store **ret, struct cov_error *err)
{
	COV_AUTO(statement_close) struct store *store = cov_xcalloc(1, sizeof(*store));
	int result = check_files(path, err);

	if (result)
		return result;
	store->path = cov_xstrdup(path);
	heap_install();
	/* One thread at a time uses it, so SQLite need not lock each step. */
	if (sqlite3_open_v2(path, &store->database, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return statement_fail(store, err);
	result = busy_install(store->database, path, &store->busy, err);
	if (result == 0)
		result = protect(store, err);
	if (result)
		return result;
	sqlite3_rollback_hook(store->database, forget_undone, store);
	*ret = store;
	store = NULL;
	return 0;
}

void statement_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->kept_count; i++)
		sqlite3_finalize(store->kept[i]);
	free(store->kept);
	sqlite3_close(store->database);
	busy_deinit(&store->busy);
	statement_forget(store);
	free(store->path);
	free(store);
}

int statement_fail(const struct store *store, struct cov_error *err)
{
	int code = sqlite3_extended_errcode(store->database);
	int reason = sqlite3_system_errno(store->database);

	if ((code & 0xff) == SQLITE_BUSY)
		return busy_fail(&store->busy, err);
	if (code == SQLITE_READONLY_DIRECTORY || code == SQLITE_CANTOPEN)
		return cov_fail(err, COV_ERR_STORE,
				"%s: cannot open it, or make files beside it, as writing needs: %s",
				store->path, reason ? strerror(reason) : "unknown reason");
	if ((code & 0xff) == SQLITE_READONLY)
		return cov_fail(
		    err, COV_ERR_STORE,
		    "%s: it may not be written to: its mode or its file system forbids it",
		    store->path);
	/* Its words are sometimes those of what it wanted the memory for. */
	if ((code & 0xff) == SQLITE_NOMEM)
		return cov_fail(err, COV_ERR_STORE, "%s: %s", store->path,
				sqlite3_errstr(SQLITE_NOMEM));
	if ((code & 0xff) == SQLITE_IOERR && reason)
		return cov_fail(err, COV_ERR_STORE, "%s: %s: %s", store->path,
				sqlite3_errmsg(store->database), strerror(reason));
	return cov_fail(err, COV_ERR_STORE, "%s: %s", store->path, sqlite3_errmsg(store->database));
}

int statement_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		      struct cov_error *err)
{
	if (sqlite3_prepare_v2(store->database, sql, -1, ret, NULL) != SQLITE_OK)
		return statement_fail(store, err);
	return 0;
}

int statement_keep(struct store *store, const char *sql, sqlite3_stmt **ret, struct cov_error *err)
{
	for (size_t i = 0; i < store->kept_count; i++) {
		if (strcmp(sqlite3_sql(store->kept[i]), sql) == 0) {
			*ret = store->kept[i];
			return 0;
		}
	}
	int result = statement_prepare(store, sql, ret, err);
	if (result)
		return result;
	store->kept =
	    cov_grow(store->kept, store->kept_count, &store->kept_capacity, sizeof(sqlite3_stmt *));
	store->kept[store->kept_count++] = *ret;
	return 0;
}

int statement_run(struct store *store, const char *sql, struct cov_error *err)
{
	if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return statement_fail(store, err);
	return 0;
}

int statement_step(struct store *store, sqlite3_stmt *statement, struct cov_error *err)
{
	int result = sqlite3_step(statement);

	if (result == SQLITE_ROW)
		return 1;
	return result == SQLITE_DONE ? 0 : statement_fail(store, err);
}

static void check_bound(int result)
{
	if (result == SQLITE_OK)
		return;
	if (result == SQLITE_NOMEM)
		cov_out_of_memory();
	cov_end_begin();
	cov_say("covdb: a value cannot be given to the database: %s", sqlite3_errstr(result));
	exit(1);
}

void statement_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	check_bound(sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC));
}

int statement_find(struct store *store, const char *sql, const char *name, sqlite3_stmt **ret,
		   struct cov_error *err)
{
	int result = statement_prepare(store, sql, ret, err);

	if (result)
		return result;
	statement_bind_text(*ret, 1, name);
	return statement_step(store, *ret, err);
}

int statement_number(struct store *store, const char *sql, int64_t *ret, struct cov_error *err)
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

int statement_insert(struct store *store, sqlite3_stmt *statement, struct cov_error *err)
{
	int result = statement_step(store, statement, err);

	sqlite3_reset(statement);
	return result < 0 ? result : 0;
}

void statement_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t size)
{
	check_bound(sqlite3_bind_blob64(statement, index, bytes, size, SQLITE_STATIC));
}

const char *statement_column_peek(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	/* Without memory there is none, as of a value that is NULL. */
	if (!text && sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
		cov_out_of_memory();
	return (const char *)text;
}

char *statement_column_text(sqlite3_stmt *statement, int column)
{
	const char *text = statement_column_peek(statement, column);

	return cov_xstrdup(text ? text : "");
}

const void *statement_column_bytes(sqlite3_stmt *statement, int column, size_t *size_out)
{
	const void *bytes = sqlite3_column_blob(statement, column);

	*size_out = (size_t)sqlite3_column_bytes(statement, column);
	if (!bytes && sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
		cov_out_of_memory();
	return bytes;
}

void *statement_column_copy(sqlite3_stmt *statement, int column, size_t *size_out)
{
	const void *bytes = statement_column_bytes(statement, column, size_out);
	void *copy = cov_xmalloc(*size_out);
	if (*size_out)
		memcpy(copy, bytes, *size_out);
	return copy;
}

static int64_t fail_number(struct statement_row *row, int column, int64_t least, int64_t most)
{
	const char *name = sqlite3_column_name(row->statement, column);
	bool is_number = sqlite3_column_type(row->statement, column) == SQLITE_INTEGER;
	COV_AUTO(free)
	char *value = is_number ? cov_format("%lld", sqlite3_column_int64(row->statement, column))
				: cov_xstrdup("no whole number");

	if (row->result)
		return least;
	row->result = cov_fail(row->err, COV_ERR_STORE,
			       "%s: is damaged: %s is %s, not from %" PRId64 " to %" PRId64,
			       row->store->path, name ? name : "a column", value, least, most);
	return least;
}

int64_t statement_row_number(struct statement_row *row, int column, int64_t least, int64_t most)
{
	/* What SQLite says not to be safe in several threads; each has a connection of its own. */
	sqlite3_value *value = sqlite3_column_value(row->statement, column);
	int64_t number = sqlite3_value_int64(value);

	if (sqlite3_value_type(value) != SQLITE_INTEGER || number < least || number > most)
		return fail_number(row, column, least, most);
	return number;
}

size_t statement_row_index(struct statement_row *row, int column, size_t first, size_t count)
{
	int64_t number =
	    count ? statement_row_number(row, column, (int64_t)first, (int64_t)(first + count) - 1)
		  : fail_number(row, column, (int64_t)first, (int64_t)first - 1);

	return (size_t)number - first;
}
