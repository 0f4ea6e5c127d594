/* leftover.c - clean up after a trial, and after a collect that was killed. */
#include "collector/platform/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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
#include "collector/platform/work_folder.h"
#include "collector/run/process.h"
#include "collector/run/stray.h"

enum {
	DESCRIPTORS_MAX = 16,
	WORDS_MAX = 64,
	CONTROL_GROUP_ROUNDS_MAX = 100,
	PAUSE_NS = 20 * 1000 * 1000,
};

static const long long clean_up_limit_ns = 30000000000;
static const char control_group[] = "/sys/fs/cgroup/covdb";

static void kill_sessions(const char *folder)
{
	COV_AUTO(free) char *path = work_folder_sessions(folder);
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;
	struct process_ledger ledger;
	struct cov_error err;

	if (cov_file_read(path, &data, &size, &err) != 0 || size < sizeof(ledger))
		return;
	memcpy(&ledger, data, sizeof(ledger));
	stray_kill_sessions(&ledger);
}

static void run_clean_up(const char *folder)
{
	COV_AUTO(free) char *path = work_folder_command(folder);
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
	COV_AUTO(free) char *folder = work_folder_path();
	COV_AUTO(free) char *below = cov_format("%s/", folder);

	process_keep_ledger(NULL);
	if (cov_is_directory(folder)) {
		run_clean_up(folder);
		kill_sessions(folder);
	}
	stray_kill_children();
	remove_control_groups();
	network_remove();
	unmount_all(below);
	/* Depth first, links not followed, nothing that is still mounted in there. */
	nftw(folder, remove_one, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int leftover_open(struct cov_error *err)
{
	COV_AUTO(free) char *folder = work_folder_path();
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
