/* branch.h - the branch that decides which platforms execute a piece of code. */
#ifndef VENN_QUESTIONS_BRANCH_H
#define VENN_QUESTIONS_BRANCH_H

#include <stdint.h>

#include "venn/store/store.h"
#include "venn/store/store_code.h"
#include "venn/store/store_query.h"

struct cov_error;

/* What branches are looked for in. All borrowed. */
struct branch_search {
	struct store *store;
	const struct store_query *query; /* its platforms are compared */
	struct store_code *code;         /* objects come and go in its kernel */
};

struct branch {
	const char *file; /* of kernel.files; NULL: none was found */
	int64_t line;
	/* [platform_count], share of the times a platform came to it that it went towards the code;
	 * NAN if it never came to it */
	double taken[STORE_PLATFORMS_MAX];
};

/**
 * branch_find() - the branch that decides whether a line is executed.
 * @function: index into code.functions of the function around the line, the first of its copies
 * @line_id:  of a line that only some platforms execute
 * @mask:     which, by place
 *
 * Of the branches that the line depends on (plan_controls_find()) it is the nearest one that some
 * platforms of @mask and some others came to, and that one of the former took more or less often
 * than one of the latter; of several that are equally near, the closest above the line. A function
 * of a header has copies in several objects, of which the first that has such a branch decides.
 */
int branch_find(const struct branch_search *search, uint32_t function, uint32_t line_id,
		uint64_t mask, struct branch *ret, struct cov_error *err);

#endif
