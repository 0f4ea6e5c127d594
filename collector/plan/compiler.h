/* compiler.h - the plan of one object in the making; private to this folder. */
#ifndef COLLECTOR_PLAN_COMPILER_H
#define COLLECTOR_PLAN_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/flow.h"
#include "collector/plan/plan.h"

/* That @block mentions, or hangs on, the line of @entry. */
struct mention {
	uint32_t entry;
	uint32_t block;
};

/* What a line of the object is, while entries are collected. */
struct line_state {
	uint32_t function; /* that met the line last */
	uint32_t entry;    /* of that function */
};

struct compiler {
	const struct gcno *gcno;
	bool is_survey;    /* lines are collected, entries are not */
	struct plan *plan; /* being filled */
	struct cov_text texts;
	struct flow flow;

	uint32_t *line_table; /* [line_table_size], index + 1 by hash; owned */
	size_t line_table_size;
	uint32_t last_line;             /* index of the one met last; valid if there is any */
	struct line_state *line_states; /* [plan.line_count], not in a survey; owned */
	size_t line_capacity, hung_capacity;

	bool *is_entry_private;   /* [plan.entry_count]: a group function's own line; owned */
	struct mention *mentions; /* [mention_count], in gcov's order; owned */
	struct mention *hangings; /* [hanging_count], in gcov's order; owned */
	size_t mention_count, mention_capacity, hanging_count, hanging_capacity;
	size_t entry_capacity, private_capacity, arc_capacity, step_capacity, branch_capacity;
	bool *is_conserving; /* [block_total], of all functions one after another; owned */
	size_t block_total, conserving_capacity;
	uint32_t *block_base; /* [gcno->function_count], into is_conserving; owned */
};

/** compiler_deinit() - free what @compiler owns; the plan is the caller's. */
void compiler_deinit(struct compiler *compiler);

COV_DEFINE_AUTO_STRUCT(struct compiler, compiler_deinit)

/** compiler_expect_lines() - make room for the lines that a survey will find. */
void compiler_expect_lines(struct compiler *compiler);

/** compiler_index_lines() - make the table of the lines that a survey has found. */
void compiler_index_lines(struct compiler *compiler);

/**
 * compiler_intern_line() - the index of a line of the object; in a survey it is added when it is
 * new.
 */
uint32_t compiler_intern_line(struct compiler *compiler, uint32_t source, uint32_t line);

/** compiler_is_private() - whether @function, being of a group, keeps @line to itself. */
bool compiler_is_private(const struct plan *plan, uint32_t function, const struct plan_line *line);

#endif
