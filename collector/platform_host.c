/* platform_host.c - the driver host: the workload runs as a process of the host. */
#include "collector/platform.h"

#include <string.h>

static int host_check(const struct experiment_platform *platform, struct cov_error *err)
{
	(void)platform;
	(void)err;
	return 0;
}

static int host_prepare(const struct experiment_workload *workload, struct platform_run *ret,
			struct cov_error *err)
{
	(void)err;
	ret->command = cov_arena_alloc(&ret->arena, workload->command_count + 1, sizeof(char *));
	for (size_t i = 0; i < workload->command_count; i++)
		ret->command[i] =
		    cov_arena_text(&ret->arena, workload->command[i], strlen(workload->command[i]));
	return 0;
}

static void host_tear_down(struct platform_run *run)
{
	(void)run;
}

static const char *host_version(const struct experiment_platform *platform, struct cov_arena *arena)
{
	(void)platform;
	(void)arena;
	return NULL;
}

const struct platform_driver platform_host = {
	.name = "host",
	.check = host_check,
	.prepare = host_prepare,
	.tear_down = host_tear_down,
	.version = host_version,
};
