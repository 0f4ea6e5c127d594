/* noise.c - what rules keep where there is nothing to keep: idle trials set against idle trials. */
#include "venn/analysis/noise.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "venn/analysis/block_rule.h"

enum {
	NOISE_TRIALS_MAX = 64, /* as masks have bits */
	SPLITS_AT_ONCE = 84,   /* whose p-values are in memory together */
};

/* What all splits are made of. */
struct measuring {
	const struct cov_kernel *kernel;
	const struct store_snapshots *trials;
	double rate;
	const uint64_t *splits; /* a bit for each trial that stands for a workload */
	size_t split_count;
	struct noise *noise;                             /* [COV_RULE_COUNT] */
	struct block_findings *findings[COV_RULE_COUNT]; /* of rules that test; owned */
};

static void forget_findings(struct measuring *measuring)
{
	for (int rule = 0; rule < COV_RULE_COUNT; rule++) {
		block_rule_findings_free(measuring->findings[rule]);
		measuring->findings[rule] = NULL;
	}
}

/* The two halves of a split: what each executed in all. */
struct split {
	int64_t durations_ns[2];
	struct cov_counts counts[2]; /* owned */
};

static void split_deinit(struct split *split)
{
	for (size_t i = 0; i < 2; i++)
		counts_deinit(&split->counts[i]);
}

COV_DEFINE_AUTO_STRUCT(struct split, split_deinit)

static int make_split(const struct measuring *measuring, uint64_t chosen, struct split *ret,
		      struct cov_error *err)
{
	const struct cov_kernel *kernel = measuring->kernel;
	const struct store_snapshots *trials = measuring->trials;
	int result = 0;

	for (size_t side = 0; result == 0 && side < 2; side++) {
		COV_AUTO(counters_deinit)
		struct cov_counters sum = {
			.values = cov_xcalloc(kernel->counter_count, sizeof(int64_t)),
			.states = cov_xcalloc(kernel->object_count, 1),
		};

		for (size_t i = 0; i < trials->count; i++) {
			if ((chosen >> i & 1) == side)
				continue;
			ret->durations_ns[side] += trials->durations_ns[i];
			counters_add_few(kernel, &sum, &trials->items[i]);
		}
		result = counts_evaluate(kernel, &sum, &ret->counts[side], err);
		if (result == 0)
			counts_apply_evidence(kernel, &ret->counts[side]);
	}
	return result;
}

/* @index: of the split among those that were tested together; @side: of its halves the one that
 * stands for a workload; @findings: NULL of a rule that does not test */
static struct cov_footprint_totals apply_rule(const struct measuring *measuring, size_t index,
					      const struct split *split, size_t side,
					      const struct block_findings *findings)
{
	const struct cov_counts *counts = &split->counts[side], *others = &split->counts[!side];
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };
	struct cov_footprint_totals totals;

	cov_footprint_init(&lines, measuring->kernel->line_count);
	if (findings) {
		block_rule_conclude(findings, index, measuring->rate, &verdict);
		totals = cov_footprint_take(counts->states, counts->lines, verdict.line_p,
					    verdict.limit, &lines);
	} else {
		totals = cov_footprint_decide(
		    counts->states,
		    (struct cov_observations){ counts->lines, split->durations_ns[side] },
		    (struct cov_observations){ others->lines, split->durations_ns[!side] }, &lines);
	}
	return totals;
}

static void add_totals(const struct cov_footprint_totals *totals, struct noise *noise)
{
	noise->splits++;
	noise->false_ones += totals->kept > 0;
	noise->hit += (double)totals->hit;
	noise->kept += (double)totals->kept;
}

/* Test the blocks by all rules that do, for splits @first .. @first + @count - 1 at once. */
static int test_splits(struct measuring *measuring, size_t first, size_t count,
		       struct cov_error *err)
{
	const struct store_snapshots *trials = measuring->trials;
	COV_AUTO(free) unsigned char *sides = cov_xcalloc(count * trials->count, 1);
	const struct block_splits splits = {
		.trials = trials->items,
		.durations_ns = trials->durations_ns,
		.trial_count = trials->count,
		.scale = trials->scale,
		.sides = sides,
		.count = count,
	};
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < trials->count; j++)
			sides[i * trials->count + j] =
			    measuring->splits[first + i] >> j & 1 ? BLOCK_TRIAL : BLOCK_IDLE;
	}
	for (int rule = 0; result == 0 && rule < COV_RULE_COUNT; rule++) {
		if (cov_rule_is_test((enum cov_rule)rule))
			result = block_rule_test(measuring->kernel, (enum cov_rule)rule, &splits,
						 &measuring->findings[rule], err);
	}
	return result;
}

/* What the rules make of splits that were tested together. */
struct judging {
	const struct measuring *measuring;
	size_t first, count; /* of the splits */
	struct outcome {
		struct cov_footprint_totals totals[COV_RULE_COUNT];
		struct cov_error err; /* code 0 when fine */
	} * outcomes;                 /* [count]; owned */
};

/* Whether a split and the one behind it are the same halves, the other way round. */
static bool is_turned_next(const struct judging *judging, size_t index)
{
	const uint64_t *splits = judging->measuring->splits + judging->first;
	size_t trial_count = judging->measuring->trials->count;
	uint64_t all = trial_count < 64 ? ((uint64_t)1 << trial_count) - 1 : UINT64_MAX;

	return index + 1 < judging->count && (splits[index] ^ splits[index + 1]) == all;
}

/* A split, and the one that has the same halves: they are evaluated once. */
static void judge(void *context, size_t index)
{
	struct judging *judging = context;
	const struct measuring *measuring = judging->measuring;
	struct outcome *outcome = &judging->outcomes[index];
	bool is_pair = index % 2 == 0 && is_turned_next(judging, index);
	COV_AUTO(split_deinit) struct split split = { 0 };

	if (index % 2 && is_turned_next(judging, index - 1))
		return;
	if (make_split(measuring, measuring->splits[judging->first + index], &split, &outcome->err))
		return;
	for (size_t side = 0; side <= is_pair; side++) {
		for (int rule = 0; rule < COV_RULE_COUNT; rule++)
			outcome[side].totals[rule] = apply_rule(measuring, index + side, &split,
								side, measuring->findings[rule]);
	}
}

static void judge_one(void *context, size_t index, size_t thread)
{
	(void)thread;
	cov_parallel_alone(judge, context, index);
}

static int measure_splits(struct measuring *measuring, size_t first, size_t count,
			  struct cov_error *err)
{
	COV_AUTO(free) struct outcome *outcomes = cov_xcalloc(count, sizeof(*outcomes));
	struct judging judging = { measuring, first, count, outcomes };
	int result = test_splits(measuring, first, count, err);

	if (result == 0)
		cov_parallel_for(count, judge_one, &judging);
	for (size_t i = 0; result == 0 && i < count; i++) {
		result = outcomes[i].err.code;
		if (result)
			*err = outcomes[i].err;
		for (int rule = 0; result == 0 && rule < COV_RULE_COUNT; rule++)
			add_totals(&outcomes[i].totals[rule], &measuring->noise[rule]);
	}
	forget_findings(measuring);
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

/* All halves of a few trials, each followed by its other half if that is as large; or as many
 * different ones as are wanted. Return: how many. */
static size_t list_splits(size_t count, uint64_t seed, uint64_t *ret)
{
	size_t split_count = 0;

	for (uint64_t chosen = 0; count <= NOISE_TRIALS_ALL && chosen >> count == 0; chosen++) {
		bool is_second = count % 2 == 0 && chosen & 1;

		if ((size_t)__builtin_popcountll(chosen) != count / 2 || is_second)
			continue;
		ret[split_count++] = chosen;
		if (count % 2 == 0)
			ret[split_count++] = ~chosen & (((uint64_t)1 << count) - 1);
	}
	while (count > NOISE_TRIALS_ALL && split_count < NOISE_SPLITS_MAX) {
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
	COV_AUTO(kernel_part_deinit) struct kernel_part part = { 0 };
	struct store_snapshots few = *trials; /* the same, of the part; borrowed */
	size_t split_count = list_splits(trials->count, seed, splits);
	int result = kernel_part_init(kernel, trials->items, trials->count, &part, err);

	if (result)
		return result;
	few.items = part.snapshots;
	struct measuring measuring = {
		&part.kernel, &few, rate, splits, split_count, ret, { NULL }
	};

	if (block_rule_is_sampled(COV_RULE_PERMUTATION, trials->count, 0))
		block_rule_say_sampled();
	for (int rule = 0; rule < COV_RULE_COUNT; rule++)
		ret[rule] = (struct noise){
			.rule = (enum cov_rule)rule,
			.can_tell = block_rule_p_min((enum cov_rule)rule, trials->count / 2,
						     trials->count - trials->count / 2) <= rate,
		};
	for (size_t i = 0; result == 0 && i < split_count; i += SPLITS_AT_ONCE)
		result = measure_splits(
		    &measuring, i,
		    split_count - i < SPLITS_AT_ONCE ? split_count - i : SPLITS_AT_ONCE, err);
	for (int rule = 0; rule < COV_RULE_COUNT; rule++) {
		ret[rule].hit /= (double)split_count;
		ret[rule].kept /= (double)split_count;
	}
	return result;
}
