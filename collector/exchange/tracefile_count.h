/* tracefile_count.h - counts as other tools print them. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_COUNT_H
#define COLLECTOR_EXCHANGE_TRACEFILE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * tracefile_count_text() - a count in decimal: digits, or as Perl prints what is large, "1.8e+19".
 * @text:   [@length], nothing may be behind the number
 * @is_cut: set if it is beyond 64 bits, and @ret the nearest that is not; else untouched
 *
 * Return: NULL, or why it is no count.
 */
const char *tracefile_count_text(const char *text, size_t length, int64_t *ret, bool *is_cut);

/** tracefile_count_real() - the same of a number that a reader of JSON gives. */
const char *tracefile_count_real(double number, int64_t *ret, bool *is_cut);

#endif
