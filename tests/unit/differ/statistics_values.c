/*
 * statistics_values.c - p-values of cases from stdin, for statistics_oracle.py to compare.
 *
 * "poisson COUNT NS COUNT NS" or "permutation TRIALS BASELINES RATE..."; prints one number a case.
 */
#include <stdio.h>
#include <string.h>

#include "differ/differ.h"

enum { TRIALS_MAX = 4 * COV_PERMUTATION_EXACT_MAX };

static bool print_permutation(void)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	double rates[TRIALS_MAX];
	size_t trial_count, baseline_count;

	if (scanf("%zu %zu", &trial_count, &baseline_count) != 2 ||
	    trial_count + baseline_count > TRIALS_MAX)
		return false;
	for (size_t i = 0; i < trial_count + baseline_count; i++) {
		if (scanf("%lf", &rates[i]) != 1)
			return false;
	}
	printf("%.17g\n", cov_permutation_p(&deals, rates, trial_count, baseline_count));
	return true;
}

static bool print_poisson(void)
{
	struct cov_observation trial, baseline;

	if (scanf("%ld %ld %ld %ld", &trial.count, &trial.duration_ns, &baseline.count,
		  &baseline.duration_ns) != 4)
		return false;
	printf("%.17g\n", cov_poisson_p(trial, baseline));
	return true;
}

int main(void)
{
	char kind[16];

	while (scanf("%15s", kind) == 1) {
		if (strcmp(kind, "poisson") == 0 ? !print_poisson() : !print_permutation())
			return 1;
	}
	return 0;
}
