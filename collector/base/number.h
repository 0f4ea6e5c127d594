/* number.h - read, add and print whole numbers, the same way everywhere. */
#ifndef COLLECTOR_BASE_NUMBER_H
#define COLLECTOR_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * cov_number_read() - a whole number in decimal digits, without sign or blanks.
 * @text: begins with the number
 * @most: the largest that is taken
 * @end:  what is behind the number; NULL if nothing may be
 * @ret:  untouched when there is no number
 *
 * Return: whether there is one of at most @most.
 */
bool cov_number_read(const char *text, uint64_t most, const char **end, uint64_t *ret);

/**
 * cov_number_add() - @a + @b, or the largest or smallest number that there is.
 *
 * Counts are added up by this. gcov's sums wrap around, so that a line which ran more than 2^63
 * times has a negative count there, as if its counters contradicted each other.
 */
static inline int64_t cov_number_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return a < 0 ? INT64_MIN : INT64_MAX;
}

/** cov_number_grouped() - @number with a comma before every three digits: "103,199"; free() it. */
char *cov_number_grouped(int64_t number);

#endif
