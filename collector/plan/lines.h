/* lines.h - the lines of one function, by the rule of the compiler's own gcov. */
#ifndef COLLECTOR_PLAN_LINES_H
#define COLLECTOR_PLAN_LINES_H

#include <stdint.h>

#include "collector/plan/compiler.h"

/**
 * lines_add() - the lines of a function: its entries, or in a survey what is_hung needs.
 * @index: of the function
 */
void lines_add(struct compiler *compiler, uint32_t index);

#endif
