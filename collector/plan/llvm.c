/* llvm.c - how llvm-cov gcov counts what clang instrumented. */
#include "collector/plan/llvm.h"

#include <string.h>

#include "collector/base/number.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/evaluation.h"
#include "collector/plan/flow_graph.h"

enum {
	ENTRY_BLOCK = 0,
	GCOV_ARC_FLAGS = GCOV_ARC_ON_TREE | GCOV_ARC_FAKE | GCOV_ARC_FALLTHROUGH,
};

void llvm_add_return_arc(struct flow *flow)
{
	uint32_t place = flow->successor_first[flow->exit_block + 1];

	for (uint32_t i = 0; i < flow->arc_count; i++)
		flow->arcs[i].flags &= GCOV_ARC_FLAGS;
	memmove(flow->arcs + place + 1, flow->arcs + place,
		(flow->arc_count - place) * sizeof(*flow->arcs));
	flow->arcs[place] = (struct plan_arc){
		.source = flow->exit_block,
		.destination = ENTRY_BLOCK,
		.counter = PLAN_NO_COUNTER,
		.flags = GCOV_ARC_ON_TREE | PLAN_ARC_RETURN,
	};
	for (uint32_t i = flow->exit_block + 1; i <= flow->block_count; i++)
		flow->successor_first[i]++;
	flow->arc_count++;
}

/* The arc at @place among those that enter @block and then those that leave it, or NOTHING. */
static uint32_t arc_of_block(const struct flow *flow, uint32_t block, uint32_t place)
{
	uint32_t entering = flow->predecessor_first[block + 1] - flow->predecessor_first[block];
	uint32_t leaving = flow->successor_first[block + 1] - flow->successor_first[block];

	if (place < entering)
		return flow->predecessors[flow->predecessor_first[block] + place];
	return place - entering < leaving ? flow->successor_first[block] + place - entering
					  : PLAN_NOTHING;
}

/*
 * Down the tree from @root. A block's arc towards the root is found when all those below are. In a
 * damaged file the arcs may form a cycle; the one that closes it stays 0.
 */
static void solve_tree(struct flow *flow, uint32_t root)
{
	uint32_t *stack = flow->unsolved_stack;
	uint32_t *place = flow->unknown_successors;
	uint32_t *parent = flow->unknown_predecessors; /* arc */
	uint32_t depth = 1;

	stack[0] = root;
	parent[root] = PLAN_NOTHING;
	flow->block_state[root] = true;
	while (depth) {
		uint32_t block = stack[depth - 1];
		uint32_t arc = arc_of_block(flow, block, place[block]++);

		if (arc == PLAN_NOTHING) {
			depth--;
			if (parent[block] == PLAN_NOTHING)
				continue;
			bool is_below = flow->arcs[parent[block]].destination == block;
			flow->steps[flow->step_count++] =
			    plan_step(parent[block],
				      is_below ? PLAN_ARC_FROM_DESTINATION : PLAN_ARC_FROM_SOURCE);
			continue;
		}
		const struct plan_arc *way = &flow->arcs[arc];
		uint32_t other = way->source == block ? way->destination : way->source;

		if (way->counter != PLAN_NO_COUNTER || flow->block_state[other])
			continue;
		flow->block_state[other] = true;
		parent[other] = arc;
		stack[depth++] = other;
	}
}

void llvm_solve(struct flow *flow)
{
	memset(flow->block_state, false, flow->block_count);
	memset(flow->unknown_successors, 0, flow->block_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < flow->block_count; i++) {
		if (!flow->block_state[i])
			solve_tree(flow, i);
	}
}

/* An arc that is not known yet counts 0, so the others' sums need no exception. */
void llvm_evaluate(struct evaluation *evaluation, const struct plan *plan,
		   const struct plan_function *function)
{
	for (uint32_t i = 0; i < function->step_count; i++) {
		uint32_t step = plan->steps[function->step_first + i];
		uint32_t index = plan_step_index(step);

		if (!plan_step_is_arc(step))
			continue; /* in damaged plans only */
		const struct plan_arc *arc = &evaluation->arcs[index];
		uint32_t block =
		    plan_step_kind(step) == PLAN_ARC_FROM_SOURCE ? arc->source : arc->destination;
		uint64_t excess = evaluation_sum_entering(evaluation, block) -
				  evaluation_sum_leaving(evaluation, block);

		evaluation->arc_counts[index] = (int64_t)excess < 0 ? -excess : excess;
	}
	memset(evaluation->block_counts, 0, function->block_count * sizeof(uint64_t));
	for (uint32_t i = 0; i < function->arc_count; i++) {
		if (!(evaluation->arcs[i].flags & PLAN_ARC_RETURN))
			evaluation->block_counts[evaluation->arcs[i].source] +=
			    evaluation->arc_counts[i];
	}
}

static bool is_visited(const struct evaluation *evaluation, uint32_t block)
{
	return evaluation->blocked_stamps[block] == evaluation->search_stamp;
}

/* Whether all ways on from @block have been followed in this search. */
static bool is_done(const struct evaluation *evaluation, uint32_t block)
{
	return is_visited(evaluation, block) && evaluation->waiter_heads[block] == true;
}

static void visit(struct evaluation *evaluation, uint32_t depth, uint32_t block)
{
	evaluation->frames[depth] =
	    (struct frame){ block, evaluation->successor_first[block], false };
	evaluation->blocked_stamps[block] = evaluation->search_stamp;
	evaluation->waiter_heads[block] = false;
}

/* @arc leads from the last block of the path back to @block, which is on it. */
static uint64_t use_cycle(struct evaluation *evaluation, uint32_t depth, uint32_t arc,
			  uint32_t block)
{
	uint64_t least = (uint64_t)evaluation->unused[arc];
	uint32_t first = depth - 1;

	for (; evaluation->frames[first].block != block; first--) {
		uint64_t unused = (uint64_t)evaluation->unused[evaluation->path[first - 1]];

		if (unused < least)
			least = unused;
	}
	evaluation->unused[arc] = (int64_t)((uint64_t)evaluation->unused[arc] - least);
	for (; first < depth - 1; first++) {
		int64_t *unused = &evaluation->unused[evaluation->path[first]];

		*unused = (int64_t)((uint64_t)*unused - least);
	}
	return least;
}

/* The first cycle met from @start on along arcs that have something left; 0 if there is none. */
static uint64_t count_one_cycle(struct evaluation *evaluation, uint32_t start)
{
	uint32_t depth = 1;

	visit(evaluation, 0, start);
	while (depth) {
		struct frame *frame = &evaluation->frames[depth - 1];

		if (frame->arc == evaluation->successor_first[frame->block + 1]) {
			evaluation->waiter_heads[frame->block] = true;
			depth--;
			continue;
		}
		uint32_t arc = frame->arc++;
		uint32_t other = evaluation->arcs[arc].destination;

		if (!evaluation->unused[arc] || other == frame->block ||
		    !evaluation_is_in_set(evaluation, other) || is_done(evaluation, other))
			continue;
		if (is_visited(evaluation, other))
			return use_cycle(evaluation, depth, arc, other);
		evaluation->path[depth - 1] = arc;
		visit(evaluation, depth++, other);
	}
	return 0;
}

/* Every cycle found leaves an arc with nothing, so this ends. */
static int64_t count_cycles(struct evaluation *evaluation, const uint32_t *blocks, uint32_t count)
{
	int64_t total = 0;
	uint64_t found;

	do {
		found = 0;
		evaluation->search_stamp++;
		for (uint32_t i = 0; i < count && !found; i++) {
			if (!is_visited(evaluation, blocks[i]))
				found = count_one_cycle(evaluation, blocks[i]);
		}
		total = cov_number_add(total, (int64_t)found);
	} while (found);
	return total;
}

int64_t llvm_count_entry(struct evaluation *evaluation, const struct plan *plan,
			 const struct plan_entry *entry)
{
	const uint32_t *blocks = plan->blocks + entry->block_first;
	int64_t sum = 0;

	evaluation_mark_set(evaluation, blocks, entry->block_count);
	for (uint32_t i = 0; i < entry->block_count; i++) {
		uint64_t entries = blocks[i] == ENTRY_BLOCK
				       ? evaluation_sum_leaving(evaluation, ENTRY_BLOCK)
				       : evaluation_sum_from_outside(evaluation, blocks[i]);

		sum = cov_number_add(sum, (int64_t)entries);
		for (uint32_t j = evaluation->successor_first[blocks[i]];
		     j < evaluation->successor_first[blocks[i] + 1]; j++)
			evaluation->unused[j] = (int64_t)evaluation->arc_counts[j];
	}
	if (entry->kind == PLAN_FLOW_LOOP)
		sum = cov_number_add(sum, count_cycles(evaluation, blocks, entry->block_count));
	return sum;
}
