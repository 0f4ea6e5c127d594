/* lines.c - the lines of one function: which blocks mention them, hang on them, and branch there.
 */
#include "collector/plan/lines.h"

#include <stdlib.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

enum { NO_ENTRY = UINT32_MAX, ENTRY_BLOCK = 0 };

/* The entry of @function for a line, which is added when it is new. */
static uint32_t intern_entry(struct compiler *compiler, uint32_t function, uint32_t source,
			     uint32_t line)
{
	struct plan *plan = compiler->plan;
	uint32_t index = compiler_intern_line(compiler, source, line);
	struct line_state *state = &compiler->line_states[index];

	if (state->function == function)
		return state->entry;
	plan->entries = cov_grow(plan->entries, plan->entry_count, &compiler->entry_capacity,
				 sizeof(*plan->entries));
	compiler->is_entry_private = cov_grow(compiler->is_entry_private, plan->entry_count,
					      &compiler->private_capacity, sizeof(bool));
	plan->entries[plan->entry_count] = (struct plan_entry){ .line = index };
	compiler->is_entry_private[plan->entry_count] =
	    compiler_is_private(compiler, function, &compiler->lines[index]);
	state->function = function;
	state->entry = plan->entry_count;
	return plan->entry_count++;
}

static void add_mention(struct mention **list, size_t *count, size_t *capacity, uint32_t entry,
			uint32_t block)
{
	*list = cov_grow(*list, *count, capacity, sizeof(**list));
	(*list)[(*count)++] = (struct mention){ entry, block };
}

/* The ways out of a block are branches of the line it hangs on, unless there is only one. */
static void add_branches(struct compiler *compiler, uint32_t line, uint32_t block)
{
	const struct flow *flow = &compiler->flow;
	struct plan *plan = compiler->plan;
	uint32_t first = flow->successor_first[block], end = flow->successor_first[block + 1];
	uint32_t way_count = 0;

	for (uint32_t i = first; i < end; i++)
		way_count += !(flow->arcs[i].flags & GCOV_ARC_FAKE);
	for (uint32_t i = first; i < end && way_count > 1; i++) {
		uint32_t flags = flow->arcs[i].flags;
		bool is_fallthrough = flags & GCOV_ARC_FALLTHROUGH;

		if (flags & GCOV_ARC_FAKE)
			continue;
		/* Beside a call that may not return, what does not fall through is a throw. */
		bool is_throw = way_count < end - first && !is_fallthrough;
		plan->branches = cov_grow(plan->branches, plan->branch_count,
					  &compiler->branch_capacity, sizeof(*plan->branches));
		plan->branches[plan->branch_count++] = (struct plan_branch){
			.line = line,
			.arc = i,
			.flags = (is_fallthrough ? PLAN_BRANCH_FALLTHROUGH : 0) |
				 (is_throw ? PLAN_BRANCH_THROW : 0),
		};
	}
}

/* In clang's rule every way out of a block that has several is a branch. */
static void add_llvm_branches(struct compiler *compiler, uint32_t line, uint32_t block)
{
	const struct flow *flow = &compiler->flow;
	struct plan *plan = compiler->plan;
	uint32_t first = flow->successor_first[block], end = flow->successor_first[block + 1];

	for (uint32_t i = first; i < end && end - first > 1; i++) {
		plan->branches = cov_grow(plan->branches, plan->branch_count,
					  &compiler->branch_capacity, sizeof(*plan->branches));
		plan->branches[plan->branch_count++] = (struct plan_branch){ line, i, 0 };
	}
}

static void hang_block(struct compiler *compiler, uint32_t function, uint32_t entry, uint32_t block)
{
	if (compiler->is_survey) {
		if (!compiler_is_private(compiler, function, &compiler->lines[entry]))
			compiler->is_hung[entry] = true;
		return;
	}
	add_branches(compiler, compiler->plan->entries[entry].line, block);
	add_mention(&compiler->hangings, &compiler->hanging_count, &compiler->hanging_capacity,
		    entry, block);
}

static int compare_locations(const void *a, const void *b, void *context)
{
	const struct gcno_location *locations = context;
	const uint32_t *first = a, *second = b;
	uint32_t first_block = locations[*first].block, second_block = locations[*second].block;

	if (first_block != second_block)
		return first_block < second_block ? -1 : 1;
	return (*first > *second) - (*first < *second);
}

/*
 * The function's locations by block, or NULL if they are so in the file; the compiler writes them
 * so, but nothing promises it.
 */
static uint32_t *order_locations(const struct gcno *gcno, const struct gcno_function *function)
{
	struct gcno_location *locations = gcno->locations + function->location_first;
	bool is_ordered = true;

	for (uint32_t i = 1; i < function->location_count; i++)
		is_ordered &= locations[i - 1].block <= locations[i].block;
	if (is_ordered)
		return NULL;
	uint32_t *order = cov_xcalloc(function->location_count, sizeof(*order));
	for (uint32_t i = 0; i < function->location_count; i++)
		order[i] = i;
	qsort_r(order, function->location_count, sizeof(*order), compare_locations, locations);
	return order;
}

/* Location @index of @function; @order: of order_locations() */
static const struct gcno_location *location_at(const struct gcno *gcno,
					       const struct gcno_function *function,
					       const uint32_t *order, uint32_t index)
{
	return &gcno->locations[function->location_first + (order ? order[index] : index)];
}

/*
 * Mention the block of @location on each of its lines. Return: the last one's entry, in a survey
 * the line, or @entry.
 */
static uint32_t mention_lines(struct compiler *compiler, uint32_t index,
			      const struct gcno_location *location, uint32_t entry)
{
	const uint32_t *lines = compiler->gcno->lines + location->line_first;
	uint32_t source = compiler->canonical[location->source];

	for (uint32_t i = 0; i < location->line_count && compiler->is_survey; i++)
		entry = compiler_intern_line(compiler, source, lines[i]);
	for (uint32_t i = 0; i < location->line_count && !compiler->is_survey; i++) {
		entry = intern_entry(compiler, index, source, lines[i]);
		add_mention(&compiler->mentions, &compiler->mention_count,
			    &compiler->mention_capacity, entry, location->block);
	}
	return entry;
}

/*
 * A block hangs on the last line of each of its locations. A location without lines is written
 * when the code moves to the same line number of another file; the block then hangs on the line
 * met before once more. Entry and last block hang nowhere (the last was the exit before GCC 4.8).
 */
static void add_function_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) uint32_t *order = order_locations(gcno, function);
	uint32_t entry = NO_ENTRY, last_block = UINT32_MAX;

	for (uint32_t i = 0; i < function->location_count; i++) {
		const struct gcno_location *location = location_at(gcno, function, order, i);
		uint32_t block = location->block;

		if (block != last_block)
			entry = NO_ENTRY;
		last_block = block;
		entry = mention_lines(compiler, index, location, entry);
		if (entry != NO_ENTRY && block != ENTRY_BLOCK && block != function->block_count - 1)
			hang_block(compiler, index, entry, block);
	}
}

/*
 * GCC before 8: no block hangs on a line. The ways out of a block are branches of the line met
 * last, even in an earlier block.
 */
static void add_summed_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) uint32_t *order = order_locations(gcno, function);
	uint32_t entry = NO_ENTRY, next = 0;

	for (uint32_t block = 0; block < function->block_count; block++) {
		for (; next < function->location_count; next++) {
			const struct gcno_location *location =
			    location_at(gcno, function, order, next);

			if (location->block != block)
				break;
			entry = mention_lines(compiler, index, location, entry);
		}
		if (!compiler->is_survey && entry != NO_ENTRY && block != ENTRY_BLOCK &&
		    block != function->block_count - 1)
			add_branches(compiler, compiler->plan->entries[entry].line, block);
	}
}

/* Clang: a block hangs on every line it mentions; its branches are of the last one. */
static void add_llvm_lines(struct compiler *compiler, uint32_t index)
{
	const struct gcno *gcno = compiler->gcno;
	const struct gcno_function *function = &gcno->functions[index];
	COV_AUTO(free) uint32_t *order = order_locations(gcno, function);
	size_t first = compiler->mention_count;
	uint32_t entry = NO_ENTRY;

	for (uint32_t i = 0; i < function->location_count; i++) {
		const struct gcno_location *location = location_at(gcno, function, order, i);
		uint32_t block = location->block;

		entry = mention_lines(compiler, index, location, entry);
		if (i + 1 < function->location_count &&
		    location_at(gcno, function, order, i + 1)->block == block)
			continue;
		for (; first < compiler->mention_count; first++) {
			uint32_t mentioned = compiler->mentions[first].entry;
			uint32_t line = compiler->plan->entries[mentioned].line;

			add_mention(&compiler->hangings, &compiler->hanging_count,
				    &compiler->hanging_capacity, mentioned, block);
			/* As often as it is mentioned there. */
			if (mentioned == entry)
				add_llvm_branches(compiler, line, block);
		}
	}
}

void lines_add(struct compiler *compiler, uint32_t index)
{
	enum gcov_line_rule rule = compiler->gcno->line_rule;

	if (rule == GCOV_LINES_SUM)
		add_summed_lines(compiler, index);
	else if (rule == GCOV_LINES_LLVM)
		add_llvm_lines(compiler, index);
	else
		add_function_lines(compiler, index);
}
