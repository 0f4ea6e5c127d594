/* progress.c - one line on stderr that says how far a long step is; only on a terminal. */
#include "collector/base/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "collector/base/clock.h"

enum { QUIET_NS = 1000000000, REDRAW_NS = 100000000 };

void cov_progress_start(struct cov_progress *progress, const char *what, size_t total)
{
	progress->what = what;
	progress->total = total;
	progress->started_ns = cov_monotonic_ns();
	atomic_init(&progress->done, 0);
	atomic_init(&progress->shown_ns, 0);
}

void cov_progress_step(struct cov_progress *progress)
{
	size_t done = atomic_fetch_add(&progress->done, 1) + 1;
	long long now_ns = cov_monotonic_ns();
	long long shown_ns = atomic_load(&progress->shown_ns);

	if (now_ns - progress->started_ns < QUIET_NS || now_ns - shown_ns < REDRAW_NS ||
	    !isatty(STDERR_FILENO))
		return;
	/* Whoever moves the time on draws: two threads do not write over each other. */
	if (atomic_compare_exchange_strong(&progress->shown_ns, &shown_ns, now_ns))
		dprintf(STDERR_FILENO, "\r%s: %zu of %zu\033[K", progress->what, done,
			progress->total);
}

void cov_progress_end(struct cov_progress *progress)
{
	if (atomic_load(&progress->shown_ns))
		dprintf(STDERR_FILENO, "\r\033[K");
}
