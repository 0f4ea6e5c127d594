/* compare_scope.c - the sides of a comparison and how they were tested, as JSON has them. */
#include "venn/change/compare_scope.h"

#include <math.h>

#include "collector/base/json.h"

int compare_scope_boots(const struct sides *sides)
{
	const struct observations *old = &sides->old.observations, *new = &sides->new.observations;
	int count = 0;

	if (!old->boot_count || !new->boot_count)
		return -1;
	for (size_t i = 0; i < old->boot_count; i++) {
		for (size_t j = 0; j < new->boot_count; j++)
			count += observations_same_boot(old->boots_s[i], new->boots_s[j]);
	}
	return count;
}

static json_t *side_json(const char *text, const struct side *side)
{
	const struct observations *observations = &side->observations;
	json_t *object = cov_json_object(), *workloads = cov_json_array();

	for (size_t i = 0; i < side->workload_count; i++)
		cov_json_append(workloads, cov_json_name(side->workloads[i]));
	cov_json_set(object, "name", cov_json_name(text));
	cov_json_set(object, "kernel", cov_json_name(side->about.name));
	cov_json_set(object, "workloads", workloads);
	cov_json_set(object, "trials", cov_json_integer((int64_t)side->trial_count));
	cov_json_set(object, "trials_left_out",
		     cov_json_integer((int64_t)observations->left_out_count));
	cov_json_set(object, "boots",
		     observations->boot_count ? cov_json_integer((int64_t)observations->boot_count)
					      : json_null());
	cov_json_set(object, "seconds",
		     side->duration_ns ? cov_json_real((double)side->duration_ns / 1e9)
				       : cov_json_real(NAN));
	cov_json_set(object, "trials_observed", cov_json_integer((int64_t)side->observed_count));
	return object;
}

static json_t *tests_json(const struct compare_scope *scope)
{
	const struct compare *compare = scope->compare;
	json_t *object = cov_json_object();

	cov_json_set(object, "false_discovery_rate", cov_json_real(scope->fdr));
	cov_json_set(object, "p_min", cov_json_real(compare->p_min));
	cov_json_set(object, "executed_tests", cov_json_integer((int64_t)compare->presence_tests));
	cov_json_set(object, "executed_discoveries",
		     cov_json_integer((int64_t)compare->presence_discoveries));
	cov_json_set(object, "rate_tests", cov_json_integer((int64_t)compare->rate_tests));
	cov_json_set(object, "rate_discoveries",
		     cov_json_integer((int64_t)compare->rate_discoveries));
	cov_json_set(object, "resamples", cov_json_integer((int64_t)compare->resample_count));
	return object;
}

void compare_scope_json(const struct compare_scope *scope, json_t *object)
{
	const struct compare *compare = scope->compare;
	const struct sides *sides = scope->sides;
	int shared = compare_scope_boots(sides);

	cov_json_set(object, "old", side_json(scope->asked->old, &sides->old));
	cov_json_set(object, "new", side_json(scope->asked->new, &sides->new));
	cov_json_set(object, "rule", cov_json_name(compare->is_tested ? "permutation" : NULL));
	cov_json_set(object, "unit",
		     cov_json_name(scope->asked->unit == OBSERVATIONS_BOOT ? "boot" : "trial"));
	cov_json_set(object, "boots_in_both", shared < 0 ? json_null() : cov_json_integer(shared));
	cov_json_set(object, "tests", compare->is_tested ? tests_json(scope) : json_null());
	cov_json_set(object, "median_ratio", cov_json_real(compare->ratio));
}
