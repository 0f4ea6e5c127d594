/* decide.c - the footprint of one group of trials, from its counters; on any thread. */
#include "venn/analysis/decide.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/analysis/decide_part.h"

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

/* What sums are evaluated of: a kernel, or what ran of it. All borrowed. */
struct within {
	const struct cov_kernel *kernel;
	const struct store_observers *observers;
	const struct store_parts *parts;
	const struct decide_baseline *baseline;
};

/* Counts of both sides, from the counters of the trials. @without: as store_observer_sum() has it
 */
static int evaluate(const struct within *within, size_t without, struct decide_sides *sides,
		    struct store_observed *observed, struct cov_error *err)
{
	const struct cov_kernel *kernel = within->kernel;
	const struct decide_baseline *baseline = within->baseline;
	COV_AUTO(free) unsigned char *idle_states = cov_xcalloc(kernel->object_count, 1);

	*observed =
	    store_observer_sum(within->observers, within->parts, kernel, without, &sides->counters);
	memcpy(idle_states, baseline->counters.states, kernel->object_count);
	bool has_own_idle = is_apart(kernel, &sides->counters, idle_states);
	sides->objects_left_out = leave_out_damaged(kernel, &sides->counters, idle_states);
	sides->idle_counts = has_own_idle ? &sides->own_idle_counts : &baseline->counts;
	int result = counts_evaluate(kernel, &sides->counters, &sides->counts, err);
	/* They are counted. */
	free(sides->counts.contradictions);
	sides->counts.contradictions = NULL;
	if (result || !has_own_idle)
		return result;
	COV_AUTO(free)
	int64_t *values = cov_xcalloc(kernel->counter_count, sizeof(*values));
	counters_spread_few(&baseline->counters, 0, kernel->counter_count, values);
	return counts_evaluate(kernel,
			       &(struct cov_counters){ .values = values, .states = idle_states },
			       &sides->own_idle_counts, err);
}

static int add_up_parts(struct decide *decide)
{
	return store_observer_part(decide->observers, &decide->trials, decide->kernel,
				   decide->resample_count, &decide->parts, &decide->err);
}

/* Counters are packed as soon as they are evaluated: they take more memory than counts. */
static int evaluate_whole(struct decide *decide)
{
	struct store_observed observed = { 0 };
	struct cov_counters *counters = &decide->whole.counters;
	int result = evaluate(
	    &(struct within){ decide->kernel, decide->observers, &decide->parts, decide->baseline },
	    decide->parts.count, &decide->whole, &observed, &decide->err);

	decide->footprint->trials_observed = observed.trials;
	decide->footprint->objects_left_out = decide->whole.objects_left_out;
	decide->footprint->functions_below = decide->whole.counts.contradicting_count;
	if (result == 0)
		store_footprint_pack_counters(decide->kernel, counters->values, &decide->packed);
	counters_deinit(counters);
	return result;
}

int decide_evaluate(struct decide *decide)
{
	int result = add_up_parts(decide);

	return result ? result : evaluate_whole(decide);
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

/* The trials of a group and those of its baseline, one by one. */
struct single {
	struct store_snapshots trials; /* of the group; owned, as are the next */
	struct cov_few_counters *all;  /* [count], those of the group first; what is in it is not */
	int64_t *durations_ns;         /* [count] */
	size_t count, trial_count;     /* of these are the group's */
};

static void single_deinit(struct single *single)
{
	store_group_snapshots_deinit(&single->trials);
	free(single->all);
	free(single->durations_ns);
}

COV_DEFINE_AUTO_STRUCT(struct single, single_deinit)

static int open_single(struct decide *decide, struct single *ret)
{
	const struct store_snapshots *idle = &decide->baseline->trials;
	int result = store_observer_open(decide->observers, &decide->trials, decide->kernel,
					 &ret->trials, &decide->err);

	if (result)
		return result;
	ret->trial_count = ret->trials.count;
	ret->count = ret->trial_count + idle->count;
	ret->all = cov_xcalloc(ret->count, sizeof(*ret->all));
	ret->durations_ns = cov_xcalloc(ret->count, sizeof(*ret->durations_ns));
	for (size_t i = 0; i < ret->count; i++) {
		const struct store_snapshots *side = i < ret->trials.count ? &ret->trials : idle;
		size_t place = i < ret->trials.count ? i : i - ret->trials.count;

		ret->all[i] = side->items[place];
		ret->durations_ns[i] = side->durations_ns[place];
	}
	return 0;
}

/* Test the blocks of single trials, for all resamples and the whole at once. */
static int test(struct decide *decide, const struct single *single, const struct decide_part *part)
{
	COV_AUTO(free) unsigned char *sides = list_sides(decide, single->trial_count);
	const struct block_splits splits = {
		.trials = part->trials,
		.durations_ns = single->durations_ns,
		.trial_count = single->count,
		.scale = decide->observers->scale,
		.sides = sides,
		.count = decide->resample_count + 1,
		.p_most = 1, /* they are stored */
	};

	return block_rule_test(&part->ran.kernel, 1u << decide->rule.rule, &splits,
			       &decide->findings, &decide->err);
}

static struct store_sums sums_of(const struct decide *decide)
{
	const struct store_footprint *footprint = decide->footprint;
	const struct decide_sides *whole = &decide->whole;
	bool is_set = footprint->group->is_set;

	return (struct store_sums){
		.kernel = decide->kernel,
		.scale = decide->observers->scale,
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

/* What was tested of a resample, or of the whole; without p-values nothing was. */
struct tested {
	struct cov_line_p line_p; /* by the lines of what is decided on; borrowed */
	double limit;
};

/* The lines that a resample keeps, or the whole. */
static struct cov_footprint_totals keep(const struct decide *decide,
					const struct cov_kernel *kernel, size_t resample,
					struct decide_sides *sides, const struct tested *tested,
					struct cov_footprint *lines)
{
	counts_apply_evidence(kernel, &sides->counts);
	if (sides->own_idle_counts.lines)
		counts_apply_evidence(kernel, &sides->own_idle_counts);
	if (!tested->line_p.p)
		return cov_footprint_decide(
		    sides->counts.states,
		    (struct cov_observations){ sides->counts.lines, duration_of(decide, resample) },
		    (struct cov_observations){ sides->idle_counts->lines,
					       decide->footprint->baseline->duration_ns },
		    lines);
	return cov_footprint_take(sides->counts.states, sides->counts.lines, tested->line_p,
				  tested->limit, lines);
}

/* What resamples keep, of the lines of a part that is gone. */
struct resamples {
	struct cov_footprint lines[COV_RESAMPLE_MAX]; /* [decide->resample_count]; owned */
	uint32_t *line_ids;                           /* [line_count], the part's; owned */
	size_t line_count;
};

static void resamples_deinit(struct resamples *resamples)
{
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		cov_footprint_deinit(&resamples->lines[i]);
	free(resamples->line_ids);
}

COV_DEFINE_AUTO_STRUCT(struct resamples, resamples_deinit)

static int resample(struct decide *decide, const struct decide_part *part, size_t index,
		    struct cov_footprint *lines)
{
	const struct cov_kernel *kernel = &part->ran.kernel;
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };
	COV_AUTO(sides_deinit) struct decide_sides sides = { 0 };
	struct store_observed observed; /* that of the whole is told */
	const struct decide_baseline baseline = { .counters = *part->idle,
						  .counts = { .lines = part->idle_lines } };
	int result = evaluate(&(struct within){ kernel, &part->observers, &part->parts, &baseline },
			      index, &sides, &observed, &decide->err);

	if (result)
		return result;
	cov_footprint_init(lines, kernel->line_count);
	if (decide->findings)
		block_rule_conclude(decide->findings, decide->rule.rule, index, decide->rule.rate,
				    &verdict);
	keep(decide, kernel, index, &sides,
	     &(struct tested){ { NULL, verdict.line_p, kernel->line_count }, verdict.limit },
	     lines);
	return 0;
}

static int resample_all(struct decide *decide, struct decide_part *part, struct resamples *ret)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < decide->resample_count; i++)
		result = resample(decide, part, i, &ret->lines[i]);
	ret->line_ids = part->ran.line_ids;
	ret->line_count = part->ran.kernel.line_count;
	part->ran.line_ids = NULL;
	return result;
}

/* Which lines each resample decides otherwise than the whole. */
static void compare_resamples(const struct decide *decide, const struct resamples *resamples)
{
	struct store_footprint *footprint = decide->footprint;
	COV_AUTO(cov_footprint_deinit) struct cov_footprint whole = { 0 };

	cov_footprint_init(&whole, resamples->lines[0].line_count);
	for (size_t i = 0; i < whole.line_count; i++) {
		if (cov_footprint_has(&footprint->lines, resamples->line_ids[i]))
			cov_footprint_add(&whole, i);
	}
	for (size_t i = 0; i < decide->resample_count; i++) {
		struct cov_footprint_changes *changes = &footprint->without[i];

		cov_footprint_compare(&whole, &resamples->lines[i], changes);
		for (size_t j = 0; j < changes->count; j++)
			changes->lines[j] = resamples->line_ids[changes->lines[j]];
	}
	footprint->resample_count = decide->resample_count;
}

/* What is stored of the whole, of which nothing else is left then. @verdict: of all trials, by the
 * lines of the part */
static void pack_whole(struct decide *decide, const struct resamples *resamples,
		       const struct block_verdict *verdict)
{
	struct store_footprint *footprint = decide->footprint;
	const struct tested tested = {
		{ resamples->line_ids, verdict->line_p, resamples->line_count },
		verdict->limit,
	};

	footprint->totals = keep(decide, decide->kernel, decide->resample_count, &decide->whole,
				 &tested, &footprint->lines);
	footprint->line_p = verdict->line_p ? &tested.line_p : NULL;
	const struct store_sums sums = sums_of(decide);
	store_footprint_pack(footprint, &sums, &decide->packed);
	footprint->line_p = NULL;
	sides_deinit(&decide->whole);
}

/* All that is decided in what ran of the kernel, which needs no memory afterwards. */
static int work_in_part(struct decide *decide, struct resamples *resamples,
			struct block_verdict *verdict)
{
	bool is_test = cov_rule_is_test(decide->rule.rule);
	COV_AUTO(single_deinit) struct single single = { 0 };
	COV_AUTO(decide_part_deinit) struct decide_part part = { 0 };
	int result = is_test ? open_single(decide, &single) : 0;

	if (result)
		return result;
	const struct decide_part_whole whole = {
		.kernel = decide->kernel,
		.observers = decide->observers,
		.parts = &decide->parts,
		.idle = &decide->baseline->counters,
		.idle_lines = decide->baseline->counts.lines,
		.trials = single.all,
		.trial_count = single.count,
	};
	result = decide_part_init(&whole, &part, &decide->err);
	store_group_snapshots_deinit(&single.trials);
	if (result == 0 && is_test)
		result = test(decide, &single, &part);
	if (result)
		return result;
	if (is_test)
		block_rule_conclude(decide->findings, decide->rule.rule, decide->resample_count,
				    decide->rule.rate, verdict);
	result = resample_all(decide, &part, resamples);
	block_rule_findings_free(decide->findings);
	decide->findings = NULL;
	return result;
}

int decide_apply(struct decide *decide)
{
	bool is_test = cov_rule_is_test(decide->rule.rule);
	COV_AUTO(resamples_deinit) struct resamples resamples = { 0 };
	COV_AUTO(block_rule_verdict_deinit) struct block_verdict verdict = { 0 };
	int result = decide->parts.count ? 0 : add_up_parts(decide);

	if (result == 0 && (is_test || decide->resample_count))
		result = work_in_part(decide, &resamples, &verdict);
	if (result == 0 && !decide->whole.counts.lines)
		result = evaluate_whole(decide);
	if (result)
		return result;
	pack_whole(decide, &resamples, &verdict);
	if (decide->resample_count)
		compare_resamples(decide, &resamples);
	/* Others are decided on before this is stored. */
	store_group_packed_deinit(&decide->trials);
	store_observer_parts_deinit(&decide->parts);
	return 0;
}
