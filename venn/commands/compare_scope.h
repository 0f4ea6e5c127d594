/* compare_scope.h - what 'compare' says of its sides, and of how they were tested. */
#ifndef VENN_COMMANDS_COMPARE_SCOPE_H
#define VENN_COMMANDS_COMPARE_SCOPE_H

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

/**
 * compare_scope_warn() - say on stderr what else than a change may be between the sides: workloads
 * that one of them is without, trials that were left out, boots of the machine.
 */
void compare_scope_warn(const struct compare_scope *scope);

/** compare_scope_print() - sides and tests, above a table. */
void compare_scope_print(const struct compare_scope *scope);

/** compare_scope_json() - the same as keys of @object. */
void compare_scope_json(const struct compare_scope *scope, json_t *object);

#endif
