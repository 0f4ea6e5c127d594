/* main.c - the program covdb: the list of its commands. */
#include "collector/base/command.h"
#include "collector/collector.h"
#include "venn/commands.h"

/* In the order of the help text, which follows the order of work. */
static const struct cov_command *const commands[] = {
	&cmd_doctor,    &cmd_check_config, &cmd_kernel_add, &cmd_kernel_list,
	&cmd_collect,   &cmd_decode,       &cmd_verify,     &cmd_import,
	&cmd_objects,   &cmd_diff,         &cmd_venn,       &cmd_summary,
	&cmd_lab_build, &cmd_lab_run,      &cmd_lab_shell,  NULL,
};

int main(int argc, char **argv)
{
	static const struct cov_program program = {
		.name = "covdb",
		.version = COVDB_VERSION,
		.summary = "Which lines of the Linux kernel does each isolation platform execute?",
		.commands = commands,
	};

	return cov_program_main(&program, argc, argv);
}
