/* clock.h - the clock that durations are measured by, and the unit of all of them. */
#ifndef COLLECTOR_BASE_CLOCK_H
#define COLLECTOR_BASE_CLOCK_H

#include <time.h>

static const long long COV_NS_PER_S = 1000000000;

/** cov_monotonic_ns() - CLOCK_MONOTONIC in nanoseconds. */
static inline long long cov_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * COV_NS_PER_S + now.tv_nsec;
}

#endif
