/* stray.c - end processes that commands left behind, and those that a killed collect did. */
#include "collector/run/stray.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/run/process.h"

enum { ROUNDS_MAX = 200, PAUSE_NS = 10 * 1000 * 1000 };

/* What is known of a process. */
struct seen {
	long long parent;
	long long session;
	long long started_ns; /* since the boot */
};

/* Return: false if it is gone. */
static bool look_at(const char *pid, struct seen *ret)
{
	char path[64], text[1024];
	long long ticks = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	COV_AUTO(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got_bytes = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (got_bytes <= 0)
		return false;
	text[got_bytes] = '\0';
	/* "pid (name) state parent group session ...", the start is field 22; a name may be
	 * anything. */
	const char *name_end = strrchr(text, ')');
	if (!name_end || sscanf(name_end,
				") %*c %lld %*d %lld %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
				"%*d %*d %*d %*d %lld",
				&ret->parent, &ret->session, &ticks) != 3)
		return false;
	ret->started_ns = ticks * (COV_NS_PER_S / sysconf(_SC_CLK_TCK));
	return true;
}

static bool is_child(const struct seen *seen, long long parent)
{
	return seen->parent == parent;
}

static bool is_of_session(const struct seen *seen, long long session)
{
	return seen->session == session;
}

/* Kill every process that @is_wanted accepts. */
static void kill_those(bool (*is_wanted)(const struct seen *seen, long long of), long long of)
{
	COV_AUTO(closedir) DIR *processes = opendir("/proc");
	const struct dirent *entry;
	struct cov_error ignored; /* whoever calls looks again */
	struct seen seen;

	if (!processes)
		return;
	while (cov_directory_next(processes, "/proc", &entry, &ignored) > 0) {
		if (isdigit(entry->d_name[0]) && look_at(entry->d_name, &seen) &&
		    is_wanted(&seen, of))
			kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
	}
}

void stray_kill_children(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	/* A killed stray's own children come to this process next: until none is left. */
	for (int round = 0; round < ROUNDS_MAX; round++) {
		pid_t collected;

		while ((collected = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (collected < 0)
			return;
		kill_those(is_child, getpid());
		nanosleep(&pause, NULL);
	}
}

/* Not if the number was given to another session since: its leader would have begun later. */
static void kill_session(long long session, long long noted_ns)
{
	COV_AUTO(free) char *leader = cov_format("%lld", session);
	struct seen seen;

	if (session <= 1 || session == getsid(0))
		return;
	if (look_at(leader, &seen) && llabs(seen.started_ns - noted_ns) > COV_NS_PER_S)
		return;
	kill_those(is_of_session, session);
}

void stray_kill_sessions(const struct process_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count && i < PROCESS_SESSIONS_MAX; i++)
		kill_session(ledger->sessions[i].pid, ledger->sessions[i].started_ns);
}
