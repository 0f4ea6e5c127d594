/* discovery.c - many tests at once: what may be called a discovery. */
#include "differ/discovery.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

enum { DIGIT_VALUES = 256, DIGITS = 8 };

/* Numbers from 0 on are in the order of their bits: digit by digit, from the last, in two arrays.
 */
static void sort_by_digits(uint64_t *numbers, uint64_t *other, size_t count)
{
	size_t counts[DIGITS][DIGIT_VALUES] = { { 0 } };
	uint64_t *from = numbers, *to = other;

	for (size_t i = 0; i < count; i++) {
		for (size_t digit = 0; digit < DIGITS; digit++)
			counts[digit][numbers[i] >> 8 * digit & 0xff]++;
	}
	for (size_t digit = 0; digit < DIGITS; digit++) {
		size_t *places = counts[digit], place = 0;

		if (places[from[0] >> 8 * digit & 0xff] == count)
			continue; /* all have the same */
		for (size_t value = 0; value < DIGIT_VALUES; value++) {
			size_t here = places[value];

			places[value] = place;
			place += here;
		}
		for (size_t i = 0; i < count; i++)
			to[places[from[i] >> 8 * digit & 0xff]++] = from[i];
		uint64_t *sorted = to;
		to = from;
		from = sorted;
	}
	if (from != numbers)
		memcpy(numbers, from, count * sizeof(*numbers));
}

/* There are tens of thousands, and comparing them took a sixth of the time of judging a split. */
void cov_discovery_sort(double *p_values, size_t count)
{
	COV_AUTO(free) uint64_t *numbers = cov_xcalloc(2 * count, sizeof(*numbers));

	if (!count)
		return;
	memcpy(numbers, p_values, count * sizeof(*numbers));
	sort_by_digits(numbers, numbers + count, count);
	memcpy(p_values, numbers, count * sizeof(*numbers));
}

double cov_discovery_limit(const double *p_values, size_t count, size_t tested, double rate)
{
	for (size_t i = count; i > 0; i--) {
		if (p_values[i - 1] * (double)tested <= (double)i * rate)
			return p_values[i - 1];
	}
	return -1;
}
