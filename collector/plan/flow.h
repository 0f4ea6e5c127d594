/* flow.h - the flow graph of one function and the order in which its counts follow. */
#ifndef COLLECTOR_PLAN_FLOW_H
#define COLLECTOR_PLAN_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/flow_graph.h"

/**
 * flow_build() - fill @flow with the graph of @function and solve it symbolically.
 * @gcno: the notes that @function belongs to
 *
 * Source: gcov.cc, solve_flow_graph(); a block is inferred from whichever side is known first. For
 * clang's notes see llvm_solve().
 */
void flow_build(struct flow *flow, const struct gcno *gcno, const struct gcno_function *function);

/**
 * flow_is_solvable() - whether the counters determine all counts of @function.
 * @flow: whose memory is used
 *
 * They do if the arcs without counter form no cycle, taken without direction and with entry and
 * exit as one block; what flow_build() solves then covers all arcs and blocks.
 */
bool flow_is_solvable(struct flow *flow, const struct gcno *gcno,
		      const struct gcno_function *function);

/** flow_deinit() - free what @flow owns; a zeroed struct is fine. */
void flow_deinit(struct flow *flow);

COV_DEFINE_AUTO_STRUCT(struct flow, flow_deinit)

#endif
