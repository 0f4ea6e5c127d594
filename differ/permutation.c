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
	SORTED_MAX = 1024, /* ways that are sorted, so that each is looked up */
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

/* The rates of one way to deal them out, those of the trials first. Return: how many these are. */
static size_t arrange(const double *rates, size_t count, uint64_t mask, double *ret)
{
	size_t trial_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (mask >> i & 1)
			ret[trial_count++] = rates[i];
	}
	for (size_t i = 0, place = trial_count; i < count; i++) {
		if (!(mask >> i & 1))
			ret[place++] = rates[i];
	}
	return trial_count;
}

static void each_alone(struct cov_deals *deals, const struct cov_permutation_deals *dealt,
		       const double *rates, double *ret)
{
	size_t count = dealt->trial_count;
	double arranged[64];

	for (size_t i = 0; i < dealt->count; i++) {
		size_t trials = arrange(rates, count, dealt->masks[i], arranged);

		ret[i] = cov_permutation_p(deals, arranged, trials, count - trials);
	}
}

/* Ascending lists one behind the other. */
struct runs {
	double room[2][SORTED_MAX];
	size_t first[SORTED_MAX + 1]; /* [count + 1] of each list, in room[0] at first */
	size_t count;
};

/* Make of every two lists one, until there is one. Return: it. */
static const double *merge_runs(struct runs *runs)
{
	double *from = runs->room[0], *to = runs->room[1];

	while (runs->count > 1) {
		size_t *first = runs->first, kept = 0;

		for (size_t i = 0; i < runs->count; i += 2) {
			size_t begin = first[i], middle = first[i + 1];
			size_t end = i + 1 < runs->count ? first[i + 2] : middle;

			merge(from + begin, middle - begin, from + middle, end - middle, 0,
			      to + begin);
			first[kept++] = begin;
		}
		first[kept] = first[runs->count];
		runs->count = kept;
		double *sorted = to;
		to = from;
		from = sorted;
	}
	return from;
}

/* The sums of all ways to choose @chosen, ascending. Return: how many. */
static size_t list_sums(const struct ways *ways, size_t chosen, double *ret)
{
	struct runs runs;
	size_t count = 0;

	runs.count = 0;
	for (size_t i = 0; i <= ways->low_count && i <= chosen; i++) {
		size_t other = chosen - i;

		if (other > ways->high_count)
			continue;
		for (size_t j = ways->low.first[i]; j < ways->low.first[i + 1]; j++) {
			runs.first[runs.count++] = count;
			for (size_t k = ways->high.first[other]; k < ways->high.first[other + 1];
			     k++)
				runs.room[0][count++] = ways->high.sums[k] + ways->low.sums[j];
		}
	}
	runs.first[runs.count] = count;
	memcpy(ret, merge_runs(&runs), count * sizeof(*ret));
	return count;
}

/* How many of @sorted are at least @least. */
static size_t count_from(const double *sorted, size_t count, double least)
{
	size_t low = 0;

	for (size_t left = count; left;) {
		size_t half = left / 2;
		bool is_below = sorted[low + half] < least;

		low += is_below ? half + 1 : 0;
		left = is_below ? left - half - 1 : half;
	}
	return count - low;
}

void cov_permutation_all(struct cov_deals *deals, const struct cov_permutation_deals *dealt,
			 const double *rates, double *ret)
{
	size_t count = dealt->trial_count;
	size_t chosen = (size_t)__builtin_popcountll(dealt->masks[0]);
	double sorted[SORTED_MAX], arranged[64];
	struct ways ways;

	if (count > COV_PERMUTATION_EXACT_MAX || choices(count, chosen) > SORTED_MAX) {
		each_alone(deals, dealt, rates, ret);
		return;
	}
	ways_init(&ways, rates, count);
	size_t way_count = list_sums(&ways, chosen, sorted);
	for (size_t i = 0; i < dealt->count; i++) {
		size_t trials = arrange(rates, count, dealt->masks[i], arranged);
		struct sums sums = sum_up(arranged, trials, count);
		size_t reaching = count_from(sorted, way_count, sums.trials - sums.tolerance);

		/* Rates far above the others may hide how these differ. */
		if (reaching > 1 &&
		    is_separated(arranged, trials, arranged + trials, count - trials))
			reaching = 1;
		ret[i] = (double)reaching / (double)way_count;
	}
}

double cov_permutation_p_min(size_t trial_count, size_t baseline_count)
{
	return 1 / choices(trial_count + baseline_count, trial_count);
}
