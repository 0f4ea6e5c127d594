/* flow_graph.h - the flow graph of one function while flow.c and llvm.c solve it. */
#ifndef COLLECTOR_PLAN_FLOW_GRAPH_H
#define COLLECTOR_PLAN_FLOW_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/plan/plan.h"

/* One function's graph; the memory serves for function after function. */
struct flow {
	uint32_t block_count;
	uint32_t arc_count;
	uint32_t exit_block;
	/* [arc_count], by source, then destination, or for clang as in the file; owned */
	struct plan_arc *arcs;
	uint32_t *successor_first;   /* [block_count + 1], into arcs; owned */
	uint32_t *predecessor_first; /* [block_count + 1], into predecessors; owned */
	uint32_t *predecessors;      /* [arc_count], indices of arcs by destination; owned */
	uint32_t *steps;             /* [step_count], as in struct plan; owned */
	uint32_t step_count;
	uint32_t counter_count;
	bool *is_conserving; /* [block_count]: what enters the block equals what leaves it; owned */

	uint32_t *unknown_successors;   /* [block_count]; owned */
	uint32_t *unknown_predecessors; /* [block_count]; owned */
	bool *is_arc_known;             /* [arc_count]; owned */
	unsigned char *block_state;     /* [block_count]; owned */
	uint32_t *unsolved_stack;       /* [block_count]; owned */
	uint32_t *solved_stack;         /* [block_count]; owned */
	uint32_t block_capacity;
	uint32_t arc_capacity;
	size_t step_capacity;
};

#endif
