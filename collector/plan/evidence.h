/*
 * evidence.h - which blocks of a function ran, and whether its counters contradict each other.
 *
 * Counters that several processors add to without atomic operations lose updates; and a function
 * that is running while the counters are reset or captured is entered but not left, or left but not
 * entered. The solution of the flow graph then gives some uncounted arcs too little, down to below
 * zero, and others too much, so that code seems to run that never did. The counts stay as they are,
 * equal to gcov's; but in a function with an arc below zero only a measured arc is evidence that
 * code ran. So it is with counters from which those of another snapshot were subtracted that has
 * more of some: measured arcs are below zero then, too.
 */
#ifndef COLLECTOR_PLAN_EVIDENCE_H
#define COLLECTOR_PLAN_EVIDENCE_H

#include "collector/plan/evaluation.h"

/**
 * evidence_contradiction() - how much the counters of a function contradict each other.
 *
 * Return: the largest amount by which an arc is below zero, 0 if none is. Each missing update
 *         takes at most 1 off an arc, so at least that many are missing.
 */
int64_t evidence_contradiction(const struct evaluation *evaluation,
			       const struct plan_function *function);

/**
 * evidence_find() - fill evaluation->has_run.
 * @is_contradicting: whether evidence_contradiction() is above 0
 *
 * Without a contradiction a block ran if its count is above 0. With one it ran if a counted arc
 * that begins or ends there did, or if it is the only way into or out of a block that ran: what was
 * entered came from somewhere, and was left again.
 */
void evidence_find(struct evaluation *evaluation, const struct plan_function *function,
		   bool is_contradicting);

/** evidence_line_state() - of the line of @entry in this function: 0 or PLAN_LINE_*. */
unsigned char evidence_line_state(const struct evaluation *evaluation, const struct plan *plan,
				  const struct plan_entry *entry);

#endif
