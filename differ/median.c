/* median.c - the median of a few measurements, and how well they determine it. */
#include "differ/median.h"

#include <math.h>

static const double confidence_wanted = 0.95;

struct cov_median cov_median_of(const double *values, size_t count)
{
	double probability =
	    pow(0.5, (double)count); /* of exactly @below values below the median */
	double tail = probability;   /* of at most @below */
	size_t below = 0;

	/* One value further in on either side, while enough remains between them. */
	while (below + 1 < (count + 1) / 2) {
		double next = probability * (double)(count - below) / (double)(below + 1);

		if (1 - 2 * (tail + next) < confidence_wanted)
			break;
		probability = next;
		tail += next;
		below++;
	}
	return (struct cov_median){
		.median = (values[(count - 1) / 2] + values[count / 2]) / 2,
		.low = values[below],
		.high = values[count - 1 - below],
		.confidence = count == 1 ? 0 : 1 - 2 * tail,
	};
}
