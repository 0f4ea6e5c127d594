/* survey.h - what is known of all functions of an object without their flow graphs. */
#ifndef COLLECTOR_PLAN_SURVEY_H
#define COLLECTOR_PLAN_SURVEY_H

#include "collector/plan/plan.h"

struct compiler;
struct cov_error;
struct gcno;

/**
 * plan_survey() - all of a plan that does not depend on flow graphs.
 * @compiler: zeroed, or of another object
 * @out: filled on success, without arcs, steps, entries, blocks and branches; free with
 *       plan_deinit()
 *
 * Return: 0; COV_ERR_FORMAT as plan_compile().
 */
int plan_survey(struct compiler *compiler, const struct gcno *gcno, struct plan *out,
		struct cov_error *err);

#endif
