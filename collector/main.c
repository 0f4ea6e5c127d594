/* main.c - covdb-collector: the capture half of covdb alone, for a machine without the rest. */
#include <stddef.h>

#include "collector/base/command.h"
#include "collector/base/program.h"
#include "collector/commands/commands.h"

/* In the order of work. */
static const struct cov_command *const commands[] = {
	&cmd_doctor,
	&cmd_check_config,
	&cmd_collect,
	NULL,
};

static const struct cov_program program = {
	.name = "covdb-collector",
	.version = COVDB_VERSION,
	.commit = COVDB_COMMIT,
	.summary = "Capture the coverage counters of the running kernel around workloads.",
	.commands = commands,
};

int main(int argc, char **argv)
{
	cov_program_trust_path();
	return cov_program_main(&program, argc, argv);
}
