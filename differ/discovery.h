/* discovery.h - many tests at once: what may be called a discovery. */
#ifndef DIFFER_DISCOVERY_H
#define DIFFER_DISCOVERY_H

#include <stddef.h>

/**
 * cov_discovery_limit() - up to which p-value tests may be called discoveries.
 * @p_values: [count], ascending; those above @rate may be missing
 * @tested:   how many tests there were, at least @count
 * @rate:     the share of false ones among all discoveries that is accepted on average, below 1
 *
 * Return: the largest p-value that is still a discovery; -1 if none is.
 * Source: Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal
 * Statistical Society B 57 (1995). It holds for tests that are independent or depend positively.
 */
double cov_discovery_limit(const double *p_values, size_t count, size_t tested, double rate);

/** cov_discovery_sort() - sort p-values, all from 0 on, as cov_discovery_limit() wants them. */
void cov_discovery_sort(double *p_values, size_t count);

#endif
