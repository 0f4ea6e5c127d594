/* function_place.h - where each function of a kernel is: its file, line and name. */
#ifndef COLLECTOR_EXCHANGE_FUNCTION_PLACE_H
#define COLLECTOR_EXCHANGE_FUNCTION_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cov_kernel;

struct function_place {
	uint32_t file; /* its id */
	uint32_t start_line;
	const char *name; /* borrowed */
	size_t function;  /* its id */
	bool is_artificial;
};

/** function_place_compare() - for qsort() and bsearch(): 0 of copies of one function. */
int function_place_compare(const void *a, const void *b);

/**
 * function_place_list() - all functions of @kernel, sorted by place, copies by their ids.
 * @count: filled
 *
 * Return: [count], whose names are borrowed from @kernel; free() it.
 */
struct function_place *function_place_list(const struct cov_kernel *kernel, size_t *count);

#endif
