/* commands.h - the subcommands of this layer, for the programs' command tables. */
#ifndef COLLECTOR_COMMANDS_COMMANDS_H
#define COLLECTOR_COMMANDS_COMMANDS_H

struct cov_command;

extern const struct cov_command cmd_collect, cmd_doctor, cmd_check_config;
extern const struct cov_command cmd_lab_build, cmd_lab_run, cmd_lab_shell;

#endif
