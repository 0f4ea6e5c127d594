/* tracefile_complete.c - lines that ran because others of their block did. */
#include "collector/exchange/tracefile_complete.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/decode/kernel.h"
#include "collector/exchange/function_place.h"
#include "collector/exchange/tracefile_match.h"
#include "collector/gcov/gcov_format.h"

enum { NOBODY = UINT32_MAX, SEVERAL = UINT32_MAX - 1 };

/* What all steps need. All arrays are owned. */
struct completing {
	const struct cov_kernel *kernel;
	struct cov_tracefile_match *match;
	uint32_t
	    *identities;    /* [function_count], alike for copies of one function: the first's id */
	uint32_t *owners;   /* [line_count], the only function that has the line */
	uint32_t *seeded;   /* [function_count], by identity: copies in which a block is known */
	uint32_t *followed; /* [line_count], copies in which the line follows */
	unsigned char *has_run; /* [function_count], by identity: 1 some line of it ran */
	bool *blocks;           /* [block_capacity], of a function: those that ran */
	uint32_t *stack;        /* [block_capacity] */
	uint32_t *ways;         /* [4][block_capacity], see find_ways() */
	size_t block_capacity;
	struct pack_room room;
};

static void completing_deinit(struct completing *completing)
{
	free(completing->identities);
	free(completing->owners);
	free(completing->seeded);
	free(completing->followed);
	free(completing->has_run);
	free(completing->blocks);
	free(completing->stack);
	free(completing->ways);
	pack_room_deinit(&completing->room);
}

COV_DEFINE_AUTO_STRUCT(struct completing, completing_deinit)

static void find_identities(struct completing *completing)
{
	size_t count, first = 0;
	COV_AUTO(free)
	struct function_place *copies = function_place_list(completing->kernel, &count);

	for (size_t i = 0; i < count; i++) {
		if (function_place_compare(&copies[first], &copies[i]) != 0)
			first = i;
		completing->identities[copies[i].function] = (uint32_t)copies[first].function;
	}
}

/* Whether an entry's line is known to have run. */
static bool is_hit(const struct completing *completing, const struct cov_object *object,
		   const struct plan_entry *entry)
{
	return completing->match->counts.lines[object->line_ids[entry->line]] > 0;
}

static void find_owners(struct completing *completing, const struct cov_object *object,
			const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];
		uint32_t identity = completing->identities[object->function_first + i];

		for (uint32_t j = 0; j < function->entry_count; j++) {
			uint32_t line = plan->entries[function->entry_first + j].line;
			uint32_t *owner = &completing->owners[object->line_ids[line]];

			if (*owner == NOBODY)
				*owner = identity;
			else if (*owner != identity)
				*owner = SEVERAL;
		}
	}
}

static bool is_own(const struct completing *completing, const struct cov_object *object,
		   const struct plan_entry *entry, uint32_t identity)
{
	return completing->owners[object->line_ids[entry->line]] == identity;
}

/* The block that an entry's line is in alone, or NOBODY. */
static uint32_t only_block(const struct plan *plan, const struct plan_entry *entry)
{
	const uint32_t *blocks = plan->blocks + entry->block_first;

	for (uint32_t i = 1; i < entry->block_count; i++) {
		if (blocks[i] != blocks[0])
			return NOBODY;
	}
	return entry->block_count ? blocks[0] : NOBODY;
}

/* Room for the blocks of a function, none of which has run. */
static void clear_blocks(struct completing *completing, uint32_t count)
{
	if (count > completing->block_capacity) {
		completing->blocks =
		    cov_xreallocarray(completing->blocks, count, sizeof(*completing->blocks));
		completing->stack =
		    cov_xreallocarray(completing->stack, count, sizeof(*completing->stack));
		completing->ways =
		    cov_xreallocarray(completing->ways, count, 2 * sizeof(*completing->ways));
		completing->block_capacity = count;
	}
	memset(completing->blocks, 0, count * sizeof(*completing->blocks));
}

static void set_way(uint32_t *way, uint32_t block)
{
	*way = *way == NOBODY ? block : SEVERAL;
}

/*
 * The only block before and the only one behind each block. That a call may not come back is an arc
 * of its own in notes of gcov's, a fake one.
 */
static void find_ways(struct completing *completing, const struct plan *plan,
		      const struct plan_function *function)
{
	uint32_t *in = completing->ways, *out = completing->ways + function->block_count;

	for (uint32_t i = 0; i < 2 * function->block_count; i++)
		completing->ways[i] = NOBODY;
	for (uint32_t i = 0; i < function->arc_count; i++) {
		const struct plan_arc *arc = &plan->arcs[function->arc_first + i];

		if (arc->flags & (GCOV_ARC_FAKE | PLAN_ARC_RETURN))
			continue;
		set_way(&in[arc->destination], arc->source);
		set_way(&out[arc->source], arc->destination);
	}
}

static void mark(struct completing *completing, uint32_t block, size_t *stack_count)
{
	if (block >= SEVERAL || completing->blocks[block])
		return;
	completing->blocks[block] = true;
	completing->stack[(*stack_count)++] = block;
}

/* Which blocks of a copy must have run, if it is this one that did. Return: whether any is known.
 */
static bool find_blocks(struct completing *completing, const struct cov_object *object,
			const struct plan *plan, uint32_t index)
{
	const struct plan_function *function = &plan->functions[index];
	uint32_t identity = completing->identities[object->function_first + index];
	size_t stack_count = 0;

	clear_blocks(completing, function->block_count);
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		if (!is_own(completing, object, entry, identity) ||
		    !is_hit(completing, object, entry))
			continue;
		completing->has_run[identity] = 1;
		mark(completing, only_block(plan, entry), &stack_count);
	}
	if (!stack_count)
		return false;
	find_ways(completing, plan, function);
	while (stack_count) {
		uint32_t block = completing->stack[--stack_count];

		mark(completing, completing->ways[block], &stack_count);
		mark(completing, completing->ways[function->block_count + block], &stack_count);
	}
	return true;
}

/* Count the lines of a copy that follow in it. */
static void follow(struct completing *completing, const struct cov_object *object,
		   const struct plan *plan, uint32_t index)
{
	const struct plan_function *function = &plan->functions[index];
	uint32_t identity = completing->identities[object->function_first + index];

	completing->seeded[identity]++;
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		bool follows = false;

		for (uint32_t j = 0; j < entry->block_count; j++)
			follows |= completing->blocks[plan->blocks[entry->block_first + j]];
		if (follows && is_own(completing, object, entry, identity))
			completing->followed[object->line_ids[entry->line]]++;
	}
}

static void follow_object(struct completing *completing, const struct cov_object *object,
			  const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (find_blocks(completing, object, plan, i))
			follow(completing, object, plan, i);
	}
}

static int visit_objects(struct completing *completing,
			 void (*visit)(struct completing *completing,
				       const struct cov_object *object, const struct plan *plan),
			 struct cov_error *err)
{
	const struct cov_kernel *kernel = completing->kernel;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		struct plan plan;

		/* One that stands for tracefiles has no graphs. */
		if (!object->plan.counter_count)
			continue;
		int result = counts_open_plan(object, NULL, &completing->room, &plan, err);
		if (result)
			return result;
		visit(completing, object, &plan);
	}
	return 0;
}

/* What follows in each copy that may have run, whichever it was. Return: how many lines. */
static size_t add_lines(const struct completing *completing)
{
	struct cov_counts *counts = &completing->match->counts;
	size_t added = 0;

	for (size_t i = 0; i < completing->kernel->line_count; i++) {
		uint32_t followed = completing->followed[i];

		/* What is known not to have run did not. */
		if (!followed || counts->states[i] != COV_LINE_NOT_INSTRUMENTED ||
		    followed != completing->seeded[completing->owners[i]])
			continue;
		counts->found_count++;
		counts->lines[i] = 1;
		counts->states[i] = COV_LINE_EXECUTED;
		counts->hit_count++;
		added++;
	}
	return added;
}

static void add_functions(const struct completing *completing)
{
	struct cov_tracefile_match *match = completing->match;

	for (size_t i = 0; i < completing->kernel->function_count; i++) {
		if (!completing->has_run[i])
			continue;
		match->counts.functions[i] = 1;
		match->is_listed[i] = 1;
	}
}

int tracefile_complete(const struct cov_kernel *kernel, struct cov_tracefile_match *match,
		       size_t *added, struct cov_error *err)
{
	COV_AUTO(completing_deinit)
	struct completing completing = { .kernel = kernel, .match = match };
	size_t functions = kernel->function_count, lines = kernel->line_count;

	completing.identities = cov_xcalloc(functions + 1, sizeof(uint32_t));
	completing.seeded = cov_xcalloc(functions + 1, sizeof(uint32_t));
	completing.has_run = cov_xcalloc(functions + 1, 1);
	completing.owners = cov_xcalloc(lines + 1, sizeof(uint32_t));
	completing.followed = cov_xcalloc(lines + 1, sizeof(uint32_t));
	for (size_t i = 0; i < lines; i++)
		completing.owners[i] = NOBODY;
	find_identities(&completing);
	int result = visit_objects(&completing, find_owners, err);
	if (result == 0)
		result = visit_objects(&completing, follow_object, err);
	if (result)
		return result;
	*added = add_lines(&completing);
	add_functions(&completing);
	return 0;
}
