/* busy.h - how long to wait for another program that has the database locked, and what to say. */
#ifndef VENN_STORE_BUSY_H
#define VENN_STORE_BUSY_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

/* The waiting of one open database. */
struct busy {
	char *path;         /* of the database; owned */
	uint64_t limit_s;   /* $COVDB_WAIT, else 60 */
	long long began_ns; /* when this wait began */
	bool is_said;       /* that it waits; once is enough */
};

/**
 * busy_install() - wait whenever @database finds the file locked, at most for the limit.
 * @busy: filled in; it must live as long as @database, where it is; free with busy_deinit()
 *
 * A second is waited in silence; after it a line on stderr says what is waited for.
 *
 * Return: 0; COV_ERR_USAGE if $COVDB_WAIT is no number of seconds.
 */
int busy_install(sqlite3 *database, const char *path, struct busy *busy, struct cov_error *err);

/** busy_fail() - COV_ERR_STORE: the limit is over, and what to do about it. */
int busy_fail(const struct busy *busy, struct cov_error *err);

/** busy_deinit() - free what @busy owns; a zeroed struct is fine. */
void busy_deinit(struct busy *busy);

#endif
