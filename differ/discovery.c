/* discovery.c - many tests at once: what may be called a discovery. */
#include "differ/discovery.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

void cov_discovery_sort(double *p_values, size_t count)
{
	if (count)
		qsort(p_values, count, sizeof(*p_values), compare);
}

double cov_discovery_limit(const double *p_values, size_t count, double rate)
{
	for (size_t i = count; i > 0; i--) {
		if (p_values[i - 1] * (double)count <= (double)i * rate)
			return p_values[i - 1];
	}
	return -1;
}
