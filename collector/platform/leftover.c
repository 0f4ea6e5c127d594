/* leftover.c - the folder of the trial that is being run, and what a killed collect left of it. */
#include "collector/platform/leftover.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/platform/network.h"
#include "collector/run/process.h"

enum {
	DESCRIPTORS_MAX = 16,
	WORDS_MAX = 64,
	CONTROL_GROUP_ROUNDS_MAX = 100,
	PAUSE_NS = 20 * 1000 * 1000,
};

static const long long clean_up_limit_ns = 30000000000;
static const char control_group[] = "/sys/fs/cgroup/covdb";

char *leftover_folder(void)
{
	const char *parent = getenv("TMPDIR");

	return cov_format("%s/covdb-trial", parent ? parent : "/var/tmp");
}

/* Session and start of a process in ns since the boot; false if it is gone. */
static bool read_session(const char *pid, long long *session, long long *started_ns)
{
	char path[64], text[1024];
	long long ticks = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	COV_AUTO(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got_bytes = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (got_bytes <= 0)
		return false;
	text[got_bytes] = '\0';
	/* "pid (name) state parent group session ...", the start is the 22nd; a name may be
	 * anything. */
	const char *name_end = strrchr(text, ')');
	if (!name_end || sscanf(name_end,
				") %*c %*d %*d %lld %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
				"%*d %*d %*d %*d %lld",
				session, &ticks) != 2)
		return false;
	*started_ns = ticks * (COV_NS_PER_S / sysconf(_SC_CLK_TCK));
	return true;
}

/* Not if the number was given to another session since: its leader would have begun later. */
static void kill_session(long long session, long long noted_ns)
{
	COV_AUTO(free) char *leader = cov_format("%lld", session);
	COV_AUTO(closedir) DIR *processes = opendir("/proc");
	long long own, started_ns;

	if (!processes || session <= 1 || session == getsid(0))
		return;
	if (read_session(leader, &own, &started_ns) && llabs(started_ns - noted_ns) > COV_NS_PER_S)
		return;
	for (const struct dirent *entry; (entry = readdir(processes));) {
		if (isdigit(entry->d_name[0]) && read_session(entry->d_name, &own, &started_ns) &&
		    own == session)
			kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
	}
}

static void kill_sessions(const char *folder)
{
	COV_AUTO(free) char *path = cov_format("%s/sessions", folder);
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;
	struct process_ledger ledger;
	struct cov_error err;

	if (cov_file_read(path, &data, &size, &err) != 0 || size < sizeof(ledger))
		return;
	memcpy(&ledger, data, sizeof(ledger));
	for (size_t i = 0; i < ledger.count && i < PROCESS_SESSIONS_MAX; i++)
		kill_session(ledger.sessions[i].pid, ledger.sessions[i].started_ns);
}

static void run_clean_up(const char *folder)
{
	COV_AUTO(free) char *path = cov_format("%s/clean-up", folder);
	COV_AUTO(free) char *text = NULL;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	char *words[WORDS_MAX + 1] = { 0 };
	size_t size = 0, count = 0;
	struct cov_error err;

	if (cov_file_read(path, &text, &size, &err) != 0)
		return;
	char *rest = text;
	while (count < WORDS_MAX && rest && *rest)
		words[count++] = strsep(&rest, "\n");
	if (count)
		process_run(words, clean_up_limit_ns, &result, &err);
}

static void kill_group(const char *group)
{
	COV_AUTO(free) char *path = cov_format("%s/cgroup.procs", group);
	COV_AUTO(fclose) FILE *stream = fopen(path, "re");
	long long pid;

	while (stream && fscanf(stream, "%lld", &pid) == 1) {
		if (pid > 1 && pid != getpid())
			kill((pid_t)pid, SIGKILL);
	}
}

static int kill_one_group(const char *path, const struct stat *status, int type,
			  struct FTW *position)
{
	(void)status;
	(void)position;
	if (type == FTW_DP) {
		kill_group(path);
		rmdir(path);
	}
	return 0;
}

static void remove_control_groups(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	/* A killed process leaves its group a little later. */
	for (int round = 0; round < CONTROL_GROUP_ROUNDS_MAX; round++) {
		if (access(control_group, F_OK) != 0)
			return;
		nftw(control_group, kill_one_group, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS);
		nanosleep(&pause, NULL);
	}
}

/* The last mount at or below @folder, as the kernel lists them: the first to unmount. */
static char *last_mount(const char *folder)
{
	COV_AUTO(fclose) FILE *stream = fopen("/proc/self/mountinfo", "re");
	COV_AUTO(free) char *line = NULL;
	char *found = NULL;
	size_t capacity = 0;

	while (stream && getline(&line, &capacity, stream) > 0) {
		COV_AUTO(free) char *point = cov_xmalloc(strlen(line) + 1);

		if (sscanf(line, "%*d %*d %*s %*s %s", point) != 1 ||
		    strncmp(point, folder, strlen(folder)) != 0)
			continue;
		free(found);
		found = point;
		point = NULL;
	}
	return found;
}

static void unmount_all(const char *folder)
{
	for (char *point; (point = last_mount(folder));) {
		bool is_gone = umount2(point, MNT_DETACH) == 0;

		free(point);
		if (!is_gone)
			return;
	}
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *position)
{
	(void)status;
	(void)type;
	(void)position;
	remove(path);
	return 0;
}

void leftover_remove(void)
{
	COV_AUTO(free) char *folder = leftover_folder();
	COV_AUTO(free) char *below = cov_format("%s/", folder);

	process_keep_ledger(NULL);
	if (cov_is_directory(folder)) {
		run_clean_up(folder);
		kill_sessions(folder);
	}
	process_kill_strays();
	remove_control_groups();
	network_remove();
	unmount_all(below);
	/* Depth first, links not followed, nothing that is still mounted in there. */
	nftw(folder, remove_one, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int leftover_open(struct cov_error *err)
{
	COV_AUTO(free) char *folder = leftover_folder();
	COV_AUTO(free) char *path = cov_format("%s.lock", folder);
	/* Held as long as this process lives. */
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return cov_fail_errno(err, "cannot open %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return cov_fail(err, COV_ERR_SYSTEM,
				"another covdb collects on this machine: %s is locked", path);
	}
	leftover_remove();
	return 0;
}

int leftover_make_folder(char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *folder = leftover_folder();
	COV_AUTO(free) char *path = cov_format("%s/sessions", folder);
	int result = cov_directory_make(folder, err);

	if (result != 0)
		return result;
	COV_AUTO(close) int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(struct process_ledger)) != 0)
		return cov_fail_errno(err, "cannot make %s", path);
	static struct process_ledger *ledger;
	if (ledger)
		munmap(ledger, sizeof(*ledger));
	ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ledger == MAP_FAILED) {
		ledger = NULL;
		return cov_fail_errno(err, "cannot map %s", path);
	}
	process_keep_ledger(ledger);
	*ret = folder;
	folder = NULL;
	return 0;
}

int leftover_note_command(const char *folder, char *const *command, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/clean-up", folder);
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	for (size_t i = 0; command[i]; i++)
		cov_text_print(&text, "%s%s", i ? "\n" : "", command[i]);
	return cov_file_replace(path, text.data, text.length, err);
}
