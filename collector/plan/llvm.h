/*
 * llvm.h - how llvm-cov gcov counts what clang instrumented.
 *
 * Solution: the arcs without a counter form a tree, with one from the exit to the entry added. Each
 * gets what the blocks below it lack, and where counters contradict each other the absolute value,
 * so that no count is ever negative. A block counts what leaves it.
 *
 * Lines: a block hangs on every line that it mentions, as often as it mentions it. A line counts
 * what enters its blocks from others, or leaves the entry, and the cycles within, which are looked
 * for one after the other from the first block on, each taken off its arcs before the next.
 *
 * Branches: the ways out of a block, if it has several, belong to the last line it mentions.
 *
 * Source: llvm/lib/ProfileData/GCOV.cpp of LLVM 11 to 19, as the format sheet describes it. These
 * take all lines of a function for lines of its source, which is how clang writes them. Later ones,
 * and covdb, go by the file that is named.
 */
#ifndef COLLECTOR_PLAN_LLVM_H
#define COLLECTOR_PLAN_LLVM_H

#include <stdbool.h>
#include <stdint.h>

struct evaluation;
struct flow;
struct plan;
struct plan_entry;
struct plan_function;

/** llvm_add_return_arc() - add the arc from exit to entry. @flow: its arcs are in place, unindexed
 */
void llvm_add_return_arc(struct flow *flow);

/** llvm_solve() - the steps that give the arcs without a counter. @flow: filled but for the steps
 */
void llvm_solve(struct flow *flow);

/** llvm_evaluate() - from counted arcs to all arcs and blocks. */
void llvm_evaluate(struct evaluation *evaluation, const struct plan *plan,
		   const struct plan_function *function);

/** llvm_count_entry() - what one function contributes to a line. */
int64_t llvm_count_entry(struct evaluation *evaluation, const struct plan *plan,
			 const struct plan_entry *entry);

#endif
