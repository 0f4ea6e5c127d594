/* flow.c - the flow graph of one function and the order in which its counts follow. */
#include "collector/plan/flow.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/llvm.h"

enum { ENTRY_BLOCK = 0, NEVER_KNOWN = UINT32_MAX, INSERTION_SORT_MAX = 64 };

enum block_state { IS_KNOWN = 1, IS_ON_UNSOLVED = 2, IS_ON_SOLVED = 4 };

static void reserve(struct flow *flow, uint32_t block_count, uint32_t arc_count)
{
	if (block_count + 1 > flow->block_capacity) {
		size_t capacity = 2 * ((size_t)block_count + 1);

		flow->block_capacity = (uint32_t)capacity;
		flow->successor_first = cov_xreallocarray(flow->successor_first, capacity, 4);
		flow->predecessor_first = cov_xreallocarray(flow->predecessor_first, capacity, 4);
		flow->unknown_successors = cov_xreallocarray(flow->unknown_successors, capacity, 4);
		flow->unknown_predecessors =
		    cov_xreallocarray(flow->unknown_predecessors, capacity, 4);
		flow->unsolved_stack = cov_xreallocarray(flow->unsolved_stack, capacity, 4);
		flow->solved_stack = cov_xreallocarray(flow->solved_stack, capacity, 4);
		flow->block_state = cov_xreallocarray(flow->block_state, capacity, 1);
		flow->is_conserving =
		    cov_xreallocarray(flow->is_conserving, capacity, sizeof(bool));
	}
	if (arc_count + 1 > flow->arc_capacity) {
		size_t capacity = 2 * ((size_t)arc_count + 1);

		flow->arc_capacity = (uint32_t)capacity;
		flow->arcs = cov_xreallocarray(flow->arcs, capacity, sizeof(*flow->arcs));
		flow->predecessors = cov_xreallocarray(flow->predecessors, capacity, 4);
		flow->is_arc_known = cov_xreallocarray(flow->is_arc_known, capacity, sizeof(bool));
	}
	/* Each block is found once and each uncounted arc once. */
	if (block_count + arc_count > flow->step_capacity) {
		flow->step_capacity = 2 * (block_count + arc_count);
		flow->steps = cov_xreallocarray(flow->steps, flow->step_capacity, 4);
	}
}

/* Turn counts per index, stored one place up, into the first place of each index. */
static void prefix_sums(uint32_t *first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		first[i + 1] += first[i];
}

/* By source, in file order, which is the order that counters are stored in. */
static void place_arcs(struct flow *flow, const struct gcno_arc *arcs)
{
	uint32_t *next = flow->unsolved_stack; /* not in use yet */

	memset(flow->successor_first, 0, (flow->block_count + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < flow->arc_count; i++)
		flow->successor_first[arcs[i].source + 1]++;
	prefix_sums(flow->successor_first, flow->block_count);
	memcpy(next, flow->successor_first, flow->block_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < flow->arc_count; i++) {
		bool is_counted = !(arcs[i].flags & GCOV_ARC_ON_TREE);

		flow->arcs[next[arcs[i].source]++] = (struct plan_arc){
			.source = arcs[i].source,
			.destination = arcs[i].destination,
			.counter = is_counted ? 0 : PLAN_NO_COUNTER,
			.flags = arcs[i].flags,
		};
	}
	flow->counter_count = 0;
	for (uint32_t i = 0; i < flow->arc_count; i++) {
		if (flow->arcs[i].counter != PLAN_NO_COUNTER)
			flow->arcs[i].counter = flow->counter_count++;
	}
}

struct arc_place {
	struct plan_arc arc;
	uint32_t place; /* before sorting */
};

static int compare_destinations(const void *a, const void *b)
{
	const struct arc_place *first = a, *second = b;

	if (first->arc.destination != second->arc.destination)
		return first->arc.destination < second->arc.destination ? -1 : 1;
	return (first->place > second->place) - (first->place < second->place);
}

static void sort_many_by_destination(struct plan_arc *arcs, uint32_t count)
{
	COV_AUTO(free) struct arc_place *places = cov_xcalloc(count, sizeof(*places));

	for (uint32_t i = 0; i < count; i++)
		places[i] = (struct arc_place){ arcs[i], i };
	qsort(places, count, sizeof(*places), compare_destinations);
	for (uint32_t i = 0; i < count; i++)
		arcs[i] = places[i].arc;
}

/* gcov looks for cycles along the arcs in the order of their destinations, which is stable. */
static void sort_by_destination(struct plan_arc *arcs, uint32_t count)
{
	if (count > INSERTION_SORT_MAX) {
		sort_many_by_destination(arcs, count);
		return;
	}
	for (uint32_t i = 1; i < count; i++) {
		struct plan_arc arc = arcs[i];
		uint32_t place = i;

		for (; place > 0 && arcs[place - 1].destination > arc.destination; place--)
			arcs[place] = arcs[place - 1];
		arcs[place] = arc;
	}
}

static void index_predecessors(struct flow *flow)
{
	uint32_t *next = flow->unsolved_stack; /* not in use yet */

	memset(flow->predecessor_first, 0, (flow->block_count + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < flow->arc_count; i++)
		flow->predecessor_first[flow->arcs[i].destination + 1]++;
	prefix_sums(flow->predecessor_first, flow->block_count);
	memcpy(next, flow->predecessor_first, flow->block_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < flow->arc_count; i++)
		flow->predecessors[next[flow->arcs[i].destination]++] = i;
}

static void start_solution(struct flow *flow)
{
	flow->step_count = 0;
	for (uint32_t i = 0; i < flow->block_count; i++) {
		flow->unknown_successors[i] =
		    flow->successor_first[i + 1] - flow->successor_first[i];
		flow->unknown_predecessors[i] =
		    flow->predecessor_first[i + 1] - flow->predecessor_first[i];
	}
	/* Nothing enters the entry and nothing leaves the exit: that side never says anything. */
	if (flow->unknown_predecessors[ENTRY_BLOCK] == 0)
		flow->unknown_predecessors[ENTRY_BLOCK] = NEVER_KNOWN;
	if (flow->unknown_successors[flow->exit_block] == 0)
		flow->unknown_successors[flow->exit_block] = NEVER_KNOWN;
	for (uint32_t i = 0; i < flow->arc_count; i++) {
		flow->is_arc_known[i] = flow->arcs[i].counter != PLAN_NO_COUNTER;
		if (flow->is_arc_known[i]) {
			flow->unknown_successors[flow->arcs[i].source]--;
			flow->unknown_predecessors[flow->arcs[i].destination]--;
		}
	}
	for (uint32_t i = 0; i < flow->block_count; i++) {
		flow->block_state[i] = IS_ON_UNSOLVED;
		flow->unsolved_stack[i] = i;
		flow->is_conserving[i] = false;
	}
}

static void add_step(struct flow *flow, uint32_t index, enum plan_step_kind kind)
{
	flow->steps[flow->step_count++] = plan_step(index, kind);
}

struct stacks {
	uint32_t unsolved_count;
	uint32_t solved_count;
};

/* A block lost an unknown arc on the side whose remaining number is @unknown: look at it again. */
static void revisit(struct flow *flow, struct stacks *stacks, uint32_t block, uint32_t unknown)
{
	unsigned char *state = &flow->block_state[block];

	if ((*state & IS_KNOWN) && unknown == 1 && !(*state & IS_ON_SOLVED)) {
		*state |= IS_ON_SOLVED;
		flow->solved_stack[stacks->solved_count++] = block;
	} else if (!(*state & IS_KNOWN) && unknown == 0 && !(*state & IS_ON_UNSOLVED)) {
		*state |= IS_ON_UNSOLVED;
		flow->unsolved_stack[stacks->unsolved_count++] = block;
	}
}

static void infer_block(struct flow *flow, struct stacks *stacks)
{
	uint32_t block = flow->unsolved_stack[--stacks->unsolved_count];

	flow->block_state[block] &= (unsigned char)~IS_ON_UNSOLVED;
	if (flow->unknown_successors[block] == 0)
		add_step(flow, block, PLAN_BLOCK_FROM_SUCCESSORS);
	else if (flow->unknown_predecessors[block] == 0)
		add_step(flow, block, PLAN_BLOCK_FROM_PREDECESSORS);
	else
		return;
	flow->block_state[block] |= IS_KNOWN | IS_ON_SOLVED;
	flow->solved_stack[stacks->solved_count++] = block;
}

static void infer_leaving_arc(struct flow *flow, struct stacks *stacks, uint32_t block)
{
	uint32_t arc = flow->successor_first[block];

	while (flow->is_arc_known[arc])
		arc++;
	add_step(flow, arc, PLAN_ARC_FROM_SOURCE);
	flow->is_arc_known[arc] = true;
	flow->is_conserving[block] = true;
	flow->unknown_successors[block] = 0;
	uint32_t other = flow->arcs[arc].destination;
	revisit(flow, stacks, other, --flow->unknown_predecessors[other]);
}

static void infer_entering_arc(struct flow *flow, struct stacks *stacks, uint32_t block)
{
	uint32_t place = flow->predecessor_first[block];

	while (flow->is_arc_known[flow->predecessors[place]])
		place++;
	uint32_t arc = flow->predecessors[place];
	add_step(flow, arc, PLAN_ARC_FROM_DESTINATION);
	flow->is_arc_known[arc] = true;
	flow->is_conserving[block] = true;
	flow->unknown_predecessors[block] = 0;
	uint32_t other = flow->arcs[arc].source;
	revisit(flow, stacks, other, --flow->unknown_successors[other]);
}

static void solve_as_gcc(struct flow *flow)
{
	struct stacks stacks = { .unsolved_count = flow->block_count };

	start_solution(flow);
	while (stacks.unsolved_count || stacks.solved_count) {
		if (stacks.unsolved_count) {
			infer_block(flow, &stacks);
			continue;
		}
		uint32_t block = flow->solved_stack[--stacks.solved_count];

		flow->block_state[block] &= (unsigned char)~IS_ON_SOLVED;
		if (flow->unknown_successors[block] == 1)
			infer_leaving_arc(flow, &stacks, block);
		if (flow->unknown_predecessors[block] == 1)
			infer_entering_arc(flow, &stacks, block);
	}
}

static uint32_t find_root(uint32_t *parents, uint32_t block)
{
	while (parents[block] != block) {
		parents[block] = parents[parents[block]];
		block = parents[block];
	}
	return block;
}

bool flow_is_solvable(struct flow *flow, const struct gcno *gcno,
		      const struct gcno_function *function)
{
	const struct gcno_arc *arcs = gcno->arcs + function->arc_first;
	uint32_t exit_block = gcno->format->is_exit_last ? function->block_count - 1 : 1;
	bool is_entered = false, is_left = false;

	/* gcov gives up on a graph without entry or exit as well. */
	if (function->block_count <= 1)
		return false;
	if (gcno->line_rule == GCOV_LINES_LLVM)
		return true;
	reserve(flow, function->block_count, 0);
	uint32_t *parents = flow->unsolved_stack;
	for (uint32_t i = 0; i < function->block_count; i++)
		parents[i] = i;
	for (uint32_t i = 0; i < function->arc_count; i++) {
		is_entered |= arcs[i].destination == ENTRY_BLOCK;
		is_left |= arcs[i].source == exit_block;
		if (!(arcs[i].flags & GCOV_ARC_ON_TREE))
			continue;
		uint32_t source = find_root(parents, arcs[i].source);
		uint32_t destination = find_root(parents, arcs[i].destination);

		if (source == destination)
			return false;
		parents[destination] = source;
	}
	/* Nothing is known of how often the entry is entered and the exit left. */
	return is_entered || is_left ||
	       find_root(parents, exit_block) != find_root(parents, ENTRY_BLOCK);
}

void flow_build(struct flow *flow, const struct gcno *gcno, const struct gcno_function *function)
{
	bool is_gcc = gcno->line_rule != GCOV_LINES_LLVM;
	bool has_ends = function->block_count > 1;

	/* One arc more than in the file: llvm_add_return_arc() may add it. */
	reserve(flow, function->block_count, function->arc_count + 1);
	flow->block_count = function->block_count;
	flow->arc_count = function->arc_count;
	flow->exit_block = gcno->format->is_exit_last ? function->block_count - 1 : 1;
	place_arcs(flow, gcno->arcs + function->arc_first);
	if (!is_gcc && has_ends)
		llvm_add_return_arc(flow);
	for (uint32_t i = 0; i < flow->block_count && is_gcc; i++)
		sort_by_destination(flow->arcs + flow->successor_first[i],
				    flow->successor_first[i + 1] - flow->successor_first[i]);
	index_predecessors(flow);
	if (has_ends && is_gcc) {
		solve_as_gcc(flow);
		return;
	}
	flow->step_count = 0;
	memset(flow->is_conserving, 0, flow->block_count * sizeof(bool));
	if (has_ends)
		llvm_solve(flow);
}

void flow_deinit(struct flow *flow)
{
	free(flow->arcs);
	free(flow->successor_first);
	free(flow->predecessor_first);
	free(flow->predecessors);
	free(flow->steps);
	free(flow->is_conserving);
	free(flow->unknown_successors);
	free(flow->unknown_predecessors);
	free(flow->is_arc_known);
	free(flow->block_state);
	free(flow->unsolved_stack);
	free(flow->solved_stack);
	memset(flow, 0, sizeof(*flow));
}
