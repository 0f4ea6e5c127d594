/*
 * gcda_subtract.h - what was counted between two captures of one .gcda file.
 *
 * Format: see gcov_format.h.
 */
#ifndef COLLECTOR_GCOV_GCDA_SUBTRACT_H
#define COLLECTOR_GCOV_GCDA_SUBTRACT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * gcda_subtract() - take the counters of @earlier off those of @later, in place.
 * @later: a whole file of @size bytes; its counters become the differences
 * @earlier: the same file as it was before, of the same size
 *
 * Everything but the counters has to be the same. The arithmetic wraps around, as gcov's does.
 *
 * Return: whether that could be done; else @later is as it was, or partly subtracted: not to be
 *         used.
 */
bool gcda_subtract(char *later, const char *earlier, size_t size);

#endif
