/*
 * plan.h - the compiled notes of one object: all that turns counters into counts, and no more.
 *
 * A plan is made once from a .gcno and then evaluated for every snapshot. It holds, per function,
 * the flow graph, the order in which the uncounted arcs and the blocks follow from the counted
 * arcs, and for each line how its count follows from blocks and arcs.
 *
 * How lines are counted is the rule of the compiler's own gcov (enum gcov_line_rule). GCC 8 and
 * newer (gcc/gcov.cc of GCC 12, accumulate_line_counts): a block hangs on the last line of each of
 * its locations. A line that no block hangs on counts the sum of the blocks that mention it. Any
 * other line counts the arcs that enter its set of blocks from outside plus the cycles within the
 * set; a block that only mentions it does not count. Before GCC 8 no block hangs on a line, so
 * every line is such a sum. In clang's rule a block hangs on every line that it mentions (llvm.h).
 *
 * All arrays below are owned by the plan. Indices named _first go with a _count of the same name.
 */
#ifndef COLLECTOR_PLAN_PLAN_H
#define COLLECTOR_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct gcno;

enum {
	PLAN_NO_COUNTER = UINT32_MAX,

	PLAN_ARC_RETURN = 8, /* flag of the arc from exit to entry: llvm_add_return_arc() */

	PLAN_LINE_PARTLY = 1, /* in some function, some block of the line ran, and some did not */
	PLAN_LINE_WHOLLY = 2, /* in some function, every block of the line ran */

	PLAN_BRANCH_FALLTHROUGH = 1,
	PLAN_BRANCH_THROW = 2, /* gcov's word; in C it is a way out of an asm goto */
};

/* What a step of the solution computes. */
enum plan_step_kind {
	PLAN_BLOCK_FROM_SUCCESSORS,   /* block = sum of the arcs that leave it */
	PLAN_BLOCK_FROM_PREDECESSORS, /* block = sum of the arcs that enter it */
	PLAN_ARC_FROM_SOURCE,         /* arc = its source block - the other arcs that leave that */
	PLAN_ARC_FROM_DESTINATION,    /* arc = its destination block - the others that enter that */
	/* Clang's plans have only the last two, which mean: what that block lacks. */
};

/* How the count of a line follows, within one function. */
enum plan_entry_kind {
	PLAN_SUM,       /* the sum of .blocks */
	PLAN_FLOW,      /* what enters the set .blocks from outside */
	PLAN_FLOW_LOOP, /* the same plus the cycles within the set */
};

struct plan_arc {
	uint32_t source;
	uint32_t destination;
	uint32_t counter; /* index within the function, or PLAN_NO_COUNTER */
	uint32_t flags;   /* GCOV_ARC_*, PLAN_ARC_RETURN */
};

/* A way out of a block that has several, on a line that the block hangs on. */
struct plan_branch {
	uint32_t line;  /* index into plan.lines */
	uint32_t arc;   /* index within the function */
	uint32_t flags; /* PLAN_BRANCH_* */
};

/* What one function contributes to one line. */
struct plan_entry {
	uint32_t line;        /* index into plan.lines */
	uint32_t kind;        /* enum plan_entry_kind */
	uint32_t block_first; /* into plan.blocks */
	uint32_t block_count; /* in gcov's order, repetitions kept */
};

struct plan_function {
	uint32_t ident;
	uint32_t lineno_checksum;
	uint32_t cfg_checksum;
	uint32_t name;   /* offset into plan.texts */
	uint32_t source; /* index into plan.sources; from the database: into kernel.files */
	uint32_t start_line;
	uint32_t end_line;
	uint32_t is_artificial; /* made by the compiler: gcov does not show it */
	uint32_t is_unsolvable; /* its graph leaves counts open: they stay 0, as in gcov */
	uint32_t counter_first; /* among the object's counters */
	uint32_t counter_count;
	uint32_t block_count;
	uint32_t arc_first; /* into plan.arcs, as in struct flow */
	uint32_t arc_count;
	uint32_t step_first; /* into plan.steps, in the order to compute */
	uint32_t step_count;
	uint32_t entry_first; /* into plan.entries */
	uint32_t entry_count;
	uint32_t mention_first; /* into plan.blocks, of all its entries */
	uint32_t mention_count;
	uint32_t branch_first; /* into plan.branches */
	uint32_t branch_count;
	uint32_t body_first; /* into the body that plan_pack() made */
	uint32_t body_bytes;
};

struct plan_line {
	uint32_t source; /* index into plan.sources */
	uint32_t line;
};

struct plan {
	uint32_t version;
	uint32_t line_rule; /* enum gcov_line_rule */
	uint32_t stamp;
	uint32_t counter_count; /* of all functions */

	char *texts; /* [text_bytes], names, each ended by NUL */
	uint32_t text_bytes;
	uint32_t *sources; /* [source_count], offsets into texts; spelled as in the notes */
	uint32_t source_count;
	uint32_t cwd; /* offset into texts; the empty text when unknown */

	struct plan_function *functions; /* [function_count], as in the notes */
	uint32_t function_count;
	struct plan_arc *arcs;
	uint32_t arc_count;
	uint32_t *steps; /* each of plan_step() */
	uint32_t step_count;
	struct plan_entry *entries;
	uint32_t entry_count;
	uint32_t *blocks;
	uint32_t block_count;
	struct plan_branch *branches; /* in gcov's order within a function and line */
	uint32_t branch_count;
	struct plan_line *lines; /* [line_count], every instrumented line once, in no order */
	uint32_t line_count;

	uint32_t block_count_max; /* of the largest function that is compiled */
	uint32_t arc_count_max;

	uint32_t body_bytes; /* of plan_pack(), for pack_open_body() */
	uint32_t body_checksum;
};

/** plan_step() - the step that finds the arc or block @index of its function. */
static inline uint32_t plan_step(uint32_t index, enum plan_step_kind kind)
{
	return index * 4 + kind;
}

static inline uint32_t plan_step_index(uint32_t step)
{
	return step / 4;
}

static inline enum plan_step_kind plan_step_kind(uint32_t step)
{
	return (enum plan_step_kind)(step % 4);
}

/** plan_step_is_arc() - whether @step finds an arc; the others find a block. */
static inline bool plan_step_is_arc(uint32_t step)
{
	return plan_step_kind(step) >= PLAN_ARC_FROM_SOURCE;
}

/*
 * The most blocks that a function is believed to have: an arc joins two, and a few may be alone.
 * This bounds what is allocated for a damaged file by the size of the file.
 */
static inline size_t plan_blocks_max(uint32_t arc_count)
{
	return 2 * (size_t)arc_count + 64;
}

/** plan_drop_arrays() - free what a packed body has of @plan; the counts stay. */
void plan_drop_arrays(struct plan *plan);

/** plan_deinit() - free what @plan owns; a zeroed struct is fine. */
void plan_deinit(struct plan *plan);

COV_DEFINE_AUTO_STRUCT(struct plan, plan_deinit)

/** plan_has_run() - whether any counter of a function is not 0. @counters: of its object */
static inline bool plan_has_run(const struct plan_function *function, const int64_t *counters)
{
	for (uint32_t i = 0; i < function->counter_count; i++) {
		if (counters[function->counter_first + i])
			return true;
	}
	return false;
}

/** plan_block_count() - how many blocks the functions of an object have together. */
static inline size_t plan_block_count(const struct plan *plan)
{
	size_t count = 0;

	for (uint32_t i = 0; i < plan->function_count; i++)
		count += plan->functions[i].block_count;
	return count;
}

#endif
