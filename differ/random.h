/* random.h - numbers that look random and are the same on every run. */
#ifndef DIFFER_RANDOM_H
#define DIFFER_RANDOM_H

#include <stdint.h>

/**
 * cov_random_next() - the next number of a sequence.
 * @state: the seed at first; the same seed gives the same numbers on every machine
 *
 * Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), SplitMix.
 */
static inline uint64_t cov_random_next(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return mixed ^ mixed >> 31;
}

/** cov_random_below() - the next number from 0 to @limit - 1; @limit is at most 2^32. */
static inline uint32_t cov_random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((cov_random_next(state) >> 32) * limit >> 32);
}

#endif
