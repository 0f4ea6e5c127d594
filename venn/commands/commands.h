/* commands.h - the subcommands of this layer, for the program's command table. */
#ifndef VENN_COMMANDS_COMMANDS_H
#define VENN_COMMANDS_COMMANDS_H

struct cov_command;

extern const struct cov_command cmd_complete, cmd_tour;
extern const struct cov_command cmd_kernel_add, cmd_kernel_list, cmd_kernel_pack, cmd_kernel_remove,
    cmd_decode, cmd_import, cmd_diff;
extern const struct cov_command cmd_trial_list, cmd_trial_remove;
extern const struct cov_command cmd_venn, cmd_summary, cmd_verify, cmd_objects, cmd_metrics,
    cmd_claims, cmd_sql, cmd_stability, cmd_noise, cmd_export, cmd_lines, cmd_report, cmd_paper,
    cmd_profile_list, cmd_profile_remove, cmd_profile, cmd_syscalls, cmd_syscalls_list,
    cmd_syscalls_remove;
extern const struct cov_command cmd_find, cmd_functions, cmd_annotate, cmd_conditional, cmd_top,
    cmd_kconfig;
extern const struct cov_command cmd_kernel_diff, cmd_compare, cmd_patch;
extern const struct cov_command cmd_cve_add, cmd_cve;

#endif
