/* compile.c - compile the functions of one object. */
#include "collector/plan/compile.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compiler.h"
#include "collector/plan/lines.h"
#include "collector/plan/survey.h"

static void *append(void *array, uint32_t count, size_t *capacity, const void *more,
		    uint32_t more_count, size_t element_bytes)
{
	if (!array || (size_t)count + more_count > *capacity) {
		*capacity = 2 * ((size_t)count + more_count);
		array = cov_xreallocarray(array, *capacity, element_bytes);
	}
	if (more_count)
		memcpy((char *)array + count * element_bytes, more, more_count * element_bytes);
	return array;
}

static void add_function_flow(struct compiler *compiler, uint32_t index)
{
	struct plan *plan = compiler->plan;
	struct plan_function *function = &plan->functions[index];
	struct flow *flow = &compiler->flow;

	flow_build(flow, compiler->gcno, &compiler->gcno->functions[index]);
	compiler->block_base[index] = (uint32_t)compiler->block_total;
	plan->arcs = append(plan->arcs, plan->arc_count, &compiler->arc_capacity, flow->arcs,
			    flow->arc_count, sizeof(*plan->arcs));
	plan->arc_count += function->arc_count = flow->arc_count;
	plan->steps = append(plan->steps, plan->step_count, &compiler->step_capacity, flow->steps,
			     flow->step_count, sizeof(*plan->steps));
	plan->step_count += function->step_count = flow->step_count;
	compiler->is_conserving = append(compiler->is_conserving, (uint32_t)compiler->block_total,
					 &compiler->conserving_capacity, flow->is_conserving,
					 flow->block_count, sizeof(bool));
	compiler->block_total += flow->block_count;
	if (flow->block_count > plan->block_count_max)
		plan->block_count_max = flow->block_count;
	if (flow->arc_count > plan->arc_count_max)
		plan->arc_count_max = flow->arc_count;
}

/* The flow graphs and entries of the functions that ran, or of all. */
static void compile_functions(struct compiler *compiler, const int64_t *counters)
{
	const struct gcno *gcno = compiler->gcno;
	struct plan *plan = compiler->plan;

	compiler->block_base =
	    cov_arena_alloc(&compiler->arena, gcno->function_count, sizeof(uint32_t));
	for (uint32_t i = 0; i < gcno->function_count; i++) {
		struct plan_function *function = &plan->functions[i];

		function->arc_first = plan->arc_count;
		function->step_first = plan->step_count;
		function->entry_first = plan->entry_count;
		function->branch_first = plan->branch_count;
		if (counters && !plan_has_run(function, counters))
			continue;
		add_function_flow(compiler, i);
		if (!function->is_artificial)
			lines_add(compiler, i);
		function->entry_count = plan->entry_count - function->entry_first;
		function->branch_count = plan->branch_count - function->branch_first;
	}
}

/* Which kind each entry is, and room for its blocks. */
static void place_entries(struct compiler *compiler)
{
	struct plan *plan = compiler->plan;
	uint32_t next = 0;

	for (uint32_t i = 0; i < plan->entry_count; i++)
		plan->entries[i].block_first = 0;
	/* block_first holds the number of hanging blocks, block_count that of mentions. */
	for (size_t i = 0; i < compiler->hanging_count; i++)
		plan->entries[compiler->hangings[i].entry].block_first++;
	for (size_t i = 0; i < compiler->mention_count; i++)
		plan->entries[compiler->mentions[i].entry].block_count++;
	for (uint32_t i = 0; i < plan->entry_count; i++) {
		struct plan_entry *entry = &plan->entries[i];
		bool is_flow = compiler->is_entry_private[i] ? entry->block_first > 0
							     : compiler->is_hung[entry->line];

		if (is_flow)
			entry->block_count = entry->block_first;
		entry->kind = is_flow ? PLAN_FLOW : PLAN_SUM;
		entry->block_first = next;
		next += entry->block_count;
		entry->block_count = 0; /* grows again as blocks are put in */
	}
	plan->block_count = next;
	plan->blocks = cov_xcalloc(next, sizeof(*plan->blocks));
}

/* Entries are function by function, and so is what they hold. */
static void place_functions(struct plan *plan)
{
	for (uint32_t i = 0, next = 0; i < plan->function_count; i++) {
		struct plan_function *function = &plan->functions[i];

		function->mention_first = next;
		for (uint32_t j = 0; j < function->entry_count; j++)
			function->mention_count +=
			    plan->entries[function->entry_first + j].block_count;
		next += function->mention_count;
	}
}

static void fill_entries(struct plan *plan, const struct mention *list, size_t count, bool is_flow)
{
	for (size_t i = 0; i < count; i++) {
		struct plan_entry *entry = &plan->entries[list[i].entry];

		if ((entry->kind != PLAN_SUM) == is_flow)
			plan->blocks[entry->block_first + entry->block_count++] = list[i].block;
	}
}

/*
 * The kind that is cheapest to evaluate and gives the same count: what enters a single block from
 * outside is the block's own count where the solution made both sides equal; and without an arc
 * that goes back within the set there is no cycle to look for.
 */
static enum plan_entry_kind flow_kind(const struct compiler *compiler, uint32_t function_index,
				      const struct plan_entry *entry, uint32_t *stamps,
				      uint32_t stamp)
{
	const struct plan *plan = compiler->plan;
	const struct plan_function *function = &plan->functions[function_index];
	const uint32_t *blocks = plan->blocks + entry->block_first;
	bool is_single = true;

	for (uint32_t i = 0; i < entry->block_count; i++) {
		stamps[blocks[i]] = stamp;
		is_single &= blocks[i] == blocks[0];
	}
	/* Arcs are by source, so the block's arcs are found by bisection. */
	for (uint32_t i = 0; i < entry->block_count; i++) {
		const struct plan_arc *arcs = plan->arcs + function->arc_first;
		uint32_t low = 0, high = function->arc_count;

		while (low < high) {
			uint32_t middle = low + (high - low) / 2;

			if (arcs[middle].source < blocks[i])
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < function->arc_count && arcs[low].source == blocks[i]; low++) {
			if (arcs[low].destination <= blocks[i] &&
			    stamps[arcs[low].destination] == stamp)
				return PLAN_FLOW_LOOP;
		}
	}
	bool is_conserving =
	    entry->block_count &&
	    compiler->is_conserving[compiler->block_base[function_index] + blocks[0]];
	return is_single && is_conserving ? PLAN_SUM : PLAN_FLOW;
}

static void refine_kinds(struct compiler *compiler)
{
	struct plan *plan = compiler->plan;
	uint32_t *stamps =
	    cov_arena_alloc(&compiler->arena, plan->block_count_max, sizeof(*stamps));
	uint32_t stamp = 0;

	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		for (uint32_t j = 0; j < function->entry_count; j++) {
			struct plan_entry *entry = &plan->entries[function->entry_first + j];

			if (entry->kind == PLAN_FLOW)
				entry->kind = flow_kind(compiler, i, entry, stamps, ++stamp);
		}
	}
}

/* What the survey has found stays. */
static void begin(struct compiler *compiler, struct plan *plan)
{
	compiler->plan = plan;
	compiler->is_survey = false;
	compiler->mention_count = compiler->hanging_count = compiler->block_total = 0;
	plan->arcs = compiler->arcs;
	plan->steps = compiler->steps;
	plan->entries = compiler->entries;
	plan->branches = compiler->branches;
	compiler->line_states =
	    cov_arena_alloc(&compiler->arena, plan->line_count, sizeof(*compiler->line_states));
	for (uint32_t i = 0; i < plan->line_count; i++)
		compiler->line_states[i].function = UINT32_MAX;
}

/* The plan gets no more memory than it takes, since it stays. */
static void end(struct compiler *compiler)
{
	struct plan *plan = compiler->plan;

	compiler->arcs = plan->arcs;
	compiler->steps = plan->steps;
	compiler->entries = plan->entries;
	compiler->branches = plan->branches;
	plan->arcs = cov_xcopy(plan->arcs, plan->arc_count, sizeof(*plan->arcs));
	plan->steps = cov_xcopy(plan->steps, plan->step_count, sizeof(*plan->steps));
	plan->entries = cov_xcopy(plan->entries, plan->entry_count, sizeof(*plan->entries));
	plan->branches = cov_xcopy(plan->branches, plan->branch_count, sizeof(*plan->branches));
}

void plan_compile_functions(struct compiler *compiler, struct plan *plan, const int64_t *counters)
{
	begin(compiler, plan);
	compile_functions(compiler, counters);
	place_entries(compiler);
	fill_entries(plan, compiler->mentions, compiler->mention_count, false);
	fill_entries(plan, compiler->hangings, compiler->hanging_count, true);
	place_functions(plan);
	refine_kinds(compiler);
	end(compiler);
}

int plan_compile(const struct gcno *gcno, struct plan *out, struct cov_error *err)
{
	COV_AUTO(compiler_deinit) struct compiler compiler = { 0 };
	struct plan plan;
	int result = plan_survey(&compiler, gcno, &plan, err);

	if (result)
		return result;
	plan_compile_functions(&compiler, &plan, NULL);
	*out = plan;
	return 0;
}
