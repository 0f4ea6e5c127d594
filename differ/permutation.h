/* permutation.h - the permutation test over repeated trials: exact, of many trials by sampling. */
#ifndef DIFFER_PERMUTATION_H
#define DIFFER_PERMUTATION_H

#include <stddef.h>

#include <stdint.h>

#include "differ/deals.h"

enum {
	COV_PERMUTATION_EXACT_MAX = 20, /* trials, both sides together: beyond, ways are drawn */
	COV_PERMUTATION_DRAWS = COV_DEALS_MAX,
};

/**
 * cov_permutation_p() - how often trials dealt out at random differ as much as these do.
 * @deals: what was drawn, for tests of as many trials; see deals.h
 * @rates: [@trial_count + @baseline_count], those of the trials first; at least one of each,
 *         none below 0
 *
 * All ways to call @trial_count of the rates those of trials are counted. The p-value is the share
 * of ways in which the difference of the two means is at least the one observed. Sums that agree to
 * twelve digits count as equal. Nothing is assumed about how rates are distributed, only that
 * without an effect any order of the trials is equally probable: they last equally long and ran in
 * random order.
 *
 * Of more than COV_PERMUTATION_EXACT_MAX trials, of which to count all ways takes longer than to
 * draw some, doubling with every two trials, ways are drawn at random instead, the same in
 * every call: until a hundred reach the difference observed, when the p-value is their share, or to
 * the last, when it is (reaching + 1) / (COV_PERMUTATION_DRAWS + 1). Both are valid p-values, never
 * too small on average. Where every trial's rate is above every baseline's, the p-value is exact.
 *
 * Source: Fisher, The Design of Experiments (1935), section 21; Besag and Clifford, "Sequential
 * Monte Carlo p-values", Biometrika 78 (1991).
 */
double cov_permutation_p(struct cov_deals *deals, const double *rates, size_t trial_count,
			 size_t baseline_count);

/* Some trials, dealt out in several ways. All borrowed. */
struct cov_permutation_deals {
	const uint64_t *masks; /* [count], a bit for each trial that is not the baseline's, in all
				  as many, neither none nor all */
	size_t count;
	size_t trial_count; /* of both sides, at most 64 */
};

/**
 * cov_permutation_all() - cov_permutation_p() of the same rates, dealt out in several ways.
 * @rates: [@dealt->trial_count]
 * @ret:   [@dealt->count]
 */
void cov_permutation_all(struct cov_deals *deals, const struct cov_permutation_deals *dealt,
			 const double *rates, double *ret);

/**
 * cov_permutation_two_sided() - how often they differ as much in either direction.
 * @rates: as for cov_permutation_p(); their order may be another one afterwards
 *
 * Return: twice the smaller of the p-values that the trials have against the baseline and the
 * baseline against the trials, at most 1.
 */
double cov_permutation_two_sided(struct cov_deals *deals, double *rates, size_t trial_count,
				 size_t baseline_count);

/** cov_permutation_p_min() - the smallest p-value that so many trials can give; 1 if there are
 * none.
 */
double cov_permutation_p_min(size_t trial_count, size_t baseline_count);

#endif
