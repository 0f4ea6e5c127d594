/* evaluate.c - from the counters of one object to the counts of its lines and functions. */
#include "collector/plan/evaluate.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/evaluation.h"
#include "collector/plan/evidence.h"
#include "collector/plan/llvm.h"

/*
 * How many arcs the search for all cycles of GCC 8.3 may follow in one object. Their number can be
 * exponential: on lines with that many its gcov never finished, so there is no count to match.
 */
enum { ALL_CYCLES_STEPS_MAX = 1 << 22 };

/* Hand out @count elements from the scratch memory; only adds up sizes when there is none. */
static void *carve(char *memory, size_t *offset, size_t count, size_t element_bytes)
{
	size_t place = *offset;

	*offset += (count * element_bytes + 15) & ~(size_t)15;
	return memory ? memory + place : NULL;
}

static size_t carve_all(struct evaluation *evaluation, char *memory, size_t block_count,
			size_t arc_count)
{
	size_t offset = 0;

	evaluation->successor_first = carve(memory, &offset, block_count + 1, 4);
	evaluation->predecessor_first = carve(memory, &offset, block_count + 1, 4);
	evaluation->predecessors = carve(memory, &offset, arc_count, 4);
	evaluation->arc_counts = carve(memory, &offset, arc_count, 8);
	evaluation->block_counts = carve(memory, &offset, block_count, 8);
	evaluation->unused = carve(memory, &offset, arc_count, 8);
	evaluation->has_run = carve(memory, &offset, block_count, sizeof(bool));
	evaluation->set_stamps = carve(memory, &offset, block_count, 4);
	evaluation->blocked_stamps = carve(memory, &offset, block_count, 4);
	evaluation->waiter_heads = carve(memory, &offset, block_count, 4);
	evaluation->stack = carve(memory, &offset, block_count, 4);
	evaluation->frames = carve(memory, &offset, block_count + 1, sizeof(struct frame));
	evaluation->path = carve(memory, &offset, block_count + 1, 4);
	evaluation->waiters = carve(memory, &offset, arc_count, sizeof(struct waiter));
	return offset;
}

void evaluate_index(struct evaluation *evaluation, const struct plan *plan,
		    const struct plan_function *function)
{
	uint32_t *successors = evaluation->successor_first;
	uint32_t *predecessors = evaluation->predecessor_first;
	uint32_t *next = evaluation->stack; /* not in use yet */
	uint32_t block_count = function->block_count;

	evaluation->arcs = plan->arcs + function->arc_first;
	memset(successors, 0, (block_count + 1) * sizeof(*successors));
	memset(predecessors, 0, (block_count + 1) * sizeof(*predecessors));
	for (uint32_t i = 0; i < function->arc_count; i++) {
		successors[evaluation->arcs[i].source + 1]++;
		predecessors[evaluation->arcs[i].destination + 1]++;
	}
	for (uint32_t i = 0; i < block_count; i++) {
		successors[i + 1] += successors[i];
		predecessors[i + 1] += predecessors[i];
	}
	memcpy(next, predecessors, block_count * sizeof(*next));
	for (uint32_t i = 0; i < function->arc_count; i++)
		evaluation->predecessors[next[evaluation->arcs[i].destination]++] = i;
}

/* An arc that is not known yet counts 0, so the others' sum needs no exception. */
void evaluate_solve(struct evaluation *evaluation, const struct plan *plan,
		    const struct plan_function *function, const int64_t *counters)
{
	for (uint32_t i = 0; i < function->arc_count; i++) {
		uint32_t counter = evaluation->arcs[i].counter;

		evaluation->arc_counts[i] =
		    counter == PLAN_NO_COUNTER ? 0 : (uint64_t)counters[counter];
	}
	if (plan->line_rule == GCOV_LINES_LLVM) {
		llvm_evaluate(evaluation, plan, function);
		return;
	}
	memset(evaluation->block_counts, 0, function->block_count * sizeof(uint64_t));
	for (uint32_t i = 0; i < function->step_count; i++) {
		uint32_t step = plan->steps[function->step_first + i];
		uint32_t index = plan_step_index(step);

		switch (plan_step_kind(step)) {
		case PLAN_BLOCK_FROM_SUCCESSORS:
			evaluation->block_counts[index] = evaluation_sum_leaving(evaluation, index);
			break;
		case PLAN_BLOCK_FROM_PREDECESSORS:
			evaluation->block_counts[index] =
			    evaluation_sum_entering(evaluation, index);
			break;
		case PLAN_ARC_FROM_SOURCE: {
			uint32_t block = evaluation->arcs[index].source;

			evaluation->arc_counts[index] = evaluation->block_counts[block] -
							evaluation_sum_leaving(evaluation, block);
			break;
		}
		case PLAN_ARC_FROM_DESTINATION: {
			uint32_t block = evaluation->arcs[index].destination;

			evaluation->arc_counts[index] = evaluation->block_counts[block] -
							evaluation_sum_entering(evaluation, block);
			break;
		}
		}
	}
}

/* What enters the set from outside; a block that stands twice in the list counts twice. */
static int64_t count_entries(const struct evaluation *evaluation, const uint32_t *blocks,
			     uint32_t count)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum = cov_number_add(sum,
				     (int64_t)evaluation_sum_from_outside(evaluation, blocks[i]));
	return sum;
}

static bool is_blocked(const struct evaluation *evaluation, uint32_t block)
{
	return evaluation->blocked_stamps[block] == evaluation->search_stamp;
}

static bool is_usable(const struct evaluation *evaluation, uint32_t start, uint32_t arc)
{
	uint32_t block = evaluation->arcs[arc].destination;

	return block >= start && (evaluation->unused[arc] > 0 || evaluation->is_any_cycle) &&
	       evaluation_is_in_set(evaluation, block);
}

static void unblock(struct evaluation *evaluation, uint32_t block)
{
	uint32_t stack_count = 0;

	if (!is_blocked(evaluation, block))
		return;
	evaluation->blocked_stamps[block] = 0;
	evaluation->stack[stack_count++] = block;
	while (stack_count) {
		uint32_t free_block = evaluation->stack[--stack_count];

		while (evaluation->waiter_heads[free_block] != PLAN_NOTHING) {
			uint32_t place = evaluation->waiter_heads[free_block];
			uint32_t waiting = evaluation->waiters[place].waiting;

			evaluation->waiter_heads[free_block] = evaluation->waiters[place].next;
			evaluation->waiters[place].next = evaluation->waiter_free;
			evaluation->waiter_free = place;
			if (!is_blocked(evaluation, waiting))
				continue;
			evaluation->blocked_stamps[waiting] = 0;
			evaluation->stack[stack_count++] = waiting;
		}
	}
}

/*
 * @block led to no cycle: it stays blocked until one of the blocks behind it is freed. It waits for
 * each of these once, so that there are never more waiters than arcs.
 */
static void wait_for_successors(struct evaluation *evaluation, uint32_t start, uint32_t block)
{
	for (uint32_t i = evaluation->successor_first[block];
	     i < evaluation->successor_first[block + 1]; i++) {
		uint32_t other = evaluation->arcs[i].destination;
		uint32_t place;

		if (!is_usable(evaluation, start, i) || !is_blocked(evaluation, other))
			continue;
		place = evaluation->waiter_heads[other];
		while (place != PLAN_NOTHING && evaluation->waiters[place].waiting != block)
			place = evaluation->waiters[place].next;
		if (place != PLAN_NOTHING)
			continue;
		place = evaluation->waiter_free;
		if (place != PLAN_NOTHING)
			evaluation->waiter_free = evaluation->waiters[place].next;
		else
			place = evaluation->waiter_count++;
		evaluation->waiters[place] =
		    (struct waiter){ block, evaluation->waiter_heads[other] };
		evaluation->waiter_heads[other] = place;
	}
}

/* The smallest count along the cycle, which is taken off all its arcs. */
static int64_t use_cycle(struct evaluation *evaluation, uint32_t path_length)
{
	int64_t least = INT64_MAX;

	for (uint32_t i = 0; i < path_length; i++) {
		if (evaluation->unused[evaluation->path[i]] < least)
			least = evaluation->unused[evaluation->path[i]];
	}
	for (uint32_t i = 0; i < path_length; i++) {
		int64_t *unused = &evaluation->unused[evaluation->path[i]];

		*unused = (int64_t)((uint64_t)*unused - (uint64_t)least);
	}
	evaluation->has_negative |= least < 0;
	return least;
}

static bool is_path_usable(const struct evaluation *evaluation, uint32_t path_length)
{
	for (uint32_t i = 0; i < path_length && !evaluation->is_any_cycle; i++) {
		if (evaluation->unused[evaluation->path[i]] <= 0)
			return false;
	}
	return true;
}

static void enter_block(struct evaluation *evaluation, struct frame *frame, uint32_t block)
{
	*frame = (struct frame){ block, evaluation->successor_first[block], false };
	evaluation->blocked_stamps[block] = evaluation->search_stamp;
	evaluation->waiter_heads[block] = PLAN_NOTHING;
}

/* Whether the search for all cycles may go on. */
static bool take_step(struct evaluation *evaluation)
{
	evaluation->steps_left -= evaluation->steps_left > 0;
	return evaluation->steps_left > 0;
}

/*
 * What flows around within the set, along cycles through @start and blocks above it.
 * Source: Hawick and James, "Enumerating Circuits and Loops in Graphs with Self-Arcs and
 * Multiple-Arcs" (2008), in the order that gcov follows it: the order decides which cycle uses an
 * arc that several could use.
 */
static int64_t count_cycles(struct evaluation *evaluation, uint32_t start)
{
	int64_t total = 0;
	uint32_t depth = 1;

	evaluation->search_stamp++;
	evaluation->waiter_count = 0;
	evaluation->waiter_free = PLAN_NOTHING;
	enter_block(evaluation, &evaluation->frames[0], start);
	while (depth) {
		struct frame *frame = &evaluation->frames[depth - 1];
		uint32_t block = frame->block;

		if (frame->arc == evaluation->successor_first[block + 1]) {
			if (frame->is_found)
				unblock(evaluation, block);
			else
				wait_for_successors(evaluation, start, block);
			if (--depth)
				evaluation->frames[depth - 1].is_found |= frame->is_found;
			continue;
		}
		uint32_t arc = frame->arc++;
		uint32_t other = evaluation->arcs[arc].destination;

		if (!is_usable(evaluation, start, arc))
			continue;
		if (evaluation->is_any_cycle && !take_step(evaluation))
			return 0;
		evaluation->path[depth - 1] = arc;
		if (other == start) {
			total = cov_number_add(total, use_cycle(evaluation, depth));
			frame->is_found = true;
		} else if (!is_blocked(evaluation, other) && is_path_usable(evaluation, depth)) {
			enter_block(evaluation, &evaluation->frames[depth++], other);
		}
	}
	return total;
}

/* The cycles within the set, which is marked, from each of its blocks on. */
static int64_t count_all_cycles(struct evaluation *evaluation, const uint32_t *blocks,
				uint32_t count)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = evaluation->successor_first[blocks[i]];
		     j < evaluation->successor_first[blocks[i] + 1]; j++)
			evaluation->unused[j] = (int64_t)evaluation->arc_counts[j];
	}
	evaluation->has_negative = false;
	for (uint32_t i = 0; i < count; i++)
		sum = cov_number_add(sum, count_cycles(evaluation, blocks[i]));
	if (!evaluation->is_any_cycle)
		return sum;
	/* After a cycle below 0 these versions look once more for what is left. */
	bool is_repeated = evaluation->has_negative;
	for (uint32_t i = 0; i < count && is_repeated; i++)
		sum = cov_number_add(sum, count_cycles(evaluation, blocks[i]));
	if (evaluation->steps_left)
		return sum;
	evaluation->is_any_cycle = false;
	return count_all_cycles(evaluation, blocks, count);
}

int64_t evaluate_entry(struct evaluation *evaluation, const struct plan *plan,
		       const struct plan_entry *entry)
{
	const uint32_t *blocks = plan->blocks + entry->block_first;
	int64_t sum = 0;

	if (entry->kind == PLAN_SUM) {
		for (uint32_t i = 0; i < entry->block_count; i++)
			sum = cov_number_add(sum, (int64_t)evaluation->block_counts[blocks[i]]);
		return sum;
	}
	evaluation_mark_set(evaluation, blocks, entry->block_count);
	sum = count_entries(evaluation, blocks, entry->block_count);
	if (entry->kind == PLAN_FLOW_LOOP)
		sum = cov_number_add(sum, count_all_cycles(evaluation, blocks, entry->block_count));
	return sum;
}

/*
 * Entry and last block do not count for GCC (the last was the exit before GCC 4.8). For clang the
 * entry does not; the exit is never above 0.
 */
static int64_t count_executed_blocks(const struct evaluation *evaluation, const struct plan *plan,
				     uint32_t block_count)
{
	uint32_t behind = plan->line_rule == GCOV_LINES_LLVM ? 0 : 1;
	int64_t executed = 0;

	for (uint32_t i = 1; i + behind < block_count; i++)
		executed += evaluation->block_counts[i] != 0;
	return executed;
}

/* After the lines were counted, whose search for cycles uses the same stack. */
static void find_states(struct evaluation *evaluation, const struct plan *plan, uint32_t index,
			const struct plan_counts *counts)
{
	const struct plan_function *function = &plan->functions[index];
	int64_t contradiction = evidence_contradiction(evaluation, function);

	if (counts->contradictions)
		counts->contradictions[index] = contradiction;
	evidence_find(evaluation, function, contradiction > 0);
	for (uint32_t i = 0; counts->states && i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		counts->states[entry->line] |= evidence_line_state(evaluation, plan, entry);
	}
}

/* Counts of blocks that say what the evidence says: more than 0 where a block ran. */
static void add_blocks(const struct evaluation *evaluation, uint32_t block_count, int64_t *blocks)
{
	for (uint32_t i = 0; i < block_count; i++) {
		int64_t count = (int64_t)evaluation->block_counts[i];

		if (evaluation->has_run[i])
			blocks[i] = cov_number_add(blocks[i], count > 0 ? count : 1);
	}
}

void evaluate_function(struct evaluation *evaluation, const struct plan *plan, uint32_t index,
		       const int64_t *counters, const struct plan_counts *counts,
		       size_t block_first)
{
	const struct plan_function *function = &plan->functions[index];

	evaluate_index(evaluation, plan, function);
	evaluate_solve(evaluation, plan, function, counters);
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		int64_t *line = &counts->lines[entry->line];
		int64_t count = plan->line_rule == GCOV_LINES_LLVM
				    ? llvm_count_entry(evaluation, plan, entry)
				    : evaluate_entry(evaluation, plan, entry);

		*line = cov_number_add(*line, count);
	}
	if (counts->states || counts->blocks)
		find_states(evaluation, plan, index, counts);
	if (counts->blocks)
		add_blocks(evaluation, function->block_count, counts->blocks + block_first);
	if (counts->functions && function->block_count)
		counts->functions[index] =
		    cov_number_add(counts->functions[index], evaluation->block_counts[0]);
	if (counts->blocks_executed)
		counts->blocks_executed[index] +=
		    count_executed_blocks(evaluation, plan, function->block_count);
	for (uint32_t i = 0; counts->branches && i < function->branch_count; i++) {
		uint32_t branch = function->branch_first + i;
		int64_t taken = evaluation->arc_counts[plan->branches[branch].arc];

		counts->branches[branch] = cov_number_add(counts->branches[branch], taken);
	}
}

void evaluate_begin(const struct plan *plan, struct evaluate_scratch *scratch,
		    struct evaluation *ret)
{
	struct evaluation evaluation = {
		.is_any_cycle = plan->line_rule == GCOV_LINES_FLOW_ALL_CYCLES,
		.steps_left = ALL_CYCLES_STEPS_MAX,
	};
	size_t needed = carve_all(&evaluation, NULL, plan->block_count_max, plan->arc_count_max);

	if (needed > scratch->size_bytes) {
		scratch->size_bytes = 2 * needed;
		scratch->memory = cov_xrealloc(scratch->memory, scratch->size_bytes);
	}
	carve_all(&evaluation, scratch->memory, plan->block_count_max, plan->arc_count_max);
	memset(evaluation.set_stamps, 0, plan->block_count_max * sizeof(uint32_t));
	memset(evaluation.blocked_stamps, 0, plan->block_count_max * sizeof(uint32_t));
	*ret = evaluation;
}

void plan_evaluate(const struct plan *plan, const int64_t *counters,
		   const struct plan_counts *counts, struct evaluate_scratch *scratch)
{
	struct evaluation evaluation;
	size_t block_first = 0;

	evaluate_begin(plan, scratch, &evaluation);
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		/* Of a function that never ran every count is 0, and most never ran. */
		if (plan_has_run(function, counters))
			evaluate_function(&evaluation, plan, i, counters + function->counter_first,
					  counts, block_first);
		block_first += function->block_count;
	}
}

void evaluate_scratch_deinit(struct evaluate_scratch *scratch)
{
	free(scratch->memory);
	memset(scratch, 0, sizeof(*scratch));
}
