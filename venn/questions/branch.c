/* branch.c - the branch that decides which platforms execute a piece of code. */
#include "venn/questions/branch.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_function.h"
#include "venn/store/store_load.h"

/* The object that a copy of the function is in, and how often each platform took its branches. */
struct copy {
	const struct branch_search *search;
	uint32_t line_id;
	uint64_t mask;
	struct plan plan;      /* of the object; owns nothing */
	struct pack_room room; /* that the plan is in */
	struct evaluate_scratch scratch;
	/* [platform_count], each [counter_count], and [branch_count] of one function; owned */
	int64_t *counters[STORE_PLATFORMS_MAX];
	int64_t *branches[STORE_PLATFORMS_MAX];
};

static void copy_deinit(struct copy *copy)
{
	for (size_t i = 0; i < copy->search->query->platform_count; i++) {
		free(copy->counters[i]);
		free(copy->branches[i]);
	}
	evaluate_scratch_deinit(&copy->scratch);
	pack_room_deinit(&copy->room);
}

COV_DEFINE_AUTO_STRUCT(struct copy, copy_deinit)

static int64_t branch_count(const struct copy *copy, size_t place, uint32_t branch)
{
	int64_t count = copy->branches[place][branch];

	return count > 0 ? count : 0; /* below 0: counters contradict each other */
}

/* How often each platform went that way, of all ways out of the same block. */
static void find_shares(const struct copy *copy, const struct plan_function *function,
			uint32_t branch, double *taken)
{
	const struct plan *plan = &copy->plan;
	const struct plan_arc *arcs = plan->arcs + function->arc_first;
	const struct plan_branch *chosen = &plan->branches[branch];

	for (size_t i = 0; i < copy->search->query->platform_count; i++) {
		double all = 0;

		for (uint32_t j = 0; j < function->branch_count; j++) {
			const struct plan_branch *other =
			    &plan->branches[function->branch_first + j];

			if (other->line == chosen->line &&
			    arcs[other->arc].source == arcs[chosen->arc].source)
				all += (double)branch_count(copy, i, function->branch_first + j);
		}
		taken[i] = all > 0 ? (double)branch_count(copy, i, branch) / all : NAN;
	}
}

/* Whether a platform of the mask and one that is not in it differ. */
static bool is_deciding(const struct copy *copy, const double *taken)
{
	size_t platform_count = copy->search->query->platform_count;

	for (size_t i = 0; i < platform_count; i++) {
		for (size_t j = 0; j < platform_count; j++) {
			if ((copy->mask >> i & 1) && !(copy->mask >> j & 1) && !isnan(taken[i]) &&
			    !isnan(taken[j]) && taken[i] != taken[j])
				return true;
		}
	}
	return false;
}

/* Of two lines, the one to report: above the code and close to it, else the first. */
static bool is_closer(uint32_t line_id, uint32_t than, uint32_t code_line_id)
{
	if ((line_id <= code_line_id) != (than <= code_line_id))
		return line_id <= code_line_id;
	return line_id <= code_line_id ? line_id > than : line_id < than;
}

static void choose_branch(const struct copy *copy, uint32_t function_index, uint32_t plan_line,
			  struct branch *ret)
{
	const struct plan *plan = &copy->plan;
	const struct cov_kernel *kernel = &copy->search->code->kernel;
	const struct plan_function *function = &plan->functions[function_index];
	COV_AUTO(plan_controls_deinit) struct plan_controls controls = { 0 };
	uint32_t distance = UINT32_MAX, found_line_id = 0;

	plan_controls_find(plan, function_index, plan_line, &controls);
	for (size_t i = 0; i < controls.count && controls.items[i].distance <= distance; i++) {
		uint32_t branch = controls.items[i].branch;
		uint32_t line_id = kernel->objects[0].line_ids[plan->branches[branch].line];
		double taken[STORE_PLATFORMS_MAX];

		find_shares(copy, function, branch, taken);
		if (!is_deciding(copy, taken) ||
		    (ret->file && !is_closer(line_id, found_line_id, copy->line_id)))
			continue;
		distance = controls.items[i].distance;
		found_line_id = line_id;
		ret->file = kernel->files[kernel->line_files[line_id]];
		ret->line = kernel->line_numbers[line_id];
		memcpy(ret->taken, taken, sizeof(ret->taken));
	}
}

/* Which line of the plan is the one looked for, in this function; or UINT32_MAX. */
static uint32_t find_plan_line(const struct copy *copy, const struct plan_function *function)
{
	const struct cov_object *object = &copy->search->code->kernel.objects[0];

	for (uint32_t i = 0; i < function->entry_count; i++) {
		uint32_t line = copy->plan.entries[function->entry_first + i].line;

		if (object->line_ids[line] == copy->line_id)
			return line;
	}
	return UINT32_MAX;
}

/* Evaluate one function, whose counters alone are looked at. */
static void evaluate(struct copy *copy, const struct plan_function *function)
{
	const struct plan *plan = &copy->plan;
	COV_AUTO(free) int64_t *counters = cov_xcalloc(plan->counter_count, sizeof(*counters));
	COV_AUTO(free) int64_t *lines = cov_xcalloc(plan->line_count, sizeof(*lines));

	for (size_t i = 0; i < copy->search->query->platform_count; i++) {
		memcpy(counters + function->counter_first,
		       copy->counters[i] + function->counter_first,
		       function->counter_count * sizeof(*counters));
		free(copy->branches[i]);
		copy->branches[i] = cov_xcalloc(plan->branch_count, sizeof(int64_t));
		struct plan_counts counts = { .lines = lines, .branches = copy->branches[i] };
		plan_evaluate(plan, counters, &counts, &copy->scratch);
	}
}

/* What the platforms counted in the kernel's only object. */
static int read_counters(struct copy *copy, int64_t object_id, struct cov_error *err)
{
	const struct branch_search *search = copy->search;
	const struct cov_object *object = &search->code->kernel.objects[0];

	uint32_t count = object->plan.counter_count;
	int result = 0;

	for (size_t i = 0; i < search->query->platform_count; i++) {
		const struct store_query_platform *platform = &search->query->platforms[i];

		copy->counters[i] = cov_xcalloc(count, sizeof(int64_t));
		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result = store_footprint_counters(search->store, platform->footprints[j],
							  object_id, count, copy->counters[i], err);
	}
	return result;
}

/* The plan of what ran on any of the platforms. */
static int open_plan(struct copy *copy, struct cov_error *err)
{
	const struct cov_object *object = &copy->search->code->kernel.objects[0];
	COV_AUTO(free)
	int64_t *any = cov_xcalloc(object->plan.counter_count, sizeof(*any));

	for (size_t i = 0; i < copy->search->query->platform_count; i++) {
		for (uint32_t j = 0; j < object->plan.counter_count; j++)
			any[j] |= copy->counters[i][j];
	}
	return counts_open_plan(object, any, &copy->room, &copy->plan, err);
}

static bool has_run(const struct copy *copy, const struct plan_function *function)
{
	for (size_t i = 0; i < copy->search->query->platform_count; i++) {
		if ((copy->mask >> i & 1) && plan_has_run(function, copy->counters[i]))
			return true;
	}
	return false;
}

/* Look at the copy in the kernel's only object. */
static int search_object(struct copy *copy, const struct store_code_function *wanted,
			 int64_t object_id, struct branch *ret, struct cov_error *err)
{
	const struct plan *head = &copy->search->code->kernel.objects[0].plan;
	int result = read_counters(copy, object_id, err);

	for (uint32_t i = 0; result == 0 && i < head->function_count && !ret->file; i++) {
		const struct plan_function *function = &head->functions[i];
		uint32_t line;

		if (function->source != wanted->file_id ||
		    function->start_line != wanted->start_line ||
		    function->end_line != wanted->end_line || !has_run(copy, function))
			continue;
		result = copy->plan.arcs ? 0 : open_plan(copy, err);
		if (result)
			break;
		function = &copy->plan.functions[i]; /* where it is in what was opened */
		line = find_plan_line(copy, function);
		if (line == UINT32_MAX)
			continue;
		evaluate(copy, function);
		choose_branch(copy, i, line, ret);
	}
	return result;
}

int branch_find(const struct branch_search *search, uint32_t function, uint32_t line_id,
		uint64_t mask, struct branch *ret, struct cov_error *err)
{
	struct store_code *code = search->code;
	const struct store_code_function *first = &code->functions[function];

	*ret = (struct branch){ 0 };
	for (uint32_t i = function; i < code->function_count && !ret->file; i++) {
		const struct store_code_function *other = &code->functions[i];
		COV_AUTO(copy_deinit)
		struct copy copy = { .search = search, .line_id = line_id, .mask = mask };
		int64_t object_id;

		if (other->file_id != first->file_id || other->start_line != first->start_line ||
		    other->end_line != first->end_line)
			break;
		int result = store_function_object(search->store, search->query->kernel_id,
						   other->id, &object_id, err);
		if (result == 0)
			result = store_load_object(search->store, search->query->kernel_id,
						   object_id, &code->kernel, err);
		if (result == 0)
			result = search_object(&copy, first, object_id, ret, err);
		if (result)
			return result;
	}
	return 0;
}
