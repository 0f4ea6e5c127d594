/* statement.h - the open file behind struct store, and statements over SQLite. */
#ifndef VENN_STORE_STATEMENT_H
#define VENN_STORE_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/busy.h"

struct cov_error;

struct store {
	sqlite3 *database;
	char *path;             /* owned */
	bool is_created;        /* it may be empty, and gets its tables by the first transaction */
	int64_t loaded_version; /* PRAGMA data_version when a kernel was loaded last */
	struct busy busy;
};

/**
 * statement_open() - open a file, whatever is in it. Where another program has it locked, whatever
 * is done with it waits, up to a limit.
 * @flags: SQLITE_OPEN_...
 * @ret:   release with statement_close()
 */
int statement_open(const char *path, int flags, struct store **ret, struct cov_error *err);

/** statement_close() - close it; what was not committed is rolled back. NULL is fine. */
void statement_close(struct store *store);

COV_DEFINE_AUTO(struct store *, statement_close)

/** statement_fail() - COV_ERR_STORE with the database's path and what its last failure means. */
int statement_fail(const struct store *store, struct cov_error *err);

static inline void sqlite3_finalize_auto(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/** statement_prepare() - a statement; declare it COV_AUTO(sqlite3_finalize). */
int statement_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		      struct cov_error *err);

/** statement_run() - run statements that give no rows and take no values. */
int statement_run(struct store *store, const char *sql, struct cov_error *err);

/** statement_number() - run a statement that gives a number, such as a PRAGMA. */
int statement_number(struct store *store, const char *sql, int64_t *ret, struct cov_error *err);

/**
 * statement_step() - the next row.
 *
 * Return: 1 for a row, 0 when there is none; COV_ERR_STORE.
 */
int statement_step(struct store *store, sqlite3_stmt *statement, struct cov_error *err);

/** statement_insert() - step a statement that gives no row, then reset it for the next values. */
int statement_insert(struct store *store, sqlite3_stmt *statement, struct cov_error *err);

/** statement_bind_text() - bind a text, or NULL; it must live until the step. */
void statement_bind_text(sqlite3_stmt *statement, int index, const char *text);

/** statement_column_text() - copy of a text column, "" for NULL; free() it. */
char *statement_column_text(sqlite3_stmt *statement, int column);

#endif
