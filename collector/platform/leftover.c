/* leftover.c - remove what a trial made, after it, and after a collect that was killed. */
#include "collector/platform/leftover.h"

#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
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
#include "collector/platform/state.h"
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
	int result = cov_is_missing(path) ? 0 : cov_file_read(path, &events, &size, err);

	if (result != 0)
		return result;
	if (events && strstr(events, "populated 1"))
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

static int remove_control_groups(struct cov_error *err)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	/* A killed process leaves its group a little later. */
	for (int round = 0; round < CONTROL_GROUP_ROUNDS_MAX; round++) {
		if (access(group_path, F_OK) != 0)
			return 0;
		nftw(group_path, kill_one_group, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS);
		nanosleep(&pause, NULL);
	}
	return cov_fail(err, COV_ERR_SYSTEM, "cannot remove the control group %s", group_path);
}

/* In this order: a mount may need a process to end, and what is in a namespace goes with it. */
static const enum ledger_kind removal_order[] = { LEDGER_GROUP, LEDGER_LINK, LEDGER_NAMESPACE,
						  LEDGER_FOLDER };

static int remove_entry(const struct ledger_entry *entry, struct cov_error *err)
{
	switch (entry->kind) {
	case LEDGER_GROUP:
		return remove_control_groups(err);
	case LEDGER_LINK:
	case LEDGER_NAMESPACE:
		return network_remove(entry, err);
	case LEDGER_FOLDER:
		return work_folder_remove(entry, err);
	default:
		return 0; /* its driver's */
	}
}

/* What another has made in the place of something is not left behind by a collect. */
static void keep_or_say(const struct ledger_entry *entry, const struct cov_error *cause)
{
	struct cov_error err;

	if (cause->code != COV_ERR_MISMATCH && ledger_keep(entry, &err) != 0)
		cov_say("left behind: %s; %s", cause->message, err.message);
	else if (cause->code != COV_ERR_MISMATCH && state_is_kept())
		cov_say("left behind: %s; the next collect tries again", cause->message);
	else
		cov_say("left behind: %s", cause->message);
}

/* Return: whether all is gone. */
static bool remove_all(const struct ledger *ledger, bool is_new)
{
	bool is_all = true;

	for (size_t i = 0; i < sizeof(removal_order) / sizeof(removal_order[0]); i++) {
		for (size_t j = 0; j < ledger->count; j++) {
			const struct ledger_entry *entry = &ledger->entries[j];
			struct cov_error err;

			if (entry->kind != removal_order[i] || remove_entry(entry, &err) == 0)
				continue;
			if (is_new)
				keep_or_say(entry, &err);
			else
				cov_say("still left behind: %s", err.message);
			is_all = is_all && err.code == COV_ERR_MISMATCH;
		}
	}
	return is_all;
}

int leftover_remove(struct cov_error *err)
{
	COV_AUTO(ledger_deinit) struct ledger ledger = { 0 };

	process_keep_ledger(NULL);
	stray_kill_children();
	int result = ledger_read(&ledger, err);
	if (result != 0)
		return result;
	stray_kill_sessions(&ledger.sessions);
	remove_all(&ledger, true);
	ledger_end();
	return 0;
}

int leftover_retry(struct cov_error *err)
{
	COV_AUTO(ledger_deinit) struct ledger kept = { 0 };
	int result = ledger_read_kept(&kept, err);

	if (result == 0 && remove_all(&kept, false))
		ledger_forget_kept();
	return result;
}
