/* named.h - operands that name what the database has: trials, profiles. */
#ifndef VENN_COMMANDS_NAMED_H
#define VENN_COMMANDS_NAMED_H

#include <stddef.h>

struct cov_arguments;
struct cov_error;

/* What can be named. All borrowed. */
struct named {
	const char *what;   /* "trial" */
	const char *list;   /* the command that names all: "trial list" */
	const char *kernel; /* whose they are */
	const char **names; /* [count] */
	size_t count;
};

/**
 * named_find() - which of @named the operands are.
 * @is_named: [named->count] of 0, filled with 1
 *
 * Return: 0; COV_ERR_MISMATCH if there is none of some name.
 */
int named_find(const struct cov_arguments *arguments, const struct named *named,
	       unsigned char *is_named, struct cov_error *err);

/** named_count() - how many of them are named. */
size_t named_count(const struct named *named, const unsigned char *is_named);

#endif
