/*
 * control.h - which branches decide whether a line runs.
 *
 * A block depends on a way out of a branch if it is bound to run once that way is taken, and was
 * not bound to run before: that is, if it lies on the path from where that way leads up the tree of
 * post-dominators, below the post-dominator of the branch itself.
 *
 * Source: Ferrante, Ottenstein and Warren, "The Program Dependence Graph and Its Use in
 * Optimization" (1987), section 3.1.
 */
#ifndef COLLECTOR_PLAN_CONTROL_H
#define COLLECTOR_PLAN_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/plan.h"

/* A way out of a block that has several. */
struct plan_control {
	uint32_t branch;   /* the way that leads to the line: index into plan.branches */
	uint32_t distance; /* 1: decides by itself, 2: whether such a branch is reached, ... */
};

struct plan_controls {
	struct plan_control *items; /* [count], nearest first, then as in plan.branches; owned */
	size_t count;
	size_t capacity;
};

/** plan_controls_deinit() - free what @controls owns; a zeroed struct is fine. */
void plan_controls_deinit(struct plan_controls *controls);

COV_DEFINE_AUTO_STRUCT(struct plan_controls, plan_controls_deinit)

/**
 * plan_controls_find() - the branches on which a line of a function depends, however far away.
 * @plan:     with its body, which was checked for @function
 * @function: index into plan.functions
 * @line:     index into plan.lines; branches on the line itself are left out
 * @ret:      free with plan_controls_deinit()
 *
 * A block with several ways out counts at its nearest distance only. Calls that may not return do
 * not count as branches. A branch that hangs on no line is not listed, but what it depends on is.
 */
void plan_controls_find(const struct plan *plan, uint32_t function, uint32_t line,
			struct plan_controls *ret);

#endif
