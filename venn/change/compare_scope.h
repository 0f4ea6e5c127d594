/* compare_scope.h - the sides of a comparison and how they were tested, as JSON has them. */
#ifndef VENN_CHANGE_COMPARE_SCOPE_H
#define VENN_CHANGE_COMPARE_SCOPE_H

#include <jansson.h>

#include "venn/change/compare.h"
#include "venn/change/sides.h"

/* What was compared; all borrowed. */
struct compare_scope {
	const struct sides_asked *asked;
	const struct sides *sides;
	const struct compare *compare;
	double fdr;
};

/** compare_scope_boots() - how many boots have trials of both sides; -1: not known. */
int compare_scope_boots(const struct sides *sides);

/** compare_scope_json() - sides, tests and what they found, as keys of @object. */
void compare_scope_json(const struct compare_scope *scope, json_t *object);

#endif
