/* cmd_stability_trials.h - covdb stability: what single trials executed, before any rule. */
#ifndef VENN_COMMANDS_CMD_STABILITY_TRIALS_H
#define VENN_COMMANDS_CMD_STABILITY_TRIALS_H

#include "venn/commands/question.h"
#include "venn/print/rows.h"

struct cov_error;

/** cmd_stability_trials_fill() - a row for each platform and workload: how far its trials agree. */
int cmd_stability_trials_fill(const struct question *question, struct rows *ret,
			      struct cov_error *err);

/** cmd_stability_trials_list() - print the functions in which trials of one differ. */
int cmd_stability_trials_list(struct question *question, struct cov_error *err);

#endif
