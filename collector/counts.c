/* counts.c - what the counters of a snapshot say of each line and function. */
#include "collector/counts.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/compress.h"
#include "collector/counters.h"
#include "collector/kernel.h"

/* What one thread uses for object after object. */
struct workspace {
	struct plan_scratch scratch;
	struct cov_decompressor body;
	int64_t *line_counts; /* [line_count_max], of one object, 0 between objects; owned */
	struct cov_error err; /* code 0 when fine */
};

struct evaluating {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters;
	struct cov_counts *counts;
	struct workspace workspaces[COV_THREADS_MAX];
	uint32_t line_count_max;
};

static bool has_run(const struct cov_object *object, const int64_t *counters)
{
	for (uint32_t i = 0; i < object->plan.counter_count; i++) {
		if (counters[i])
			return true;
	}
	return false;
}

/* The whole plan of an object, from the database for as long as @decompressor keeps it. */
static int open_plan(const struct cov_object *object, const int64_t *counters,
		     struct cov_decompressor *decompressor, struct plan *view,
		     struct cov_error *err)
{
	size_t size;

	*view = object->plan;
	if (!object->body)
		return 0;
	const void *body = cov_decompress(decompressor, object->body, object->body_bytes, &size);
	if (!body)
		return cov_fail(err, COV_ERR_FORMAT, "%s: its plan is damaged", object->path);
	return plan_open(&object->plan, body, counters, view, err);
}

/* A header's line may belong to objects that other threads are at. */
static void add_lines(struct cov_counts *counts, const struct cov_object *object,
		      int64_t *line_counts)
{
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		if (!line_counts[i])
			continue;
		__atomic_fetch_add(&counts->lines[object->line_ids[i]], line_counts[i],
				   __ATOMIC_RELAXED);
		line_counts[i] = 0;
	}
}

static void evaluate_one(void *context, size_t index, size_t thread)
{
	struct evaluating *evaluating = context;
	const struct cov_object *object = &evaluating->kernel->objects[index];
	const int64_t *counters = evaluating->counters->values + object->counter_first;
	struct workspace *workspace = &evaluating->workspaces[thread];
	struct cov_counts *counts = evaluating->counts;
	struct plan plan;

	if (evaluating->counters->states[index] != COV_OBJECT_DECODED ||
	    !has_run(object, counters) || workspace->err.code)
		return;
	if (open_plan(object, counters, &workspace->body, &plan, &workspace->err) != 0)
		return;
	if (!workspace->line_counts)
		workspace->line_counts =
		    cov_xcalloc(evaluating->line_count_max, sizeof(*workspace->line_counts));
	struct plan_counts object_counts = {
		.lines = workspace->line_counts,
		.functions = counts->functions + object->function_first,
	};
	plan_evaluate(&plan, counters, &object_counts, &workspace->scratch);
	add_lines(counts, object, workspace->line_counts);
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

int counts_evaluate(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    struct cov_counts *out, struct cov_error *err)
{
	COV_AUTO(counts_deinit)
	struct cov_counts counts = {
		.lines = cov_xcalloc(kernel->line_count, sizeof(int64_t)),
		.is_found = cov_xcalloc(kernel->line_count, sizeof(bool)),
		.functions = cov_xcalloc(kernel->function_count, sizeof(int64_t)),
	};
	COV_AUTO(free) struct evaluating *evaluating = cov_xcalloc(1, sizeof(*evaluating));
	int result = 0;

	evaluating->kernel = kernel;
	evaluating->counters = counters;
	evaluating->counts = &counts;
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (kernel->objects[i].plan.line_count > evaluating->line_count_max)
			evaluating->line_count_max = kernel->objects[i].plan.line_count;
	}
	cov_parallel_for(kernel->object_count, evaluate_one, evaluating);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct workspace *workspace = &evaluating->workspaces[i];

		plan_scratch_deinit(&workspace->scratch);
		cov_decompressor_deinit(&workspace->body);
		free(workspace->line_counts);
		if (workspace->err.code) {
			*err = workspace->err;
			result = err->code;
		}
	}
	if (result)
		return result;
	find_lines(kernel, counters, &counts);
	*out = counts;
	memset(&counts, 0, sizeof(counts));
	return 0;
}

void counts_deinit(struct cov_counts *counts)
{
	free(counts->lines);
	free(counts->is_found);
	free(counts->functions);
	memset(counts, 0, sizeof(*counts));
}
