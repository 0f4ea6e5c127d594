/* evidence.c - which blocks of a function ran, and whether its counters contradict each other. */
#include "collector/plan/evidence.h"

#include <string.h>

int64_t evidence_contradiction(const struct evaluation *evaluation,
			       const struct plan_function *function)
{
	int64_t least = 0;

	for (uint32_t i = 0; i < function->arc_count; i++) {
		int64_t count = (int64_t)evaluation->arc_counts[i];

		if (count < least)
			least = count;
	}
	return least == INT64_MIN ? INT64_MAX : -least;
}

static void mark(struct evaluation *evaluation, uint32_t block, uint32_t *stack_count)
{
	if (evaluation->has_run[block])
		return;
	evaluation->has_run[block] = true;
	evaluation->stack[(*stack_count)++] = block;
}

static void follow_evidence(struct evaluation *evaluation, const struct plan_function *function)
{
	uint32_t stack_count = 0;

	memset(evaluation->has_run, 0, function->block_count * sizeof(bool));
	for (uint32_t i = 0; i < function->arc_count; i++) {
		const struct plan_arc *arc = &evaluation->arcs[i];

		if (arc->counter == PLAN_NO_COUNTER || (int64_t)evaluation->arc_counts[i] <= 0)
			continue;
		mark(evaluation, arc->source, &stack_count);
		mark(evaluation, arc->destination, &stack_count);
	}
	while (stack_count) {
		uint32_t block = evaluation->stack[--stack_count];
		uint32_t in = evaluation->predecessor_first[block];
		uint32_t out = evaluation->successor_first[block];

		if (evaluation->predecessor_first[block + 1] - in == 1)
			mark(evaluation, evaluation->arcs[evaluation->predecessors[in]].source,
			     &stack_count);
		if (evaluation->successor_first[block + 1] - out == 1)
			mark(evaluation, evaluation->arcs[out].destination, &stack_count);
	}
}

void evidence_find(struct evaluation *evaluation, const struct plan_function *function,
		   bool is_contradicting)
{
	if (is_contradicting) {
		follow_evidence(evaluation, function);
		return;
	}
	for (uint32_t i = 0; i < function->block_count; i++)
		evaluation->has_run[i] = (int64_t)evaluation->block_counts[i] > 0;
}

unsigned char evidence_line_state(const struct evaluation *evaluation, const struct plan *plan,
				  const struct plan_entry *entry)
{
	const uint32_t *blocks = plan->blocks + entry->block_first;
	uint32_t run_count = 0;

	for (uint32_t i = 0; i < entry->block_count; i++)
		run_count += evaluation->has_run[blocks[i]];
	if (!run_count)
		return 0;
	return run_count == entry->block_count ? PLAN_LINE_WHOLLY : PLAN_LINE_PARTLY;
}
