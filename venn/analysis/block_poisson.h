/* block_poisson.h - p-values by the rule poisson of one block, for many splits of its trials. */
#ifndef VENN_ANALYSIS_BLOCK_POISSON_H
#define VENN_ANALYSIS_BLOCK_POISSON_H

#include <stddef.h>
#include <stdint.h>

/* Both sides of each split of a block's trials. All borrowed. */
struct block_sides {
	const uint64_t *masks;         /* [count], the trials on the first; all others are on the
					  second */
	const int64_t (*durations)[2]; /* [count], of either */
	size_t count;
	size_t trial_count; /* at most 64 */
};

/* How it is tested: counts are times the scale, and p-values above the most may be given as 1. */
struct block_poisson {
	int64_t scale;
	double p_most;
};

/**
 * block_poisson_p() - the p-value of the first side. The test is about how often a block ran, not
 * about multiples of it.
 * @counts:    of either side
 * @durations: of either side
 */
double block_poisson_p(const struct block_poisson *test, const int64_t *counts,
		       const int64_t *durations);

/**
 * block_poisson_all() - that of each split.
 * @counts: [sides->trial_count]
 * @ret:    [sides->count]
 */
void block_poisson_all(const struct block_poisson *test, const struct block_sides *sides,
		       const int64_t *counts, double *ret);

#endif
