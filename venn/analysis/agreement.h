/* agreement.h - how far the trials of a footprint agree, directory by directory. */
#ifndef VENN_ANALYSIS_AGREEMENT_H
#define VENN_ANALYSIS_AGREEMENT_H

#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_tile_ids.h"

struct cov_error;
struct store;

/* Which lines each trial executed, a bit each; of tiles of 64 lines in which none ran there are no
 * bits. */
struct agreement_trials {
	uint32_t *tiles; /* [tile_count], ascending: line id / 64; owned, as are the next two */
	size_t tile_count;
	uint64_t *kept; /* [count][tile_count], of those in the footprint */
	uint64_t *ran;  /* [count][tile_count], of all that ran, whatever the rule keeps */
	size_t count;   /* of trials */
};

void agreement_trials_deinit(struct agreement_trials *trials);
COV_DEFINE_AUTO_STRUCT(struct agreement_trials, agreement_trials_deinit)

/**
 * agreement_lines() - which lines each trial of a footprint executed.
 * @ids:       of the kernel
 * @footprint: with its lines
 * @ran:       all lines that ran
 * @ret:       free with agreement_trials_deinit(), also on failure
 *
 * More than COV_STABILITY_TRIALS_MAX trials are not looked at: the first ones stand for them.
 *
 * Return: 0; COV_ERR_STORE.
 */
int agreement_lines(struct store_tile_ids *ids, const struct store_footprint *footprint,
		    const struct cov_footprint *ran, struct agreement_trials *ret,
		    struct cov_error *err);

/**
 * agreement_unite() - which lines those executed that are counted as one: the first trials of both,
 * the second ones, and so on, as many as both have.
 * @all: added to; zeroed: there is none yet
 */
void agreement_unite(struct agreement_trials *all, const struct agreement_trials *more);

/** agreement_of() - how far trials agree on some lines. @masks: [@line_count]; bit: trial */
struct cov_stability agreement_of(const uint64_t *masks, size_t line_count, size_t trial_count);

/**
 * agreement_store() - how far the trials of a footprint agree, in all directories of the kernel;
 * and the lower bound of what they execute, which is that of all lines: the lines of a footprint by
 * a rule that tests are those that most trials executed, and say nothing of the rest.
 */
int agreement_store(struct store *store, int64_t footprint_id,
		    const struct agreement_trials *trials,
		    const struct store_directories *directories, struct cov_error *err);

#endif
