/*
 * plan_pack.c - a plan as bytes and back.
 *
 * The bytes are a header of 32-bit words (struct header), then the arrays in the order of the
 * header's counts, then the texts; all in this machine's byte order, which the magic tells.
 */
#include <string.h>

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/plan.h"

enum { PLAN_MAGIC = 0x32504356 /* "VCP2" */ };

struct header {
	uint32_t magic;
	uint32_t version;
	uint32_t stamp;
	uint32_t counter_count;
	uint32_t cwd;
	uint32_t source_count;
	uint32_t function_count;
	uint32_t arc_count;
	uint32_t step_count;
	uint32_t entry_count;
	uint32_t block_count;
	uint32_t branch_count;
	uint32_t line_count;
	uint32_t text_bytes;
};

void plan_pack(const struct plan *plan, void **data_out, size_t *size_out)
{
	struct cov_text out = { 0 };
	struct header header = {
		.magic = PLAN_MAGIC,
		.version = plan->version,
		.stamp = plan->stamp,
		.counter_count = plan->counter_count,
		.cwd = plan->cwd,
		.source_count = plan->source_count,
		.function_count = plan->function_count,
		.arc_count = plan->arc_count,
		.step_count = plan->step_count,
		.entry_count = plan->entry_count,
		.block_count = plan->block_count,
		.branch_count = plan->branch_count,
		.line_count = plan->line_count,
		.text_bytes = plan->text_bytes,
	};

	cov_text_add(&out, &header, sizeof(header));
	cov_text_add(&out, plan->sources, plan->source_count * sizeof(*plan->sources));
	cov_text_add(&out, plan->functions, plan->function_count * sizeof(*plan->functions));
	cov_text_add(&out, plan->arcs, plan->arc_count * sizeof(*plan->arcs));
	cov_text_add(&out, plan->steps, plan->step_count * sizeof(*plan->steps));
	cov_text_add(&out, plan->entries, plan->entry_count * sizeof(*plan->entries));
	cov_text_add(&out, plan->blocks, plan->block_count * sizeof(*plan->blocks));
	cov_text_add(&out, plan->branches, plan->branch_count * sizeof(*plan->branches));
	cov_text_add(&out, plan->lines, plan->line_count * sizeof(*plan->lines));
	cov_text_add(&out, plan->texts, plan->text_bytes);
	*data_out = out.data;
	*size_out = out.length;
}

static void *take_array(struct cov_cursor *cursor, size_t count, size_t element_bytes)
{
	/* Both factors fit 32 bits, so the product fits size_t. */
	const void *bytes = cov_cursor_bytes(cursor, count * element_bytes);

	if (!bytes)
		return NULL;
	void *copy = cov_xmalloc(count * element_bytes);
	memcpy(copy, bytes, count * element_bytes);
	return copy;
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

static bool is_function_valid(const struct plan *plan, const struct plan_function *function,
			      struct taken *taken)
{
	if (!take_range(&taken->counters, function->counter_first, function->counter_count,
			plan->counter_count) ||
	    !take_range(&taken->arcs, function->arc_first, function->arc_count, plan->arc_count) ||
	    !take_range(&taken->steps, function->step_first, function->step_count,
			plan->step_count) ||
	    !take_range(&taken->entries, function->entry_first, function->entry_count,
			plan->entry_count) ||
	    !take_range(&taken->branches, function->branch_first, function->branch_count,
			plan->branch_count) ||
	    function->block_count > plan_blocks_max(function->arc_count) ||
	    function->name >= plan->text_bytes || function->source >= plan->source_count)
		return false;
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
		bool is_arc = step % 4 >= PLAN_ARC_FROM_SOURCE;

		if (step / 4 >= (is_arc ? function->arc_count : function->block_count))
			return false;
	}
	for (uint32_t i = 0; i < function->branch_count; i++) {
		const struct plan_branch *branch = &plan->branches[function->branch_first + i];

		if (branch->line >= plan->line_count || branch->arc >= function->arc_count)
			return false;
	}
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		if (entry->line >= plan->line_count || entry->kind > PLAN_FLOW_LOOP ||
		    !take_range(&taken->blocks, entry->block_first, entry->block_count,
				plan->block_count))
			return false;
		for (uint32_t j = 0; j < entry->block_count; j++) {
			if (plan->blocks[entry->block_first + j] >= function->block_count)
				return false;
		}
	}
	return true;
}

/* A counter belongs to an arc, which bounds what is allocated for them. */
static bool is_plan_valid(const struct plan *plan)
{
	struct taken taken = { 0 };

	if (plan->counter_count > plan->arc_count || !plan->text_bytes ||
	    plan->texts[plan->text_bytes - 1] != '\0' || plan->cwd >= plan->text_bytes)
		return false;
	for (uint32_t i = 0; i < plan->source_count; i++) {
		if (plan->sources[i] >= plan->text_bytes)
			return false;
	}
	for (uint32_t i = 0; i < plan->line_count; i++) {
		if (plan->lines[i].source >= plan->source_count)
			return false;
	}
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (!is_function_valid(plan, &plan->functions[i], &taken))
			return false;
	}
	return true;
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

int plan_unpack(const void *data, size_t size, struct plan *out, struct cov_error *err)
{
	struct cov_cursor cursor = { .data = data, .size = size };
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
		.stamp = header.stamp,
		.counter_count = header.counter_count,
		.cwd = header.cwd,
		.source_count = header.source_count,
		.function_count = header.function_count,
		.arc_count = header.arc_count,
		.step_count = header.step_count,
		.entry_count = header.entry_count,
		.block_count = header.block_count,
		.branch_count = header.branch_count,
		.line_count = header.line_count,
		.text_bytes = header.text_bytes,
	};
	plan.sources = take_array(&cursor, plan.source_count, sizeof(*plan.sources));
	plan.functions = take_array(&cursor, plan.function_count, sizeof(*plan.functions));
	plan.arcs = take_array(&cursor, plan.arc_count, sizeof(*plan.arcs));
	plan.steps = take_array(&cursor, plan.step_count, sizeof(*plan.steps));
	plan.entries = take_array(&cursor, plan.entry_count, sizeof(*plan.entries));
	plan.blocks = take_array(&cursor, plan.block_count, sizeof(*plan.blocks));
	plan.branches = take_array(&cursor, plan.branch_count, sizeof(*plan.branches));
	plan.lines = take_array(&cursor, plan.line_count, sizeof(*plan.lines));
	plan.texts = take_array(&cursor, plan.text_bytes, 1);
	if (cursor.is_short || cov_cursor_left(&cursor) || !is_plan_valid(&plan))
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is damaged");
	find_maxima(&plan);
	*out = plan;
	memset(&plan, 0, sizeof(plan));
	return 0;
}
