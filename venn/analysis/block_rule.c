/* block_rule.c - decision rules that test basic blocks over the trials of a group. */
#include "venn/analysis/block_rule.h"

#include <stdio.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/base/terminal.h"
#include "venn/store/store_observer.h"

enum { KNOWN_TESTS = 1024 };

/* What one thread found. */
struct findings {
	double *p_values; /* [p_count], of blocks; owned */
	size_t p_count, p_capacity;
	double *line_p;  /* [kernel->line_count], NULL before the first block; owned */
	int64_t *known;  /* [KNOWN_TESTS][snapshots], counts that were tested, 0: none; owned */
	double *known_p; /* [KNOWN_TESTS], and what came out; owned */
};

struct testing {
	const struct cov_kernel *kernel;
	enum cov_rule rule;
	const int64_t *durations_ns; /* [trial_count + idle_count], those of the trials first */
	size_t trial_count, idle_count;
	int64_t scale; /* of the counts */
	struct findings findings[COV_THREADS_MAX];
};

double block_rule_p_min(enum cov_rule rule, size_t trial_count, size_t baseline_count)
{
	return rule == COV_RULE_PERMUTATION ? cov_permutation_p_min(trial_count, baseline_count)
					    : 0;
}

bool block_rule_is_sampled(enum cov_rule rule, size_t trial_count, size_t baseline_count)
{
	return rule == COV_RULE_PERMUTATION &&
	       trial_count + baseline_count > COV_PERMUTATION_EXACT_MAX;
}

void block_rule_say_sampled(void)
{
	cov_say(
	    "rule permutation: with more than %d trials of a workload and its baseline together "
	    "p-values are estimated, from up to %d random ways to deal them out",
	    COV_PERMUTATION_EXACT_MAX, COV_PERMUTATION_DRAWS);
}

void block_rule_verdict_deinit(struct block_verdict *verdict)
{
	free(verdict->line_p);
	memset(verdict, 0, sizeof(*verdict));
}

static struct cov_observation sum_of(const struct testing *testing, const int64_t *counts,
				     size_t first, size_t count)
{
	struct cov_observation sum = { 0 };

	for (size_t i = first; i < first + count; i++) {
		sum.count = cov_number_add(sum.count, counts[i]);
		sum.duration_ns += testing->durations_ns[i];
	}
	sum.count = store_observer_divide(sum.count, testing->scale);
	return sum;
}

/* @counts: [trial_count + idle_count] */
static double test_counts(const struct testing *testing, const int64_t *counts)
{
	size_t count = testing->trial_count + testing->idle_count;

	/* That test is about how often something happened, not about multiples of it. */
	if (testing->rule == COV_RULE_POISSON)
		return cov_poisson_p(
		    sum_of(testing, counts, 0, testing->trial_count),
		    sum_of(testing, counts, testing->trial_count, testing->idle_count));
	COV_AUTO(free) double *rates = cov_xcalloc(count, sizeof(*rates));
	for (size_t i = 0; i < count; i++)
		rates[i] = (double)counts[i] / (double)testing->durations_ns[i];
	return cov_permutation_p(rates, testing->trial_count, testing->idle_count);
}

/* Blocks that follow each other mostly run equally often, and a test takes long. */
static double test_block(const struct testing *testing, struct findings *findings,
			 const int64_t *counts, size_t step)
{
	size_t count = testing->trial_count + testing->idle_count;
	uint64_t hash = 0;

	if (!findings->known) {
		findings->known = cov_xcalloc((KNOWN_TESTS + 1) * count, sizeof(int64_t));
		findings->known_p = cov_xcalloc(KNOWN_TESTS, sizeof(double));
	}
	int64_t *own = findings->known + KNOWN_TESTS * count; /* the last place is this one's */
	for (size_t i = 0; i < count; i++) {
		own[i] = counts[i * step];
		hash = (hash ^ (uint64_t)own[i]) * UINT64_C(0x9e3779b97f4a7c15);
	}
	size_t place = (size_t)(hash >> 32) % KNOWN_TESTS;
	int64_t *known = findings->known + place * count;
	/* No block that is tested has not run at all, so what is all 0 is empty. */
	if (memcmp(known, own, count * sizeof(*own)) != 0) {
		memcpy(known, own, count * sizeof(*own));
		findings->known_p[place] = test_counts(testing, known);
	}
	return findings->known_p[place];
}

/* Where a function has lines. @on_line: [function->block_count], 0 */
static void mark_blocks(const struct plan *plan, const struct plan_function *function,
			bool *on_line)
{
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		for (uint32_t j = 0; j < entry->block_count; j++)
			on_line[plan->blocks[entry->block_first + j]] = true;
	}
}

/*
 * Whether any of @block_count blocks ran in any trial or in the baseline. What ran on either side
 * is tested: to choose by the trials alone would favour those that chance favoured.
 * @counts: of the first of them; those of other snapshots are @step apart
 */
static bool has_run(const struct testing *testing, const int64_t *counts, size_t step,
		    uint32_t block_count)
{
	for (size_t i = 0; i < testing->trial_count + testing->idle_count; i++) {
		for (uint32_t j = 0; j < block_count; j++) {
			if (counts[i * step + j])
				return true;
		}
	}
	return false;
}

/* p-values of a function's blocks to @block_p; 1 for what is not tested. */
static void test_function(const struct testing *testing, struct findings *findings,
			  const struct cov_object_blocks *blocks, size_t block_first,
			  const struct plan_function *function, double *block_p)
{
	COV_AUTO(free) bool *on_line = cov_xcalloc(function->block_count, sizeof(bool));

	mark_blocks(blocks->plan, function, on_line);
	for (uint32_t i = 0; i < function->block_count; i++) {
		const int64_t *counts = blocks->counts + block_first + i;

		block_p[i] = 1;
		if (!on_line[i] || !has_run(testing, counts, blocks->block_count, 1))
			continue;
		block_p[i] = test_block(testing, findings, counts, blocks->block_count);
		findings->p_values = cov_grow(findings->p_values, findings->p_count,
					      &findings->p_capacity, sizeof(double));
		findings->p_values[findings->p_count++] = block_p[i];
	}
}

static void note_lines(struct findings *findings, const struct cov_object_blocks *blocks,
		       const struct plan_function *function, const double *block_p)
{
	const struct plan *plan = blocks->plan;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		double *line_p = &findings->line_p[blocks->line_ids[entry->line]];

		for (uint32_t j = 0; j < entry->block_count; j++) {
			double p = block_p[plan->blocks[entry->block_first + j]];

			if (p < *line_p)
				*line_p = p;
		}
	}
}

static void visit(void *context, const struct cov_object_blocks *blocks, size_t thread)
{
	struct testing *testing = context;
	struct findings *findings = &testing->findings[thread];
	COV_AUTO(free) double *block_p = cov_xcalloc(blocks->plan->block_count_max, sizeof(double));
	size_t block_first = 0;

	if (!findings->line_p) {
		findings->line_p = cov_xcalloc(testing->kernel->line_count, sizeof(double));
		for (size_t i = 0; i < testing->kernel->line_count; i++)
			findings->line_p[i] = 1;
	}
	for (uint32_t i = 0; i < blocks->plan->function_count; i++) {
		const struct plan_function *function = &blocks->plan->functions[i];

		/* The entries of a function that never ran may be missing from the plan. */
		if (has_run(testing, blocks->counts + block_first, blocks->block_count,
			    function->block_count)) {
			test_function(testing, findings, blocks, block_first, function, block_p);
			note_lines(findings, blocks, function, block_p);
		}
		block_first += function->block_count;
	}
}

/* All threads' findings together, and what the limit is. */
static void conclude(struct testing *testing, double rate, struct block_verdict *ret)
{
	size_t line_count = testing->kernel->line_count;
	struct findings all = { 0 };

	ret->line_p = cov_xcalloc(line_count, sizeof(double));
	for (size_t i = 0; i < line_count; i++)
		ret->line_p[i] = 1;
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct findings *some = &testing->findings[i];

		for (size_t j = 0; some->line_p && j < line_count; j++) {
			if (some->line_p[j] < ret->line_p[j])
				ret->line_p[j] = some->line_p[j];
		}
		all.p_values = cov_xreallocarray(all.p_values, all.p_count + some->p_count + 1,
						 sizeof(double));
		if (some->p_count)
			memcpy(all.p_values + all.p_count, some->p_values,
			       some->p_count * sizeof(double));
		all.p_count += some->p_count;
		free(some->p_values);
		free(some->line_p);
		free(some->known);
		free(some->known_p);
	}
	cov_discovery_sort(all.p_values, all.p_count);
	ret->tested_count = all.p_count;
	ret->limit = cov_discovery_limit(all.p_values, all.p_count, rate);
	while (ret->discovered_count < all.p_count &&
	       all.p_values[ret->discovered_count] <= ret->limit)
		ret->discovered_count++;
	free(all.p_values);
}

int block_rule_test(const struct cov_kernel *kernel, const struct block_rule *rule,
		    const struct store_snapshots *trials, const struct store_snapshots *idle,
		    struct block_verdict *ret, struct cov_error *err)
{
	size_t count = trials->count + idle->count;
	COV_AUTO(free) struct testing *testing = cov_xcalloc(1, sizeof(*testing));
	COV_AUTO(free)
	struct cov_few_counters *snapshots = cov_xcalloc(count, sizeof(*snapshots)); /* borrowed */
	COV_AUTO(free) int64_t *durations_ns = cov_xcalloc(count, sizeof(*durations_ns));

	for (size_t i = 0; i < count; i++) {
		bool is_trial = i < trials->count;

		snapshots[i] = is_trial ? trials->items[i] : idle->items[i - trials->count];
		durations_ns[i] =
		    is_trial ? trials->durations_ns[i] : idle->durations_ns[i - trials->count];
	}
	testing->kernel = kernel;
	testing->rule = rule->rule;
	testing->durations_ns = durations_ns;
	testing->trial_count = trials->count;
	testing->idle_count = idle->count;
	testing->scale = trials->scale;
	int result = blocks_evaluate(kernel, snapshots, count, visit, testing, err);
	memset(ret, 0, sizeof(*ret));
	conclude(testing, rule->rate, ret);
	if (result)
		block_rule_verdict_deinit(ret);
	return result;
}
