/* agreement.c - how far the trials of a footprint agree, directory by directory. */
#include "venn/analysis/agreement.h"

#include <math.h>
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

/* The lines that ran, kept or not, as words of bits. */
static int read_ran(const struct store_packed *packed, size_t line_count, uint64_t *words)
{
	struct tile_walk walk = store_tile_walk(STORE_TILE_FOOTPRINT_LINES, &packed->lines, 2);
	int result;

	while ((result = tile_next(&walk)) > 0) {
		if (walk.id >= line_count)
			return COV_ERR_STORE;
		words[walk.id / 64] |= (uint64_t)1 << walk.id % 64;
	}
	return result ? COV_ERR_STORE : 0;
}

int agreement_lines(struct store_tile_ids *ids, const struct store_footprint *footprint,
		    const struct store_packed *packed, struct agreement_trials *ret,
		    struct cov_error *err)
{
	const struct store_stability_trials trials = {
		.kernel_id = ids->kernel_id,
		.platform_id = footprint->group->platform_id,
		.workload_id = footprint->group->workload_id,
	};
	size_t word_count = (ids->line_count + 63) / 64;
	int64_t trial_ids[COV_STABILITY_TRIALS_MAX];
	COV_AUTO(free) uint64_t *ran = cov_xcalloc(word_count, sizeof(*ran));
	/* The files of a set are parts of it, and say nothing of each other. */
	bool is_single = footprint->group->trial_count == 1 || footprint->group->is_set;
	int result = 0;

	*ret = (struct agreement_trials){ .line_count = ids->line_count, .count = 1 };
	if (read_ran(packed, ids->line_count, ran))
		return cov_fail(err, COV_ERR_STORE,
				"the footprint of %s/%s in the database is damaged",
				footprint->group->platform, footprint->group->workload);
	if (!is_single)
		result =
		    store_stability_trial_ids(ids->store, &trials, trial_ids, &ret->count, err);
	if (result)
		return result;
	ret->kept = cov_xcalloc(ret->count * word_count, sizeof(*ret->kept));
	ret->ran = cov_xcalloc(ret->count * word_count, sizeof(*ret->ran));
	for (size_t i = 0; result == 0 && i < ret->count; i++) {
		uint64_t *lines = ret->ran + i * word_count;

		/* What a footprint has was executed in its only trial. */
		if (is_single)
			memset(lines, 0xff, word_count * sizeof(*lines));
		else
			result = store_tile_ids_trial(ids, trial_ids[i], lines, err);
		for (size_t j = 0; j < word_count; j++) {
			ret->kept[i * word_count + j] = lines[j] & footprint->lines.words[j];
			lines[j] &= ran[j];
		}
	}
	return result;
}

/* By line id, a bit for each trial that has the line in the footprint. free() it. */
static uint64_t *masks_of(const struct agreement_trials *trials)
{
	uint64_t *masks = cov_xcalloc(trials->line_count, sizeof(*masks));
	size_t word_count = (trials->line_count + 63) / 64;

	for (size_t i = 0; i < trials->count; i++) {
		for (size_t j = 0; j < word_count; j++) {
			for (uint64_t left = trials->kept[i * word_count + j]; left;
			     left &= left - 1)
				masks[j * 64 + (size_t)__builtin_ctzll(left)] |= (uint64_t)1 << i;
		}
	}
	return masks;
}

void agreement_trials_deinit(struct agreement_trials *trials)
{
	free(trials->kept);
	free(trials->ran);
	*trials = (struct agreement_trials){ 0 };
}

/* Lines that ran in at least so many trials. */
struct seen {
	struct cov_footprint any, twice, thrice;
};

static void seen_deinit(struct seen *seen)
{
	cov_footprint_deinit(&seen->any);
	cov_footprint_deinit(&seen->twice);
	cov_footprint_deinit(&seen->thrice);
}

COV_DEFINE_AUTO_STRUCT(struct seen, seen_deinit)

static void see(const struct agreement_trials *trials, struct seen *ret)
{
	size_t word_count = (trials->line_count + 63) / 64;

	cov_footprint_init(&ret->any, trials->line_count);
	cov_footprint_init(&ret->twice, trials->line_count);
	cov_footprint_init(&ret->thrice, trials->line_count);
	for (size_t i = 0; i < trials->count; i++) {
		const uint64_t *ran = trials->ran + i * word_count;

		for (size_t j = 0; j < word_count; j++) {
			ret->thrice.words[j] |= ret->twice.words[j] & ran[j];
			ret->twice.words[j] |= ret->any.words[j] & ran[j];
			ret->any.words[j] |= ran[j];
		}
	}
}

static struct cov_trial_counts within(const struct seen *seen,
				      const struct store_directory *directory)
{
	size_t first = directory->line_first, count = directory->line_count;
	int64_t any = (int64_t)cov_footprint_count_within(&seen->any, first, count);
	int64_t twice = (int64_t)cov_footprint_count_within(&seen->twice, first, count);
	int64_t thrice = (int64_t)cov_footprint_count_within(&seen->thrice, first, count);

	return (struct cov_trial_counts){ any, any - twice, twice - thrice };
}

int agreement_store(struct store *store, int64_t footprint_id,
		    const struct agreement_trials *trials,
		    const struct store_directories *directories, struct cov_error *err)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };
	COV_AUTO(free) uint64_t *masks = masks_of(trials);
	COV_AUTO(seen_deinit) struct seen seen = { 0 };
	int result = 0;

	/* One trial says nothing of others. */
	if (trials->count > 1)
		see(trials, &seen);
	for (size_t i = 0; result == 0 && i < directories->count; i++) {
		const struct store_directory *directory = &directories->items[i];
		struct cov_trial_counts ran = { 0 };

		regions_count(masks, directory->line_first, directory->line_count, &regions);
		if (seen.any.words)
			ran = within(&seen, directory);
		if (!regions.count && !ran.any)
			continue;
		struct cov_stability stability = stability_of(&regions, trials->count);
		if (!regions.count)
			stability.jaccard = NAN; /* nothing was kept that trials could agree on */
		stability.chao2 = cov_stability_chao2(ran, trials->count);
		result = store_stability_add_agreement(store, footprint_id, directory->id,
						       &stability, err);
	}
	return result;
}
