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
#include "differ/random.h"

enum {
	HALF_MAX = COV_PERMUTATION_EXACT_MAX / 2,
	REACHING_MAX = 100, /* draws that are enough to know a share by a tenth of itself */
	SEED = 1,
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

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

static void half_init(struct half *half, const double *rates, size_t count)
{
	size_t next[HALF_MAX + 2] = { 0 };

	half->sums = cov_xcalloc((size_t)1 << count, sizeof(double));
	for (uint32_t choice = 0; choice >> count == 0; choice++)
		next[__builtin_popcount(choice) + 1]++;
	for (size_t i = 0; i <= count; i++) {
		next[i + 1] += next[i];
		half->first[i + 1] = next[i + 1];
	}
	for (uint32_t choice = 0; choice >> count == 0; choice++) {
		double sum = 0;

		for (size_t i = 0; i < count; i++)
			sum += choice >> i & 1 ? rates[i] : 0;
		half->sums[next[__builtin_popcount(choice)]++] = sum;
	}
	for (size_t i = 0; i <= count; i++)
		qsort(half->sums + half->first[i], half->first[i + 1] - half->first[i],
		      sizeof(double), compare);
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

/* The same, estimated. The order that draws leave is where the next starts: any does. */
static double draw_ways(const double *rates, size_t trial_count, size_t count, double least)
{
	COV_AUTO(free) double *dealt = cov_xcalloc(count, sizeof(*dealt));
	uint64_t seed = SEED;
	size_t reaching = 0;

	memcpy(dealt, rates, count * sizeof(*dealt));
	for (size_t draw = 1; draw <= COV_PERMUTATION_DRAWS; draw++) {
		double sum = 0;

		for (size_t i = 0; i < trial_count; i++) {
			size_t other = i + cov_random_below(&seed, (uint32_t)(count - i));
			double rate = dealt[other];

			dealt[other] = dealt[i];
			dealt[i] = rate;
			sum += rate;
		}
		reaching += sum >= least;
		if (reaching == REACHING_MAX)
			return (double)reaching / (double)draw;
	}
	return (double)(reaching + 1) / (COV_PERMUTATION_DRAWS + 1);
}

double cov_permutation_p(const double *rates, size_t trial_count, size_t baseline_count)
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
	return count <= COV_PERMUTATION_EXACT_MAX ? count_ways(rates, trial_count, count, least)
						  : draw_ways(rates, trial_count, count, least);
}

double cov_permutation_p_min(size_t trial_count, size_t baseline_count)
{
	return 1 / choices(trial_count + baseline_count, trial_count);
}
