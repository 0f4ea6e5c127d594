/*
 * expression.h - set expressions over platforms: "firecracker - (host | lxc)".
 *
 * Operators: & (both), which binds tightest, then, from left to right, | (either), - (the first
 * without the second) and ^ (one of the two, not both). A name extends as far as it is a
 * platform's, so "a-b" is the platform of that name if there is one, else a without b.
 */
#ifndef VENN_SETS_EXPRESSION_H
#define VENN_SETS_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

enum { EXPRESSION_DEPTH_MAX = 256 };

/* What to do, in order, on a stack of truth values, of one line or of many. */
struct expression_step {
	char operator; /* '&', '|', '-' or '^'; 0: push whether the platform is in the mask */
	unsigned char platform;
};

struct expression {
	struct expression_step *steps; /* [count]; owned */
	size_t count;
	size_t capacity;
};

/**
 * expression_parse() - read an expression.
 * @names: [name_count], at most 64; the place of a name is its bit in masks
 * @ret:   filled on success; free with expression_deinit()
 * @err:   names the column, from 1, and what could stand there
 *
 * Return: 0; COV_ERR_USAGE; COV_ERR_MISMATCH with the platforms there are, if a name is of none.
 */
int expression_parse(const char *text, const char *const *names, size_t name_count,
		     struct expression *ret, struct cov_error *err);

/** expression_has() - whether lines of exactly the platforms of @mask are in the set. */
bool expression_has(const struct expression *expression, uint64_t mask);

/**
 * expression_words() - the same of 64 lines at a time.
 * @words: of each platform at its place: a bit per line that it has
 *
 * Return: a bit per line that is in the set.
 */
uint64_t expression_words(const struct expression *expression, const uint64_t *words);

/** expression_deinit() - free what @expression owns; a zeroed struct is fine. */
void expression_deinit(struct expression *expression);

COV_DEFINE_AUTO_STRUCT(struct expression, expression_deinit)

#endif
