/* plan.c - who owns which of the arrays of a plan. */
#include "collector/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

void plan_view_init(struct plan *view, const struct plan *survey)
{
	*view = *survey;
	view->functions = cov_xmalloc(survey->function_count * sizeof(*view->functions));
	memcpy(view->functions, survey->functions,
	       survey->function_count * sizeof(*view->functions));
}

void plan_view_deinit(struct plan *view)
{
	free(view->functions);
	free(view->arcs);
	free(view->steps);
	free(view->entries);
	free(view->blocks);
	free(view->branches);
	memset(view, 0, sizeof(*view));
}

void plan_deinit(struct plan *plan)
{
	free(plan->texts);
	free(plan->sources);
	free(plan->functions);
	free(plan->arcs);
	free(plan->steps);
	free(plan->entries);
	free(plan->blocks);
	free(plan->branches);
	free(plan->lines);
	free(plan->is_hung);
	free(plan->is_group);
	memset(plan, 0, sizeof(*plan));
}
