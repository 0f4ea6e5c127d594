/* evaluate.h - from the counters of one object to the counts of its lines and functions. */
#ifndef COLLECTOR_PLAN_EVALUATE_H
#define COLLECTOR_PLAN_EVALUATE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/evaluation.h"
#include "collector/plan/plan.h"

/* Scratch memory of plan_evaluate(), which may be used for plan after plan. */
struct evaluate_scratch {
	void *memory; /* owned */
	size_t size_bytes;
};

/** evaluate_scratch_deinit() - free what @scratch owns; a zeroed struct is fine. */
void evaluate_scratch_deinit(struct evaluate_scratch *scratch);

COV_DEFINE_AUTO_STRUCT(struct evaluate_scratch, evaluate_scratch_deinit)

/*
 * The counts of one object; evaluating adds to what is there, by cov_number_add(). They may be
 * negative when the counters contradict each other, as in gcov.
 */
struct plan_counts {
	int64_t *lines;           /* [plan->line_count] */
	int64_t *functions;       /* [plan->function_count], calls; or NULL */
	int64_t *blocks_executed; /* [plan->function_count], as gcov counts them; or NULL */
	int64_t *branches;        /* [plan->branch_count]; or NULL */
	unsigned char *states;    /* [plan->line_count], PLAN_LINE_* are or'ed in; or NULL */
	int64_t *contradictions;  /* [plan->function_count], see evidence.h; or NULL */
	int64_t *blocks; /* [plan_block_count()], function by function; see blocks.h; or NULL */
};

/**
 * plan_evaluate() - the counts of one object.
 * @counters: [plan->counter_count]
 * @counts:   added to
 * @scratch:  kept by the caller between calls
 */
void plan_evaluate(const struct plan *plan, const int64_t *counters,
		   const struct plan_counts *counts, struct evaluate_scratch *scratch);

/**
 * evaluate_begin() - evaluate functions of a plan one by one, as plan_evaluate() does.
 * @scratch: @ret is within it
 */
void evaluate_begin(const struct plan *plan, struct evaluate_scratch *scratch,
		    struct evaluation *ret);

/** evaluate_index() - which arcs leave and enter each block of a function. */
void evaluate_index(struct evaluation *evaluation, const struct plan *plan,
		    const struct plan_function *function);

/**
 * evaluate_solve() - the counts of all arcs and blocks of a function that is indexed.
 * @counters: [function->counter_count]
 */
void evaluate_solve(struct evaluation *evaluation, const struct plan *plan,
		    const struct plan_function *function, const int64_t *counters);

/** evaluate_entry() - what a function that is solved contributes to a line, but for clang's. */
int64_t evaluate_entry(struct evaluation *evaluation, const struct plan *plan,
		       const struct plan_entry *entry);

/**
 * evaluate_function() - all counts of function @index.
 * @counters:    [function->counter_count]
 * @block_first: of the function, among all blocks of the object
 */
void evaluate_function(struct evaluation *evaluation, const struct plan *plan, uint32_t index,
		       const int64_t *counters, const struct plan_counts *counts,
		       size_t block_first);

#endif
