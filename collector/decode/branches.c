/* branches.c - how often each way out of a block was taken, line by line, as lcov has it. */
#include "collector/decode/branches.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"

void branches_deinit(struct cov_branches *branches)
{
	free(branches->items);
	memset(branches, 0, sizeof(*branches));
}

void branches_add(struct cov_branches *branches, struct cov_branch branch)
{
	branches->items = cov_grow(branches->items, branches->count, &branches->capacity,
				   sizeof(*branches->items));
	branches->items[branches->count++] = branch;
}

uint32_t branches_next_source(const struct cov_branches *branches)
{
	uint32_t next = 0;

	for (size_t i = 0; i < branches->count; i++) {
		if (branches->items[i].source >= next)
			next = branches->items[i].source + 1;
	}
	return next;
}

/* A block of branches, and where it stands. */
struct block {
	const struct cov_branch *first;
	size_t length;
	size_t place; /* as it was added */
};

static int compare_blocks(const void *a, const void *b)
{
	const struct block *first = a, *second = b;

	if (first->first->line != second->first->line)
		return first->first->line < second->first->line ? -1 : 1;
	return (first->place > second->place) - (first->place < second->place);
}

static bool is_same_block(const struct cov_branch *a, const struct cov_branch *b)
{
	return a->line == b->line && a->source == b->source && a->block == b->block;
}

/* All blocks, by line, then as they were added; free() them. */
static struct block *list_blocks(const struct cov_branches *branches, size_t *count_out)
{
	struct block *blocks = cov_xcalloc(branches->count, sizeof(*blocks));
	size_t count = 0;

	for (size_t i = 0; i < branches->count;) {
		size_t end = i + 1;

		while (end < branches->count &&
		       is_same_block(&branches->items[i], &branches->items[end]))
			end++;
		blocks[count] = (struct block){ &branches->items[i], end - i, count };
		count++;
		i = end;
	}
	qsort(blocks, count, sizeof(*blocks), compare_blocks);
	*count_out = count;
	return blocks;
}

static bool is_same_signature(const struct block *a, const struct block *b)
{
	if (a->length != b->length)
		return false;
	for (size_t i = 0; i < a->length; i++) {
		if (a->first[i].flags != b->first[i].flags)
			return false;
	}
	return true;
}

static int64_t add(int64_t a, int64_t b)
{
	if (a == COV_BRANCH_NOT_EVALUATED)
		return b;
	if (b == COV_BRANCH_NOT_EVALUATED)
		return a;
	return cov_number_add(a, b);
}

/* How many blocks of the same source and signature stand before @index; sources are contiguous. */
static size_t count_alike(const struct block *blocks, size_t index)
{
	size_t count = 0;

	for (size_t i = index; i-- > 0 && blocks[i].first->source == blocks[index].first->source;)
		count += is_same_signature(&blocks[i], &blocks[index]);
	return count;
}

/* The blocks of one line, [count], are added up to the end of @out. */
static void settle_line(const struct block *blocks, size_t count, struct cov_branches *out)
{
	size_t line_first = out->count;
	uint32_t block_count = 0;

	for (size_t i = 0; i < count; i++) {
		size_t wanted = count_alike(blocks, i);
		size_t place = line_first;

		/* The wanted-th of those alike that are there already. */
		for (; place < out->count;) {
			struct block there = { &out->items[place], 1, 0 };

			while (place + there.length < out->count &&
			       is_same_block(there.first, &out->items[place + there.length]))
				there.length++;
			if (is_same_signature(&there, &blocks[i]) && wanted-- == 0)
				break;
			place += there.length;
		}
		bool is_new = place == out->count;
		for (size_t j = 0; j < blocks[i].length; j++) {
			struct cov_branch branch = blocks[i].first[j];

			if (is_new) {
				branch.source = 0;
				branch.block = block_count;
				branches_add(out, branch);
			} else {
				out->items[place + j].taken =
				    add(out->items[place + j].taken, branch.taken);
			}
		}
		block_count += is_new;
	}
}

void branches_settle(struct cov_branches *branches)
{
	struct cov_branches settled = { 0 };
	size_t count;
	COV_AUTO(free) struct block *blocks = list_blocks(branches, &count);

	for (size_t i = 0; i < count;) {
		size_t end = i + 1;

		while (end < count && blocks[end].first->line == blocks[i].first->line)
			end++;
		settle_line(blocks + i, end - i, &settled);
		i = end;
	}
	free(branches->items);
	*branches = settled;
}

/* A branch of a plan, to be sorted by line; the order within a group is the plan's. */
struct place {
	uint32_t line_id;
	uint32_t group; /* 1 + the function that it is kept apart for, or 0 */
	uint32_t branch;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *first = a, *second = b;

	if (first->line_id != second->line_id)
		return first->line_id < second->line_id ? -1 : 1;
	if (first->group != second->group)
		return first->group < second->group ? -1 : 1;
	return (first->branch > second->branch) - (first->branch < second->branch);
}

/* Whether another function begins on the same line, as macros make them: gcov lists them apart. */
static bool is_grouped(const struct cov_object *object, uint32_t function)
{
	const struct plan_function *own = &object->plan.functions[function];

	for (uint32_t i = 0; i < object->plan.function_count; i++) {
		const struct plan_function *other = &object->plan.functions[i];

		if (i != function && !other->is_artificial &&
		    other->start_line == own->start_line &&
		    kernel_function_file(object, i) == kernel_function_file(object, function))
			return true;
	}
	return false;
}

/* All branches of an object, by line and group; free() them. */
static struct place *list_places(const struct cov_kernel *kernel, const struct cov_object *object,
				 const struct plan *plan, size_t *count_out)
{
	struct place *places = cov_xcalloc(plan->branch_count, sizeof(*places));
	size_t count = 0;

	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];
		bool is_apart = function->branch_count && is_grouped(object, i);
		uint32_t file = kernel_function_file(object, i);

		for (uint32_t j = 0; j < function->branch_count; j++) {
			uint32_t branch = function->branch_first + j;

			uint32_t line_id = object->line_ids[plan->branches[branch].line];
			uint32_t line = kernel->line_numbers[line_id];
			bool is_own = kernel->line_files[line_id] == file &&
				      line >= function->start_line && line <= function->end_line;

			places[count++] =
			    (struct place){ line_id, is_apart && is_own ? i + 1 : 0, branch };
		}
	}
	qsort(places, count, sizeof(*places), compare_places);
	*count_out = count;
	return places;
}

/* Return: the next free source. */
static uint32_t add_object(const struct cov_kernel *kernel, const struct cov_object *object,
			   const struct cov_object_counts *counts, uint32_t source,
			   struct cov_branches *branches)
{
	const struct plan *plan = &counts->plan;
	const int64_t *taken = counts->counts.branches;
	size_t count;
	COV_AUTO(free) struct place *places = list_places(kernel, object, plan, &count);

	for (size_t i = 0; i < count;) {
		size_t end = i;
		bool is_evaluated = false;

		/* Of a line that functions share, their parts of the count are not known. */
		for (; end < count && places[end].line_id == places[i].line_id &&
		       places[end].group == places[i].group;
		     end++)
			is_evaluated |=
			    places[i].group
				? taken[places[end].branch] != 0
				: counts->counts.lines[plan->branches[places[end].branch].line] !=
				      0;
		for (; i < end; i++) {
			const struct plan_branch *branch = &plan->branches[places[i].branch];
			int64_t number = taken[places[i].branch];

			branches_add(branches,
				     (struct cov_branch){
					 .line = places[i].line_id,
					 .source = source + places[i].group,
					 .flags = branch->flags &
						  (PLAN_BRANCH_FALLTHROUGH | PLAN_BRANCH_THROW),
					 .taken = !is_evaluated ? COV_BRANCH_NOT_EVALUATED
						  : number < 0  ? 0
								: number,
				     });
		}
	}
	return source + plan->function_count + 1;
}

int branches_from_counters(const struct cov_kernel *kernel, const struct cov_counters *counters,
			   struct cov_branches *branches, struct cov_error *err)
{
	uint32_t source = branches_next_source(branches);

	for (size_t i = 0; i < kernel->object_count; i++) {
		COV_AUTO(counts_object_deinit) struct cov_object_counts counts = { 0 };

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		int result = counts_evaluate_object(kernel, counters, i, &counts, err);
		if (result)
			return result;
		source = add_object(kernel, &kernel->objects[i], &counts, source, branches);
	}
	return 0;
}
