/*
 * process.h - run a command to its end, or to a limit; sleep; both end early on SIGINT and SIGTERM.
 *
 * The counters count what waiting makes the kernel execute, so a wait is one system call that
 * returns when there is output, when the command ends, and at the limit.
 */
#ifndef COLLECTOR_PROCESS_H
#define COLLECTOR_PROCESS_H

#include <stdbool.h>

#include "collector/base/text.h"

struct cov_error;

enum { PROCESS_OUTPUT_BYTES_MAX = 1 << 20 };

/* How a command ended. A zeroed struct is empty. */
struct process_result {
	int exit_status; /* -1 when a signal ended it */
	int signal;      /* 0 when it exited */
	bool is_over_limit;
	bool is_interrupted;     /* a signal came while it ran, see process_catch_signals() */
	struct cov_text output;  /* stdout and stderr, up to PROCESS_OUTPUT_BYTES_MAX; owned */
	long long dropped_bytes; /* of output beyond that */
};

/** process_result_deinit() - free what @result owns; a zeroed struct is fine. */
void process_result_deinit(struct process_result *result);

/**
 * process_run() - start a command in a session of its own and wait for it.
 * @command:  looked up in PATH; NULL at the end
 * @limit_ns: after which its process group gets SIGTERM, and 2 seconds later SIGKILL
 * @ret:      filled when it ran, however it ended; free with process_result_deinit()
 *
 * Its standard input is /dev/null. When it has ended, what is left of its process group is killed,
 * and nobody waits for others that hold its output open: see process_kill_strays().
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be started.
 */
int process_run(char *const *command, long long limit_ns, struct process_result *ret,
		struct cov_error *err);

/** process_sleep() - rest; one system call. Ends early when process_is_interrupted(). */
void process_sleep(long long duration_ns);

/**
 * process_kill_strays() - kill and collect what commands left behind.
 *
 * Processes that moved to another group or session, and lost their parent, are children of this one
 * since the first process_run().
 */
void process_kill_strays(void);

/**
 * process_catch_signals() - from now on SIGINT, SIGTERM and SIGHUP end process_run() and
 * process_sleep() early, and nothing else.
 *
 * Only what is running when the signal comes: what is done afterwards to clean up goes its way.
 */
void process_catch_signals(void);

/** process_is_interrupted() - whether one of these signals has come. */
bool process_is_interrupted(void);

COV_DEFINE_AUTO_STRUCT(struct process_result, process_result_deinit)

#endif
