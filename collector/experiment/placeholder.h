/* placeholder.h - replace {name} in words by values. */
#ifndef COLLECTOR_EXPERIMENT_PLACEHOLDER_H
#define COLLECTOR_EXPERIMENT_PLACEHOLDER_H

#include <stddef.h>

#include "collector/base/memory.h"

struct placeholder {
	const char *name; /* small letters, digits and '_' */
	const char *value;
};

/**
 * placeholder_fill() - @word with each {name} replaced by its value.
 * @known:   the last one has no name
 * @arena:   owns the result
 * @unknown: set to the first name that is not known, in @arena; else NULL
 *
 * Braces around anything that is not a name stay as they are; so do unknown names.
 */
const char *placeholder_fill(const char *word, const struct placeholder *known,
			     struct cov_arena *arena, const char **unknown);

#endif
