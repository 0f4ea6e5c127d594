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
	struct pack_room room;
	int64_t *counters;      /* [snapshot_count][largest plan's counter_count]; owned */
	bool *has_run;          /* [snapshot_count]; owned */
	int64_t *merged;        /* [largest plan's counter_count]; owned */
	struct cov_error error; /* code 0 when fine */
};

struct showing {
	const struct cov_kernel *kernel;
	const struct cov_few_counters *snapshots; /* [snapshot_count] */
	size_t snapshot_count;
	void (*visit)(void *context, const struct cov_object_snapshots *object, size_t thread);
	void *context;
	uint32_t counter_count_max;
	struct workspace workspaces[COV_THREADS_MAX];
};

/* Of all snapshots. To workspace->merged what is 0 only where it is in all. Return: whether any is
 * not. */
static bool spread(const struct showing *showing, size_t index, struct workspace *workspace)
{
	const struct cov_object *object = &showing->kernel->objects[index];
	size_t count = object->plan.counter_count;
	bool any = false;

	memset(workspace->counters, 0, showing->snapshot_count * count * sizeof(int64_t));
	memset(workspace->merged, 0, count * sizeof(int64_t));
	for (size_t i = 0; i < showing->snapshot_count; i++) {
		int64_t *counters = workspace->counters + i * count;

		workspace->has_run[i] = showing->snapshots[i].states[index] == COV_OBJECT_DECODED &&
					counters_spread_few(&showing->snapshots[i],
							    object->counter_first, count, counters);
		any |= workspace->has_run[i];
		for (size_t j = 0; workspace->has_run[i] && j < count; j++)
			workspace->merged[j] |= counters[j];
	}
	return any;
}

static void show_one(void *context, size_t index, size_t thread)
{
	struct showing *showing = context;
	const struct cov_object *object = &showing->kernel->objects[index];
	struct workspace *workspace = &showing->workspaces[thread];
	struct plan plan;

	if (workspace->error.code)
		return;
	if (!workspace->merged) {
		workspace->merged = cov_xcalloc(showing->counter_count_max, sizeof(int64_t));
		workspace->counters = cov_xcalloc(
		    showing->snapshot_count * showing->counter_count_max, sizeof(int64_t));
		workspace->has_run = cov_xcalloc(showing->snapshot_count, sizeof(bool));
	}
	if (!spread(showing, index, workspace) ||
	    counts_open_plan(object, workspace->merged, &workspace->room, &plan,
			     &workspace->error) != 0)
		return;
	showing->visit(showing->context,
		       &(struct cov_object_snapshots){
			   .plan = &plan,
			   .line_ids = object->line_ids,
			   .counters = workspace->counters,
			   .has_run = workspace->has_run,
			   .object = index,
		       },
		       thread);
}

int blocks_show_objects(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
			size_t snapshot_count,
			void (*visit)(void *context, const struct cov_object_snapshots *object,
				      size_t thread),
			void *context, struct cov_error *err)
{
	COV_AUTO(free) struct showing *showing = cov_xcalloc(1, sizeof(*showing));
	int result = 0;

	showing->kernel = kernel;
	showing->snapshots = snapshots;
	showing->snapshot_count = snapshot_count;
	showing->visit = visit;
	showing->context = context;
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct plan *plan = &kernel->objects[i].plan;

		if (plan->counter_count > showing->counter_count_max)
			showing->counter_count_max = plan->counter_count;
	}
	cov_parallel_for(kernel->object_count, show_one, showing);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct workspace *workspace = &showing->workspaces[i];

		pack_room_deinit(&workspace->room);
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

/* Blocks of one object in all snapshots, by each thread. */
struct evaluating {
	size_t snapshot_count;
	void (*visit)(void *context, const struct cov_object_blocks *blocks, size_t thread);
	void *context;
	struct counting {
		struct evaluate_scratch scratch;
		int64_t *counts; /* [count_capacity], of blocks in all snapshots; owned */
		size_t count_capacity;
		int64_t *lines; /* [line_capacity], not looked at; owned */
		size_t line_capacity;
	} threads[COV_THREADS_MAX];
};

static void evaluate_object(void *context, const struct cov_object_snapshots *object, size_t thread)
{
	struct evaluating *evaluating = context;
	struct counting *counting = &evaluating->threads[thread];
	const struct plan *plan = object->plan;
	size_t block_count = plan_block_count(plan);
	size_t needed = block_count * evaluating->snapshot_count;

	if (needed > counting->count_capacity) {
		counting->counts =
		    cov_xreallocarray(counting->counts, needed, sizeof(*counting->counts));
		counting->count_capacity = needed;
	}
	if (plan->line_count > counting->line_capacity) {
		free(counting->lines);
		counting->lines = cov_xcalloc(plan->line_count, sizeof(*counting->lines));
		counting->line_capacity = plan->line_count;
	}
	memset(counting->counts, 0, needed * sizeof(*counting->counts));
	for (size_t i = 0; i < evaluating->snapshot_count; i++) {
		struct plan_counts counts = {
			.lines = counting->lines,
			.blocks = counting->counts + i * block_count,
		};

		if (object->has_run[i])
			plan_evaluate(plan, object->counters + i * plan->counter_count, &counts,
				      &counting->scratch);
	}
	evaluating->visit(evaluating->context,
			  &(struct cov_object_blocks){
			      .plan = plan,
			      .line_ids = object->line_ids,
			      .counts = counting->counts,
			      .block_count = block_count,
			      .object = object->object,
			  },
			  thread);
}

int blocks_evaluate(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		    size_t snapshot_count,
		    void (*visit)(void *context, const struct cov_object_blocks *blocks,
				  size_t thread),
		    void *context, struct cov_error *err)
{
	COV_AUTO(free) struct evaluating *evaluating = cov_xcalloc(1, sizeof(*evaluating));

	evaluating->snapshot_count = snapshot_count;
	evaluating->visit = visit;
	evaluating->context = context;
	int result = blocks_show_objects(kernel, snapshots, snapshot_count, evaluate_object,
					 evaluating, err);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		evaluate_scratch_deinit(&evaluating->threads[i].scratch);
		free(evaluating->threads[i].counts);
		free(evaluating->threads[i].lines);
	}
	return result;
}
