/* recover.c - become the only collect, and clean up after one that was killed. */
#include "collector/platform/recover.h"

#include <stdio.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/platform/leftover.h"
#include "collector/platform/ledger.h"
#include "collector/platform/platform.h"
#include "collector/platform/platform_oci.h"
#include "collector/platform/state.h"
#include "collector/platform/work_folder.h"

static const struct experiment_platform *find_platform(const struct experiment *experiment,
						       const char *name)
{
	for (size_t i = 0; i < experiment->platform_count; i++) {
		if (strcmp(experiment->platforms[i].name, name) == 0)
			return &experiment->platforms[i];
	}
	return NULL;
}

/* The ledger has its name; the command is of the experiment that is given now. */
static void tear_down(const struct experiment *experiment, const char *name, const char *folder)
{
	const struct experiment_platform *platform = find_platform(experiment, name);
	const struct platform_driver *driver = platform ? platform_driver(platform->driver) : NULL;

	if (driver != &platform_oci && (!driver || !platform->tear_down.count)) {
		cov_say("a collect was killed on platform %s, which has no tear_down here: what it "
			"started may still run",
			name);
		return;
	}
	struct platform_run run = { .platform = platform, .folder = cov_xstrdup(folder) };
	if (driver == &platform_oci)
		platform_oci_end_run(&run);
	else
		driver->tear_down(&run);
	free(run.folder);
	cov_arena_deinit(&run.arena);
}

static const struct ledger_entry *find_folder(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++) {
		if (ledger->entries[i].kind == LEDGER_FOLDER)
			return &ledger->entries[i];
	}
	return NULL;
}

static void end_platform(const struct experiment *experiment, const struct ledger *ledger)
{
	const char *runtime = ledger_find(ledger, LEDGER_CONTAINER);
	const char *platform = ledger_find(ledger, LEDGER_PLATFORM);
	const struct ledger_entry *folder = find_folder(ledger);
	struct cov_error err;

	if (!folder || (!runtime && !platform))
		return;
	COV_AUTO(close) int fd = work_folder_check(folder, &err);
	if (fd < 0)
		return;
	if (runtime)
		platform_oci_end(runtime, folder->name);
	if (platform)
		tear_down(experiment, platform, folder->name);
}

int recover_killed(const struct experiment *experiment, const char *counters, struct cov_error *err)
{
	COV_AUTO(ledger_deinit) struct ledger ledger = { 0 };
	int result = state_open(counters, err);

	if (result == 0)
		result = ledger_read(&ledger, err);
	if (result != 0)
		return result;
	end_platform(experiment, &ledger);
	result = leftover_retry(err);
	return result ? result : leftover_remove(err);
}
