/* block_rule.c - decision rules that test basic blocks over the trials of a group. */
#include "venn/analysis/block_rule.h"

#include <stdio.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/base/terminal.h"
#include "venn/analysis/block_poisson.h"

enum {
	COUNT_UNKNOWN = -1, /* of a block whose object is bad in the trial */
	AT_ONCE_MIN = 16,   /* splits from which on it pays to sort what the ways are */
};

static const double not_tested = 2; /* above any p-value */

/*
 * Blocks that ran equally often in every trial, as those do that follow each other, have the same
 * p-values, which are found once.
 */
struct outcomes {
	int64_t *counts;                  /* [count][trial_count]; owned, as the next four */
	double *p_values[COV_RULE_COUNT]; /* [count][split_count], by rules that were asked for */
	uint32_t *blocks;                 /* [count], how many blocks have it */
	uint32_t *slots; /* [slot_count], by hash of the counts: 1 + place; 0: free */
	size_t count, capacity;
	size_t slot_count; /* a power of two, at least twice the count */
};

/* That a line has a block with an outcome. */
struct mark {
	uint32_t line;
	uint32_t outcome;
};

/* What one thread found. */
struct findings {
	struct outcomes outcomes;
	struct mark *marks; /* [mark_count]; owned */
	size_t mark_count, mark_capacity;
	struct cov_deals deals; /* owned */
};

struct block_findings {
	const struct cov_kernel *kernel; /* borrowed */
	unsigned rules;
	struct block_splits splits;
	uint64_t *masks;         /* [splits.count], which trials are BLOCK_TRIAL; NULL: there are
				    others than these and BLOCK_IDLE, or as many in each; owned */
	int64_t (*durations)[2]; /* [splits.count], of either side; owned */
	struct findings threads[COV_THREADS_MAX];
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

/* What only finding outcomes takes, not what is concluded from them. */
static void forget_counts(struct findings *found)
{
	free(found->outcomes.counts);
	found->outcomes.counts = NULL;
	free(found->outcomes.slots);
	found->outcomes.slots = NULL;
	cov_deals_deinit(&found->deals);
}

void block_rule_findings_free(struct block_findings *findings)
{
	if (!findings)
		return;
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct findings *some = &findings->threads[i];

		forget_counts(some);
		for (int rule = 0; rule < COV_RULE_COUNT; rule++)
			free(some->outcomes.p_values[rule]);
		free(some->outcomes.blocks);
		free(some->marks);
	}
	free(findings->masks);
	free(findings->durations);
	free(findings);
}

/*
 * Whether a block ran on either side, and is known of all that are on one. To choose by the trials
 * alone what is tested would favour those that chance favoured.
 */
static bool is_tested(const unsigned char *sides, const int64_t *counts, size_t count)
{
	bool has_run = false;

	for (size_t i = 0; i < count; i++) {
		if (sides[i] == BLOCK_LEFT_OUT)
			continue;
		if (counts[i] == COUNT_UNKNOWN)
			return false;
		has_run |= counts[i] > 0;
	}
	return has_run;
}

/* Where trials are left out. */
static double poisson_p(const struct block_findings *findings, size_t split, const int64_t *counts)
{
	const struct block_splits *splits = &findings->splits;
	const unsigned char *sides = splits->sides + split * splits->trial_count;
	int64_t sums[2] = { 0 };

	for (size_t i = 0; i < splits->trial_count; i++) {
		if (sides[i] != BLOCK_LEFT_OUT)
			sums[sides[i] == BLOCK_IDLE] =
			    cov_number_add(sums[sides[i] == BLOCK_IDLE], counts[i]);
	}
	return block_poisson_p(&(struct block_poisson){ splits->scale, splits->p_most }, sums,
			       findings->durations[split]);
}

/* @rates: [trial_count], scratch */
static double permutation_p(struct cov_deals *deals, const struct block_splits *splits,
			    const unsigned char *sides, const int64_t *counts, double *rates)
{
	size_t trials = 0, count = 0;

	for (int side = BLOCK_TRIAL; side <= BLOCK_IDLE; side++) {
		for (size_t i = 0; i < splits->trial_count; i++) {
			if (sides[i] == side)
				rates[count++] =
				    (double)counts[i] / (double)splits->durations_ns[i];
		}
		if (side == BLOCK_TRIAL)
			trials = count;
	}
	return cov_permutation_p(deals, rates, trials, count - trials);
}

/* All splits at once, where none of the trials is left out. */
static void permutation_all(const struct block_findings *findings, struct cov_deals *deals,
			    const int64_t *counts, double *ret)
{
	const struct block_splits *splits = &findings->splits;
	const struct cov_permutation_deals dealt = { findings->masks, splits->count,
						     splits->trial_count };
	double rates[64];

	for (size_t i = 0; i < splits->trial_count; i++)
		rates[i] = (double)counts[i] / (double)splits->durations_ns[i];
	cov_permutation_all(deals, &dealt, rates, ret);
}

/* @counts: [trial_count], of one block; @ret: by split */
static void find_p_values(const struct block_findings *findings, enum cov_rule rule,
			  struct cov_deals *deals, const int64_t *counts, double *ret)
{
	const struct block_splits *splits = &findings->splits;
	COV_AUTO(free) double *rates = cov_xcalloc(splits->trial_count, sizeof(*rates));

	if (findings->masks && is_tested(splits->sides, counts, splits->trial_count)) {
		const struct block_sides sides = { findings->masks,
						   (const int64_t(*)[2])findings->durations,
						   splits->count, splits->trial_count };
		const struct block_poisson poisson = { splits->scale, splits->p_most };

		if (rule == COV_RULE_POISSON)
			block_poisson_all(&poisson, &sides, counts, ret);
		else
			permutation_all(findings, deals, counts, ret);
		return;
	}
	for (size_t i = 0; i < splits->count; i++) {
		const unsigned char *sides = splits->sides + i * splits->trial_count;

		ret[i] = not_tested;
		if (!is_tested(sides, counts, splits->trial_count))
			continue;
		ret[i] = rule == COV_RULE_POISSON
			     ? poisson_p(findings, i, counts)
			     : permutation_p(deals, splits, sides, counts, rates);
	}
}

static uint64_t hash_of(const int64_t *counts, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++) {
		hash ^= (uint64_t)counts[i];
		hash = cov_random_next(&hash);
	}
	return hash;
}

/* The slot of an outcome, or the free one where it would be. */
static uint32_t *find_slot(const struct outcomes *outcomes, const int64_t *counts, size_t count)
{
	size_t place = (size_t)hash_of(counts, count);

	for (;; place++) {
		uint32_t *slot = &outcomes->slots[place & (outcomes->slot_count - 1)];

		if (!*slot || memcmp(outcomes->counts + (*slot - 1) * count, counts,
				     count * sizeof(*counts)) == 0)
			return slot;
	}
}

static void make_room(const struct block_findings *findings, struct outcomes *outcomes)
{
	const struct block_splits *splits = &findings->splits;
	size_t count = splits->trial_count;

	if (outcomes->count < outcomes->capacity)
		return;
	outcomes->capacity = outcomes->capacity ? 2 * outcomes->capacity : 1024;
	outcomes->counts = cov_xreallocarray(outcomes->counts, outcomes->capacity * count,
					     sizeof(*outcomes->counts));
	for (int rule = 0; rule < COV_RULE_COUNT; rule++) {
		if (findings->rules >> rule & 1)
			outcomes->p_values[rule] =
			    cov_xreallocarray(outcomes->p_values[rule],
					      outcomes->capacity * splits->count, sizeof(double));
	}
	outcomes->blocks =
	    cov_xreallocarray(outcomes->blocks, outcomes->capacity, sizeof(*outcomes->blocks));
	free(outcomes->slots);
	outcomes->slot_count = 2 * outcomes->capacity;
	outcomes->slots = cov_xcalloc(outcomes->slot_count, sizeof(*outcomes->slots));
	for (size_t i = 0; i < outcomes->count; i++)
		*find_slot(outcomes, outcomes->counts + i * count, count) = (uint32_t)i + 1;
}

/* The outcome of a block that ran so often. Return: its place. */
static uint32_t add_block(const struct block_findings *findings, struct findings *found,
			  const int64_t *counts)
{
	struct outcomes *outcomes = &found->outcomes;
	const struct block_splits *splits = &findings->splits;
	size_t count = splits->trial_count, place = outcomes->count;

	make_room(findings, outcomes);
	uint32_t *slot = find_slot(outcomes, counts, count);
	if (!*slot) {
		memcpy(outcomes->counts + place * count, counts, count * sizeof(*counts));
		for (int rule = 0; rule < COV_RULE_COUNT; rule++) {
			if (findings->rules >> rule & 1)
				find_p_values(findings, (enum cov_rule)rule, &found->deals, counts,
					      outcomes->p_values[rule] + place * splits->count);
		}
		outcomes->blocks[place] = 0;
		*slot = (uint32_t)++outcomes->count;
	}
	outcomes->blocks[*slot - 1]++;
	return *slot - 1;
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

/* Whether any of @block_count blocks ran in any trial. @counts: of the first of them */
static bool has_run(const struct cov_object_blocks *blocks, size_t trial_count,
		    const int64_t *counts, uint32_t block_count)
{
	for (size_t i = 0; i < trial_count; i++) {
		for (uint32_t j = 0; j < block_count; j++) {
			if (counts[i * blocks->block_count + j])
				return true;
		}
	}
	return false;
}

/* What one object is tested with. Arrays are owned by the caller. */
struct testing {
	const struct block_findings *findings;
	struct findings *found;
	const struct cov_object_blocks *blocks;
	int64_t *counts; /* [trial_count], of one block */
	bool *on_line;   /* [block_count_max], of a function */
	uint32_t
	    *outcomes; /* [block_count_max], of a function's blocks: 1 + place; 0: not tested */
};

/* Outcomes of a function's blocks. */
static void test_function(struct testing *testing, const struct plan_function *function,
			  size_t block_first)
{
	const struct cov_object_blocks *blocks = testing->blocks;
	const struct block_splits *splits = &testing->findings->splits;

	memset(testing->on_line, 0, function->block_count * sizeof(*testing->on_line));
	mark_blocks(blocks->plan, function, testing->on_line);
	for (uint32_t i = 0; i < function->block_count; i++) {
		const int64_t *counts = blocks->counts + block_first + i;

		testing->outcomes[i] = 0;
		if (!testing->on_line[i] || !has_run(blocks, splits->trial_count, counts, 1))
			continue;
		for (size_t j = 0; j < splits->trial_count; j++)
			testing->counts[j] =
			    splits->trials[j].states[blocks->object] == COV_OBJECT_BAD
				? COUNT_UNKNOWN
				: counts[j * blocks->block_count];
		testing->outcomes[i] =
		    add_block(testing->findings, testing->found, testing->counts) + 1;
	}
}

static void note_lines(struct testing *testing, const struct plan_function *function)
{
	const struct plan *plan = testing->blocks->plan;
	struct findings *found = testing->found;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		uint32_t line = testing->blocks->line_ids[entry->line];

		for (uint32_t j = 0; j < entry->block_count; j++) {
			uint32_t outcome = testing->outcomes[plan->blocks[entry->block_first + j]];

			if (!outcome)
				continue;
			found->marks = cov_grow(found->marks, found->mark_count,
						&found->mark_capacity, sizeof(*found->marks));
			found->marks[found->mark_count++] = (struct mark){ line, outcome - 1 };
		}
	}
}

static void visit(void *context, const struct cov_object_blocks *blocks, size_t thread)
{
	struct block_findings *findings = context;
	uint32_t most = blocks->plan->block_count_max;
	size_t trial_count = findings->splits.trial_count, block_first = 0;
	COV_AUTO(free) int64_t *counts = cov_xcalloc(trial_count, sizeof(*counts));
	COV_AUTO(free) bool *on_line = cov_xcalloc(most, sizeof(*on_line));
	COV_AUTO(free) uint32_t *outcomes = cov_xcalloc(most, sizeof(*outcomes));
	struct testing testing = { findings, &findings->threads[thread], blocks, counts, on_line,
				   outcomes };

	for (uint32_t i = 0; i < blocks->plan->function_count; i++) {
		const struct plan_function *function = &blocks->plan->functions[i];

		/* The entries of a function that never ran may be missing from the plan. */
		if (has_run(blocks, trial_count, blocks->counts + block_first,
			    function->block_count)) {
			test_function(&testing, function, block_first);
			note_lines(&testing, function);
		}
		block_first += function->block_count;
	}
}

/* Which trials are dealt out how, if all are, in each split as many. */
static void find_masks(struct block_findings *findings)
{
	const struct block_splits *splits = &findings->splits;
	int chosen = 0;

	if (splits->trial_count > 64 || splits->count < AT_ONCE_MIN)
		return;
	findings->masks = cov_xcalloc(splits->count, sizeof(*findings->masks));
	for (size_t i = 0; i < splits->count; i++) {
		const unsigned char *sides = splits->sides + i * splits->trial_count;
		bool has_all = true;

		for (size_t j = 0; j < splits->trial_count; j++) {
			findings->masks[i] |= (uint64_t)(sides[j] == BLOCK_TRIAL) << j;
			has_all &= sides[j] != BLOCK_LEFT_OUT;
		}
		chosen = i ? chosen : __builtin_popcountll(findings->masks[0]);
		if (has_all && __builtin_popcountll(findings->masks[i]) == chosen)
			continue;
		free(findings->masks);
		findings->masks = NULL;
		return;
	}
}

static void find_durations(struct block_findings *findings)
{
	const struct block_splits *splits = &findings->splits;

	findings->durations = cov_xcalloc(splits->count, sizeof(*findings->durations));
	for (size_t i = 0; i < splits->count; i++) {
		const unsigned char *sides = splits->sides + i * splits->trial_count;

		for (size_t j = 0; j < splits->trial_count; j++) {
			if (sides[j] != BLOCK_LEFT_OUT)
				findings->durations[i][sides[j] == BLOCK_IDLE] +=
				    splits->durations_ns[j];
		}
	}
}

int block_rule_test(const struct cov_kernel *kernel, unsigned rules,
		    const struct block_splits *splits, struct block_findings **ret,
		    struct cov_error *err)
{
	COV_AUTO(block_rule_findings_free)
	struct block_findings *findings = cov_xcalloc(1, sizeof(*findings));

	findings->kernel = kernel;
	findings->rules = rules;
	findings->splits = *splits;
	find_masks(findings);
	find_durations(findings);
	int result =
	    blocks_evaluate(kernel, splits->trials, splits->trial_count, visit, findings, err);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		forget_counts(&findings->threads[i]);
	if (result)
		return result;
	*ret = findings;
	findings = NULL;
	return 0;
}

/* P-values of a split. */
struct p_values {
	double *items; /* [count]; owned */
	size_t count, capacity;
	size_t tested; /* how many there are, also those that were not asked for */
};

static void p_values_deinit(struct p_values *p_values)
{
	free(p_values->items);
}

COV_DEFINE_AUTO_STRUCT(struct p_values, p_values_deinit)

/* Those of all blocks tested in a split that are at most @most, ascending. */
static void list_p_values(const struct block_findings *findings, enum cov_rule rule, size_t split,
			  double most, struct p_values *ret)
{
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		const struct outcomes *outcomes = &findings->threads[i].outcomes;

		for (size_t j = 0; j < outcomes->count; j++) {
			double p = outcomes->p_values[rule][j * findings->splits.count + split];

			if (p >= not_tested)
				continue;
			ret->tested += outcomes->blocks[j];
			for (uint32_t k = 0; p <= most && k < outcomes->blocks[j]; k++) {
				ret->items = cov_grow(ret->items, ret->count, &ret->capacity,
						      sizeof(*ret->items));
				ret->items[ret->count++] = p;
			}
		}
	}
	cov_discovery_sort(ret->items, ret->count);
}

void block_rule_conclude(const struct block_findings *findings, enum cov_rule rule, size_t split,
			 double rate, struct block_verdict *ret)
{
	size_t line_count = findings->kernel->line_count;
	COV_AUTO(p_values_deinit) struct p_values p_values = { 0 };

	list_p_values(findings, rule, split, 1, &p_values);
	*ret = (struct block_verdict){
		.tested_count = p_values.tested,
		.line_p = cov_xcalloc(line_count, sizeof(double)),
	};
	for (size_t i = 0; i < line_count; i++)
		ret->line_p[i] = 1;
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		const struct findings *some = &findings->threads[i];

		for (size_t j = 0; j < some->mark_count; j++) {
			size_t place = some->marks[j].outcome * findings->splits.count + split;
			double p = some->outcomes.p_values[rule][place];
			double *line_p = &ret->line_p[some->marks[j].line];

			if (p < *line_p)
				*line_p = p;
		}
	}
	ret->limit = cov_discovery_limit(p_values.items, p_values.count, ret->tested_count, rate);
	while (ret->discovered_count < p_values.count &&
	       p_values.items[ret->discovered_count] <= ret->limit)
		ret->discovered_count++;
}

/* What is a discovery in each split. */
struct limits {
	const struct block_findings *findings;
	enum cov_rule rule;
	double rate;
	double *items; /* by split; owned */
};

static void limits_deinit(struct limits *limits)
{
	free(limits->items);
}

COV_DEFINE_AUTO_STRUCT(struct limits, limits_deinit)

static void find_limit(void *context, size_t split, size_t thread)
{
	struct limits *limits = context;
	COV_AUTO(p_values_deinit) struct p_values p_values = { 0 };

	(void)thread;
	/* What is above the rate is none, but for rounding. */
	list_p_values(limits->findings, limits->rule, split, limits->rate * (1 + 1e-9), &p_values);
	limits->items[split] =
	    cov_discovery_limit(p_values.items, p_values.count, p_values.tested, limits->rate);
}

void block_rule_discoveries(const struct block_findings *findings, enum cov_rule rule, double rate,
			    unsigned char *ret)
{
	size_t count = findings->splits.count;
	COV_AUTO(limits_deinit)
	struct limits limits = { findings, rule, rate, cov_xcalloc(count, sizeof(*limits.items)) };

	cov_parallel_for(count, find_limit, &limits);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		const struct findings *some = &findings->threads[i];

		for (size_t j = 0; j < some->mark_count; j++) {
			const double *p_values =
			    some->outcomes.p_values[rule] + some->marks[j].outcome * count;
			unsigned char *line = ret + some->marks[j].line * count;

			for (size_t k = 0; k < count; k++)
				line[k] |= p_values[k] <= limits.items[k];
		}
	}
}
