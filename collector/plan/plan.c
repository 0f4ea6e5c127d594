/* plan.c - compile the functions of one object. */
#include "collector/plan/plan.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcno.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/compiler.h"

enum { NO_ENTRY = UINT32_MAX, ENTRY_BLOCK = 0 };

/* The entry of @function for a line, which is added when it is new; in a survey, the line. */
static uint32_t intern_entry(struct compiler *compiler, uint32_t function, uint32_t source,
			     uint32_t line)
{
	struct plan *plan = compiler->plan;
	uint32_t index = compiler_intern_line(compiler, source, line);
	struct line_state *state = &compiler->line_states[index];

	if (compiler->is_survey)
		return index;
	if (state->function == function)
		return state->entry;
	plan->entries = cov_grow(plan->entries, plan->entry_count, &compiler->entry_capacity,
				 sizeof(*plan->entries));
	compiler->is_entry_private = cov_grow(compiler->is_entry_private, plan->entry_count,
					      &compiler->private_capacity, sizeof(bool));
	plan->entries[plan->entry_count] = (struct plan_entry){ .line = index };
	compiler->is_entry_private[plan->entry_count] =
	    compiler_is_private(plan, function, &plan->lines[index]);
	state->function = function;
	state->entry = plan->entry_count;
	return plan->entry_count++;
}

static void add_mention(struct mention **list, size_t *count, size_t *capacity, uint32_t entry,
			uint32_t block)
{
	*list = cov_grow(*list, *count, capacity, sizeof(**list));
	(*list)[(*count)++] = (struct mention){ entry, block };
}

/* The ways out of a block are branches of the line it hangs on, unless there is only one. */
static void add_branches(struct compiler *compiler, uint32_t line, uint32_t block)
{
	const struct flow *flow = &compiler->flow;
	struct plan *plan = compiler->plan;
	uint32_t first = flow->successor_first[block], end = flow->successor_first[block + 1];
	uint32_t way_count = 0;

	for (uint32_t i = first; i < end; i++)
		way_count += !(flow->arcs[i].flags & GCOV_ARC_FAKE);
	for (uint32_t i = first; i < end && way_count > 1; i++) {
		uint32_t flags = flow->arcs[i].flags;
		bool is_fallthrough = flags & GCOV_ARC_FALLTHROUGH;

		if (flags & GCOV_ARC_FAKE)
			continue;
		/* Beside a call that may not return, what does not fall through is a throw. */
		bool is_throw = way_count < end - first && !is_fallthrough;
		plan->branches = cov_grow(plan->branches, plan->branch_count,
					  &compiler->branch_capacity, sizeof(*plan->branches));
		plan->branches[plan->branch_count++] = (struct plan_branch){
			.line = line,
			.arc = i,
			.flags = (is_fallthrough ? PLAN_BRANCH_FALLTHROUGH : 0) |
				 (is_throw ? PLAN_BRANCH_THROW : 0),
		};
	}
}

/* In clang's rule every way out of a block that has several is a branch. */
static void add_llvm_branches(struct compiler *compiler, uint32_t line, uint32_t block)
{
	const struct flow *flow = &compiler->flow;
	struct plan *plan = compiler->plan;
	uint32_t first = flow->successor_first[block], end = flow->successor_first[block + 1];

	for (uint32_t i = first; i < end && end - first > 1; i++) {
		plan->branches = cov_grow(plan->branches, plan->branch_count,
					  &compiler->branch_capacity, sizeof(*plan->branches));
		plan->branches[plan->branch_count++] = (struct plan_branch){ line, i, 0 };
	}
}

static void mention_block(struct compiler *compiler, uint32_t entry, uint32_t block)
{
	if (!compiler->is_survey)
		add_mention(&compiler->mentions, &compiler->mention_count,
			    &compiler->mention_capacity, entry, block);
}

static void hang_block(struct compiler *compiler, uint32_t function, uint32_t entry, uint32_t block)
{
	struct plan *plan = compiler->plan;

	if (compiler->is_survey) {
		if (!compiler_is_private(plan, function, &plan->lines[entry]))
			plan->is_hung[entry] = true;
		return;
	}
	add_branches(compiler, plan->entries[entry].line, block);
	add_mention(&compiler->hangings, &compiler->hanging_count, &compiler->hanging_capacity,
		    entry, block);
}

struct location_place {
	uint32_t block;
	uint32_t location;
};

static int compare_locations(const void *a, const void *b)
{
	const struct location_place *first = a, *second = b;

	if (first->block != second->block)
		return first->block < second->block ? -1 : 1;
	return (first->location > second->location) - (first->location < second->location);
}

/* The function's locations by block; the compiler writes them so, but nothing promises it. */
static struct location_place *order_locations(const struct gcno *gcno,
					      const struct gcno_function *function)
{
	struct location_place *places = cov_xcalloc(function->location_count, sizeof(*places));
	bool is_ordered = true;

	for (uint32_t i = 0; i < function->location_count; i++) {
		uint32_t location = function->location_first + i;

		places[i] = (struct location_place){ gcno->locations[location].block, location };
		is_ordered &= i == 0 || places[i - 1].block <= places[i].block;
	}
	if (!is_ordered)
		qsort(places, function->location_count, sizeof(*places), compare_locations);
	return places;
}

/*
 * A block hangs on the last line of each of its locations. A location without lines is written
 * when the code moves to the same line number of another file; the block then hangs on the line
 * met before once more. Entry and last block hang nowhere (the last was the exit before GCC 4.8).
 */
static void add_function_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) struct location_place *places = order_locations(gcno, function);
	uint32_t entry = NO_ENTRY;

	for (uint32_t i = 0; i < function->location_count; i++) {
		const struct gcno_location *location = &gcno->locations[places[i].location];
		uint32_t block = location->block;

		if (i == 0 || places[i - 1].block != block)
			entry = NO_ENTRY;
		for (uint32_t j = 0; j < location->line_count; j++) {
			entry = intern_entry(compiler, index, compiler->canonical[location->source],
					     gcno->lines[location->line_first + j]);
			mention_block(compiler, entry, block);
		}
		if (entry != NO_ENTRY && block != ENTRY_BLOCK && block != function->block_count - 1)
			hang_block(compiler, index, entry, block);
	}
}

/* Mention the block of @location on each of its lines. Return: the last one's entry, or @entry. */
static uint32_t mention_lines(struct compiler *compiler, uint32_t index,
			      const struct gcno_location *location, uint32_t entry)
{
	const struct gcno *gcno = compiler->gcno;

	for (uint32_t i = 0; i < location->line_count; i++) {
		entry = intern_entry(compiler, index, compiler->canonical[location->source],
				     gcno->lines[location->line_first + i]);
		mention_block(compiler, entry, location->block);
	}
	return entry;
}

/*
 * GCC before 8: no block hangs on a line. The ways out of a block are branches of the line met
 * last, be it in an earlier block.
 */
static void add_summed_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) struct location_place *places = order_locations(gcno, function);
	uint32_t entry = NO_ENTRY, next = 0;

	for (uint32_t block = 0; block < function->block_count; block++) {
		for (; next < function->location_count && places[next].block == block; next++)
			entry = mention_lines(compiler, index,
					      &gcno->locations[places[next].location], entry);
		if (!compiler->is_survey && entry != NO_ENTRY && block != ENTRY_BLOCK &&
		    block != function->block_count - 1)
			add_branches(compiler, compiler->plan->entries[entry].line, block);
	}
}

/* Clang: a block hangs on every line it mentions; its branches are of the last one. */
static void add_llvm_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) struct location_place *places = order_locations(gcno, function);
	size_t first = compiler->mention_count;
	uint32_t entry = NO_ENTRY;

	for (uint32_t i = 0; i < function->location_count; i++) {
		uint32_t block = places[i].block;

		entry = mention_lines(compiler, index, &gcno->locations[places[i].location], entry);
		if (i + 1 < function->location_count && places[i + 1].block == block)
			continue;
		for (; first < compiler->mention_count; first++) {
			uint32_t mentioned = compiler->mentions[first].entry;
			uint32_t line = compiler->plan->entries[mentioned].line;

			add_mention(&compiler->hangings, &compiler->hanging_count,
				    &compiler->hanging_capacity, mentioned, block);
			/* As often as it is mentioned there. */
			if (mentioned == entry)
				add_llvm_branches(compiler, line, block);
		}
	}
}

void compiler_add_lines(struct compiler *compiler, uint32_t index)
{
	enum gcov_line_rule rule = compiler->gcno->line_rule;

	if (rule == GCOV_LINES_SUM)
		add_summed_lines(compiler, index);
	else if (rule == GCOV_LINES_LLVM)
		add_llvm_lines(compiler, index);
	else
		add_function_lines(compiler, index);
}

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

	compiler->block_base = cov_xcalloc(gcno->function_count, sizeof(uint32_t));
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
			compiler_add_lines(compiler, i);
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
							     : plan->is_hung[entry->line];

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

/* Entries are function by function, so what they hold is, too. */
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
	/* Arcs are by source, so the block's arcs are found by halving. */
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
	COV_AUTO(free) uint32_t *stamps = cov_xcalloc(plan->block_count_max, sizeof(*stamps));
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

void plan_complete(struct plan *plan, const struct gcno *gcno, const int64_t *counters)
{
	COV_AUTO(compiler_deinit) struct compiler compiler = { .gcno = gcno, .plan = plan };

	compiler_find_sources(&compiler);
	compiler_index_lines(&compiler);
	compile_functions(&compiler, counters);
	place_entries(&compiler);
	fill_entries(plan, compiler.mentions, compiler.mention_count, false);
	fill_entries(plan, compiler.hangings, compiler.hanging_count, true);
	place_functions(plan);
	refine_kinds(&compiler);
}

int plan_compile(const struct gcno *gcno, struct plan *out, struct cov_error *err)
{
	struct plan plan;
	int result = plan_survey(gcno, &plan, err);

	if (result)
		return result;
	plan_complete(&plan, gcno, NULL);
	*out = plan;
	return 0;
}

void plan_view_init(struct plan *view, const struct plan *survey)
{
	*view = *survey;
	view->functions = cov_xmalloc(survey->function_count * sizeof(*view->functions));
	memcpy(view->functions, survey->functions,
	       survey->function_count * sizeof(*view->functions));
}

void plan_view_deinit(struct plan *view)
{
	free(view->functions);
	free(view->arcs);
	free(view->steps);
	free(view->entries);
	free(view->blocks);
	free(view->branches);
	memset(view, 0, sizeof(*view));
}

void plan_deinit(struct plan *plan)
{
	free(plan->texts);
	free(plan->sources);
	free(plan->functions);
	free(plan->arcs);
	free(plan->steps);
	free(plan->entries);
	free(plan->blocks);
	free(plan->branches);
	free(plan->lines);
	free(plan->is_hung);
	free(plan->is_group);
	memset(plan, 0, sizeof(*plan));
}
