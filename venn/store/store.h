/*
 * store.h - the SQLite database: opening it.
 *
 * All SQL is in venn/store/, a header for each noun; docs/schema.md describes the tables for those
 * who query them on their own.
 */
#ifndef VENN_STORE_STORE_H
#define VENN_STORE_STORE_H

#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

enum { STORE_PLATFORMS_MAX = 62 };

struct store; /* an open database */

enum store_mode {
	STORE_READ,  /* must exist; all that is read is of one moment, see store_transaction.h */
	STORE_PEEK,  /* as STORE_READ, but an older schema is refused, not brought to the current */
	STORE_WRITE, /* must exist */
	STORE_CREATE, /* is made when it does not exist, with the first transaction that writes */
};

/** store_path() - the database file: @option (--db) if given, else $COVDB, else covdb.sqlite. */
const char *store_path(const char *option);

/**
 * store_open() - open a database.
 * @ret: release with store_close()
 *
 * A database of an older schema is brought to the current one in any mode but STORE_PEEK, with a
 * message.
 *
 * Return: 0; COV_ERR_STORE if it does not exist, is not a covdb database or has a schema that is
 *         newer, too old, or with STORE_PEEK older at all.
 */
int store_open(const char *path, enum store_mode mode, struct store **ret, struct cov_error *err);

/**
 * store_open_again() - what @store reads, at the same moment, for another thread.
 * @store: of STORE_READ, without an end of its transaction
 *
 * Return: release with store_close(), and end the transactions of both before something else is
 *         read; NULL where it cannot be had at once: do without.
 */
struct store *store_open_again(struct store *store);

/** store_wait_s() - how long it waits for another program that has the file locked. */
uint64_t store_wait_s(const struct store *store);

/** store_close() - close it; what was not committed is rolled back. NULL is fine. */
void store_close(struct store *store);

COV_DEFINE_AUTO(struct store *, store_close)

#endif
