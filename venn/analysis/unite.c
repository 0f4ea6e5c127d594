/* unite.c - the footprints of a platform's workloads, of all or of a group, as one. */
#include "venn/analysis/unite.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_tile.h"

void unite_part_deinit(struct unite_part *part)
{
	cov_footprint_deinit(&part->found);
	cov_footprint_deinit(&part->ran);
	cov_footprint_deinit(&part->kept);
	free(part->counts);
	free(part->calls_of);
	free(part->calls);
	free(part->baseline_calls);
	cov_footprint_deinit(&part->counted);
	free(part->counters);
	memset(part, 0, sizeof(*part));
}

/* Of the last word, as much as there are lines. */
static bool open_found(const struct store_packed *packed, struct unite_part *part)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	size_t line_count = part->found.line_count, word_count = (line_count + 63) / 64;

	if (!cov_decompress_to(&decompressor, packed->found, packed->found_bytes, part->found.words,
			       word_count * sizeof(*part->found.words)))
		return false;
	if (line_count % 64)
		part->found.words[word_count - 1] &= ((uint64_t)1 << line_count % 64) - 1;
	return true;
}

/* Lines that were executed, and those of them that are kept. */
static bool open_lines(const struct store_packed *packed, int64_t scale, bool is_counted,
		       struct unite_part *part)
{
	struct tile_walk walk = store_tile_walk(STORE_TILE_FOOTPRINT_LINES, &packed->lines, 2);
	size_t count = 0, most = packed->lines.count * TILE_IDS;
	int result;

	if (is_counted)
		part->counts = cov_xreallocarray(NULL, most, sizeof(*part->counts));
	while ((result = tile_next(&walk)) > 0) {
		/* In order, each once: that is how their counts are found. */
		if (walk.id >= part->ran.line_count || cov_footprint_has(&part->ran, walk.id))
			return false;
		cov_footprint_add(&part->ran, walk.id);
		if (walk.values[1])
			cov_footprint_add(&part->kept, walk.id);
		if (is_counted)
			part->counts[count++] = store_observer_divide(walk.values[0], scale);
	}
	if (is_counted)
		part->counts = cov_xreallocarray(part->counts, count, sizeof(*part->counts));
	return result == 0;
}

static bool open_functions(const struct store_packed *packed, int64_t scale, size_t function_count,
			   struct unite_part *part)
{
	struct tile_walk walk =
	    store_tile_walk(STORE_TILE_FOOTPRINT_FUNCTIONS, &packed->functions, 2);
	size_t most = packed->functions.count * TILE_IDS;
	int result;

	part->calls_of = cov_xreallocarray(NULL, most, sizeof(*part->calls_of));
	part->calls = cov_xreallocarray(NULL, most, sizeof(*part->calls));
	part->baseline_calls = cov_xreallocarray(NULL, most, sizeof(*part->baseline_calls));
	while ((result = tile_next(&walk)) > 0) {
		size_t place = part->call_count++;

		if (walk.id >= function_count)
			return false;
		part->calls_of[place] = (uint32_t)walk.id;
		part->calls[place] = store_observer_divide(walk.values[0], scale);
		part->baseline_calls[place] = walk.values[1];
	}
	return result == 0;
}

/* The counters of an object that are not 0. @counters: all of them */
static void keep_counters(const struct cov_object *object, const int64_t *counters,
			  struct unite_part *part, size_t *count, size_t *capacity)
{
	for (size_t i = 0; i < object->plan.counter_count; i++) {
		if (!counters[i])
			continue;
		cov_footprint_add(&part->counted, object->counter_first + i);
		part->counters =
		    cov_grow(part->counters, *count, capacity, sizeof(*part->counters));
		part->counters[(*count)++] = counters[i];
	}
}

static bool open_counters(const struct store_packed *packed, const struct cov_kernel *kernel,
			  struct unite_part *part)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	COV_AUTO(free) int64_t *counters = NULL;
	size_t count = 0, capacity = 0, room = 0;

	cov_footprint_init(&part->counted, kernel->counter_count);
	for (size_t i = 0; i < packed->count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		size_t wanted = object->plan.counter_count;

		if (!packed->items[i])
			continue;
		counters = cov_reserve(counters, 0, wanted, &room, sizeof(*counters));
		if (!cov_decompress_to(&decompressor, packed->items[i], packed->sizes[i], counters,
				       wanted * sizeof(*counters)))
			return false;
		keep_counters(object, counters, part, &count, &capacity);
	}
	return true;
}

void unite_part_open(const struct store_packed *packed, const struct cov_kernel *kernel,
		     int64_t scale, bool is_counted, struct unite_part *ret)
{
	memset(ret, 0, sizeof(*ret));
	cov_footprint_init(&ret->found, kernel->line_count);
	cov_footprint_init(&ret->ran, kernel->line_count);
	cov_footprint_init(&ret->kept, kernel->line_count);
	ret->is_damaged =
	    !open_found(packed, ret) || !open_lines(packed, scale, is_counted, ret) ||
	    (is_counted && (!open_functions(packed, scale, kernel->function_count, ret) ||
			    !open_counters(packed, kernel, ret)));
}

void unite_deinit(struct unite *unite)
{
	store_footprint_deinit(&unite->footprint);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		cov_footprint_deinit(&unite->resamples[i]);
	agreement_trials_deinit(&unite->trials);
	free(unite->counters);
	cov_footprint_deinit(&unite->counted);
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
	cov_footprint_init(&unite->found, kernel->line_count);
	cov_footprint_init(&unite->ran, kernel->line_count);
	if (unite->group_id)
		return;
	cov_footprint_init(&unite->counted, kernel->counter_count);
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

/*
 * Sums of what is in either of two, in order: few lines and counters of a kernel are ever in any.
 * @sums: free()d; @of: what they are of, and then also @more, of which @values are
 * Return: free() it.
 */
static int64_t *add_sums(struct cov_footprint *of, int64_t *sums, const struct cov_footprint *more,
			 const int64_t *values)
{
	size_t word_count = (of->line_count + 63) / 64, count = 0;
	const int64_t *sum = sums;

	for (size_t i = 0; i < word_count; i++)
		count += (size_t)__builtin_popcountll(of->words[i] | more->words[i]);
	int64_t *ret = cov_xreallocarray(NULL, count, sizeof(*ret)), *next = ret;
	for (size_t i = 0; i < word_count; i++) {
		uint64_t before = of->words[i], added = more->words[i];

		for (uint64_t rest = before | added; rest; rest &= rest - 1) {
			uint64_t bit = rest & -rest;

			*next = before & bit ? *sum++ : 0;
			if (added & bit)
				*next = cov_number_add(*next, *values++);
			next++;
		}
		of->words[i] |= added;
	}
	free(sums);
	return ret;
}

/* All numbers, 0 where there is none. cov_block_give() it. */
static int64_t *spread(const struct cov_footprint *of, const int64_t *sums)
{
	int64_t *ret = cov_block_take_zeroed(of->line_count, sizeof(*ret));

	for (size_t i = 0; i < (of->line_count + 63) / 64; i++) {
		for (uint64_t rest = of->words[i]; rest; rest &= rest - 1)
			ret[i * 64 + (size_t)__builtin_ctzll(rest)] = *sums++;
	}
	return ret;
}

static void add_functions(struct unite *unite, const struct unite_part *part)
{
	for (size_t i = 0; i < part->call_count; i++) {
		uint32_t function = part->calls_of[i];

		/* So that the sum is that of what is printed of each. */
		unite->calls[function] = cov_number_add(unite->calls[function], part->calls[i]);
		/* All are set against the same, of which some lack objects that are damaged in
		 * trials. */
		if (part->baseline_calls[i] > unite->baseline_calls[function])
			unite->baseline_calls[function] = part->baseline_calls[i];
	}
}

/* A resample leaves out the trials of that number of every workload that has one. */
static void add_resamples(struct unite *unite, const struct store_footprint *footprint)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	struct store_footprint *sum = &unite->footprint;

	unite->lacks_resamples |= footprint->resample_count == 0;
	if (unite->lacks_resamples)
		return;
	cov_footprint_init(&lines, footprint->lines.line_count);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++) {
		if (!unite->resamples[i].words)
			cov_footprint_init(&unite->resamples[i], lines.line_count);
		cov_footprint_copy(&footprint->lines, &lines);
		cov_footprint_change(&lines, &footprint->without[i]);
		cov_footprint_unite(&unite->resamples[i], &lines);
	}
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

void unite_add(struct unite *unite, const struct cov_kernel *kernel, int64_t scale,
	       const struct store_footprint *footprint, const struct unite_part *part)
{
	if (!unite->found.words)
		start(unite, footprint->group, kernel, scale);
	add_totals(unite, footprint);
	add_resamples(unite, footprint);
	cov_footprint_unite(&unite->found, &part->found);
	cov_footprint_unite(&unite->footprint.lines, &part->kept);
	if (unite->group_id) {
		cov_footprint_unite(&unite->ran, &part->ran);
		return;
	}
	unite->counts = add_sums(&unite->ran, unite->counts, &part->ran, part->counts);
	unite->counters =
	    add_sums(&unite->counted, unite->counters, &part->counted, part->counters);
	add_functions(unite, part);
}

/* The lines, functions and counters of all workloads, as they are stored. */
static void pack_all(struct unite *unite, struct store_packed *ret)
{
	const struct cov_kernel *kernel = unite->kernel;
	int64_t *counters = spread(&unite->counted, unite->counters);

	store_footprint_pack_counters(kernel, counters, ret);
	cov_block_give(counters);
	int64_t *counts = spread(&unite->ran, unite->counts);
	COV_AUTO(free) unsigned char *states = cov_xcalloc(kernel->line_count, 1);
	const struct store_sums sums = {
		.kernel = kernel,
		.scale = unite->scale,
		.counts = counts,
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
	multiply(counts, kernel->line_count, unite->scale);
	multiply(unite->calls, kernel->function_count, unite->scale);
	store_footprint_pack(&unite->footprint, &sums, ret);
	cov_block_give(counts);
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
