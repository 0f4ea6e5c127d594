/*
 * process.h - run commands to their end, or to a limit; sleep; both end early on SIGINT and
 * SIGTERM.
 *
 * The counters count what waiting makes the kernel execute, so a wait is one system call that
 * returns when there is output, when the command ends, and at the limit.
 */
#ifndef COLLECTOR_RUN_PROCESS_H
#define COLLECTOR_RUN_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "collector/base/text.h"

struct cov_error;

enum { PROCESS_OUTPUT_BYTES_MAX = 1 << 20, PROCESS_SESSIONS_MAX = 64 };

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

/* A command while it runs. A zeroed struct is none. */
struct process {
	pid_t pid;  /* 0 when it has ended */
	int output; /* read end of its pipe, -1 when all writers closed it */
	long long started_ns;
	long long deadline_ns; /* of the next step of stopping it */
	int stop_signal;       /* that was sent last; 0 while it may run */
	size_t line_bytes;     /* of the output that were taken as lines */
	struct process_result result;
};

/* Who sees each line of the output as soon as it is whole. */
struct process_watch {
	/* @line: without its end. Return: false to stop waiting; the command goes on. */
	bool (*take_line)(void *context, const char *line);
	void *context;
};

/* Sessions of commands that were started: for whoever cleans up behind a killed collector. */
struct process_ledger {
	struct {
		long long pid;
		long long started_ns; /* CLOCK_BOOTTIME */
	} sessions[PROCESS_SESSIONS_MAX];
	size_t count; /* of all so far; the array is a ring */
};

/** process_keep_ledger() - from now on note every session there; NULL for nowhere. */
void process_keep_ledger(struct process_ledger *ledger);

/**
 * process_start() - start a command in a session of its own.
 * @command: looked up in PATH; NULL at the end
 * @ret:     release with process_deinit()
 *
 * Its standard input is /dev/null, its output goes to a pipe.
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be started.
 */
int process_start(char *const *command, struct process *ret, struct cov_error *err);

/**
 * process_wait() - wait for the end of a command.
 * @limit_ns: since its start, after which its process group gets SIGTERM, and 2 s later SIGKILL
 * @watch:    or NULL
 *
 * When it has ended, what is left of its process group is killed, and nobody waits for others that
 * hold its output open: see process_kill_strays().
 *
 * Return: whether it has ended, and its result is whole; false if @watch stopped the wait.
 */
bool process_wait(struct process *process, long long limit_ns, const struct process_watch *watch);

/** process_stop() - end a command at once, with its process group, if it still runs. */
void process_stop(struct process *process);

/** process_deinit() - process_stop(), and free what it owns; a zeroed struct is fine. */
void process_deinit(struct process *process);

/**
 * process_run() - process_start() and process_wait().
 * @ret: filled when it ran, however it ended; free with process_result_deinit()
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
COV_DEFINE_AUTO_STRUCT(struct process, process_deinit)

#endif
