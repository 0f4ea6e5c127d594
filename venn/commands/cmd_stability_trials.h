/* cmd_stability_trials.h - covdb stability: what single trials executed, before any rule. */
#ifndef VENN_COMMANDS_CMD_STABILITY_TRIALS_H
#define VENN_COMMANDS_CMD_STABILITY_TRIALS_H

#include <stddef.h>
#include <stdint.h>

#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store_tile_ids.h"

struct cov_error;

/* Which trials of the question's stored workload executed each of its lines. */
struct cmd_stability_trials_masks {
	uint64_t
	    *words; /* [1 + platform_count][line_count] as in struct cov_resample_trials; owned */
	size_t trial_counts[STORE_PLATFORMS_MAX];
};

void cmd_stability_trials_masks_deinit(struct cmd_stability_trials_masks *masks);
COV_DEFINE_AUTO_STRUCT(struct cmd_stability_trials_masks, cmd_stability_trials_masks_deinit)

/**
 * cmd_stability_trials_fill() - a row for each platform and workload: how far its trials agree.
 * @tiles: of the question
 * @masks: empty, or with room, all 0: the words of platforms are put there
 */
int cmd_stability_trials_fill(const struct question *question, struct store_tile_ids *tiles,
			      struct cmd_stability_trials_masks *masks, struct rows *ret,
			      struct cov_error *err);

/** cmd_stability_trials_list() - print the functions in which trials of one differ. */
int cmd_stability_trials_list(struct question *question, struct cov_error *err);

#endif
