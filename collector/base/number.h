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
 * cov_number_add() - @a + @b, wrapping around in 64 bits as gcov's sums do.
 *
 * Counts that are read from other tools saturate instead: those tools do not wrap.
 */
static inline int64_t cov_number_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

/** cov_number_grouped() - @number with a comma before every three digits: "103,199"; free() it. */
char *cov_number_grouped(int64_t number);

#endif
