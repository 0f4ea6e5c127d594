/* compare_limits.h - how many lines may be gained below a directory before 'compare' fails. */
#ifndef VENN_COMMANDS_COMPARE_LIMITS_H
#define VENN_COMMANDS_COMPARE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "venn/change/compare.h"
#include "venn/change/sides.h"

struct cov_error;

struct compare_limit {
	char *directory; /* canonical; owned */
	int64_t lines;
};

struct compare_limits {
	struct compare_limit *items; /* [count]; owned */
	size_t count, capacity;
};

void compare_limits_deinit(struct compare_limits *limits);

/**
 * compare_limits_parse() - read "PATH=N,PATH=N".
 * @ret: free with compare_limits_deinit(), also on failure
 *
 * Return: 0; COV_ERR_USAGE.
 */
int compare_limits_parse(const char *text, struct compare_limits *ret, struct cov_error *err);

/**
 * compare_limits_check() - say on stderr which limits are exceeded, and by which functions.
 *
 * Lines gained count, and those of new code.
 *
 * Return: 0; 1 if one is exceeded.
 */
int compare_limits_check(const struct compare_limits *limits, const struct sides *sides,
			 const struct compare *compare);

#endif
