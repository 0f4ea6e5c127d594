/* statement.h - the open file behind struct store, and statements over SQLite. */
#ifndef VENN_STORE_STATEMENT_H
#define VENN_STORE_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/busy.h"
#include "venn/store/pattern_cache.h"
#include "venn/store/store_range.h"

struct cov_error;

/* What is known of a kernel in the file, so that it is read once: see statement_know(). */
struct store_known {
	int64_t kernel_id;
	int64_t version;                  /* of the database, PRAGMA data_version */
	struct pattern_cache patterns[2]; /* by enum store_pattern_kind */
	unsigned char *linked; /* [as many objects as it has], 1: decoded in some trial; NULL: not
				  read; owned */
};

struct store {
	sqlite3 *database;
	char *path;             /* owned */
	bool is_created;        /* it may be empty, and gets its tables by the first transaction */
	int64_t loaded_version; /* PRAGMA data_version when a kernel was loaded last */
	struct store_known known;
	struct busy busy;
	sqlite3_stmt **kept; /* [kept_count], see statement_keep(); owned */
	size_t kept_count;
	size_t kept_capacity;
};

/**
 * statement_open() - open a file, whatever is in it. Where another program has it locked, whatever
 * is done with it waits, up to a limit.
 * @flags: SQLITE_OPEN_...
 * @ret:   release with statement_close()
 *
 * No trigger runs, views call no function that has effects, and values are at most 512 MiB long.
 */
int statement_open(const char *path, int flags, struct store **ret, struct cov_error *err);

/** statement_close() - close it; what was not committed is rolled back. NULL is fine. */
void statement_close(struct store *store);

COV_DEFINE_AUTO(struct store *, statement_close)

/**
 * statement_know() - have @store's known be of a kernel, within a transaction. What it knows of
 * another one, or of the file before another program changed it, is forgotten.
 */
int statement_know(struct store *store, int64_t kernel_id, struct cov_error *err);

/**
 * statement_forget() - what is known may be true no more: some of it was deleted. What a
 * transaction did being undone is noticed without it, but for a savepoint.
 */
void statement_forget(struct store *store);

/** statement_fail() - COV_ERR_STORE with the database's path and what its last failure means. */
int statement_fail(const struct store *store, struct cov_error *err);

static inline void sqlite3_finalize_auto(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/** statement_prepare() - a statement; declare it COV_AUTO(sqlite3_finalize). */
int statement_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
		      struct cov_error *err);

static inline void statement_rest_auto(sqlite3_stmt **statement)
{
	if (!*statement)
		return;
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
}

/**
 * statement_keep() - as statement_prepare(), for what is asked again and again.
 *
 * The statement stays the store's, which has it ready for the next one who gives the same text;
 * declare it COV_AUTO(statement_rest). Meanwhile nobody else uses one of this text.
 */
int statement_keep(struct store *store, const char *sql, sqlite3_stmt **ret, struct cov_error *err);

/** statement_run() - run statements that give no rows and take no values. */
int statement_run(struct store *store, const char *sql, struct cov_error *err);

/**
 * statement_find() - prepare what looks for a name, its one parameter, and take the first step.
 * @ret: at its row; release it whatever the result is
 *
 * Return: 1; 0 if there is no row; COV_ERR_STORE.
 */
int statement_find(struct store *store, const char *sql, const char *name, sqlite3_stmt **ret,
		   struct cov_error *err);

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

/**
 * statement_bind_text(), statement_bind_blob() - bind a text, or bytes; NULL is NULL.
 *
 * They must live until the step. One that is too large for SQLite ends the program: the statement
 * would go on with NULL.
 */
void statement_bind_text(sqlite3_stmt *statement, int index, const char *text);
void statement_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t size);

/**
 * statement_column_peek() - a text column as long as the statement stays at its row; NULL for NULL.
 *
 * Where there is no memory for it, which SQLite gives as NULL as well, it ends the program.
 */
const char *statement_column_peek(sqlite3_stmt *statement, int column);

/** statement_column_text() - copy of a text column, "" for NULL; free() it. */
char *statement_column_text(sqlite3_stmt *statement, int column);

/** statement_column_bytes() - a blob as long as the statement stays at its row; NULL for none. */
const void *statement_column_bytes(sqlite3_stmt *statement, int column, size_t *size_out);

/** statement_column_copy() - copy of a blob column of @size_out bytes, not NULL; free() it. */
void *statement_column_copy(sqlite3_stmt *statement, int column, size_t *size_out);

/*
 * A row whose numbers have bounds. Columns may hold anything: the file is damaged, or somebody made
 * it to be read by us. Whatever becomes an index, a shift, a size or part of a sum is read by
 * these.
 */
struct statement_row {
	struct store *store;
	sqlite3_stmt *statement; /* on a row */
	struct cov_error *err;
	int result; /* 0; COV_ERR_STORE once a number was out of its bounds, or none */
};

/** statement_row_number() - a number from @least to @most; @least if it is not, see row->result. */
int64_t statement_row_number(struct statement_row *row, int column, int64_t least, int64_t most);

/**
 * statement_row_index() - how far a number is above @first; from 0, below @count.
 *
 * If it is not, row->result is set, and what is returned must not be used.
 */
size_t statement_row_index(struct statement_row *row, int column, size_t first, size_t count);

#endif
