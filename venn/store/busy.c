/* busy.c - how long to wait for another program that has the database locked, and what to say. */
#include "venn/store/busy.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"

enum {
	LIMIT_S = 60, /* longer than it takes to make the footprints of a study */
	LIMIT_S_MAX = 86400,
	STEP_US = 20000,
};

/* Called by SQLite each time that a lock is held by another; @count is 0 for the first time. */
static int wait_more(void *context, int count)
{
	struct busy *busy = context;
	long long now_ns = cov_monotonic_ns();

	if (count == 0)
		busy->began_ns = now_ns;
	long long waited_ns = now_ns - busy->began_ns;
	if (waited_ns >= (long long)busy->limit_s * COV_NS_PER_S)
		return 0;
	if (waited_ns >= COV_NS_PER_S && !busy->is_said) {
		cov_say("waiting for another program that has %s locked", busy->path);
		busy->is_said = true;
	}
	usleep(STEP_US);
	return 1;
}

int busy_install(sqlite3 *database, const char *path, struct busy *busy, struct cov_error *err)
{
	const char *limit = getenv("COVDB_WAIT");

	*busy = (struct busy){ .limit_s = LIMIT_S };
	if (limit && *limit && !cov_number_read(limit, LIMIT_S_MAX, NULL, &busy->limit_s))
		return cov_fail(err, COV_ERR_USAGE,
				"COVDB_WAIT takes a number of seconds of at most %d, not '%s'",
				LIMIT_S_MAX, limit);
	busy->path = cov_xstrdup(path);
	if (sqlite3_busy_handler(database, wait_more, busy) != SQLITE_OK)
		return cov_fail(err, COV_ERR_STORE, "%s: %s", path, sqlite3_errmsg(database));
	return 0;
}

int busy_fail(const struct busy *busy, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE,
			"%s: another program has had it locked for %llu s; try again when that is "
			"done, or wait longer with COVDB_WAIT=SECONDS",
			busy->path, (unsigned long long)busy->limit_s);
}

void busy_deinit(struct busy *busy)
{
	free(busy->path);
	memset(busy, 0, sizeof(*busy));
}
