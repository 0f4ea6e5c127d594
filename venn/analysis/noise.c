/* noise.c - what rules keep where there is nothing to keep: idle trials set against idle trials. */
#include "venn/analysis/noise.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/analysis/block_rule.h"

enum { NOISE_TRIALS_MAX = 64 }; /* as masks have bits */

/* The two halves of a split, and what each executed in all. */
struct split {
	struct store_snapshots halves[2]; /* borrows the trials' counters */
	int64_t durations_ns[2];
	struct cov_counts counts[2]; /* owned */
};

static void split_deinit(struct split *split)
{
	for (size_t i = 0; i < 2; i++) {
		free(split->halves[i].items);
		free(split->halves[i].durations_ns);
		counts_deinit(&split->counts[i]);
	}
}

COV_DEFINE_AUTO_STRUCT(struct split, split_deinit)

/* @chosen: a bit for each trial that stands for a workload */
static int make_split(const struct cov_kernel *kernel, const struct store_snapshots *trials,
		      uint64_t chosen, struct split *ret, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; i < 2; i++) {
		ret->halves[i].items = cov_xcalloc(trials->count, sizeof(struct cov_few_counters));
		ret->halves[i].durations_ns = cov_xcalloc(trials->count, sizeof(int64_t));
	}
	for (size_t i = 0; i < trials->count; i++) {
		size_t side = chosen >> i & 1 ? 0 : 1;
		struct store_snapshots *half = &ret->halves[side];

		half->items[half->count] = trials->items[i];
		half->durations_ns[half->count++] = trials->durations_ns[i];
		half->scale = trials->scale;
		ret->durations_ns[side] += trials->durations_ns[i];
	}
	for (size_t i = 0; result == 0 && i < 2; i++) {
		COV_AUTO(counters_deinit)
		struct cov_counters sum = {
			.values = cov_xcalloc(kernel->counter_count, sizeof(int64_t)),
			.states = cov_xcalloc(kernel->object_count, 1),
		};

		for (size_t j = 0; j < ret->halves[i].count; j++)
			counters_add_few(kernel, &sum, &ret->halves[i].items[j]);
		result = counts_evaluate(kernel, &sum, &ret->counts[i], err);
		if (result == 0)
			counts_apply_evidence(kernel, &ret->counts[i]);
	}
	return result;
}

static int apply_rule(const struct cov_kernel *kernel, const struct split *split, double rate,
		      struct noise *noise, struct cov_error *err)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };
	const struct block_rule rule = { noise->rule, rate };
	struct cov_footprint_totals totals;
	int result = 0;

	cov_footprint_init(&lines, kernel->line_count);
	if (cov_rule_is_test(noise->rule)) {
		result = block_rule_test(kernel, &rule, &split->halves[0], &split->halves[1],
					 &verdict, err);
		if (result)
			return result;
		totals = cov_footprint_take(split->counts[0].states, split->counts[0].lines,
					    verdict.line_p, verdict.limit, &lines);
	} else {
		totals = cov_footprint_decide(
		    split->counts[0].states,
		    (struct cov_observations){ split->counts[0].lines, split->durations_ns[0] },
		    (struct cov_observations){ split->counts[1].lines, split->durations_ns[1] },
		    &lines);
	}
	noise->splits++;
	noise->false_ones += totals.kept > 0;
	noise->hit += (double)totals.hit;
	noise->kept += (double)totals.kept;
	return result;
}

/* Half of @count trials, drawn one after the other. */
static uint64_t draw_half(size_t count, uint64_t *seed)
{
	uint64_t chosen = 0;

	for (size_t left = count / 2; left;) {
		uint64_t trial = (uint64_t)1 << cov_random_next(seed) % count;

		left -= !(chosen & trial);
		chosen |= trial;
	}
	return chosen;
}

/* All halves there are, or as many different ones as are wanted. Return: how many. */
static size_t list_splits(size_t count, uint64_t seed, uint64_t *ret)
{
	/* In this many draws, every half of a few trials comes up. */
	enum { TRIES = 64 * NOISE_SPLITS_MAX };
	size_t split_count = 0;

	for (size_t i = 0; i < TRIES && split_count < NOISE_SPLITS_MAX; i++) {
		uint64_t chosen = draw_half(count, &seed);
		size_t place = 0;

		while (place < split_count && ret[place] != chosen)
			place++;
		if (place == split_count)
			ret[split_count++] = chosen;
	}
	return split_count;
}

int noise_check(const struct store_group *baseline, struct cov_error *err)
{
	if (baseline->trial_count >= 2 && baseline->trial_count <= NOISE_TRIALS_MAX)
		return 0;
	return cov_fail(
	    err, COV_ERR_MISMATCH,
	    "%s/%s has %lld trials; it takes 2 to %d to measure how much noise the rules "
	    "keep",
	    baseline->platform, baseline->workload, (long long)baseline->trial_count,
	    NOISE_TRIALS_MAX);
}

int noise_measure(const struct cov_kernel *kernel, const struct store_snapshots *trials,
		  double rate, uint64_t seed, struct noise *ret, struct cov_error *err)
{
	uint64_t splits[NOISE_SPLITS_MAX];
	int result = 0;
	size_t split_count = list_splits(trials->count, seed, splits);

	if (block_rule_is_sampled(COV_RULE_PERMUTATION, trials->count, 0))
		block_rule_say_sampled();
	for (int rule = 0; rule < COV_RULE_COUNT; rule++)
		ret[rule] = (struct noise){
			.rule = (enum cov_rule)rule,
			.can_tell = block_rule_p_min((enum cov_rule)rule, trials->count / 2,
						     trials->count - trials->count / 2) <= rate,
		};
	for (size_t i = 0; result == 0 && i < split_count; i++) {
		COV_AUTO(split_deinit) struct split split = { 0 };

		result = make_split(kernel, trials, splits[i], &split, err);
		for (int rule = 0; result == 0 && rule < COV_RULE_COUNT; rule++)
			result = apply_rule(kernel, &split, rate, &ret[rule], err);
	}
	for (int rule = 0; rule < COV_RULE_COUNT; rule++) {
		ret[rule].hit /= (double)split_count;
		ret[rule].kept /= (double)split_count;
	}
	return result;
}
