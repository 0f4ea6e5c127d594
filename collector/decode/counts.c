/* counts.c - what the counters of a snapshot say of each line and function. */
#include "collector/decode/counts.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/decode/counters.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_index.h"
#include "collector/decode/tree.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/pack.h"

/* What one thread uses for object after object. */
struct workspace {
	struct evaluate_scratch scratch;
	struct pack_room room;
	int64_t *line_counts;       /* [line_count_max], of one object, 0 between objects; owned */
	unsigned char *line_states; /* [line_count_max], the same; owned */
	struct cov_error err;       /* code 0 when fine */
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

/* Whether all functions that ran are compiled: one with counters has arcs. */
static bool is_compiled(const struct plan *plan, const int64_t *counters)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (!plan->functions[i].arc_count && plan_has_run(&plan->functions[i], counters))
			return false;
	}
	return true;
}

/* The whole plan of an object of whose functions only some are compiled, from its notes. */
static int complete_plan(const struct cov_kernel *kernel, const struct cov_object *object,
			 struct plan *ret, struct cov_error *err)
{
	COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	int result = tree_read(kernel->partial_notes, object->notes_index, &content, err);

	if (result == 0)
		result = gcno_parse(content.data, content.size, &gcno, err);
	if (result == 0)
		result = plan_compile(&gcno, &plan, err);
	if (result)
		return result;
	if (plan.stamp != object->plan.stamp || plan.counter_count != object->plan.counter_count ||
	    plan.function_count != object->plan.function_count ||
	    plan.line_count != object->plan.line_count ||
	    memcmp(plan.lines, object->plan.lines, plan.line_count * sizeof(*plan.lines)) != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: changed while it was read",
				object->notes);
	*ret = plan;
	memset(&plan, 0, sizeof(plan));
	return 0;
}

int counts_open_plan(const struct cov_object *object, const int64_t *counters,
		     struct pack_room *room, struct plan *view, struct cov_error *err)
{
	struct cov_error reason;

	*view = object->plan;
	if (!object->body)
		return 0;
	int result = pack_open_body(&object->plan, object->body, counters, room, view, &reason);
	return result ? cov_fail(err, result, "%s: %s", object->path, reason.message) : 0;
}

/* What cov_number_add() gives, while other threads add to the same. */
static void add_count(int64_t *sum, int64_t count)
{
	int64_t before = __atomic_load_n(sum, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(sum, &before, cov_number_add(before, count), true,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* A header's line may belong to objects that other threads are at. */
static void add_lines(struct cov_counts *counts, const struct cov_object *object,
		      struct workspace *workspace)
{
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		uint32_t line_id = object->line_ids[i];

		if (!workspace->line_counts[i] && !workspace->line_states[i])
			continue;
		add_count(&counts->lines[line_id], workspace->line_counts[i]);
		__atomic_fetch_or(&counts->states[line_id], workspace->line_states[i],
				  __ATOMIC_RELAXED);
		workspace->line_counts[i] = 0;
		workspace->line_states[i] = 0;
	}
}

static void evaluate_one(void *context, size_t index, size_t thread)
{
	struct evaluating *evaluating = context;
	const struct cov_object *object = &evaluating->kernel->objects[index];
	const int64_t *counters = evaluating->counters->values + object->counter_first;
	struct workspace *workspace = &evaluating->workspaces[thread];
	struct cov_counts *counts = evaluating->counts;
	COV_AUTO(plan_deinit) struct plan completed = { 0 };
	struct plan plan;

	if (evaluating->counters->states[index] != COV_OBJECT_DECODED ||
	    !has_run(object, counters) || workspace->err.code)
		return;
	if (evaluating->kernel->partial_notes && !is_compiled(&object->plan, counters)) {
		if (complete_plan(evaluating->kernel, object, &completed, &workspace->err) != 0)
			return;
		plan = completed;
	} else if (counts_open_plan(object, counters, &workspace->room, &plan, &workspace->err) !=
		   0) {
		return;
	}
	if (!workspace->line_counts) {
		workspace->line_counts =
		    cov_xcalloc(evaluating->line_count_max, sizeof(*workspace->line_counts));
		workspace->line_states = cov_xcalloc(evaluating->line_count_max, 1);
	}
	struct plan_counts object_counts = {
		.lines = workspace->line_counts,
		.functions = counts->functions + object->function_first,
		.states = workspace->line_states,
		.contradictions = counts->contradictions + object->function_first,
	};
	plan_evaluate(&plan, counters, &object_counts, &workspace->scratch);
	add_lines(counts, object, workspace);
}

enum cov_line_state cov_line_state_of(unsigned char plan_states)
{
	if (plan_states & PLAN_LINE_WHOLLY)
		return COV_LINE_EXECUTED;
	return plan_states & PLAN_LINE_PARTLY ? COV_LINE_PARTLY : COV_LINE_NOT_EXECUTED;
}

/* Count the copies of lines that are in objects that were not decoded. Return: if any has many. */
static bool count_absent(const struct cov_kernel *kernel, const struct cov_counters *counters,
			 unsigned char *absent)
{
	bool has_many = false;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (counters->states[i] == COV_OBJECT_DECODED)
			continue;
		for (uint32_t j = 0; j < object->plan.line_count; j++) {
			unsigned char *copies = &absent[object->line_ids[j]];

			if (*copies < KERNEL_COPIES_MANY)
				++*copies;
			has_many |= *copies == KERNEL_COPIES_MANY;
		}
	}
	return has_many;
}

static bool are_all_decoded(const struct cov_kernel *kernel, const struct cov_counters *counters)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (counters->states[i] != COV_OBJECT_DECODED)
			return false;
	}
	return true;
}

/* Lines that only objects have which were not decoded: there are few, if any. */
static void leave_out(const struct cov_kernel *kernel, const struct cov_counters *counters,
		      struct cov_counts *counts)
{
	COV_AUTO(free) unsigned char *counted = NULL;
	const unsigned char *line_copies = kernel->line_copies;

	if (!line_copies && are_all_decoded(kernel, counters))
		return;
	if (!line_copies)
		line_copies = counted = kernel_index_copies(kernel);
	COV_AUTO(free) unsigned char *absent = cov_xcalloc(kernel->line_count, 1);
	bool has_many = count_absent(kernel, counters, absent);

	/* Many may be all or not. */
	for (size_t i = 0; has_many && i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		for (uint32_t j = 0; j < object->plan.line_count; j++)
			absent[object->line_ids[j]] = 0;
	}
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (absent[i] == line_copies[i])
			counts->states[i] = COV_LINE_NOT_INSTRUMENTED;
	}
}

/* From PLAN_LINE_*, or'ed over all copies, to the state of the line. Most did not run. */
static void find_states(const struct cov_kernel *kernel, const struct cov_counters *counters,
			struct cov_counts *counts)
{
	unsigned char *states = counts->states;
	size_t i = 0;
	uint64_t some;

	while (i < kernel->line_count) {
		size_t end = i + sizeof(some);

		if (end <= kernel->line_count) {
			memcpy(&some, states + i, sizeof(some));
			if (!some) {
				memset(states + i, COV_LINE_NOT_EXECUTED, sizeof(some));
				i = end;
				continue;
			}
		} else {
			end = kernel->line_count;
		}
		for (; i < end; i++)
			states[i] = (unsigned char)cov_line_state_of(states[i]);
	}
	leave_out(kernel, counters, counts);
}

static void add_up(const struct cov_kernel *kernel, struct cov_counts *counts)
{
	size_t lines[COV_LINE_EXECUTED + 1] = { 0 };

	for (size_t i = 0; i < kernel->line_count; i++)
		lines[counts->states[i]]++;
	counts->found_count = kernel->line_count - lines[COV_LINE_NOT_INSTRUMENTED];
	counts->hit_count = lines[COV_LINE_PARTLY] + lines[COV_LINE_EXECUTED];
	counts->partly_count = lines[COV_LINE_PARTLY];
	for (size_t i = 0; i < kernel->line_count; i++)
		counts->negative_count += counts->lines[i] < 0;
	for (size_t i = 0; i < kernel->function_count; i++) {
		counts->contradicting_count += counts->contradictions[i] > 0;
		if (counts->contradictions[i] > counts->contradiction_max)
			counts->contradiction_max = counts->contradictions[i];
	}
}

int counts_evaluate(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    struct cov_counts *out, struct cov_error *err)
{
	COV_AUTO(counts_deinit)
	struct cov_counts counts = {
		.lines = cov_block_take_zeroed(kernel->line_count, sizeof(int64_t)),
		.states = cov_xcalloc(kernel->line_count, 1),
		.functions = cov_xcalloc(kernel->function_count, sizeof(int64_t)),
		.contradictions = cov_xcalloc(kernel->function_count, sizeof(int64_t)),
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

		evaluate_scratch_deinit(&workspace->scratch);
		pack_room_deinit(&workspace->room);
		free(workspace->line_counts);
		free(workspace->line_states);
		if (workspace->err.code) {
			*err = workspace->err;
			result = err->code;
		}
	}
	if (result)
		return result;
	find_states(kernel, counters, &counts);
	add_up(kernel, &counts);
	*out = counts;
	memset(&counts, 0, sizeof(counts));
	return 0;
}

unsigned char *counts_list_functions(const struct cov_kernel *kernel,
				     const struct cov_counters *counters)
{
	unsigned char *is_listed = cov_xcalloc(kernel->function_count, 1);

	for (size_t i = 0; i < kernel->object_count; i++) {
		if (counters->states[i] == COV_OBJECT_DECODED)
			memset(is_listed + kernel->objects[i].function_first, 1,
			       kernel->objects[i].plan.function_count);
	}
	return is_listed;
}

int counts_evaluate_object(const struct cov_kernel *kernel, const struct cov_counters *counters,
			   size_t index, struct cov_object_counts *out, struct cov_error *err)
{
	const struct cov_object *object = &kernel->objects[index];
	const int64_t *values = counters->values + object->counter_first;
	COV_AUTO(counts_object_deinit) struct cov_object_counts counts = { 0 };
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };

	/* Branches of functions that did not run count, too. */
	int result = counts_open_plan(object, NULL, &counts.room, &counts.plan, err);
	if (result)
		return result;
	counts.counts = (struct plan_counts){
		.lines = cov_xcalloc(counts.plan.line_count, sizeof(int64_t)),
		.functions = cov_xcalloc(counts.plan.function_count, sizeof(int64_t)),
		.blocks_executed = cov_xcalloc(counts.plan.function_count, sizeof(int64_t)),
		.branches = cov_xcalloc(counts.plan.branch_count, sizeof(int64_t)),
		.states = cov_xcalloc(counts.plan.line_count, 1),
		.contradictions = cov_xcalloc(counts.plan.function_count, sizeof(int64_t)),
	};
	plan_evaluate(&counts.plan, values, &counts.counts, &scratch);
	*out = counts;
	memset(&counts, 0, sizeof(counts));
	return 0;
}

void counts_object_deinit(struct cov_object_counts *counts)
{
	free(counts->counts.lines);
	free(counts->counts.functions);
	free(counts->counts.blocks_executed);
	free(counts->counts.branches);
	free(counts->counts.states);
	free(counts->counts.contradictions);
	pack_room_deinit(&counts->room);
	memset(counts, 0, sizeof(*counts));
}

void counts_apply_evidence(const struct cov_kernel *kernel, struct cov_counts *counts)
{
	for (size_t i = 0; i < kernel->line_count; i++) {
		bool is_executed = counts->states[i] >= COV_LINE_PARTLY;

		if (is_executed != (counts->lines[i] > 0))
			counts->lines[i] = is_executed;
	}
}

const char *cov_line_state_name(enum cov_line_state state)
{
	static const char *const names[] = {
		[COV_LINE_NOT_INSTRUMENTED] = "not instrumented",
		[COV_LINE_NOT_EXECUTED] = "not executed",
		[COV_LINE_PARTLY] = "partly executed",
		[COV_LINE_EXECUTED] = "executed",
	};

	return names[state];
}

void counts_deinit(struct cov_counts *counts)
{
	cov_block_give(counts->lines);
	free(counts->states);
	free(counts->contradictions);
	free(counts->functions);
	memset(counts, 0, sizeof(*counts));
}
