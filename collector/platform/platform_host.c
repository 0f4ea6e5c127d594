/* platform_host.c - the driver host: the workload runs as a process of the host. */
#include "collector/platform/platform.h"

#include "collector/base/error.h"
#include "collector/base/program.h"

static int host_check_workload(const struct experiment_platform *platform,
			       const struct experiment_workload *workload, struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find(workload->command.texts[0], NULL);

	if (program)
		return 0;
	COV_AUTO(free) char *missing = cov_program_missing(workload->command.texts[0]);
	return cov_fail(err, COV_ERR_MACHINE, "workload %s: %s, for platform %s", workload->name,
			missing, platform->name);
}

static int host_prepare(struct platform_run *run, struct cov_error *err)
{
	(void)err;
	for (size_t i = 0; i < run->workload->command.count; i++)
		platform_add_word(run, run->workload->command.texts[i]);
	return 0;
}

const struct platform_driver platform_host = {
	.name = "host",
	.check_workload = host_check_workload,
	.prepare = host_prepare,
};
