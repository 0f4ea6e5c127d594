/* unite.c - the footprints of a platform's workloads, of all or of a group, as one. */
#include "venn/analysis/unite.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_tile.h"

void unite_deinit(struct unite *unite)
{
	store_footprint_deinit(&unite->footprint);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		cov_footprint_deinit(&unite->resamples[i]);
	agreement_trials_deinit(&unite->trials);
	free(unite->counters);
	free(unite->counts);
	cov_footprint_deinit(&unite->found);
	cov_footprint_deinit(&unite->ran);
	free(unite->calls);
	free(unite->baseline_calls);
	memset(unite, 0, sizeof(*unite));
}

bool unite_has(const struct store_members *members, int64_t group_id,
	       const struct store_group *group)
{
	for (size_t i = 0; i < members->count; i++) {
		if (members->items[i].group_id == group_id &&
		    members->items[i].workload_id == group->workload_id)
			return true;
	}
	return !group_id && group->kind == STORE_WORKLOAD;
}

static void start(struct unite *unite, const struct store_group *group,
		  const struct cov_kernel *kernel, int64_t scale)
{
	unite->kernel = kernel;
	unite->scale = scale;
	unite->group = *group;
	unite->group.workload_id = unite->group_id;
	unite->group.trial_count = 0;
	unite->group.duration_ns = 0;
	unite->footprint.group = &unite->group;
	cov_footprint_init(&unite->footprint.lines, kernel->line_count);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		cov_footprint_init(&unite->resamples[i], kernel->line_count);
	cov_footprint_init(&unite->found, kernel->line_count);
	cov_footprint_init(&unite->ran, kernel->line_count);
	if (unite->group_id)
		return;
	unite->counters = cov_xcalloc(kernel->counter_count, sizeof(*unite->counters));
	unite->counts = cov_xcalloc(kernel->line_count, sizeof(*unite->counts));
	unite->calls = cov_xcalloc(kernel->function_count, sizeof(*unite->calls));
	unite->baseline_calls = cov_xcalloc(kernel->function_count, sizeof(*unite->baseline_calls));
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

/* What is instrumented. */
static int add_found(struct unite *unite, const struct store_packed *packed)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	size_t line_count = unite->kernel->line_count, size = 0;
	const unsigned char *found =
	    cov_decompress(&decompressor, packed->found, packed->found_bytes, &size);

	if (!found || size != (line_count + 63) / 64 * sizeof(uint64_t))
		return COV_ERR_STORE;
	for (size_t i = 0; i * 64 < line_count; i++) {
		uint64_t word;

		memcpy(&word, found + i * sizeof(word), sizeof(word));
		/* Of the last word, as much as there are lines. */
		if (line_count - i * 64 < 64)
			word &= ((uint64_t)1 << (line_count - i * 64)) - 1;
		unite->found.words[i] |= word;
	}
	return 0;
}

/* Lines that were executed, and those of them that are kept. */
static int add_lines(struct unite *unite, const struct store_packed *packed)
{
	struct tile_walk walk = store_tile_walk(STORE_TILE_FOOTPRINT_LINES, &packed->lines, 2);
	int result;

	while ((result = tile_next(&walk)) > 0) {
		if (walk.id >= unite->kernel->line_count)
			return COV_ERR_STORE;
		cov_footprint_add(&unite->ran, walk.id);
		if (walk.values[1])
			cov_footprint_add(&unite->footprint.lines, walk.id);
		if (unite->counts)
			unite->counts[walk.id] =
			    cov_number_add(unite->counts[walk.id],
					   store_observer_divide(walk.values[0], unite->scale));
	}
	return result ? COV_ERR_STORE : 0;
}

static int add_functions(struct unite *unite, const struct store_packed *packed)
{
	struct tile_walk walk =
	    store_tile_walk(STORE_TILE_FOOTPRINT_FUNCTIONS, &packed->functions, 2);
	int result;

	while ((result = tile_next(&walk)) > 0) {
		if (walk.id >= unite->kernel->function_count)
			return COV_ERR_STORE;
		/* So that the sum is that of what is printed of each. */
		unite->calls[walk.id] = cov_number_add(
		    unite->calls[walk.id], store_observer_divide(walk.values[0], unite->scale));
		/* All are set against the same, of which some lack objects that are damaged in
		 * trials. */
		if (walk.values[1] > unite->baseline_calls[walk.id])
			unite->baseline_calls[walk.id] = walk.values[1];
	}
	return result ? COV_ERR_STORE : 0;
}

static int add_counters(struct unite *unite, const struct store_packed *packed)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };

	for (size_t i = 0; i < packed->count; i++) {
		const struct cov_object *object = &unite->kernel->objects[i];
		int64_t *sum = unite->counters + object->counter_first;
		size_t count = object->plan.counter_count, size = 0;

		if (!packed->items[i])
			continue;
		const char *bytes =
		    cov_decompress(&decompressor, packed->items[i], packed->sizes[i], &size);
		if (!bytes || size != count * sizeof(*sum))
			return COV_ERR_STORE;
		for (size_t j = 0; j < count; j++) {
			int64_t counter;

			memcpy(&counter, bytes + j * sizeof(counter), sizeof(counter));
			sum[j] = cov_number_add(sum[j], counter);
		}
	}
	return 0;
}

/* A resample leaves out the trials of that number of every workload that has one. */
static void add_resamples(struct unite *unite, const struct store_footprint *footprint)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	struct store_footprint *sum = &unite->footprint;

	cov_footprint_init(&lines, footprint->lines.line_count);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++) {
		cov_footprint_copy(&footprint->lines, &lines);
		cov_footprint_change(&lines, &footprint->without[i]);
		cov_footprint_unite(&unite->resamples[i], &lines);
	}
	unite->lacks_resamples |= footprint->resample_count == 0;
	if (footprint->resample_count > sum->resample_count)
		sum->resample_count = footprint->resample_count;
}

/* Where every workload has resamples, those of the union. */
static void finish_resamples(struct unite *unite)
{
	struct store_footprint *sum = &unite->footprint;

	if (unite->lacks_resamples)
		sum->resample_count = 0;
	for (size_t i = 0; i < sum->resample_count; i++)
		cov_footprint_compare(&sum->lines, &unite->resamples[i], &sum->without[i]);
}

int unite_add(struct unite *unite, const struct cov_kernel *kernel, int64_t scale,
	      const struct store_footprint *footprint, const struct store_packed *packed,
	      struct cov_error *err)
{
	if (!unite->found.words)
		start(unite, footprint->group, kernel, scale);
	add_totals(unite, footprint);
	add_resamples(unite, footprint);
	int result = add_found(unite, packed);
	if (result == 0)
		result = add_lines(unite, packed);
	if (result == 0 && !unite->group_id)
		result = add_functions(unite, packed);
	if (result == 0 && !unite->group_id)
		result = add_counters(unite, packed);
	return result ? cov_fail(err, result, "the footprint of %s/%s in the database is damaged",
				 footprint->group->platform, footprint->group->workload)
		      : 0;
}

/* The lines, functions and counters of all workloads, as they are stored. */
static void pack_all(struct unite *unite, struct store_packed *ret)
{
	const struct cov_kernel *kernel = unite->kernel;
	COV_AUTO(free) unsigned char *states = cov_xcalloc(kernel->line_count, 1);
	const struct store_sums sums = {
		.kernel = kernel,
		.scale = unite->scale,
		.counters = unite->counters,
		.counts = unite->counts,
		.states = states,
		.calls = unite->calls,
		.baseline_calls = unite->baseline_calls,
	};

	for (size_t i = 0; i < kernel->line_count; i++) {
		if (cov_footprint_has(&unite->ran, i))
			states[i] = COV_LINE_EXECUTED;
		else if (cov_footprint_has(&unite->found, i))
			states[i] = COV_LINE_NOT_EXECUTED;
	}
	multiply(unite->counts, kernel->line_count, unite->scale);
	multiply(unite->calls, kernel->function_count, unite->scale);
	store_footprint_pack(&unite->footprint, &sums, ret);
}

int unite_store(struct unite *unite, struct store *store, int64_t kernel_id, int64_t analysis_id,
		const struct store_directories *directories, struct cov_error *err)
{
	struct cov_footprint_totals *totals = &unite->footprint.totals;
	COV_AUTO(store_footprint_packed_deinit) struct store_packed packed = { 0 };
	int64_t group_id = unite->group_id;

	if (!unite->found.words)
		return 0;
	cov_footprint_unite(&unite->found, &unite->ran);
	totals->found = cov_footprint_count(&unite->found);
	totals->hit = cov_footprint_count(&unite->ran);
	totals->kept = cov_footprint_count(&unite->footprint.lines);
	totals->removed = totals->hit - totals->kept;
	finish_resamples(unite);
	if (!group_id)
		pack_all(unite, &packed);
	int result = store_footprint_add(store, kernel_id, analysis_id, &unite->footprint,
					 group_id ? NULL : &packed, err);
	if (result == 0)
		result =
		    agreement_store(store, unite->footprint.id, &unite->trials, directories, err);
	unite_deinit(unite);
	unite->group_id = group_id;
	return result;
}
