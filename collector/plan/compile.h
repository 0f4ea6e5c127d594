/* compile.h - from the notes of an object to its plan. */
#ifndef COLLECTOR_PLAN_COMPILE_H
#define COLLECTOR_PLAN_COMPILE_H

#include <stdint.h>

#include "collector/plan/plan.h"

struct compiler;
struct cov_error;
struct gcno;

/**
 * plan_compile_functions() - compile functions of a surveyed object.
 * @compiler: what its survey was made with, and no other since
 * @plan:     of plan_survey(); gets what the survey left out
 * @counters: [plan->counter_count], functions that did not run are not compiled; NULL: all
 *            functions are compiled
 */
void plan_compile_functions(struct compiler *compiler, struct plan *plan, const int64_t *counters);

/**
 * plan_compile() - make the plan of an object from its notes.
 * @out: filled on success; free with plan_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if the line rule of this compiler is not known, or if a function has
 *         more blocks than its arcs can join.
 */
int plan_compile(const struct gcno *gcno, struct plan *out, struct cov_error *err);

#endif
