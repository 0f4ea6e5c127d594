/*
 * pack_old.c - plans as databases before schema version 7 have them, which are migrated.
 *
 * The head is 32-bit words (struct header), then the functions, then the texts; the body is the
 * other arrays in the order of the header's counts; all in this machine's byte order, which the
 * magic shows.
 */
#include "collector/plan/pack_old.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

enum { PLAN_MAGIC = 0x34504356 /* "VCP4" */ };

struct header {
	uint32_t magic;
	uint32_t version;
	uint32_t line_rule;
	uint32_t stamp;
	uint32_t counter_count;
	uint32_t cwd;
	uint32_t function_count;
	uint32_t arc_count;
	uint32_t step_count;
	uint32_t entry_count;
	uint32_t block_count;
	uint32_t branch_count;
	uint32_t line_count;
	uint32_t text_bytes;
};

/* A function of the head, before struct plan_function had more. */
struct old_function {
	uint32_t words[22];
};

static_assert(sizeof(struct old_function) == offsetof(struct plan_function, body_first),
	      "what is common to both is what comes first");

/* How much of each array the functions before have taken. */
struct taken {
	uint32_t counters, arcs, steps, entries, blocks, branches;
};

/*
 * Ranges follow one another without gap or overlap, as plan_compile() makes them: were they only
 * within bounds, a damaged plan could make all functions go through all entries with all blocks.
 */
static bool take_range(uint32_t *taken, uint32_t first, uint32_t count, uint32_t total)
{
	if (first != *taken || count > total - first)
		return false;
	*taken += count;
	return true;
}

static bool is_head_valid(const struct plan *plan)
{
	struct taken taken = { 0 };

	/* A counter belongs to an arc, a line has an entry: this bounds what is allocated. */
	if (plan->line_rule >= GCOV_LINE_RULE_COUNT || plan->counter_count > plan->arc_count ||
	    plan->line_count > plan->entry_count || !plan->text_bytes ||
	    plan->texts[plan->text_bytes - 1] != '\0' || plan->cwd >= plan->text_bytes)
		return false;
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		if (!take_range(&taken.counters, function->counter_first, function->counter_count,
				plan->counter_count) ||
		    !take_range(&taken.arcs, function->arc_first, function->arc_count,
				plan->arc_count) ||
		    !take_range(&taken.steps, function->step_first, function->step_count,
				plan->step_count) ||
		    !take_range(&taken.entries, function->entry_first, function->entry_count,
				plan->entry_count) ||
		    !take_range(&taken.blocks, function->mention_first, function->mention_count,
				plan->block_count) ||
		    !take_range(&taken.branches, function->branch_first, function->branch_count,
				plan->branch_count) ||
		    function->block_count > plan_blocks_max(function->arc_count) ||
		    function->name >= plan->text_bytes)
			return false;
	}
	return true;
}

static bool are_entries_valid(const struct plan *plan, const struct plan_function *function)
{
	uint32_t taken = function->mention_first;
	uint32_t end = function->mention_first + function->mention_count;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		if (entry->line >= plan->line_count || entry->kind > PLAN_FLOW_LOOP ||
		    !take_range(&taken, entry->block_first, entry->block_count, end))
			return false;
		for (uint32_t j = 0; j < entry->block_count; j++) {
			if (plan->blocks[entry->block_first + j] >= function->block_count)
				return false;
		}
	}
	return true;
}

static bool is_function_valid(const struct plan *plan, const struct plan_function *function)
{
	for (uint32_t i = 0; i < function->arc_count; i++) {
		const struct plan_arc *arc = &plan->arcs[function->arc_first + i];

		if (arc->source >= function->block_count ||
		    arc->destination >= function->block_count ||
		    (arc->counter != PLAN_NO_COUNTER && arc->counter >= function->counter_count) ||
		    (i && arc[-1].source > arc->source))
			return false;
	}
	for (uint32_t i = 0; i < function->step_count; i++) {
		uint32_t step = plan->steps[function->step_first + i];
		uint32_t count =
		    plan_step_is_arc(step) ? function->arc_count : function->block_count;

		if (plan_step_index(step) >= count)
			return false;
	}
	for (uint32_t i = 0; i < function->branch_count; i++) {
		const struct plan_branch *branch = &plan->branches[function->branch_first + i];

		if (branch->line >= plan->line_count || branch->arc >= function->arc_count ||
		    branch->flags > (PLAN_BRANCH_FALLTHROUGH | PLAN_BRANCH_THROW))
			return false;
	}
	return are_entries_valid(plan, function);
}

static void find_maxima(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (plan->functions[i].block_count > plan->block_count_max)
			plan->block_count_max = plan->functions[i].block_count;
		if (plan->functions[i].arc_count > plan->arc_count_max)
			plan->arc_count_max = plan->functions[i].arc_count;
	}
}

static void *copy_array(struct cov_cursor *cursor, size_t count, size_t element_bytes)
{
	const void *bytes = cov_cursor_bytes(cursor, count * element_bytes);
	void *copy = bytes ? cov_xmalloc(count * element_bytes) : NULL;

	if (copy && count)
		memcpy(copy, bytes, count * element_bytes);
	return copy;
}

static void read_body(struct cov_cursor *cursor, struct plan *plan)
{
	plan->arcs = copy_array(cursor, plan->arc_count, sizeof(*plan->arcs));
	plan->steps = copy_array(cursor, plan->step_count, sizeof(*plan->steps));
	plan->entries = copy_array(cursor, plan->entry_count, sizeof(*plan->entries));
	plan->blocks = copy_array(cursor, plan->block_count, sizeof(*plan->blocks));
	plan->branches = copy_array(cursor, plan->branch_count, sizeof(*plan->branches));
}

static void read_functions(struct cov_cursor *cursor, struct plan *plan)
{
	/* Both factors fit 32 bits, so the product fits size_t. */
	const char *bytes =
	    cov_cursor_bytes(cursor, plan->function_count * sizeof(struct old_function));

	if (!bytes)
		return;
	plan->functions = cov_xcalloc(plan->function_count, sizeof(*plan->functions));
	for (uint32_t i = 0; i < plan->function_count; i++)
		memcpy(&plan->functions[i], bytes + i * sizeof(struct old_function),
		       sizeof(struct old_function));
}

static bool are_functions_valid(const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (!is_function_valid(plan, &plan->functions[i]))
			return false;
	}
	return true;
}

int pack_old_read(const struct pack_old *packed, struct plan *out, struct cov_error *err)
{
	struct cov_cursor head = { .data = packed->head, .size = packed->head_bytes };
	struct cov_cursor body = { .data = packed->body, .size = packed->body_bytes };
	const struct header *bytes = cov_cursor_bytes(&head, sizeof(*bytes));
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	struct header header;

	if (!bytes)
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is cut short");
	memcpy(&header, bytes, sizeof(header));
	if (header.magic != PLAN_MAGIC)
		return cov_fail(err, COV_ERR_FORMAT,
				"the plan of an object was not written by this version of covdb");
	plan = (struct plan){
		.version = header.version,
		.line_rule = header.line_rule,
		.stamp = header.stamp,
		.counter_count = header.counter_count,
		.cwd = header.cwd,
		.function_count = header.function_count,
		.arc_count = header.arc_count,
		.step_count = header.step_count,
		.entry_count = header.entry_count,
		.block_count = header.block_count,
		.branch_count = header.branch_count,
		.line_count = header.line_count,
		.text_bytes = header.text_bytes,
	};
	read_functions(&head, &plan);
	plan.texts = copy_array(&head, plan.text_bytes, 1);
	read_body(&body, &plan);
	if (head.is_short || body.is_short || cov_cursor_left(&head) || cov_cursor_left(&body) ||
	    !is_head_valid(&plan) || !are_functions_valid(&plan))
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is damaged");
	find_maxima(&plan);
	*out = plan;
	memset(&plan, 0, sizeof(plan));
	return 0;
}
