/* store_private.h - what the store_*.c files share: statements over SQLite. */
#ifndef VENN_STORE_STORE_PRIVATE_H
#define VENN_STORE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "collector/base/error.h"
#include "venn/store/store.h"

struct store {
	sqlite3 *database;
	char *path; /* owned */
};

/** store_fail() - COV_ERR_STORE with the database's path and its last message. */
int store_fail(const struct store *store, struct cov_error *err);

static inline void sqlite3_finalize_auto(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/** store_prepare() - a statement; declare it COV_AUTO(sqlite3_finalize). */
int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret, struct cov_error *err);

/** store_run() - run statements that give no rows and take no values. */
int store_run(struct store *store, const char *sql, struct cov_error *err);

/**
 * store_step() - the next row.
 *
 * Return: 1 for a row, 0 when there is none; COV_ERR_STORE.
 */
int store_step(struct store *store, sqlite3_stmt *statement, struct cov_error *err);

/** store_insert() - step a statement that gives no row, then reset it for the next values. */
int store_insert(struct store *store, sqlite3_stmt *statement, struct cov_error *err);

/** store_bind_text() - bind a text, or NULL; it must live until the step. */
void store_bind_text(sqlite3_stmt *statement, int index, const char *text);

/** store_column_text() - copy of a text column, "" for NULL; free() it. */
char *store_column_text(sqlite3_stmt *statement, int column);

/** store_column_kind() - a kind by its name in a text column. */
enum store_kind store_column_kind(sqlite3_stmt *statement, int column);
/**
 * store_workload_find() - the id of a workload; 0 for NULL, all united.
 *
 * Return: 0; COV_ERR_MISMATCH with the workloads there are; COV_ERR_STORE.
 */
int store_workload_find(struct store *store, const char *name, int64_t *ret, struct cov_error *err);

/** store_tracefile_insert() - which lines and functions the tracefile of a trial lists. */
int store_tracefile_insert(struct store *store, int64_t trial_id,
			   const struct store_results *results, struct cov_error *err);

#endif
