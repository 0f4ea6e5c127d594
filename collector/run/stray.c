/* stray.c - end processes that commands left behind, and those that a killed collect did. */
#include "collector/run/stray.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/run/process.h"

enum { ROUNDS_MAX = 200, PAUSE_NS = 10 * 1000 * 1000 };

/* What is known of a process. */
struct seen {
	long long parent;
	long long session;
	long long start_ticks; /* since the boot */
};

/* Return: false if it is gone. */
static bool look_at(pid_t pid, struct seen *ret)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	COV_AUTO(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got_bytes = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (got_bytes <= 0)
		return false;
	text[got_bytes] = '\0';
	/* "pid (name) state parent group session ...", the start is field 22; a name may be
	 * anything. */
	const char *name_end = strrchr(text, ')');
	return name_end && sscanf(name_end,
				  ") %*c %lld %*d %lld %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
				  "%*d %*d %*d %*d %lld",
				  &ret->parent, &ret->session, &ret->start_ticks) == 3;
}

/* Which processes are meant. */
struct wanted {
	bool (*is_it)(const struct wanted *wanted, pid_t pid, const struct seen *seen);
	long long number; /* of the parent or the session */
	long long earliest_ticks, latest_ticks;
};

static bool is_child(const struct wanted *wanted, pid_t pid, const struct seen *seen)
{
	(void)pid;
	return seen->parent == wanted->number;
}

static bool is_leader(const struct wanted *wanted, pid_t pid, const struct seen *seen)
{
	return pid == wanted->number && seen->session == wanted->number &&
	       seen->start_ticks >= wanted->earliest_ticks &&
	       seen->start_ticks <= wanted->latest_ticks;
}

static bool is_member(const struct wanted *wanted, pid_t pid, const struct seen *seen)
{
	return pid != wanted->number && seen->session == wanted->number;
}

/*
 * By a descriptor that was opened before the look: the number cannot be another's in between. Linux
 * before 5.3 has no such descriptors.
 */
static void kill_if(const struct wanted *wanted, pid_t pid)
{
	COV_AUTO(close) int descriptor = pidfd_open(pid, 0);
	bool has_none = descriptor < 0 && errno == ENOSYS;
	struct seen seen;

	if ((descriptor < 0 && !has_none) || !look_at(pid, &seen) ||
	    !wanted->is_it(wanted, pid, &seen))
		return;
	if (has_none)
		kill(pid, SIGKILL);
	else
		pidfd_send_signal(descriptor, SIGKILL, NULL, 0);
}

static void kill_those(const struct wanted *wanted)
{
	COV_AUTO(closedir) DIR *processes = opendir("/proc");
	const struct dirent *entry;
	struct cov_error ignored; /* whoever calls looks again */

	if (!processes)
		return;
	while (cov_directory_next(processes, "/proc", &entry, &ignored) > 0) {
		if (isdigit(entry->d_name[0]))
			kill_if(wanted, (pid_t)strtol(entry->d_name, NULL, 10));
	}
}

void stray_kill_children(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	const struct wanted children = { .is_it = is_child, .number = getpid() };

	/* A killed stray's own children come to this process next: until none is left. */
	for (int round = 0; round < ROUNDS_MAX; round++) {
		pid_t collected;

		while ((collected = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (collected < 0)
			return;
		kill_those(&children);
		nanosleep(&pause, NULL);
	}
}

/* As long as the leader is there, the number is that of its session. So it goes last. */
static void kill_session(long long session, long long earliest_ns, long long latest_ns)
{
	long long tick_ns = COV_NS_PER_S / sysconf(_SC_CLK_TCK);
	const struct wanted leader = {
		is_leader,
		session,
		earliest_ns / tick_ns,
		latest_ns / tick_ns,
	};
	const struct wanted members = { .is_it = is_member, .number = session };
	struct seen seen;

	if (session <= 1 || session > INT_MAX || session == getsid(0))
		return;
	if (!look_at((pid_t)session, &seen) || !is_leader(&leader, (pid_t)session, &seen))
		return;
	kill_those(&members);
	kill_if(&leader, (pid_t)session);
}

void stray_kill_sessions(const struct process_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count && i < PROCESS_SESSIONS_MAX; i++)
		kill_session(ledger->sessions[i].pid, ledger->sessions[i].earliest_ns,
			     ledger->sessions[i].latest_ns);
}
