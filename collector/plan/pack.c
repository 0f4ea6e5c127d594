/*
 * pack.c - a plan as bytes and back.
 *
 * The head is 32-bit words (struct header), then the functions, then the texts; the body is the
 * other arrays in the order of the header's counts; all in this machine's byte order, which the
 * magic shows.
 */
#include "collector/plan/pack.h"

#include <string.h>

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
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

void plan_packed_deinit(struct plan_packed *packed)
{
	free(packed->head);
	free(packed->body);
	memset(packed, 0, sizeof(*packed));
}

static void add_functions(struct cov_text *out, const struct plan *plan,
			  const uint32_t *source_files)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		struct plan_function function = plan->functions[i];

		if (source_files)
			function.source = source_files[function.source];
		cov_text_add(out, &function, sizeof(function));
	}
}

void plan_pack(const struct plan *plan, const uint32_t *source_files, struct plan_packed *ret)
{
	struct cov_text head = { 0 }, body = { 0 };
	struct header header = {
		.magic = PLAN_MAGIC,
		.version = plan->version,
		.line_rule = plan->line_rule,
		.stamp = plan->stamp,
		.counter_count = plan->counter_count,
		.cwd = plan->cwd,
		.function_count = plan->function_count,
		.arc_count = plan->arc_count,
		.step_count = plan->step_count,
		.entry_count = plan->entry_count,
		.block_count = plan->block_count,
		.branch_count = plan->branch_count,
		.line_count = plan->line_count,
		.text_bytes = plan->text_bytes,
	};

	cov_text_add(&head, &header, sizeof(header));
	add_functions(&head, plan, source_files);
	cov_text_add(&head, plan->texts, plan->text_bytes);
	cov_text_add(&body, plan->arcs, plan->arc_count * sizeof(*plan->arcs));
	cov_text_add(&body, plan->steps, plan->step_count * sizeof(*plan->steps));
	cov_text_add(&body, plan->entries, plan->entry_count * sizeof(*plan->entries));
	cov_text_add(&body, plan->blocks, plan->block_count * sizeof(*plan->blocks));
	cov_text_add(&body, plan->branches, plan->branch_count * sizeof(*plan->branches));
	*ret = (struct plan_packed){ head.data, head.length, body.data, body.length };
}

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

static size_t plan_body_bytes(const struct plan *plan)
{
	return plan->arc_count * sizeof(*plan->arcs) + plan->step_count * sizeof(*plan->steps) +
	       plan->entry_count * sizeof(*plan->entries) +
	       plan->block_count * sizeof(*plan->blocks) +
	       plan->branch_count * sizeof(*plan->branches);
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

		if (branch->line >= plan->line_count || branch->arc >= function->arc_count)
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

int pack_read_head(const void *head, size_t size, size_t body_bytes, struct plan *out,
		   struct cov_error *err)
{
	struct cov_cursor cursor = { .data = head, .size = size };
	const struct header *bytes = cov_cursor_bytes(&cursor, sizeof(*bytes));
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
	/* Both factors fit 32 bits, so the product fits size_t. */
	size_t functions_bytes = plan.function_count * sizeof(*plan.functions);
	const void *functions = cov_cursor_bytes(&cursor, functions_bytes);
	const void *texts = cov_cursor_bytes(&cursor, plan.text_bytes);
	if (cursor.is_short || cov_cursor_left(&cursor) || plan_body_bytes(&plan) != body_bytes)
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is damaged");
	plan.functions = cov_xmalloc(functions_bytes);
	memcpy(plan.functions, functions, functions_bytes);
	plan.texts = cov_xmalloc(plan.text_bytes);
	memcpy(plan.texts, texts, plan.text_bytes);
	if (!is_head_valid(&plan))
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is damaged");
	find_maxima(&plan);
	*out = plan;
	memset(&plan, 0, sizeof(plan));
	return 0;
}

/* The next array of the body, which belongs to somebody else; a view only reads it. */
static void *next_array(const char **place, size_t count, size_t element_bytes)
{
	const char *array = *place;

	*place += count * element_bytes;
	return (void *)(uintptr_t)array;
}

int pack_open_body(const struct plan *plan, const void *body, const int64_t *counters,
		   struct plan *view, struct cov_error *err)
{
	const char *place = body;

	*view = *plan;
	view->arcs = next_array(&place, plan->arc_count, sizeof(*plan->arcs));
	view->steps = next_array(&place, plan->step_count, sizeof(*plan->steps));
	view->entries = next_array(&place, plan->entry_count, sizeof(*plan->entries));
	view->blocks = next_array(&place, plan->block_count, sizeof(*plan->blocks));
	view->branches = next_array(&place, plan->branch_count, sizeof(*plan->branches));
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		if (plan_has_run(function, counters) && !is_function_valid(view, function))
			return cov_fail(err, COV_ERR_FORMAT, "function %s: its plan is damaged",
					plan->texts + function->name);
	}
	return 0;
}
