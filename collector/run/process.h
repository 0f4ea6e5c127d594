/*
 * process.h - the one place that starts programs.
 *
 * Trials run commands in sessions of their own, to their end or to a limit, or sleep; both end
 * early on SIGINT and SIGTERM. What the lab starts is tied to this process, and dies with it. A
 * program whose output ours is compared with is read through a pipe.
 *
 * The counters count what waiting makes the kernel execute, so a wait is one system call that
 * returns when there is output, when the command ends, and at the limit.
 */
#ifndef COLLECTOR_RUN_PROCESS_H
#define COLLECTOR_RUN_PROCESS_H

#include <stdbool.h>
#include <stdio.h>
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
	int output_errno;        /* why the rest of the output could not be read; 0 */
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
	size_t line_bytes;     /* of the output that have been taken as lines */
	struct process_result result;
};

/* Who sees each line of the output as soon as it is whole. */
struct process_watch {
	/* @line: without its end. Return: false to stop waiting; the command goes on. */
	bool (*take_line)(void *context, const char *line);
	void *context;
};

/* Sessions of commands that were started: for whoever cleans up after a killed collector. */
struct process_ledger {
	struct {
		long long pid;
		long long earliest_ns; /* that the leader can have started at; CLOCK_BOOTTIME */
		long long latest_ns;
	} sessions[PROCESS_SESSIONS_MAX];
	size_t count; /* of all so far; the array is a ring */
};

/** process_keep_ledger() - from now on note every session there; NULL for nowhere. */
void process_keep_ledger(struct process_ledger *ledger);

/**
 * process_start() - start a command in a session of its own.
 * @command: looked up by cov_program_find(); NULL at the end
 * @ret:     release with process_deinit()
 *
 * Its standard input is /dev/null, its output goes to a pipe.
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be started.
 */
int process_start(char *const *command, struct process *ret, struct cov_error *err);

/** process_start_program() - the same, of a program that was looked up before: @program. */
int process_start_program(const char *program, char *const *command, struct process *ret,
			  struct cov_error *err);

/**
 * process_wait() - wait for the end of a command.
 * @limit_ns: since its start, after which its process group gets SIGTERM, and 2 s later SIGKILL
 * @watch:    or NULL
 *
 * When it has ended, what is left of its process group is killed; others that hold its output open
 * are not waited for: see stray_kill_children().
 *
 * Return: whether it has ended and its result is complete; false if @watch stopped the wait.
 */
bool process_wait(struct process *process, long long limit_ns, const struct process_watch *watch);

/** process_has_ended() - whether a command has; it is still to be waited for. */
bool process_has_ended(const struct process *process);

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
 * process_catch_signals() - from now on SIGINT, SIGTERM and SIGHUP end process_run() and
 * process_sleep() early, and nothing else.
 *
 * Only what is running when the signal comes ends early: cleaning up afterwards is undisturbed.
 */
void process_catch_signals(void);

/** process_is_interrupted() - whether one of these signals has come. */
bool process_is_interrupted(void);

COV_DEFINE_AUTO_STRUCT(struct process_result, process_result_deinit)
COV_DEFINE_AUTO_STRUCT(struct process, process_deinit)

/* How a program is started that is tied to this process. */
struct process_tie {
	int death_signal;        /* that it gets when this process dies */
	bool has_own_group;      /* Ctrl-C does not reach it */
	bool has_signals;        /* none is blocked, whatever this process blocks */
	const char *folder;      /* that it runs in; NULL: where this process does */
	const char *path_behind; /* folders to look in after those of PATH; NULL: none */
	bool has_c_locale;       /* its messages are parsed */
};

enum {
	PROCESS_DESCRIPTORS_MAX = 8,
	PROCESS_NOTHING = -1, /* in place of a descriptor: /dev/null */
	PROCESS_CANNOT_EXECUTE = 127,
};

/**
 * process_start_tied() - start a program that dies with this process; the caller waits for it.
 * @command:     looked up by cov_program_find(); NULL at the end
 * @descriptors: [descriptor_count], what it gets as 0, 1, ...; the others as they are here
 *
 * One that cannot be executed says so on its standard error and exits with PROCESS_CANNOT_EXECUTE.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int process_start_tied(char *const *command, const struct process_tie *tie, const int *descriptors,
		       int descriptor_count, pid_t *ret, struct cov_error *err);

/**
 * process_capture() - run a tied program to its end, and take its output.
 * @with_stderr: whether its stderr goes to @output as well
 * @output:      added to
 * @status:      as the shell's $?: PROCESS_CANNOT_EXECUTE, 128 + a signal
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int process_capture(const char *const *command, const struct process_tie *tie, bool with_stderr,
		    struct cov_text *output, int *status, struct cov_error *err);

/**
 * process_foreground() - run a program to its end with the standard streams and the terminal of
 * this one; what the keyboard interrupts is the program.
 * @output: where its standard output goes, for which its errors are to be checked; NULL: to that of
 *          this one, unseen. A failure there ends the program, and is left for ferror().
 * @status: as process_capture()
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int process_foreground(const char *const *command, FILE *output, int *status,
		       struct cov_error *err);

/* A program whose standard output is read as a stream. A zeroed struct is none. */
struct process_pipe {
	pid_t pid;
	FILE *output; /* owned */
};

/**
 * process_pipe_open() - start a program to read what it prints; its messages go nowhere.
 * @folder: where it runs, or NULL
 * @ret:    release with process_pipe_close()
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be executed.
 */
int process_pipe_open(const char *const *command, const char *folder, struct process_pipe *ret,
		      struct cov_error *err);

/** process_pipe_close() - stop reading, and wait for the program; a zeroed struct is fine. */
void process_pipe_close(struct process_pipe *pipe);

COV_DEFINE_AUTO_STRUCT(struct process_pipe, process_pipe_close)

#endif
