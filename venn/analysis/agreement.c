/* agreement.c - how far the trials of a footprint agree, directory by directory. */
#include "venn/analysis/agreement.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "differ/differ.h"
#include "venn/sets/regions.h"
#include "venn/store/store_stability.h"

static struct cov_stability stability_of(const struct regions *regions, size_t trial_count)
{
	COV_AUTO(free)
	struct cov_trial_class *classes = cov_xcalloc(regions->count, sizeof(*classes));

	for (size_t i = 0; i < regions->count; i++)
		classes[i] = (struct cov_trial_class){
			.mask = regions->items[i].mask,
			.lines = (int64_t)regions->items[i].lines,
		};
	return cov_stability_of(classes, regions->count, trial_count);
}

struct cov_stability agreement_of(const uint64_t *masks, size_t line_count, size_t trial_count)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };

	regions_count(masks, 0, line_count, &regions);
	return stability_of(&regions, trial_count);
}

/* Those of @lines that are in the footprint get a bit. */
static void mark(const struct cov_footprint *footprint, const uint64_t *lines, uint64_t bit,
		 uint64_t *masks)
{
	for (size_t i = 0; i < (footprint->line_count + 63) / 64; i++) {
		for (uint64_t left = footprint->words[i] & lines[i]; left; left &= left - 1)
			masks[i * 64 + (size_t)__builtin_ctzll(left)] |= bit;
	}
}

int agreement_masks(struct store_tile_ids *ids, const struct store_footprint *footprint,
		    struct agreement_trials *ret, struct cov_error *err)
{
	const struct store_stability_trials trials = {
		.kernel_id = ids->kernel_id,
		.platform_id = footprint->group->platform_id,
		.workload_id = footprint->group->workload_id,
	};
	size_t word_count = (ids->line_count + 63) / 64;
	int64_t trial_ids[COV_STABILITY_TRIALS_MAX];

	ret->masks = cov_xcalloc(ids->line_count, sizeof(*ret->masks));
	ret->count = 1;
	/* What a footprint has was executed in its only trial. */
	if (footprint->group->trial_count == 1) {
		mark(&footprint->lines, footprint->lines.words, 1, ret->masks);
		return 0;
	}
	COV_AUTO(free) uint64_t *lines = cov_xcalloc(word_count, sizeof(*lines));
	int result = store_stability_trial_ids(ids->store, &trials, trial_ids, &ret->count, err);
	for (size_t i = 0; result == 0 && i < ret->count; i++) {
		memset(lines, 0, word_count * sizeof(*lines));
		result = store_tile_ids_trial(ids, trial_ids[i], lines, err);
		if (result == 0)
			mark(&footprint->lines, lines, (uint64_t)1 << i, ret->masks);
	}
	return result;
}

void agreement_trials_deinit(struct agreement_trials *trials)
{
	free(trials->masks);
	*trials = (struct agreement_trials){ 0 };
}

int agreement_store(struct store *store, int64_t footprint_id,
		    const struct agreement_trials *trials,
		    const struct store_directories *directories, struct cov_error *err)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < directories->count; i++) {
		const struct store_directory *directory = &directories->items[i];

		regions_count(trials->masks, directory->line_first, directory->line_count,
			      &regions);
		if (!regions.count)
			continue;
		struct cov_stability stability = stability_of(&regions, trials->count);
		result = store_stability_add_agreement(store, footprint_id, directory->id,
						       &stability, err);
	}
	return result;
}
