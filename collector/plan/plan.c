/* plan.c - who owns which of the arrays of a plan. */
#include "collector/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

void plan_drop_arrays(struct plan *plan)
{
	free(plan->arcs);
	free(plan->steps);
	free(plan->entries);
	free(plan->blocks);
	free(plan->branches);
	plan->arcs = NULL;
	plan->steps = NULL;
	plan->entries = NULL;
	plan->blocks = NULL;
	plan->branches = NULL;
}

void plan_deinit(struct plan *plan)
{
	free(plan->texts);
	free(plan->sources);
	free(plan->functions);
	plan_drop_arrays(plan);
	free(plan->lines);
	memset(plan, 0, sizeof(*plan));
}
