/* compare_say.h - what 'compare' says of its sides, and of how they were tested. */
#ifndef VENN_COMMANDS_COMPARE_SAY_H
#define VENN_COMMANDS_COMPARE_SAY_H

#include "venn/change/compare_scope.h"

/**
 * compare_say_warnings() - say on stderr what else than a change may be between the sides:
 * workloads that one of them is without, trials that were left out, boots of the machine.
 */
void compare_say_warnings(const struct compare_scope *scope);

/** compare_say_scope() - sides and tests, above a table. */
void compare_say_scope(const struct compare_scope *scope);

#endif
