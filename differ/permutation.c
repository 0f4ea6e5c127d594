/* permutation.c - the permutation test over repeated trials: exact, of many trials by sampling. */
#include "differ/permutation.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "differ/deals.h"

enum {
	HALF_MAX = COV_PERMUTATION_EXACT_MAX / 2,
};

static const double tie_tolerance = 1e-12;

/* The sums of all choices among half of the rates, by how many are chosen. */
struct half {
	double room[2][1 << HALF_MAX];
	const double *sums;         /* one of both, [2^count], each size ascending */
	size_t first[HALF_MAX + 2]; /* of each size, in sums */
};

/* Two ascending lists as one, @more added to each of the second. */
static double *merge(const double *a, size_t a_count, const double *b, size_t b_count, double more,
		     double *ret)
{
	size_t i = 0, j = 0;

	while (i < a_count && j < b_count) {
		double with = b[j] + more;
		bool is_first = a[i] <= with;

		*ret++ = is_first ? a[i] : with;
		i += is_first;
		j += !is_first;
	}
	while (i < a_count)
		*ret++ = a[i++];
	while (j < b_count)
		*ret++ = b[j++] + more;
	return ret;
}

/*
 * With each rate, the choices of a size are those without it and those of one less with it; both
 * are in order, so that nothing has to be sorted.
 */
static void half_init(struct half *half, const double *rates, size_t count)
{
	size_t first[HALF_MAX + 2] = { 0, 1 };

	half->room[0][0] = 0; /* none is chosen */
	half->first[0] = 0;
	half->first[1] = 1;
	for (size_t i = 0; i < count; i++) {
		const double *before = half->room[i % 2];
		double *sums = half->room[(i + 1) % 2], *next = sums;

		memcpy(first, half->first, (i + 2) * sizeof(*first));
		for (size_t size = 0; size <= i + 1; size++) {
			size_t without = size <= i ? first[size + 1] - first[size] : 0;
			size_t with = size ? first[size] - first[size - 1] : 0;

			half->first[size] = (size_t)(next - sums);
			next = merge(before + first[size], without,
				     before + (size ? first[size - 1] : 0), with, rates[i], next);
		}
		half->first[i + 2] = (size_t)(next - sums);
	}
	half->sums = half->room[count % 2];
}

/* All ways to choose some of the rates: so many of the one half, the others of the other. */
struct ways {
	struct half low, high;
	size_t low_count, high_count;
};

static void ways_init(struct ways *ways, const double *rates, size_t count)
{
	ways->low_count = count / 2;
	ways->high_count = count - ways->low_count;
	half_init(&ways->low, rates, ways->low_count);
	half_init(&ways->high, rates + ways->low_count, ways->high_count);
}

/* Choices of @high_size and of @low_size whose sums together reach @least. */
static uint64_t count_pairs(const struct half *low, size_t low_size, const struct half *high,
			    size_t high_size, double least)
{
	size_t begin = low->first[low_size], end = low->first[low_size + 1];
	size_t place = end; /* the larger one sum, the smaller the other may be */
	uint64_t count = 0;

	for (size_t i = high->first[high_size]; i < high->first[high_size + 1]; i++) {
		while (place > begin && low->sums[place - 1] + high->sums[i] >= least)
			place--;
		count += end - place;
	}
	return count;
}

/* The share of all ways to choose @chosen whose sum is at least @least. */
static double share_reaching(const struct ways *ways, size_t chosen, double least)
{
	uint64_t reaching = 0, all = 0;

	for (size_t i = 0; i <= ways->low_count && i <= chosen; i++) {
		size_t other = chosen - i;

		if (other > ways->high_count)
			continue;
		reaching += count_pairs(&ways->low, i, &ways->high, other, least);
		all += (uint64_t)(ways->low.first[i + 1] - ways->low.first[i]) *
		       (ways->high.first[other + 1] - ways->high.first[other]);
	}
	return (double)reaching / (double)all;
}

static double choices(size_t count, size_t chosen)
{
	double product = 1;

	for (size_t i = 1; i <= chosen; i++)
		product = product * (double)(count - chosen + i) / (double)i;
	return round(product);
}

/* Whether every rate of the one side is above every one of the other: no other way reaches that
 * difference. */
static bool is_separated(const double *rates, size_t count, const double *others,
			 size_t other_count)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < count; i++)
		least = rates[i] < least ? rates[i] : least;
	for (size_t i = 0; i < other_count; i++)
		most = others[i] > most ? others[i] : most;
	return least > most * (1 + 1e-9);
}

/* The share of all ways whose sum of trials is at least @least, estimated. */
static double draw_ways(struct cov_deals *deals, const double *rates, size_t trial_count,
			size_t count, double least)
{
	size_t made, reaching = cov_deals_reaching(deals, rates, trial_count, count, least, &made);

	if (reaching == COV_DEALS_ENOUGH)
		return (double)reaching / (double)made;
	return (double)(reaching + 1) / (COV_PERMUTATION_DRAWS + 1);
}

/* Rates added up, and by how much sums that count as equal may differ. */
struct sums {
	double trials, baseline, tolerance;
};

static struct sums sum_up(const double *rates, size_t trial_count, size_t count)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < trial_count; i++)
		sums.trials += rates[i];
	for (size_t i = trial_count; i < count; i++)
		sums.baseline += rates[i];
	sums.tolerance = (sums.trials + sums.baseline) * tie_tolerance;
	return sums;
}

double cov_permutation_p(struct cov_deals *deals, const double *rates, size_t trial_count,
			 size_t baseline_count)
{
	size_t count = trial_count + baseline_count;
	struct ways ways;

	assert(trial_count && baseline_count && count <= UINT32_MAX);
	if (is_separated(rates, trial_count, rates + trial_count, baseline_count))
		return cov_permutation_p_min(trial_count, baseline_count);
	/* The sum decides: with it the difference of the means grows. */
	struct sums sums = sum_up(rates, trial_count, count);
	double least = sums.trials - sums.tolerance;
	if (count > COV_PERMUTATION_EXACT_MAX)
		return draw_ways(deals, rates, trial_count, count, least);
	ways_init(&ways, rates, count);
	return share_reaching(&ways, trial_count, least);
}

static void turn(double *rates, size_t count)
{
	for (size_t i = 0, j = count - 1; i < j; i++, j--) {
		double rate = rates[i];

		rates[i] = rates[j];
		rates[j] = rate;
	}
}

double cov_permutation_two_sided(struct cov_deals *deals, double *rates, size_t trial_count,
				 size_t baseline_count)
{
	size_t count = trial_count + baseline_count;
	struct ways ways;
	double more, less;

	assert(trial_count && baseline_count && count <= UINT32_MAX);
	if (count > COV_PERMUTATION_EXACT_MAX) {
		more = cov_permutation_p(deals, rates, trial_count, baseline_count);
		turn(rates, count);
		less = cov_permutation_p(deals, rates, baseline_count, trial_count);
	} else if (is_separated(rates, trial_count, rates + trial_count, baseline_count) ||
		   is_separated(rates + trial_count, baseline_count, rates, trial_count)) {
		more = less = cov_permutation_p_min(trial_count, baseline_count);
	} else {
		struct sums sums = sum_up(rates, trial_count, count);

		ways_init(&ways, rates, count);
		more = share_reaching(&ways, trial_count, sums.trials - sums.tolerance);
		less = share_reaching(&ways, baseline_count, sums.baseline - sums.tolerance);
	}
	return fmin(1, 2 * fmin(more, less));
}

double cov_permutation_p_min(size_t trial_count, size_t baseline_count)
{
	return 1 / choices(trial_count + baseline_count, trial_count);
}
