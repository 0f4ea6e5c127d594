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

/* The tiles of which a bit is set in either. */
static void list_tiles(const uint64_t *a, const uint64_t *b, size_t word_count,
		       struct agreement_trials *ret)
{
	ret->tiles = cov_xcalloc(word_count, sizeof(*ret->tiles));
	for (size_t i = 0; i < word_count; i++) {
		if (a[i] | b[i])
			ret->tiles[ret->tile_count++] = (uint32_t)i;
	}
	ret->tiles = cov_xreallocarray(ret->tiles, ret->tile_count, sizeof(*ret->tiles));
}

static void make_rows(struct agreement_trials *trials)
{
	trials->kept = cov_xcalloc(trials->count * trials->tile_count, sizeof(*trials->kept));
	trials->ran = cov_xcalloc(trials->count * trials->tile_count, sizeof(*trials->ran));
}

/* @ran: by all trials, a bit per line id. @trial_ids: [ret->count]; NULL: the only trial ran all */
static int read_trials(struct store_tile_ids *ids, const struct cov_footprint *kept,
		       const uint64_t *ran, const int64_t *trial_ids, struct agreement_trials *ret,
		       struct cov_error *err)
{
	size_t word_count = (ids->line_count + 63) / 64;
	COV_AUTO(free) uint64_t *lines = cov_xcalloc(word_count, sizeof(*lines));
	int result = 0;

	list_tiles(ran, kept->words, word_count, ret);
	make_rows(ret);
	for (size_t i = 0; result == 0 && i < ret->count; i++) {
		memset(lines, trial_ids ? 0 : 0xff, word_count * sizeof(*lines));
		if (trial_ids)
			result = store_tile_ids_trial(ids, trial_ids[i], lines, err);
		for (size_t j = 0; j < ret->tile_count; j++) {
			size_t tile = ret->tiles[j], place = i * ret->tile_count + j;

			ret->kept[place] = lines[tile] & kept->words[tile];
			ret->ran[place] = lines[tile] & ran[tile];
		}
	}
	return result;
}

int agreement_lines(struct store_tile_ids *ids, const struct store_footprint *footprint,
		    const struct cov_footprint *ran, struct agreement_trials *ret,
		    struct cov_error *err)
{
	const struct store_stability_trials trials = {
		.kernel_id = ids->kernel_id,
		.platform_id = footprint->group->platform_id,
		.workload_id = footprint->group->workload_id,
	};
	int64_t trial_ids[COV_STABILITY_TRIALS_MAX];
	/* The files of a set are parts of it, and say nothing of each other. What a footprint has
	 * was executed in its only trial. */
	bool is_single = footprint->group->trial_count == 1 || footprint->group->is_set;
	int result = 0;

	*ret = (struct agreement_trials){ .count = 1 };
	if (!is_single)
		result =
		    store_stability_trial_ids(ids->store, &trials, trial_ids, &ret->count, err);
	return result ? result
		      : read_trials(ids, &footprint->lines, ran->words,
				    is_single ? NULL : trial_ids, ret, err);
}

/* The tiles of both. */
static void merge_tiles(const struct agreement_trials *a, const struct agreement_trials *b,
			struct agreement_trials *ret)
{
	size_t i = 0, j = 0;

	ret->tiles = cov_xcalloc(a->tile_count + b->tile_count, sizeof(*ret->tiles));
	while (i < a->tile_count || j < b->tile_count) {
		uint32_t left = i < a->tile_count ? a->tiles[i] : UINT32_MAX;
		uint32_t right = j < b->tile_count ? b->tiles[j] : UINT32_MAX;

		i += left <= right;
		j += right <= left;
		ret->tiles[ret->tile_count++] = left < right ? left : right;
	}
}

/* Add the rows of @from to those of @ret, which has all of its tiles. */
static void add_rows(const struct agreement_trials *from, struct agreement_trials *ret)
{
	size_t place = 0;

	for (size_t j = 0; j < from->tile_count; j++) {
		while (ret->tiles[place] != from->tiles[j])
			place++;
		for (size_t i = 0; i < ret->count; i++) {
			ret->kept[i * ret->tile_count + place] |=
			    from->kept[i * from->tile_count + j];
			ret->ran[i * ret->tile_count + place] |=
			    from->ran[i * from->tile_count + j];
		}
	}
}

void agreement_unite(struct agreement_trials *all, const struct agreement_trials *more)
{
	bool is_first = !all->tiles;
	struct agreement_trials both = { .count = more->count };

	if (!is_first && all->count < more->count)
		both.count = all->count;
	merge_tiles(all, more, &both);
	make_rows(&both);
	if (!is_first)
		add_rows(all, &both);
	add_rows(more, &both);
	agreement_trials_deinit(all);
	*all = both;
}

/* By line of the tiles, a bit for each trial that has the line in the footprint. free() it. */
static uint64_t *masks_of(const struct agreement_trials *trials)
{
	uint64_t *masks = cov_xcalloc(trials->tile_count * 64, sizeof(*masks));

	for (size_t i = 0; i < trials->count; i++) {
		for (size_t j = 0; j < trials->tile_count; j++) {
			for (uint64_t left = trials->kept[i * trials->tile_count + j]; left;
			     left &= left - 1)
				masks[j * 64 + (size_t)__builtin_ctzll(left)] |= (uint64_t)1 << i;
		}
	}
	return masks;
}

void agreement_trials_deinit(struct agreement_trials *trials)
{
	free(trials->tiles);
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
	cov_footprint_init(&ret->any, trials->tile_count * 64);
	cov_footprint_init(&ret->twice, trials->tile_count * 64);
	cov_footprint_init(&ret->thrice, trials->tile_count * 64);
	for (size_t i = 0; i < trials->count; i++) {
		const uint64_t *ran = trials->ran + i * trials->tile_count;

		for (size_t j = 0; j < trials->tile_count; j++) {
			ret->thrice.words[j] |= ret->twice.words[j] & ran[j];
			ret->twice.words[j] |= ret->any.words[j] & ran[j];
			ret->any.words[j] |= ran[j];
		}
	}
}

/* Among the lines of the tiles, the first that is not before @line. */
static size_t find_line(const struct agreement_trials *trials, size_t line)
{
	size_t low = 0, high = trials->tile_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (trials->tiles[middle] < line / 64)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_within = low < trials->tile_count && trials->tiles[low] == line / 64;
	return low * 64 + (is_within ? line % 64 : 0);
}

/* Of @count lines of the tiles. */
static struct cov_trial_counts within(const struct seen *seen, size_t first, size_t count)
{
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
		size_t first = find_line(trials, directory->line_first);
		size_t end = find_line(trials, directory->line_first + directory->line_count);

		regions_count(masks, first, end - first, &regions);
		if (seen.any.words)
			ran = within(&seen, first, end - first);
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
