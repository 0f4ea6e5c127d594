/* block_poisson.c - p-values by the rule poisson of one block, for many splits of its trials. */
#include "venn/analysis/block_poisson.h"

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "differ/differ.h"
#include "venn/store/store_observer.h"

/* From here on chance decides more often than not. */
static const double p_even = 0.49;

static double share_of(const int64_t *durations)
{
	return (double)durations[0] / ((double)durations[0] + (double)durations[1]);
}

/* @trial, @idle: divided by the scale. */
static double p_value(const struct block_poisson *test, int64_t trial, int64_t idle,
		      const int64_t *durations)
{
	/* Below the mean of a binomial distribution by one it is not above the median. */
	if (test->p_most < p_even &&
	    (double)trial + 1 <= share_of(durations) * ((double)trial + (double)idle))
		return 1;
	return cov_poisson_p((struct cov_observation){ trial, durations[0] },
			     (struct cov_observation){ idle, durations[1] });
}

double block_poisson_p(const struct block_poisson *test, const int64_t *counts,
		       const int64_t *durations)
{
	return p_value(test, store_observer_divide(counts[0], test->scale),
		       store_observer_divide(counts[1], test->scale), durations);
}

/* How often it ran in all trials of a set. */
static int64_t sum_of(const struct block_poisson *test, const int64_t *counts, uint64_t trials)
{
	int64_t sum = 0;

	for (; trials; trials &= trials - 1)
		sum = cov_number_add(sum, counts[__builtin_ctzll(trials)]);
	return store_observer_divide(sum, test->scale);
}

/* What all splits have in common: up to how many executions there is nothing to find out. */
static double find_chance(const struct block_poisson *test, const struct block_sides *sides,
			  const int64_t (*sums)[2])
{
	double count = (double)sums[0][0] + (double)sums[0][1];
	double share = share_of(sides->durations[0]);

	if (test->p_most >= p_even)
		return -1;
	for (size_t i = 1; i < sides->count; i++) {
		double sum = (double)sums[i][0] + (double)sums[i][1];
		double other = share_of(sides->durations[i]);

		count = sum < count ? sum : count;
		share = other < share ? other : share;
	}
	return cov_poisson_chance(count, share, test->p_most);
}

void block_poisson_all(const struct block_poisson *test, const struct block_sides *sides,
		       const int64_t *counts, double *ret)
{
	uint64_t all = UINT64_MAX >> (64 - sides->trial_count);
	COV_AUTO(free) int64_t(*sums)[2] = cov_xcalloc(sides->count, sizeof(*sums));

	for (size_t i = 0; i < sides->count; i++) {
		sums[i][0] = sum_of(test, counts, sides->masks[i]);
		sums[i][1] = sum_of(test, counts, all & ~sides->masks[i]);
	}
	double chance = find_chance(test, sides, (const int64_t(*)[2])sums);
	for (size_t i = 0; i < sides->count; i++)
		ret[i] = (double)sums[i][0] <= chance
			     ? 1
			     : p_value(test, sums[i][0], sums[i][1], sides->durations[i]);
}
