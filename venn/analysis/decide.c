/* decide.c - the footprint of one group of trials, from its counters; on any thread. */
#include "venn/analysis/decide.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"

void decide_baseline_deinit(struct decide_baseline *baseline)
{
	store_group_snapshots_deinit(&baseline->trials);
	counters_deinit(&baseline->counters);
	counts_deinit(&baseline->counts);
	memset(baseline, 0, sizeof(*baseline));
}

void decide_deinit(struct decide *decide)
{
	store_group_packed_deinit(&decide->trials);
	counters_deinit(&decide->counters);
	counts_deinit(&decide->counts);
	counts_deinit(&decide->own_idle_counts);
	block_rule_verdict_deinit(&decide->verdict);
	store_footprint_packed_deinit(&decide->packed);
	memset(decide, 0, sizeof(*decide));
}

/* Whether counts of the baseline alone would have objects that are damaged in the trials. */
static bool is_apart(const struct cov_kernel *kernel, const struct cov_counters *trial,
		     const struct cov_counters *idle)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (trial->states[i] == COV_OBJECT_BAD && idle->states[i] == COV_OBJECT_DECODED)
			return true;
	}
	return false;
}

/*
 * Leave out of both what is damaged in one of them: compared with nothing, all of an object would
 * be kept, or removed. @idle_states: changed, too. Return: how many objects.
 */
static size_t leave_out_damaged(const struct cov_kernel *kernel, struct cov_counters *trial,
				unsigned char *idle_states)
{
	size_t count = 0;

	for (size_t i = 0; i < kernel->object_count; i++) {
		if (trial->states[i] != COV_OBJECT_BAD && idle_states[i] != COV_OBJECT_BAD)
			continue;
		trial->states[i] = COV_OBJECT_BAD;
		idle_states[i] = COV_OBJECT_BAD;
		memset(trial->values + kernel->objects[i].counter_first, 0,
		       kernel->objects[i].plan.counter_count * sizeof(int64_t));
		count++;
	}
	return count;
}

int decide_evaluate(struct decide *decide)
{
	const struct cov_kernel *kernel = decide->kernel;
	const struct cov_counters *idle = &decide->baseline->counters;
	struct store_observed observed = { 0 };
	int result = store_observer_add(decide->observers, &decide->trials, kernel,
					&decide->counters, &observed, &decide->err);

	if (result)
		return result;
	decide->footprint->trials_observed = observed.trials;
	COV_AUTO(free) unsigned char *idle_states = cov_xcalloc(kernel->object_count, 1);
	memcpy(idle_states, idle->states, kernel->object_count);
	bool has_own_idle = is_apart(kernel, &decide->counters, idle);
	decide->footprint->objects_left_out =
	    leave_out_damaged(kernel, &decide->counters, idle_states);
	result = counts_evaluate(kernel, &decide->counters, &decide->counts, &decide->err);
	if (result == 0)
		decide->footprint->functions_below = decide->counts.contradicting_count;
	decide->idle_counts = has_own_idle ? &decide->own_idle_counts : &decide->baseline->counts;
	if (result == 0 && has_own_idle)
		result = counts_evaluate(
		    kernel, &(struct cov_counters){ .values = idle->values, .states = idle_states },
		    &decide->own_idle_counts, &decide->err);
	return result;
}

/* By a rule that tests blocks over single trials. */
static int test(struct decide *decide)
{
	struct store_footprint *footprint = decide->footprint;
	COV_AUTO(store_group_snapshots_deinit) struct store_snapshots trials = { 0 };
	int result = store_observer_open(decide->observers, &decide->trials, decide->kernel,
					 &trials, &decide->err);

	if (result == 0)
		result = block_rule_test(decide->kernel, &decide->rule, &trials,
					 &decide->baseline->trials, &decide->verdict, &decide->err);
	if (result)
		return result;
	footprint->line_p = decide->verdict.line_p;
	footprint->totals =
	    cov_footprint_take(decide->counts.states, decide->counts.lines, decide->verdict.line_p,
			       decide->verdict.limit, &footprint->lines);
	return 0;
}

static struct store_sums sums_of(const struct decide *decide)
{
	const struct store_footprint *footprint = decide->footprint;

	return (struct store_sums){
		.kernel = decide->kernel,
		.scale = decide->observers->scale,
		.counters = decide->counters.values,
		.counts = decide->counts.lines,
		.states = decide->counts.states,
		.calls = decide->counts.functions,
		.baseline = decide->idle_counts->lines,
		.baseline_calls = decide->idle_counts->functions,
		.baseline_share = (double)footprint->baseline->duration_ns /
				  (double)footprint->group->duration_ns,
	};
}

int decide_apply(struct decide *decide)
{
	struct store_footprint *footprint = decide->footprint;
	int result = 0;

	counts_apply_evidence(decide->kernel, &decide->counts);
	if (decide->own_idle_counts.lines)
		counts_apply_evidence(decide->kernel, &decide->own_idle_counts);
	if (cov_rule_is_test(decide->rule.rule))
		result = test(decide);
	else
		footprint->totals = cov_footprint_decide(
		    decide->counts.states,
		    (struct cov_observations){ decide->counts.lines,
					       footprint->group->duration_ns },
		    (struct cov_observations){ decide->idle_counts->lines,
					       footprint->baseline->duration_ns },
		    &footprint->lines);
	if (result)
		return result;
	const struct store_sums sums = sums_of(decide);
	store_footprint_pack(footprint, &sums, &decide->packed);
	/* Others are decided on before this is stored. */
	footprint->line_p = NULL;
	store_group_packed_deinit(&decide->trials);
	counters_deinit(&decide->counters);
	counts_deinit(&decide->counts);
	counts_deinit(&decide->own_idle_counts);
	block_rule_verdict_deinit(&decide->verdict);
	return 0;
}
