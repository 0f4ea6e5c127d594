/* evaluation.h - one function's counts while plan_evaluate() computes them. */
#ifndef COLLECTOR_PLAN_EVALUATION_H
#define COLLECTOR_PLAN_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/plan/plan.h"

enum { PLAN_NOTHING = UINT32_MAX };

/* One step of the search for cycles: a block and how far its arcs have been followed. */
struct frame {
	uint32_t block;
	uint32_t arc; /* the next to follow */
	bool is_found;
};

/* That block @waiting is to be freed when the block that owns this list is. */
struct waiter {
	uint32_t waiting;
	uint32_t next; /* in evaluation.waiters, or PLAN_NOTHING */
};

/* One function being evaluated. Sums of arcs wrap around, as gcov's do in practice. */
struct evaluation {
	const struct plan_arc *arcs; /* [arc_count] */
	uint32_t *successor_first;   /* [block_count + 1] */
	uint32_t *predecessor_first; /* [block_count + 1] */
	uint32_t *predecessors;      /* [arc_count], arcs by destination */
	uint64_t *arc_counts;        /* [arc_count] */
	uint64_t *block_counts;      /* [block_count] */
	int64_t *unused;             /* [arc_count], what no cycle has used yet */
	bool *has_run;               /* [block_count], see evidence.h */
	uint32_t *set_stamps;        /* [block_count], of the entry whose set holds the block */
	uint32_t *blocked_stamps;    /* [block_count], of the search that blocks the block */
	uint32_t *waiter_heads;      /* [block_count], into waiters */
	uint32_t *stack;             /* [block_count], blocks to free */
	struct frame *frames;        /* [block_count + 1] */
	uint32_t *path;              /* [block_count + 1], arcs */
	struct waiter *waiters;      /* [arc_count] */
	uint32_t waiter_count;
	uint32_t waiter_free; /* of waiters, the first that is free again */
	uint32_t set_stamp;
	uint32_t search_stamp;
	bool is_any_cycle;   /* also follow arcs that nothing passes */
	bool has_negative;   /* such a search met a cycle below 0 */
	uint32_t steps_left; /* of such searches */
};

static inline uint64_t evaluation_sum_leaving(const struct evaluation *evaluation, uint32_t block)
{
	uint64_t sum = 0;

	for (uint32_t i = evaluation->successor_first[block];
	     i < evaluation->successor_first[block + 1]; i++)
		sum += evaluation->arc_counts[i];
	return sum;
}

static inline uint64_t evaluation_sum_entering(const struct evaluation *evaluation, uint32_t block)
{
	uint64_t sum = 0;

	for (uint32_t i = evaluation->predecessor_first[block];
	     i < evaluation->predecessor_first[block + 1]; i++)
		sum += evaluation->arc_counts[evaluation->predecessors[i]];
	return sum;
}

/* The set is that of evaluation_mark_set(). */
static inline bool evaluation_is_in_set(const struct evaluation *evaluation, uint32_t block)
{
	return evaluation->set_stamps[block] == evaluation->set_stamp;
}

/* What enters @block from blocks that are not in the set. */
static inline uint64_t evaluation_sum_from_outside(const struct evaluation *evaluation,
						   uint32_t block)
{
	uint64_t sum = 0;

	for (uint32_t i = evaluation->predecessor_first[block];
	     i < evaluation->predecessor_first[block + 1]; i++) {
		uint32_t arc = evaluation->predecessors[i];

		if (!evaluation_is_in_set(evaluation, evaluation->arcs[arc].source))
			sum += evaluation->arc_counts[arc];
	}
	return sum;
}

static inline void evaluation_mark_set(struct evaluation *evaluation, const uint32_t *blocks,
				       uint32_t count)
{
	evaluation->set_stamp++;
	for (uint32_t i = 0; i < count; i++)
		evaluation->set_stamps[blocks[i]] = evaluation->set_stamp;
}

#endif
