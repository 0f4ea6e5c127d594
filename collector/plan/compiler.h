/* compiler.h - what plans are made with; its memory serves for object after object. */
#ifndef COLLECTOR_PLAN_COMPILER_H
#define COLLECTOR_PLAN_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
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

	/* Of this object, in the arena. */
	struct cov_arena arena;
	uint32_t *canonical;  /* [gcno->source_count], index into plan.sources */
	bool *is_group;       /* [gcno->function_count], those that share a start line */
	uint32_t *line_table; /* [line_table_size], index + 1 by hash */
	size_t line_table_size;
	uint64_t last_key;              /* of the line met last, or of none */
	uint32_t last_line;             /* its index */
	struct line_state *line_states; /* [plan.line_count], not in a survey */
	uint32_t *block_base;           /* [gcno->function_count], into is_conserving */

	/* What grows; the memory serves for object after object. */
	struct flow flow;
	struct cov_text texts;
	struct plan_line *lines; /* [plan.line_count]; owned */
	/* [plan.line_count]: in some function that does not keep it, a block hangs on it; owned */
	bool *is_hung;
	bool *is_entry_private;   /* [plan.entry_count]: a group function's own line; owned */
	struct mention *mentions; /* [mention_count], in gcov's order; owned */
	struct mention *hangings; /* [hanging_count], in gcov's order; owned */
	size_t mention_count, hanging_count;
	bool *is_conserving; /* [block_total], of all functions one after another; owned */
	size_t block_total;
	struct plan_arc *arcs; /* these are the plan's while it grows; owned */
	uint32_t *steps;
	struct plan_entry *entries;
	struct plan_branch *branches;
	size_t line_capacity, hung_capacity, mention_capacity, hanging_capacity;
	size_t private_capacity, conserving_capacity;
	size_t entry_capacity, arc_capacity, step_capacity, branch_capacity;
};

/** compiler_deinit() - free what @compiler owns; a zeroed struct is fine. */
void compiler_deinit(struct compiler *compiler);

COV_DEFINE_AUTO_STRUCT(struct compiler, compiler_deinit)

/** compiler_begin() - the survey of another object. */
void compiler_begin(struct compiler *compiler, const struct gcno *gcno, struct plan *plan);

/** compiler_find_line() - compiler_intern_line() of a line that was not the last one. */
uint32_t compiler_find_line(struct compiler *compiler, uint32_t source, uint32_t line);

/**
 * compiler_intern_line() - the index of a line of the object; in a survey it is added when it is
 * new.
 */
static inline uint32_t compiler_intern_line(struct compiler *compiler, uint32_t source,
					    uint32_t line)
{
	uint64_t key = (uint64_t)source << 32 | line;

	if (key != compiler->last_key) {
		compiler->last_line = compiler_find_line(compiler, source, line);
		compiler->last_key = key;
	}
	return compiler->last_line;
}

/** compiler_is_private() - whether @function, being of a group, keeps @line to itself. */
static inline bool compiler_is_private(const struct compiler *compiler, uint32_t function,
				       const struct plan_line *line)
{
	const struct plan_function *owner = &compiler->plan->functions[function];

	return compiler->is_group[function] && line->source == owner->source &&
	       line->line >= owner->start_line && line->line <= owner->end_line;
}

#endif
