/* median.h - the median of a few measurements, and how well they determine it. */
#ifndef DIFFER_MEDIAN_H
#define DIFFER_MEDIAN_H

#include <stddef.h>

/* A median with an interval that needs no assumption about how values are distributed. */
struct cov_median {
	double median;
	double low; /* the interval, two of the values */
	double high;
	double confidence; /* that the interval has the true median in it; 0 for a single value */
};

/**
 * cov_median_of() - the median, and the narrowest interval between two values, as far from either
 * end, that has the true median in it with a confidence of 0.95. Too few values for that give the
 * interval of all of them, whose confidence is below 0.95.
 * @values: [count], ascending, of independent trials
 * @count:  from 1
 *
 * Source: order statistics; each value is below the true median with a probability of one half, so
 * the number of values below it is binomial (David and Nagaraja, Order Statistics, 7.1).
 */
struct cov_median cov_median_of(const double *values, size_t count);

#endif
