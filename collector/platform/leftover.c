/* leftover.c - remove what a trial made, after it, and after a collect that was killed. */
#include "collector/platform/leftover.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/platform/ledger.h"
#include "collector/platform/network.h"
#include "collector/platform/work_folder.h"
#include "collector/run/process.h"
#include "collector/run/stray.h"

enum {
	DESCRIPTORS_MAX = 16,
	CONTROL_GROUP_ROUNDS_MAX = 100,
	PAUSE_NS = 20 * 1000 * 1000,
};

static const char group_name[] = "covdb";
static const char group_path[] = "/sys/fs/cgroup/covdb";

int leftover_note_group(struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/cgroup.events", group_path);
	COV_AUTO(free) char *events = NULL;
	size_t size = 0;
	struct cov_error none; /* that there is no such group is as it should be */

	if (cov_file_read(path, &events, &size, &none) == 0 && strstr(events, "populated 1"))
		return cov_fail(err, COV_ERR_SYSTEM,
				"the control group %s has processes already: end them first",
				group_path);
	return ledger_note(LEDGER_GROUP, group_name, err);
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
		if (access(group_path, F_OK) != 0)
			return;
		nftw(group_path, kill_one_group, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS);
		nanosleep(&pause, NULL);
	}
}

static void complain(const struct cov_error *err)
{
	cov_say("left behind: %s", err->message);
}

void leftover_remove(void)
{
	COV_AUTO(ledger_deinit) struct ledger ledger = { 0 };
	struct cov_error err;

	process_keep_ledger(NULL);
	if (ledger_read(&ledger, &err) != 0)
		complain(&err);
	stray_kill_sessions(&ledger.sessions);
	stray_kill_children();
	if (ledger_find(&ledger, LEDGER_GROUP))
		remove_control_groups();
	network_remove(&ledger);
	for (size_t i = 0; i < ledger.count; i++) {
		if (ledger.entries[i].kind == LEDGER_FOLDER &&
		    work_folder_remove(&ledger.entries[i], &err) != 0)
			complain(&err);
	}
	ledger_end();
}
