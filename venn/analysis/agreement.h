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

/* Which trials executed each line of a footprint. */
struct agreement_trials {
	uint64_t *masks; /* [kernel->line_count]; bit: trial, from 0; 0 where not in it; owned */
	size_t count;    /* of trials */
};

void agreement_trials_deinit(struct agreement_trials *trials);
COV_DEFINE_AUTO_STRUCT(struct agreement_trials, agreement_trials_deinit)

/**
 * agreement_masks() - which lines of a footprint each of its trials executed.
 * @ids:       of the kernel
 * @footprint: with its lines
 * @ret:       free with agreement_trials_deinit(), also on failure
 *
 * More than COV_STABILITY_TRIALS_MAX trials are not looked at: the first ones stand for them.
 *
 * Return: 0; COV_ERR_STORE.
 */
int agreement_masks(struct store_tile_ids *ids, const struct store_footprint *footprint,
		    struct agreement_trials *ret, struct cov_error *err);

/** agreement_of() - how far trials agree on some lines. @masks: [@line_count]; bit: trial */
struct cov_stability agreement_of(const uint64_t *masks, size_t line_count, size_t trial_count);

/** agreement_store() - how far the trials of a footprint agree, in all directories of the kernel.
 */
int agreement_store(struct store *store, int64_t footprint_id,
		    const struct agreement_trials *trials,
		    const struct store_directories *directories, struct cov_error *err);

#endif
