/* progress.h - one line on stderr that says how far a long step is; only on a terminal. */
#ifndef COLLECTOR_BASE_PROGRESS_H
#define COLLECTOR_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stddef.h>

struct cov_progress {
	const char *what;      /* "decoding notes" */
	size_t total;          /* steps in all */
	atomic_size_t done;    /* steps done so far */
	long long started_ns;  /* monotonic */
	atomic_llong shown_ns; /* when the line was last drawn; 0 when never */
};

/** cov_progress_start() - fill @progress; nothing is drawn in the first second. */
void cov_progress_start(struct cov_progress *progress, const char *what, size_t total);

/** cov_progress_step() - one more step is done; may be called from several threads. */
void cov_progress_step(struct cov_progress *progress);

/** cov_progress_end() - remove the line. */
void cov_progress_end(struct cov_progress *progress);

#endif
