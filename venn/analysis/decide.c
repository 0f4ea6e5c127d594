/* decide.c - the footprint of one group of trials, from its counters; on any thread. */
#include "venn/analysis/decide.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"

void decide_baseline_deinit(struct decide_baseline *baseline)
{
	store_group_snapshots_deinit(&baseline->trials);
	counters_few_deinit(&baseline->counters);
	counts_deinit(&baseline->counts);
	memset(baseline, 0, sizeof(*baseline));
}

static void sides_deinit(struct decide_sides *sides)
{
	counters_deinit(&sides->counters);
	counts_deinit(&sides->counts);
	counts_deinit(&sides->own_idle_counts);
	memset(sides, 0, sizeof(*sides));
}

COV_DEFINE_AUTO_STRUCT(struct decide_sides, sides_deinit)

void decide_deinit(struct decide *decide)
{
	store_group_packed_deinit(&decide->trials);
	store_observer_parts_deinit(&decide->parts);
	sides_deinit(&decide->whole);
	block_rule_findings_free(decide->findings);
	store_footprint_packed_deinit(&decide->packed);
	memset(decide, 0, sizeof(*decide));
}

/* Whether counts of the baseline alone would have objects that are damaged in the trials. */
static bool is_apart(const struct cov_kernel *kernel, const struct cov_counters *trial,
		     const unsigned char *idle_states)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (trial->states[i] == COV_OBJECT_BAD && idle_states[i] == COV_OBJECT_DECODED)
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

/* Counts of both sides, from the counters of the trials. @without: as store_observer_sum() has it
 */
static int evaluate(struct decide *decide, size_t without, struct decide_sides *sides,
		    struct store_observed *observed)
{
	const struct cov_kernel *kernel = decide->kernel;
	const struct decide_baseline *baseline = decide->baseline;
	COV_AUTO(free) unsigned char *idle_states = cov_xcalloc(kernel->object_count, 1);

	*observed = store_observer_sum(decide->observers, &decide->parts, kernel, without,
				       &sides->counters);
	memcpy(idle_states, baseline->counters.states, kernel->object_count);
	bool has_own_idle = is_apart(kernel, &sides->counters, idle_states);
	sides->objects_left_out = leave_out_damaged(kernel, &sides->counters, idle_states);
	sides->idle_counts = has_own_idle ? &sides->own_idle_counts : &baseline->counts;
	int result = counts_evaluate(kernel, &sides->counters, &sides->counts, &decide->err);
	if (result || !has_own_idle)
		return result;
	COV_AUTO(free)
	int64_t *values = cov_xcalloc(kernel->counter_count, sizeof(*values));
	counters_spread_few(&baseline->counters, 0, kernel->counter_count, values);
	return counts_evaluate(kernel,
			       &(struct cov_counters){ .values = values, .states = idle_states },
			       &sides->own_idle_counts, &decide->err);
}

int decide_evaluate(struct decide *decide)
{
	struct store_observed observed = { 0 };
	int result = store_observer_part(decide->observers, &decide->trials, decide->kernel,
					 decide->resample_count, &decide->parts, &decide->err);

	if (result == 0)
		result = evaluate(decide, decide->parts.count, &decide->whole, &observed);
	decide->footprint->trials_observed = observed.trials;
	decide->footprint->objects_left_out = decide->whole.objects_left_out;
	decide->footprint->functions_below = decide->whole.counts.contradicting_count;
	return result;
}

/* Each resample's trials, then all of them, against the baseline's. [splits->count][trial_count] */
static unsigned char *list_sides(const struct decide *decide, size_t trial_count)
{
	size_t count = decide->resample_count, all = trial_count + decide->baseline->trials.count;
	unsigned char *sides = cov_xcalloc((count + 1) * all, 1);

	for (size_t i = 0; i <= count; i++) {
		for (size_t j = 0; j < all; j++) {
			if (j >= trial_count)
				sides[i * all + j] = BLOCK_IDLE;
			else if (cov_resample_has(j, i, count))
				sides[i * all + j] = BLOCK_TRIAL;
		}
	}
	return sides;
}

/* Test the blocks of single trials, for all resamples and the whole at once. */
static int test(struct decide *decide)
{
	const struct store_snapshots *idle = &decide->baseline->trials;
	COV_AUTO(store_group_snapshots_deinit) struct store_snapshots trials = { 0 };
	int result = store_observer_open(decide->observers, &decide->trials, decide->kernel,
					 &trials, &decide->err);

	if (result)
		return result;
	size_t count = trials.count + idle->count;
	COV_AUTO(free)
	struct cov_few_counters *all = cov_xcalloc(count, sizeof(*all)); /* borrowed */
	COV_AUTO(free) int64_t *durations_ns = cov_xcalloc(count, sizeof(*durations_ns));
	COV_AUTO(free) unsigned char *sides = list_sides(decide, trials.count);
	for (size_t i = 0; i < count; i++) {
		const struct store_snapshots *side = i < trials.count ? &trials : idle;
		size_t place = i < trials.count ? i : i - trials.count;

		all[i] = side->items[place];
		durations_ns[i] = side->durations_ns[place];
	}
	const struct block_splits splits = {
		.trials = all,
		.durations_ns = durations_ns,
		.trial_count = count,
		.scale = trials.scale,
		.sides = sides,
		.count = decide->resample_count + 1,
	};
	return block_rule_test(decide->kernel, decide->rule.rule, &splits, &decide->findings,
			       &decide->err);
}

static struct store_sums sums_of(const struct decide *decide)
{
	const struct store_footprint *footprint = decide->footprint;
	const struct decide_sides *whole = &decide->whole;
	bool is_set = footprint->group->is_set;

	return (struct store_sums){
		.kernel = decide->kernel,
		.scale = decide->observers->scale,
		.counters = whole->counters.values,
		.counts = whole->counts.lines,
		.states = whole->counts.states,
		.calls = whole->counts.functions,
		.baseline = whole->idle_counts->lines,
		.baseline_calls = whole->idle_counts->functions,
		.baseline_share = is_set ? NAN
					 : (double)footprint->baseline->duration_ns /
					       (double)footprint->group->duration_ns,
	};
}

static int64_t duration_of(const struct decide *decide, size_t resample)
{
	int64_t duration_ns = 0;

	for (size_t i = 0; i < decide->trials.count; i++) {
		if (cov_resample_has(i, resample, decide->resample_count))
			duration_ns =
			    cov_number_add(duration_ns, decide->trials.items[i].duration_ns);
	}
	return duration_ns;
}

/* The lines that a resample keeps, or the whole. @verdict: what was tested is told there */
static struct cov_footprint_totals keep(const struct decide *decide, size_t resample,
					struct decide_sides *sides, struct block_verdict *verdict,
					struct cov_footprint *lines)
{
	counts_apply_evidence(decide->kernel, &sides->counts);
	if (sides->own_idle_counts.lines)
		counts_apply_evidence(decide->kernel, &sides->own_idle_counts);
	if (!decide->findings)
		return cov_footprint_decide(
		    sides->counts.states,
		    (struct cov_observations){ sides->counts.lines, duration_of(decide, resample) },
		    (struct cov_observations){ sides->idle_counts->lines,
					       decide->footprint->baseline->duration_ns },
		    lines);
	block_rule_conclude(decide->findings, resample, decide->rule.rate, verdict);
	return cov_footprint_take(sides->counts.states, sides->counts.lines, verdict->line_p,
				  verdict->limit, lines);
}

/* Which lines one resample decides otherwise than the whole. */
static int resample(struct decide *decide, size_t index)
{
	struct store_footprint *footprint = decide->footprint;
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	COV_AUTO(sides_deinit) struct decide_sides sides = { 0 };
	struct store_observed observed; /* that of the whole is told */
	int result = evaluate(decide, index, &sides, &observed);

	if (result)
		return result;
	cov_footprint_init(&lines, decide->kernel->line_count);
	keep(decide, index, &sides, &verdict, &lines);
	cov_footprint_compare(&footprint->lines, &lines, &footprint->without[index]);
	footprint->resample_count++;
	return 0;
}

/* What is stored of the whole, of which nothing else is left then. */
static void pack_whole(struct decide *decide)
{
	struct store_footprint *footprint = decide->footprint;
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };

	footprint->totals =
	    keep(decide, decide->resample_count, &decide->whole, &verdict, &footprint->lines);
	footprint->line_p = verdict.line_p;
	const struct store_sums sums = sums_of(decide);
	store_footprint_pack(footprint, &sums, &decide->packed);
	footprint->line_p = NULL;
	sides_deinit(&decide->whole);
}

int decide_apply(struct decide *decide)
{
	int result = cov_rule_is_test(decide->rule.rule) ? test(decide) : 0;

	if (result)
		return result;
	pack_whole(decide);
	for (size_t i = 0; result == 0 && i < decide->resample_count; i++)
		result = resample(decide, i);
	/* Others are decided on before this is stored. */
	store_group_packed_deinit(&decide->trials);
	store_observer_parts_deinit(&decide->parts);
	block_rule_findings_free(decide->findings);
	decide->findings = NULL;
	return result;
}
