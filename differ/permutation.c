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
	double *sums;               /* [2^count], each size ascending; owned */
	size_t first[HALF_MAX + 2]; /* of each size, in sums */
};

static void half_deinit(struct half *half)
{
	free(half->sums);
}

COV_DEFINE_AUTO_STRUCT(struct half, half_deinit)

/* Two ascending lists as one, @more added to each of the second. */
static double *merge(const double *a, size_t a_count, const double *b, size_t b_count, double more,
		     double *ret)
{
	size_t i = 0, j = 0;

	while (i < a_count || j < b_count) {
		bool is_first = j == b_count || (i < a_count && a[i] <= b[j] + more);

		*ret++ = is_first ? a[i++] : b[j++] + more;
	}
	return ret;
}

/*
 * With each rate, the choices of a size are those without it and those of one less with it; both
 * are in order, so that nothing has to be sorted.
 */
static void half_init(struct half *half, const double *rates, size_t count)
{
	COV_AUTO(free) double *before = cov_xcalloc((size_t)1 << count, sizeof(double));
	size_t first[HALF_MAX + 2] = { 0, 1 };

	half->sums = cov_xcalloc((size_t)1 << count, sizeof(double));
	half->first[1] = 1; /* none is chosen, which is 0 */
	for (size_t i = 0; i < count; i++) {
		double *swap = before, *next;

		before = half->sums;
		half->sums = swap;
		memcpy(first, half->first, sizeof(first));
		next = half->sums;
		for (size_t size = 0; size <= i + 1; size++) {
			size_t without = size <= i ? first[size + 1] - first[size] : 0;
			size_t with = size ? first[size] - first[size - 1] : 0;

			half->first[size] = (size_t)(next - half->sums);
			next = merge(before + first[size], without,
				     before + (size ? first[size - 1] : 0), with, rates[i], next);
		}
		half->first[i + 2] = (size_t)(next - half->sums);
	}
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

static double choices(size_t count, size_t chosen)
{
	double product = 1;

	for (size_t i = 1; i <= chosen; i++)
		product = product * (double)(count - chosen + i) / (double)i;
	return round(product);
}

/* Whether every trial's rate is above every baseline's: no other way reaches that difference. */
static bool is_separated(const double *rates, size_t trial_count, size_t count)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < count; i++) {
		if (i < trial_count)
			least = fmin(least, rates[i]);
		else
			most = fmax(most, rates[i]);
	}
	return least > most * (1 + 1e-9);
}

/* The share of all ways whose sum of trials is at least @least. */
static double count_ways(const double *rates, size_t trial_count, size_t count, double least)
{
	COV_AUTO(half_deinit) struct half low = { 0 };
	COV_AUTO(half_deinit) struct half high = { 0 };
	size_t low_count = count / 2;
	uint64_t reaching = 0;

	half_init(&low, rates, low_count);
	half_init(&high, rates + low_count, count - low_count);
	for (size_t i = 0; i <= low_count && i <= trial_count; i++) {
		if (trial_count - i <= count - low_count)
			reaching += count_pairs(&low, i, &high, trial_count - i, least);
	}
	return (double)reaching / choices(count, trial_count);
}

/* The same, estimated. */
static double draw_ways(struct cov_deals *deals, const double *rates, size_t trial_count,
			size_t count, double least)
{
	size_t made, reaching = cov_deals_reaching(deals, rates, trial_count, count, least, &made);

	if (reaching == COV_DEALS_ENOUGH)
		return (double)reaching / (double)made;
	return (double)(reaching + 1) / (COV_PERMUTATION_DRAWS + 1);
}

double cov_permutation_p(struct cov_deals *deals, const double *rates, size_t trial_count,
			 size_t baseline_count)
{
	size_t count = trial_count + baseline_count;
	double observed = 0, total = 0;

	assert(trial_count && baseline_count && count <= UINT32_MAX);
	if (is_separated(rates, trial_count, count))
		return cov_permutation_p_min(trial_count, baseline_count);
	for (size_t i = 0; i < count; i++) {
		observed += i < trial_count ? rates[i] : 0;
		total += rates[i];
	}
	/* The sum decides: with it the difference of the means grows. */
	double least = observed - total * tie_tolerance;
	return count <= COV_PERMUTATION_EXACT_MAX
		   ? count_ways(rates, trial_count, count, least)
		   : draw_ways(deals, rates, trial_count, count, least);
}

double cov_permutation_p_min(size_t trial_count, size_t baseline_count)
{
	return 1 / choices(trial_count + baseline_count, trial_count);
}
