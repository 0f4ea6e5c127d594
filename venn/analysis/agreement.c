/* agreement.c - how far the trials of a footprint agree, directory by directory. */
#include "venn/analysis/agreement.h"

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

int agreement_masks(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
		    const struct store_footprint *footprint, struct agreement_trials *ret,
		    struct cov_error *err)
{
	const struct store_range whole = { 0, kernel->line_count };
	const struct store_stability_trials trials = {
		.kernel_id = kernel_id,
		.platform_id = footprint->group->platform_id,
		.workload_id = footprint->group->workload_id,
	};
	bool is_single = footprint->group->trial_count == 1;
	int result = 0;

	ret->masks = cov_xcalloc(kernel->line_count, sizeof(*ret->masks));
	ret->count = 1;
	/* What a footprint has was executed in its only trial. */
	if (!is_single)
		result = store_stability_trial_masks(store, &trials, &whole, ret->masks,
						     &ret->count, err);
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (!cov_footprint_has(&footprint->lines, i))
			ret->masks[i] = 0;
		else if (is_single)
			ret->masks[i] = 1;
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
