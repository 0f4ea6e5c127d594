/* experiment_order.c - in which order the trials of an experiment are run. */
#include "collector/experiment/experiment_order.h"

#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere, from any seed. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void experiment_order_shuffle(size_t *order, size_t count, long long seed)
{
	uint64_t state = (uint64_t)seed;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; i > 1; i--) {
		size_t other = (size_t)(next_random(&state) % i);
		size_t kept = order[i - 1];

		order[i - 1] = order[other];
		order[other] = kept;
	}
}
