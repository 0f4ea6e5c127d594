/* counts.c - what the counters of a snapshot say of each line and function. */
#include "collector/counts.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/counters.h"
#include "collector/kernel.h"

struct evaluating {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters;
	struct cov_counts *counts;
	struct plan_scratch scratches[COV_THREADS_MAX];
	int64_t *line_counts[COV_THREADS_MAX]; /* [line_count_max], of one object; owned */
	uint32_t line_count_max;
};

static void evaluate_one(void *context, size_t index, size_t thread)
{
	struct evaluating *evaluating = context;
	const struct cov_object *object = &evaluating->kernel->objects[index];
	const struct plan *plan = &object->plan;
	int64_t *line_counts = evaluating->line_counts[thread];

	if (evaluating->counters->states[index] != COV_OBJECT_DECODED)
		return;
	if (!line_counts) {
		line_counts = cov_xcalloc(evaluating->line_count_max, sizeof(*line_counts));
		evaluating->line_counts[thread] = line_counts;
	}
	struct plan_counts object_counts = {
		.lines = line_counts,
		.functions = evaluating->counts->functions + object->function_first,
	};
	plan_evaluate(plan, evaluating->counters->values + object->counter_first, &object_counts,
		      &evaluating->scratches[thread]);
	for (uint32_t i = 0; i < plan->line_count; i++) {
		if (!line_counts[i])
			continue;
		/* A header's line may belong to objects that other threads are at. */
		__atomic_fetch_add(&evaluating->counts->lines[object->line_ids[i]], line_counts[i],
				   __ATOMIC_RELAXED);
		line_counts[i] = 0;
	}
}

static void find_lines(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       struct cov_counts *counts)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		for (uint32_t j = 0; j < object->plan.line_count; j++)
			counts->is_found[object->line_ids[j]] = true;
	}
	for (size_t i = 0; i < kernel->line_count; i++) {
		counts->found_count += counts->is_found[i];
		counts->hit_count += counts->lines[i] > 0;
		counts->negative_count += counts->lines[i] < 0;
	}
}

void counts_evaluate(const struct cov_kernel *kernel, const struct cov_counters *counters,
		     struct cov_counts *out)
{
	struct cov_counts counts = {
		.lines = cov_xcalloc(kernel->line_count, sizeof(int64_t)),
		.is_found = cov_xcalloc(kernel->line_count, sizeof(bool)),
		.functions = cov_xcalloc(kernel->function_count, sizeof(int64_t)),
	};
	struct evaluating evaluating = { kernel, counters, &counts, { { 0 } }, { 0 }, 0 };

	for (size_t i = 0; i < kernel->object_count; i++) {
		if (kernel->objects[i].plan.line_count > evaluating.line_count_max)
			evaluating.line_count_max = kernel->objects[i].plan.line_count;
	}
	cov_parallel_for(kernel->object_count, evaluate_one, &evaluating);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		plan_scratch_deinit(&evaluating.scratches[i]);
		free(evaluating.line_counts[i]);
	}
	find_lines(kernel, counters, &counts);
	*out = counts;
}

void counts_deinit(struct cov_counts *counts)
{
	free(counts->lines);
	free(counts->is_found);
	free(counts->functions);
	memset(counts, 0, sizeof(*counts));
}
