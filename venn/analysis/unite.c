/* unite.c - the footprints of a platform's workloads, of all or of a group, as one. */
#include "venn/analysis/unite.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/store_observer.h"

void unite_deinit(struct unite *unite)
{
	cov_footprint_deinit(&unite->footprint.lines);
	agreement_trials_deinit(&unite->trials);
	free(unite->counters);
	free(unite->counts);
	free(unite->states);
	free(unite->calls);
	free(unite->baseline_calls);
	memset(unite, 0, sizeof(*unite));
}

static void start(struct unite *unite, const struct store_group *group,
		  const struct store_sums *sums)
{
	const struct cov_kernel *kernel = sums->kernel;

	unite->kernel = kernel;
	unite->scale = sums->scale;
	unite->group = *group;
	unite->group.workload_id = unite->group_id;
	unite->group.trial_count = 0;
	unite->group.duration_ns = 0;
	unite->footprint.group = &unite->group;
	cov_footprint_init(&unite->footprint.lines, kernel->line_count);
	unite->states = cov_xcalloc(kernel->line_count, 1);
	if (unite->group_id)
		return;
	unite->counters = cov_xcalloc(kernel->counter_count, sizeof(*unite->counters));
	unite->counts = cov_xcalloc(kernel->line_count, sizeof(*unite->counts));
	unite->calls = cov_xcalloc(kernel->function_count, sizeof(*unite->calls));
	unite->baseline_calls = cov_xcalloc(kernel->function_count, sizeof(*unite->baseline_calls));
}

static void add_counters(int64_t *sum, const int64_t *more, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum[i] = cov_number_add(sum[i], more[i]);
}

/* So that the sum is that of what is printed of each. */
static void add_counts(int64_t *sum, const int64_t *more, size_t count, int64_t scale)
{
	for (size_t i = 0; i < count; i++)
		sum[i] = cov_number_add(sum[i], store_observer_divide(more[i], scale));
}

/* Counts times the scale, which end where sums end. */
static void multiply(int64_t *counts, size_t count, int64_t scale)
{
	for (size_t i = 0; i < count; i++) {
		if (__builtin_mul_overflow(counts[i], scale, &counts[i]))
			counts[i] = counts[i] > 0 ? INT64_MAX : INT64_MIN;
	}
}

static void add_totals(struct unite *unite, const struct store_footprint *footprint)
{
	struct store_footprint *sum = &unite->footprint;

	unite->group.trial_count += footprint->group->trial_count;
	unite->group.duration_ns =
	    cov_number_add(unite->group.duration_ns, footprint->group->duration_ns);
	sum->trials_observed += footprint->trials_observed;
	sum->functions_below += footprint->functions_below;
	if (footprint->objects_left_out > sum->objects_left_out)
		sum->objects_left_out = footprint->objects_left_out;
}

void unite_add(struct unite *unite, const struct store_footprint *footprint,
	       const struct store_sums *sums)
{
	const struct cov_kernel *kernel = sums->kernel;

	if (!unite->states)
		start(unite, footprint->group, sums);
	add_totals(unite, footprint);
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (cov_footprint_has(&footprint->lines, i))
			cov_footprint_add(&unite->footprint.lines, i);
		if (sums->states[i] > unite->states[i])
			unite->states[i] = sums->states[i];
	}
	if (unite->group_id)
		return;
	add_counters(unite->counters, sums->counters, kernel->counter_count);
	add_counts(unite->counts, sums->counts, kernel->line_count, sums->scale);
	add_counts(unite->calls, sums->calls, kernel->function_count, sums->scale);
	/* All are set against the same, of which some lack objects that are damaged in trials. */
	for (size_t i = 0; i < kernel->function_count; i++) {
		if (sums->baseline_calls[i] > unite->baseline_calls[i])
			unite->baseline_calls[i] = sums->baseline_calls[i];
	}
}

void unite_add_trials(struct unite *unite, const struct agreement_trials *trials, size_t line_count)
{
	struct agreement_trials *all = &unite->trials;

	if (!all->masks)
		*all = (struct agreement_trials){ cov_xcalloc(line_count, sizeof(*all->masks)),
						  trials->count };
	if (trials->count < all->count)
		all->count = trials->count;
	for (size_t i = 0; i < line_count; i++)
		all->masks[i] |= trials->masks[i];
}

/* How far these studies agree; of those that every workload took part in. */
static int store_trials(struct unite *unite, struct store *store, size_t line_count,
			const struct store_directories *directories, struct cov_error *err)
{
	struct agreement_trials *all = &unite->trials;

	for (size_t i = 0; i < line_count; i++)
		all->masks[i] &= ((uint64_t)1 << all->count) - 1;
	return agreement_store(store, unite->footprint.id, all, directories, err);
}

int unite_store(struct unite *unite, struct store *store, int64_t kernel_id, int64_t analysis_id,
		const struct store_directories *directories, struct cov_error *err)
{
	const struct cov_kernel *kernel = unite->kernel;
	struct cov_footprint_totals *totals = &unite->footprint.totals;
	COV_AUTO(store_footprint_packed_deinit) struct store_packed packed = { 0 };
	const struct store_sums sums = {
		.kernel = kernel,
		.scale = unite->scale,
		.counters = unite->counters,
		.counts = unite->counts,
		.states = unite->states,
		.calls = unite->calls,
		.baseline_calls = unite->baseline_calls,
	};

	if (!unite->states)
		return 0;
	for (size_t i = 0; i < kernel->line_count; i++) {
		totals->found += unite->states[i] != COV_LINE_NOT_INSTRUMENTED;
		totals->hit += unite->states[i] >= COV_LINE_PARTLY;
		totals->kept += cov_footprint_has(&unite->footprint.lines, i);
	}
	totals->removed = totals->hit - totals->kept;
	int64_t group_id = unite->group_id;
	if (!group_id) {
		multiply(unite->counts, kernel->line_count, unite->scale);
		multiply(unite->calls, kernel->function_count, unite->scale);
		store_footprint_pack(&unite->footprint, &sums, &packed);
	}
	int result = store_footprint_add(store, kernel_id, analysis_id, &unite->footprint,
					 group_id ? NULL : &packed, err);
	if (result == 0)
		result = store_trials(unite, store, kernel->line_count, directories, err);
	unite_deinit(unite);
	unite->group_id = group_id;
	return result;
}
