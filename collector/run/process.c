/* process.c - the one place that starts programs: in trials, tied to this process, or to be read.
 */
#include "collector/run/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/program.h"

enum {
	CHUNK_BYTES = 65536,
	KEPT_FD_FIRST = 10, /* beyond the descriptors that a program gets */
	STATUS_SIGNAL = 128,
};

static const long long grace_ns = 2000000000; /* from SIGTERM to SIGKILL */
static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t interrupt_count;
static bool is_catching;

static void note_interrupt(int number)
{
	(void)number;
	interrupt_count++;
}

/* SIGCHLD has to be caught, or it would not end ppoll(). */
static void note_child(int number)
{
	(void)number;
}

bool process_is_interrupted(void)
{
	return interrupt_count > 0;
}

/* Blocked except during the waits in here: no other system call has to expect EINTR. */
void process_catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_interrupt };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(stop_signals[0]); i++) {
		struct sigaction before;

		/* What was ignored stays ignored: nohup. */
		sigaction(stop_signals[i], NULL, &before);
		if (before.sa_handler == SIG_IGN)
			continue;
		sigaction(stop_signals[i], &action, NULL);
		sigaddset(&set, stop_signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	is_catching = true;
}

/* The signals that may end a wait are let in during the wait only. */
static sigset_t wait_mask(void)
{
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGCHLD);
	for (size_t i = 0; is_catching && i < sizeof(stop_signals) / sizeof(stop_signals[0]); i++)
		sigdelset(&mask, stop_signals[i]);
	return mask;
}

static struct timespec timespec_of(long long ns)
{
	if (ns < 0)
		ns = 0;
	return (struct timespec){ .tv_sec = ns / COV_NS_PER_S, .tv_nsec = ns % COV_NS_PER_S };
}

void process_sleep(long long duration_ns)
{
	long long end_ns = cov_monotonic_ns() + duration_ns;
	sigset_t mask = wait_mask();
	sig_atomic_t count_before = interrupt_count;

	for (long long left_ns = duration_ns; left_ns > 0 && interrupt_count == count_before;
	     left_ns = end_ns - cov_monotonic_ns()) {
		struct timespec timeout = timespec_of(left_ns);

		ppoll(NULL, 0, &timeout, &mask);
	}
}

void process_result_deinit(struct process_result *result)
{
	cov_text_deinit(&result->output);
	memset(result, 0, sizeof(*result));
}

/* Where sessions are noted, or NULL. */
static struct process_ledger *kept_ledger;

void process_keep_ledger(struct process_ledger *ledger)
{
	kept_ledger = ledger;
}

/*
 * Without a system call, as far as the C library can: this may be within the counted time. So the
 * start in /proc is not read here, but the time before and after.
 */
static long long boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * COV_NS_PER_S + now.tv_nsec;
}

static void note_session(pid_t pid, long long earliest_ns)
{
	if (!kept_ledger)
		return;
	size_t index = kept_ledger->count % PROCESS_SESSIONS_MAX;
	kept_ledger->sessions[index].pid = pid;
	kept_ledger->sessions[index].earliest_ns = earliest_ns;
	kept_ledger->sessions[index].latest_ns = boot_ns();
	kept_ledger->count++;
}

static void stop(struct process *process)
{
	process->stop_signal = process->stop_signal ? SIGKILL : SIGTERM;
	process->deadline_ns =
	    process->stop_signal == SIGTERM ? cov_monotonic_ns() + grace_ns : LLONG_MAX;
	kill(-process->pid, process->stop_signal);
}

/* Take what is in the pipe; it does not block. */
static void drain(struct process *process)
{
	static char chunk[CHUNK_BYTES];
	struct process_result *result = &process->result;

	while (process->output >= 0) {
		ssize_t got_bytes = read(process->output, chunk, sizeof(chunk));

		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes < 0 && errno == EAGAIN)
			return;
		if (got_bytes <= 0) {
			result->output_errno = got_bytes < 0 ? errno : 0;
			close(process->output);
			process->output = -1;
			return;
		}
		size_t room_bytes = PROCESS_OUTPUT_BYTES_MAX - result->output.length;
		size_t kept_bytes = (size_t)got_bytes < room_bytes ? (size_t)got_bytes : room_bytes;
		cov_text_add(&result->output, chunk, kept_bytes);
		result->dropped_bytes += got_bytes - (ssize_t)kept_bytes;
	}
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == pid;
}

bool process_has_ended(const struct process *process)
{
	return !process->pid || has_ended(process->pid);
}

/* Return: false if the watch does not want to wait any longer. */
static bool show_lines(struct process *process, const struct process_watch *watch)
{
	struct cov_text *output = &process->result.output;
	char *newline;

	while (watch && output->data && process->line_bytes < output->length &&
	       (newline = memchr(output->data + process->line_bytes, '\n',
				 output->length - process->line_bytes))) {
		const char *start = output->data + process->line_bytes;
		COV_AUTO(free) char *line = cov_xstrndup(start, (size_t)(newline - start));

		process->line_bytes += (size_t)(newline - start) + 1;
		if (!watch->take_line(watch->context, line))
			return false;
	}
	return true;
}

/* SIGCHLD is blocked here, so that it cannot come between the look and the sleep. */
static bool wait_for_end(struct process *process, const struct process_watch *watch)
{
	sigset_t mask = wait_mask();
	sig_atomic_t count_before = interrupt_count;

	while (!has_ended(process->pid)) {
		struct pollfd pipe_end = { .fd = process->output, .events = POLLIN };
		long long left_ns = process->deadline_ns - cov_monotonic_ns();
		struct timespec timeout = timespec_of(left_ns);

		if (interrupt_count != count_before && !process->stop_signal) {
			process->result.is_interrupted = true;
			stop(process);
		} else if (left_ns <= 0) {
			process->result.is_over_limit |= !process->result.is_interrupted;
			stop(process);
		} else if (ppoll(&pipe_end, 1, &timeout, &mask) > 0) {
			drain(process);
			if (!show_lines(process, watch))
				return false;
		}
	}
	/* While it is a zombie, its process group cannot be anybody else's. */
	kill(-process->pid, SIGKILL);
	return true;
}

static void collect(struct process *process, const struct process_watch *watch)
{
	struct process_result *result = &process->result;
	int status = 0;

	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	drain(process);
	/* All of them, though the watch may have had enough: there is no later. */
	while (!show_lines(process, watch))
		;
	if (process->output >= 0)
		close(process->output);
	process->output = -1;
	process->pid = 0;
	result->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* What a program gets as usual: what this process ignores or catches is its own affair. */
static sigset_t default_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(stop_signals[0]); i++)
		sigaddset(&set, stop_signals[i]);
	return set;
}

/* Return: 0 or an errno, also when the program cannot be executed. */
static int spawn(const char *program, char *const *command, int output, const sigset_t *mask,
		 pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults = default_signals();

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	int result = posix_spawnp(pid, program, &actions, &attributes, command, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

static int fail_missing(const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *passed_over = cov_program_passed_over(name);

	return cov_fail(err, COV_ERR_SYSTEM, "cannot run %s: %s", name,
			passed_over ? passed_over : strerror(ENOENT));
}

int process_start(char *const *command, struct process *ret, struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find(command[0], NULL);

	return program ? process_start_program(program, command, ret, err)
		       : fail_missing(command[0], err);
}

int process_start_program(const char *program, char *const *command, struct process *ret,
			  struct cov_error *err)
{
	struct process process = { .output = -1 };
	sigset_t command_mask;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe for %s", command[0]);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&command_mask);
	process.started_ns = cov_monotonic_ns();
	long long earliest_ns = boot_ns();
	int failure = spawn(program, command, ends[1], &command_mask, &process.pid);
	close(ends[1]);
	if (failure) {
		close(ends[0]);
		errno = failure;
		return cov_fail_errno(err, "cannot run %s", command[0]);
	}
	note_session(process.pid, earliest_ns);
	process.output = ends[0];
	*ret = process;
	return 0;
}

bool process_wait(struct process *process, long long limit_ns, const struct process_watch *watch)
{
	struct sigaction action = { .sa_handler = note_child }, old_action;
	sigset_t child_set, old_set;

	if (!process->stop_signal)
		process->deadline_ns = cov_number_add(process->started_ns, limit_ns);
	sigaction(SIGCHLD, &action, &old_action);
	sigemptyset(&child_set);
	sigaddset(&child_set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_set, &old_set);
	bool has_finished = wait_for_end(process, watch);
	if (has_finished)
		collect(process, watch);
	sigprocmask(SIG_SETMASK, &old_set, NULL);
	sigaction(SIGCHLD, &old_action, NULL);
	return has_finished;
}

void process_stop(struct process *process)
{
	if (!process->pid)
		return;
	kill(-process->pid, SIGKILL);
	collect(process, NULL);
}

void process_deinit(struct process *process)
{
	process_stop(process);
	process_result_deinit(&process->result);
	memset(process, 0, sizeof(*process));
}

int process_run(char *const *command, long long limit_ns, struct process_result *ret,
		struct cov_error *err)
{
	struct process process = { 0 };
	int result = process_start(command, &process, err);

	if (result != 0)
		return result;
	process_wait(&process, limit_ns, NULL);
	*ret = process.result;
	return 0;
}

/* In the child: give @descriptors the numbers of their places. */
static bool place_descriptors(const int *descriptors, int count)
{
	int kept[PROCESS_DESCRIPTORS_MAX];

	/* First out of the way: one of them may have a number that another one is to get. */
	for (int i = 0; i < count; i++) {
		int from = descriptors[i];

		if (from == PROCESS_NOTHING)
			from = open("/dev/null", (i ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
		kept[i] = fcntl(from, F_DUPFD_CLOEXEC, KEPT_FD_FIRST);
	}
	for (int i = 0; i < count; i++) {
		if (dup2(kept[i], i) < 0)
			return false;
	}
	return true;
}

static void add_path(const char *folders)
{
	const char *path = getenv("PATH");
	COV_AUTO(free) char *longer = cov_format("%s:%s", path ? path : "/usr/bin:/bin", folders);

	if (setenv("PATH", longer, 1) != 0)
		_exit(PROCESS_CANNOT_EXECUTE);
}

/* In the child: what is left to do before it becomes the program. Does not return. */
static void become(char *const *command, const struct process_tie *tie)
{
	sigset_t none;

	if (tie->folder && chdir(tie->folder) != 0)
		_exit(PROCESS_CANNOT_EXECUTE);
	if (tie->path_behind)
		add_path(tie->path_behind);
	if (tie->has_c_locale && setenv("LC_ALL", "C", 1) != 0)
		_exit(PROCESS_CANNOT_EXECUTE);
	sigemptyset(&none);
	if (tie->has_signals)
		sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGXFSZ, SIG_DFL);
	COV_AUTO(free) char *program = cov_program_find(command[0], tie->path_behind);
	COV_AUTO(free) char *passed_over = cov_program_passed_over(command[0]);
	if (program)
		execvp(program, command);
	else
		errno = ENOENT;
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", command[0],
		passed_over ? passed_over : strerror(errno));
	_exit(PROCESS_CANNOT_EXECUTE);
}

int process_start_tied(char *const *command, const struct process_tie *tie, const int *descriptors,
		       int descriptor_count, pid_t *ret, struct cov_error *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return cov_fail_errno(err, "cannot start %s", command[0]);
	if (pid == 0) {
		if (tie->has_own_group)
			setpgid(0, 0);
		/* The parent may have died before the request was made. */
		if (prctl(PR_SET_PDEATHSIG, tie->death_signal) != 0 || getppid() != parent ||
		    !place_descriptors(descriptors, descriptor_count))
			_exit(PROCESS_CANNOT_EXECUTE);
		become(command, tie);
	}
	*ret = pid;
	return 0;
}

static int read_all(int fd, struct cov_text *output)
{
	char bytes[CHUNK_BYTES];
	ssize_t got_bytes;

	while ((got_bytes = read(fd, bytes, sizeof(bytes))) != 0) {
		if (got_bytes < 0 && errno != EINTR)
			return -1;
		if (got_bytes > 0)
			cov_text_add(output, bytes, (size_t)got_bytes);
	}
	return 0;
}

/* @status: as the shell's $? */
static int wait_for(pid_t pid, const char *name, int *status, struct cov_error *err)
{
	int waited;

	while (waitpid(pid, &waited, 0) < 0) {
		if (errno != EINTR)
			return cov_fail_errno(err, "cannot wait for %s", name);
	}
	*status = WIFEXITED(waited) ? WEXITSTATUS(waited) : STATUS_SIGNAL + WTERMSIG(waited);
	return 0;
}

int process_capture(const char *const *command, const struct process_tie *tie, bool with_stderr,
		    struct cov_text *output, int *status, struct cov_error *err)
{
	int ends[2];
	pid_t pid = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe to %s", command[0]);
	const int descriptors[] = { PROCESS_NOTHING, ends[1], ends[1] };
	int result = process_start_tied((char *const *)command, tie, descriptors,
					with_stderr ? 3 : 2, &pid, err);
	close(ends[1]);
	if (result == 0 && read_all(ends[0], output) != 0)
		result = cov_fail_errno(err, "cannot read what %s says", command[0]);
	close(ends[0]);
	if (pid <= 0)
		return result;
	int waiting = wait_for(pid, command[0], status, err);
	return result ? result : waiting;
}

/* As it comes, for somebody may wait for an answer before the next question. */
static int pass_on(int fd, FILE *output)
{
	char bytes[CHUNK_BYTES];
	ssize_t got_bytes;

	while (!ferror(output) && (got_bytes = read(fd, bytes, sizeof(bytes))) != 0) {
		if (got_bytes < 0 && errno != EINTR)
			return -1;
		if (got_bytes > 0)
			fwrite(bytes, 1, (size_t)got_bytes, output);
		fflush(output);
	}
	return 0;
}

int process_foreground(const char *const *command, FILE *output, int *status, struct cov_error *err)
{
	static const struct process_tie tie = { .death_signal = SIGHUP, .has_signals = true };
	const struct sigaction ignored = { .sa_handler = SIG_IGN };
	struct sigaction interrupt, quit;
	int ends[2] = { -1, -1 };
	pid_t pid = 0;

	if (output && pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe to %s", command[0]);
	const int descriptors[] = { STDIN_FILENO, ends[1] };
	int result = process_start_tied((char *const *)command, &tie, descriptors, output ? 2 : 0,
					&pid, err);
	COV_AUTO(close) int answers = ends[0];
	if (output)
		close(ends[1]);
	if (result)
		return result;
	/* The terminal sends them to both, and they are meant for the program. */
	sigaction(SIGINT, &ignored, &interrupt);
	sigaction(SIGQUIT, &ignored, &quit);
	if (output && pass_on(answers, output) != 0)
		result = cov_fail_errno(err, "cannot read what %s says", command[0]);
	if (output)
		close(answers);
	answers = -1;
	int waiting = wait_for(pid, command[0], status, err);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	return result ? result : waiting;
}

int process_pipe_open(const char *const *command, const char *folder, struct process_pipe *ret,
		      struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find(command[0], NULL);
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults = default_signals();
	int ends[2];
	pid_t pid;

	if (!program)
		return fail_missing(command[0], err);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe to %s", command[0]);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawn_file_actions_init(&actions);
	if (folder)
		posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int failure =
	    posix_spawnp(&pid, program, &actions, &attributes, (char *const *)command, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	if (failure) {
		close(ends[0]);
		errno = failure;
		return cov_fail_errno(err, "cannot run %s in %s", command[0],
				      folder ? folder : ".");
	}
	*ret = (struct process_pipe){ .pid = pid, .output = fdopen(ends[0], "r") };
	return 0;
}

void process_pipe_close(struct process_pipe *pipe)
{
	if (pipe->output)
		fclose(pipe->output);
	while (pipe->pid > 0 && waitpid(pipe->pid, NULL, 0) < 0 && errno == EINTR)
		;
	memset(pipe, 0, sizeof(*pipe));
}
