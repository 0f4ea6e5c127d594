/* noise.c - what rules keep where there is nothing to keep: idle trials set against idle trials. */
#include "venn/analysis/noise.h"

#include <pthread.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "venn/analysis/block_rule.h"

enum { NOISE_TRIALS_MAX = 64 }; /* as masks have bits */

/* What lines a split keeps, by any of the rules; from several threads. */
struct tally {
	uint64_t hit, kept[COV_RULE_COUNT]; /* lines, of all splits together */
	unsigned char *has_kept;            /* [COV_RULE_COUNT][split_count], any; owned */
};

/* What all splits are made of. */
struct measuring {
	const struct cov_kernel *kernel;
	const struct store_snapshots *trials;
	double rate;
	/* A bit for each trial that stands for a workload, of each split; then the other halves
	 * that are not among them. */
	uint64_t *masks; /* [mask_count]; owned, as is all that follows */
	size_t mask_count, split_count;
	size_t *others;          /* [mask_count], the other half of each */
	int64_t *durations_ns;   /* [mask_count] */
	unsigned char *executed; /* [kernel->line_count][mask_count], 1: in that half */
	uint32_t *places;        /* [kernel->line_count], 1 + that in shared; 0: of one object */
	int64_t *shared;         /* [lines of several objects][mask_count], counts */
	pthread_mutex_t lock;    /* of lines of several objects */
	struct tally tallies[COV_THREADS_MAX];
	struct sums_scratch scratches[COV_THREADS_MAX];
};

static void measuring_deinit(struct measuring *measuring)
{
	free(measuring->masks);
	free(measuring->others);
	free(measuring->durations_ns);
	free(measuring->executed);
	free(measuring->places);
	free(measuring->shared);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		free(measuring->tallies[i].has_kept);
		sums_scratch_deinit(&measuring->scratches[i]);
	}
}

COV_DEFINE_AUTO_STRUCT(struct measuring, measuring_deinit)

/* The other half of each split, and how long all halves took. */
static void list_halves(struct measuring *measuring)
{
	size_t trial_count = measuring->trials->count, count = measuring->split_count;
	uint64_t all = trial_count < 64 ? ((uint64_t)1 << trial_count) - 1 : UINT64_MAX;
	uint64_t *masks = measuring->masks;

	measuring->mask_count = count;
	for (size_t i = 0; i < count; i++) {
		size_t other = i ^ 1; /* as list_splits() has them */

		if (other >= count || masks[other] != (masks[i] ^ all)) {
			other = measuring->mask_count++;
			masks[other] = masks[i] ^ all;
			measuring->others[other] = i;
		}
		measuring->others[i] = other;
	}
	for (size_t i = 0; i < measuring->mask_count; i++) {
		for (size_t j = 0; j < trial_count; j++) {
			if (masks[i] >> j & 1)
				measuring->durations_ns[i] += measuring->trials->durations_ns[j];
		}
	}
}

static void measuring_init(struct measuring *measuring)
{
	const struct cov_kernel *kernel = measuring->kernel;
	uint32_t shared = 0;

	measuring->others = cov_xcalloc(2 * measuring->split_count, sizeof(*measuring->others));
	measuring->durations_ns =
	    cov_xcalloc(2 * measuring->split_count, sizeof(*measuring->durations_ns));
	list_halves(measuring);
	measuring->executed = cov_xcalloc(kernel->line_count, measuring->mask_count);
	measuring->places = cov_xcalloc(kernel->line_count, sizeof(*measuring->places));
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (kernel->line_copies[i] > 1)
			measuring->places[i] = ++shared;
	}
	measuring->shared = cov_xcalloc(shared, measuring->mask_count * sizeof(*measuring->shared));
	for (size_t i = 0; i < cov_thread_count(); i++)
		measuring->tallies[i].has_kept =
		    cov_xcalloc(COV_RULE_COUNT, measuring->split_count);
}

/* Above 0 if the line ran, whatever contradicts itself; see counts_apply_evidence(). */
static int64_t evident(int64_t count, unsigned char is_executed)
{
	return is_executed == (count > 0) ? count : is_executed;
}

/* The rule rate on one line, in all splits. @counts, @executed: [mask_count] */
static void decide_line(const struct measuring *measuring, const int64_t *counts,
			const unsigned char *executed, struct tally *tally)
{
	for (size_t i = 0; i < measuring->split_count; i++) {
		size_t other = measuring->others[i];
		const struct cov_observation trial = { evident(counts[i], executed[i]),
						       measuring->durations_ns[i] };
		const struct cov_observation idle = { evident(counts[other], executed[other]),
						      measuring->durations_ns[other] };

		if (trial.count <= 0)
			continue;
		tally->hit++;
		if (!cov_rule_is_kept(trial, idle))
			continue;
		tally->kept[COV_RULE_RATE]++;
		tally->has_kept[COV_RULE_RATE * measuring->split_count + i] = 1;
	}
}

static void add_shared(struct measuring *measuring, uint32_t line, const int64_t *counts,
		       const unsigned char *executed)
{
	size_t count = measuring->mask_count;
	int64_t *sums = measuring->shared + (measuring->places[line] - 1) * count;
	unsigned char *ret = measuring->executed + line * count;

	pthread_mutex_lock(&measuring->lock);
	for (size_t i = 0; i < count; i++) {
		sums[i] = cov_number_add(sums[i], counts[i]);
		ret[i] |= executed[i];
	}
	pthread_mutex_unlock(&measuring->lock);
}

/* An object that is damaged in a trial is left out of the halves that have it. */
static void leave_out(const struct measuring *measuring, const struct cov_object_snapshots *object,
		      int64_t *counts, unsigned char *executed)
{
	uint64_t bad = 0;

	for (size_t i = 0; i < measuring->trials->count; i++) {
		if (measuring->trials->items[i].states[object->object] == COV_OBJECT_BAD)
			bad |= (uint64_t)1 << i;
	}
	for (size_t i = 0; bad && i < object->plan->line_count * measuring->mask_count; i++) {
		if (!(measuring->masks[i % measuring->mask_count] & bad))
			continue;
		counts[i] = 0;
		executed[i] = 0;
	}
}

/* What the lines of an object count in all halves. */
static void visit(void *context, const struct cov_object_snapshots *object, size_t thread)
{
	struct measuring *measuring = context;
	size_t count = measuring->mask_count, line_count = object->plan->line_count;
	COV_AUTO(free) int64_t *counts = cov_xcalloc(line_count, count * sizeof(*counts));
	COV_AUTO(free) unsigned char *executed = cov_xcalloc(line_count, count);
	const struct sums_asked asked = { .counters = object->counters,
					  .snapshot_count = measuring->trials->count,
					  .masks = measuring->masks,
					  .count = count };

	sums_evaluate(object->plan, &asked, counts, executed, &measuring->scratches[thread]);
	leave_out(measuring, object, counts, executed);
	for (uint32_t i = 0; i < line_count; i++) {
		uint32_t line = object->line_ids[i];

		if (measuring->places[line]) {
			add_shared(measuring, line, counts + i * count, executed + i * count);
			continue;
		}
		/* As many lines of functions that ran. */
		if (!memchr(executed + i * count, 1, count))
			continue;
		memcpy(measuring->executed + line * count, executed + i * count, count);
		decide_line(measuring, counts + i * count, executed + i * count,
			    &measuring->tallies[thread]);
	}
}

/* Lines by the rule rate, and which of them ran. */
static int decide_lines(struct measuring *measuring, struct cov_error *err)
{
	size_t count = measuring->mask_count;
	int result = blocks_show_objects(measuring->kernel, measuring->trials->items,
					 measuring->trials->count, visit, measuring, err);

	for (size_t i = 0; result == 0 && i < measuring->kernel->line_count; i++) {
		if (measuring->places[i])
			decide_line(measuring,
				    measuring->shared + (measuring->places[i] - 1) * count,
				    measuring->executed + i * count, &measuring->tallies[0]);
	}
	return result;
}

/* Which lines of all splits a rule that tests keeps. */
static void take_discoveries(struct measuring *measuring, const struct block_findings *findings,
			     enum cov_rule rule)
{
	size_t count = measuring->split_count, line_count = measuring->kernel->line_count;
	COV_AUTO(free) unsigned char *discoveries = cov_xcalloc(line_count, count);
	struct tally *tally = &measuring->tallies[0];
	unsigned char *has_kept = tally->has_kept + (size_t)rule * count;

	block_rule_discoveries(findings, rule, measuring->rate, discoveries);
	for (size_t i = 0; i < line_count; i++) {
		const unsigned char *executed = measuring->executed + i * measuring->mask_count;

		for (size_t j = 0; j < count; j++) {
			unsigned char is_kept = discoveries[i * count + j] & executed[j];

			tally->kept[rule] += is_kept;
			has_kept[j] |= is_kept;
		}
	}
}

/* The rules that test, at the same time. */
struct judging {
	struct measuring *measuring;
	const struct block_findings *findings;
};

static void judge_one(void *context, size_t item)
{
	static const enum cov_rule rules[] = { COV_RULE_POISSON, COV_RULE_PERMUTATION };
	const struct judging *judging = context;

	take_discoveries(judging->measuring, judging->findings, rules[item]);
}

/* Lines by all rules that test blocks. */
static int test_blocks(struct measuring *measuring, struct cov_error *err)
{
	const struct store_snapshots *trials = measuring->trials;
	size_t count = measuring->split_count;
	COV_AUTO(free) unsigned char *sides = cov_xcalloc(count * trials->count, 1);
	COV_AUTO(block_rule_findings_free) struct block_findings *findings = NULL;
	const struct block_splits splits = {
		.trials = trials->items,
		.durations_ns = trials->durations_ns,
		.trial_count = trials->count,
		.scale = trials->scale,
		.sides = sides,
		.count = count,
		.p_most = measuring->rate,
	};

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < trials->count; j++)
			sides[i * trials->count + j] =
			    measuring->masks[i] >> j & 1 ? BLOCK_TRIAL : BLOCK_IDLE;
	}
	int result = block_rule_test(measuring->kernel, BLOCK_RULE_POISSON | BLOCK_RULE_PERMUTATION,
				     &splits, &findings, err);
	if (result)
		return result;
	struct judging judging = { measuring, findings };
	cov_parallel_each(2, judge_one, &judging);
	return 0;
}

static struct noise conclude(const struct measuring *measuring, enum cov_rule rule)
{
	size_t trial_count = measuring->trials->count, count = measuring->split_count;
	struct noise noise = {
		.rule = rule,
		.can_tell = block_rule_p_min(rule, trial_count / 2,
					     trial_count - trial_count / 2) <= measuring->rate,
		.splits = count,
	};
	uint64_t hit = 0, kept = 0;

	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		hit += measuring->tallies[i].hit;
		kept += measuring->tallies[i].kept[rule];
	}
	for (size_t i = 0; i < count; i++) {
		bool is_false = false;

		for (size_t j = 0; j < COV_THREADS_MAX && measuring->tallies[j].has_kept; j++)
			is_false |= measuring->tallies[j].has_kept[(size_t)rule * count + i];
		noise.false_ones += is_false;
	}
	noise.hit = (double)hit / (double)count;
	noise.kept = (double)kept / (double)count;
	return noise;
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
	COV_AUTO(kernel_part_deinit) struct kernel_part part = { 0 };
	struct store_snapshots few = *trials; /* the same, of the part; borrowed */
	COV_AUTO(measuring_deinit)
	struct measuring measuring = {
		.kernel = &part.kernel,
		.trials = &few,
		.rate = rate,
		.masks = cov_xcalloc(2 * NOISE_SPLITS_MAX, sizeof(*measuring.masks)),
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	int result = kernel_part_init(kernel, trials->items, trials->count, &part, err);

	if (result)
		return result;
	few.items = part.snapshots;
	measuring.split_count = list_splits(trials->count, seed, measuring.masks);
	measuring_init(&measuring);
	if (block_rule_is_sampled(COV_RULE_PERMUTATION, trials->count, 0))
		block_rule_say_sampled();
	result = decide_lines(&measuring, err);
	if (result == 0)
		result = test_blocks(&measuring, err);
	for (int rule = 0; result == 0 && rule < COV_RULE_COUNT; rule++)
		ret[rule] = conclude(&measuring, (enum cov_rule)rule);
	return result;
}
