/* blocks.c - how often each basic block ran, in several snapshots side by side. */
#include "collector/decode/blocks.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/plan/evaluate.h"

/* What one thread uses for object after object. */
struct workspace {
	struct evaluate_scratch scratch;
	struct pack_room room;
	int64_t *counts; /* [count_capacity], of blocks in all snapshots; owned */
	size_t count_capacity;
	int64_t *lines;         /* [largest plan's line_count], not looked at; owned */
	int64_t *counters;      /* [snapshot_count][largest plan's counter_count]; owned */
	bool *has_run;          /* [snapshot_count]; owned */
	int64_t *merged;        /* [largest plan's counter_count]; owned */
	struct cov_error error; /* code 0 when fine */
};

struct evaluating {
	const struct cov_kernel *kernel;
	const struct cov_few_counters *snapshots; /* [snapshot_count] */
	size_t snapshot_count;
	void (*visit)(void *context, const struct cov_object_blocks *blocks, size_t thread);
	void *context;
	uint32_t line_count_max;
	uint32_t counter_count_max;
	struct workspace workspaces[COV_THREADS_MAX];
};

/* Of all snapshots. To workspace->merged what is 0 only where it is in all. Return: whether any is
 * not. */
static bool spread(const struct evaluating *evaluating, size_t index, struct workspace *workspace)
{
	const struct cov_object *object = &evaluating->kernel->objects[index];
	size_t count = object->plan.counter_count;
	bool any = false;

	memset(workspace->counters, 0, evaluating->snapshot_count * count * sizeof(int64_t));
	memset(workspace->merged, 0, count * sizeof(int64_t));
	for (size_t i = 0; i < evaluating->snapshot_count; i++) {
		int64_t *counters = workspace->counters + i * count;

		workspace->has_run[i] =
		    evaluating->snapshots[i].states[index] == COV_OBJECT_DECODED &&
		    counters_spread_few(&evaluating->snapshots[i], object->counter_first, count,
					counters);
		any |= workspace->has_run[i];
		for (size_t j = 0; workspace->has_run[i] && j < count; j++)
			workspace->merged[j] |= counters[j];
	}
	return any;
}

static void evaluate_object(struct evaluating *evaluating, size_t index, const struct plan *plan,
			    struct workspace *workspace, size_t thread)
{
	const struct cov_object *object = &evaluating->kernel->objects[index];
	size_t block_count = plan_block_count(plan);
	size_t needed = block_count * evaluating->snapshot_count;

	if (needed > workspace->count_capacity) {
		workspace->counts =
		    cov_xreallocarray(workspace->counts, needed, sizeof(*workspace->counts));
		workspace->count_capacity = needed;
	}
	memset(workspace->counts, 0, needed * sizeof(*workspace->counts));
	for (size_t i = 0; i < evaluating->snapshot_count; i++) {
		struct plan_counts counts = {
			.lines = workspace->lines,
			.blocks = workspace->counts + i * block_count,
		};

		if (workspace->has_run[i])
			plan_evaluate(plan, workspace->counters + i * object->plan.counter_count,
				      &counts, &workspace->scratch);
	}
	evaluating->visit(evaluating->context,
			  &(struct cov_object_blocks){
			      .plan = plan,
			      .line_ids = object->line_ids,
			      .counters = workspace->counters,
			      .counts = workspace->counts,
			      .block_count = block_count,
			      .object = index,
			  },
			  thread);
}

static void evaluate_one(void *context, size_t index, size_t thread)
{
	struct evaluating *evaluating = context;
	const struct cov_object *object = &evaluating->kernel->objects[index];
	struct workspace *workspace = &evaluating->workspaces[thread];
	struct plan plan;

	if (workspace->error.code)
		return;
	if (!workspace->merged) {
		workspace->merged = cov_xcalloc(evaluating->counter_count_max, sizeof(int64_t));
		workspace->counters = cov_xcalloc(
		    evaluating->snapshot_count * evaluating->counter_count_max, sizeof(int64_t));
		workspace->has_run = cov_xcalloc(evaluating->snapshot_count, sizeof(bool));
		workspace->lines = cov_xcalloc(evaluating->line_count_max, sizeof(int64_t));
	}
	if (spread(evaluating, index, workspace) &&
	    counts_open_plan(object, workspace->merged, &workspace->room, &plan,
			     &workspace->error) == 0)
		evaluate_object(evaluating, index, &plan, workspace, thread);
}

int blocks_evaluate(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		    size_t snapshot_count,
		    void (*visit)(void *context, const struct cov_object_blocks *blocks,
				  size_t thread),
		    void *context, struct cov_error *err)
{
	COV_AUTO(free) struct evaluating *evaluating = cov_xcalloc(1, sizeof(*evaluating));
	int result = 0;

	evaluating->kernel = kernel;
	evaluating->snapshots = snapshots;
	evaluating->snapshot_count = snapshot_count;
	evaluating->visit = visit;
	evaluating->context = context;
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct plan *plan = &kernel->objects[i].plan;

		if (plan->line_count > evaluating->line_count_max)
			evaluating->line_count_max = plan->line_count;
		if (plan->counter_count > evaluating->counter_count_max)
			evaluating->counter_count_max = plan->counter_count;
	}
	cov_parallel_for(kernel->object_count, evaluate_one, evaluating);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct workspace *workspace = &evaluating->workspaces[i];

		evaluate_scratch_deinit(&workspace->scratch);
		pack_room_deinit(&workspace->room);
		free(workspace->counts);
		free(workspace->lines);
		free(workspace->merged);
		free(workspace->counters);
		free(workspace->has_run);
		if (workspace->error.code) {
			*err = workspace->error;
			result = err->code;
		}
	}
	return result;
}
