/*
 * perf.h - perf records while a trial runs, and prints afterwards what it recorded.
 *
 *   perf_start    perf record, waiting; then it is told to begin
 *   perf_stop     it is told to end
 *   perf_script   what it recorded, line by line, while the names of the kernel's addresses are
 *                 known
 */
#ifndef COLLECTOR_CAPTURE_PERF_H
#define COLLECTOR_CAPTURE_PERF_H

#include "collector/run/process.h"

struct cov_error;

/* A zeroed struct is none. */
struct perf {
	struct process process; /* perf record */
	char *data;             /* what it writes; owned */
	int control;            /* pipe of commands to it, open if @data is set, as the next one */
	int answer;             /* pipe of its answers */
	long long start_ns;     /* monotonic; when it recorded */
	long long end_ns;
};

/** perf_check() - is perf here? @what: needs it. Return: 0; COV_ERR_MACHINE. */
int perf_check(const char *what, struct cov_error *err);

/**
 * perf_start() - record from now on.
 * @folder:  for perf's files
 * @options: of perf record: which events, where; NULL at the end
 *
 * Return: 0; COV_ERR_SYSTEM with the last line that perf said, if it ends at once.
 */
int perf_start(struct perf *perf, const char *folder, const char *const *options,
	       struct cov_error *err);

/** perf_stop() - record no longer. Return: 0; COV_ERR_SYSTEM if perf failed. */
int perf_stop(struct perf *perf, struct cov_error *err);

/**
 * perf_script() - what was recorded, as text.
 * @options:   of perf script; NULL at the end
 * @take_line: gets each line, without its end
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int perf_script(const struct perf *perf, const char *const *options,
		void (*take_line)(void *context, const char *line), void *context,
		struct cov_error *err);

/** perf_deinit() - end perf, free what @perf owns; a zeroed struct is fine. */
void perf_deinit(struct perf *perf);

#endif
