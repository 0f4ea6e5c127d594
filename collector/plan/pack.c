/*
 * pack.c - a plan as bytes and back.
 *
 * Head: the magic, the checksum of what follows, and that of the body, in 32 bits each of this
 * machine's byte order; narrow numbers (collector/base/narrow.h) as write_head() has them; each
 * function, as write_function() has it; cwd and the functions' names, each ended by NUL. Body: the
 * functions one after another, each its arcs, steps, entries with their blocks, and branches, as
 * differences to the one before.
 */
#include "collector/plan/pack.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/text.h"
#include "collector/plan/pack_head.h"

enum {
	/* The first number of an arc: flags, how its counter follows, how far its source is. */
	ARC_FLAGS_SHIFT = 4,
	ARC_COUNTER_SHIFT = 2,
	ARC_COUNTER_NONE = 0,
	ARC_COUNTER_NEXT = 1,  /* the one after that of the last counted arc */
	ARC_COUNTER_GIVEN = 2, /* is a number of its own */
	ARC_SOURCE_MASK = 3,   /* to be added to the last source; 3: a number of its own */

	STEP_KIND_BITS = 2,
	ENTRY_KIND_SHIFT = 1, /* the lowest bit: it has one block */
	ENTRY_LINE_SHIFT = 3,
	BRANCH_FLAG_BITS = 2,
	BRANCH_BYTES_MIN = 2,
};

void plan_packed_deinit(struct plan_packed *packed)
{
	free(packed->head);
	free(packed->body);
	memset(packed, 0, sizeof(*packed));
}

void pack_room_deinit(struct pack_room *room)
{
	free(room->memory);
	memset(room, 0, sizeof(*room));
}

static void write_arcs(struct cov_text *out, const struct plan_arc *arcs, uint32_t count)
{
	uint32_t source = 0, next_counter = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct plan_arc *arc = &arcs[i];
		uint32_t step = arc->source - source;
		uint32_t how = arc->counter == PLAN_NO_COUNTER ? ARC_COUNTER_NONE
			       : arc->counter == next_counter  ? ARC_COUNTER_NEXT
							       : ARC_COUNTER_GIVEN;

		cov_narrow_add(out, (uint64_t)arc->flags << ARC_FLAGS_SHIFT |
					how << ARC_COUNTER_SHIFT |
					(step < ARC_SOURCE_MASK ? step : ARC_SOURCE_MASK));
		if (step >= ARC_SOURCE_MASK)
			cov_narrow_add(out, step);
		cov_narrow_add(out, cov_narrow_from(arc->source, arc->destination));
		if (how == ARC_COUNTER_GIVEN)
			cov_narrow_add(out, arc->counter);
		if (how != ARC_COUNTER_NONE)
			next_counter = arc->counter + 1;
		source = arc->source;
	}
}

static void write_steps(struct cov_text *out, const uint32_t *steps, uint32_t count)
{
	uint32_t last[2] = { 0 }; /* the block and the arc found last */

	for (uint32_t i = 0; i < count; i++) {
		uint32_t *before = &last[plan_step_is_arc(steps[i])];
		uint32_t index = plan_step_index(steps[i]);

		cov_narrow_add(out, cov_narrow_from(*before, index) << STEP_KIND_BITS |
					plan_step_kind(steps[i]));
		*before = index;
	}
}

static void write_entries(struct cov_text *out, const struct plan *plan,
			  const struct plan_function *function)
{
	uint32_t line = 0, block = 0;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		bool is_single = entry->block_count == 1;

		cov_narrow_add(out, cov_narrow_from(line, entry->line) << ENTRY_LINE_SHIFT |
					entry->kind << ENTRY_KIND_SHIFT | is_single);
		if (!is_single)
			cov_narrow_add(out, entry->block_count);
		for (uint32_t j = 0; j < entry->block_count; j++) {
			uint32_t next = plan->blocks[entry->block_first + j];

			cov_narrow_add(out, cov_narrow_from(block, next));
			block = next;
		}
		line = entry->line;
	}
}

static void write_branches(struct cov_text *out, const struct plan_branch *branches, uint32_t count)
{
	uint32_t line = 0, arc = 0;

	for (uint32_t i = 0; i < count; i++) {
		cov_narrow_add(out, cov_narrow_from(line, branches[i].line) << BRANCH_FLAG_BITS |
					branches[i].flags);
		cov_narrow_add(out, cov_narrow_from(arc, branches[i].arc));
		line = branches[i].line;
		arc = branches[i].arc;
	}
}

static void write_body(struct cov_text *out, const struct plan *plan,
		       const struct plan_function *function)
{
	/* An empty array may be none at all. */
	if (function->arc_count)
		write_arcs(out, plan->arcs + function->arc_first, function->arc_count);
	if (function->step_count)
		write_steps(out, plan->steps + function->step_first, function->step_count);
	write_entries(out, plan, function);
	if (function->branch_count)
		write_branches(out, plan->branches + function->branch_first,
			       function->branch_count);
}

/* The numbers of a function that are small by themselves, in the order of the head, of which
 * pack_head_count() takes the first. */
struct small_numbers {
	uint32_t *places[PACK_HEAD_SMALL_NUMBERS];
};

static struct small_numbers small_numbers(struct plan_function *function)
{
	return (struct small_numbers){ {
	    &function->counter_count,
	    &function->block_count,
	    &function->arc_count,
	    &function->step_count,
	    &function->entry_count,
	    &function->mention_count,
	    &function->branch_count,
	    &function->body_bytes,
	} };
}

enum { SMALL_COUNT = PACK_HEAD_SMALL_NUMBERS };

/* @function: its source is what stands for it; @before: the same of the function before */
static void write_function(struct cov_text *out, struct plan_function *function,
			   const struct plan_function *before)
{
	struct small_numbers small = small_numbers(function);

	cov_text_add(out, &function->lineno_checksum, sizeof(uint32_t));
	cov_text_add(out, &function->cfg_checksum, sizeof(uint32_t));
	cov_narrow_add(out, cov_narrow_from(before->ident, function->ident));
	cov_narrow_add(out, cov_narrow_from(before->source, function->source));
	cov_narrow_add(out, cov_narrow_from(before->start_line, function->start_line));
	cov_narrow_add(out, cov_narrow_from(function->start_line, function->end_line));
	cov_narrow_add(out, (function->is_artificial ? PACK_HEAD_IS_ARTIFICIAL : 0) |
				(function->is_unsolvable ? PACK_HEAD_IS_UNSOLVABLE : 0));
	for (size_t i = 0; i < SMALL_COUNT; i++)
		cov_narrow_add(out, *small.places[i]);
}

void pack_seal(void *head, size_t size, const void *body, size_t body_bytes)
{
	pack_head_seal(head, size, pack_head_checksum(body, body_bytes));
}

static void add_text(struct cov_text *texts, const char *text)
{
	cov_text_add(texts, text, strlen(text) + 1);
}

void pack_body(struct plan *plan, struct cov_text *body)
{
	cov_text_add(body, "", 0); /* of an object without functions, too, it is there */
	for (uint32_t i = 0; i < plan->function_count; i++) {
		struct plan_function *function = &plan->functions[i];

		function->body_first = (uint32_t)body->length;
		write_body(body, plan, function);
		function->body_bytes = (uint32_t)body->length - function->body_first;
	}
	plan->body_bytes = (uint32_t)body->length;
	plan->body_checksum = pack_head_checksum(body->data, body->length);
}

void pack_head(const struct plan *plan, const uint32_t *source_files, struct cov_text *head)
{
	static const unsigned char frame[PACK_HEAD_BYTES_MIN];
	COV_AUTO(cov_text_deinit) struct cov_text texts = { 0 };
	struct plan_function before = { 0 };

	add_text(&texts, plan->texts + plan->cwd);
	for (uint32_t i = 0; i < plan->function_count; i++)
		add_text(&texts, plan->texts + plan->functions[i].name);
	cov_text_add(head, frame, PACK_HEAD_BYTES_MIN);
	cov_narrow_add(head, plan->version);
	cov_narrow_add(head, plan->line_rule);
	cov_narrow_add(head, plan->stamp);
	cov_narrow_add(head, plan->line_count);
	cov_narrow_add(head, plan->function_count);
	cov_narrow_add(head, texts.length);
	for (uint32_t i = 0; i < plan->function_count; i++) {
		struct plan_function function = plan->functions[i];

		if (source_files)
			function.source = source_files[function.source];
		write_function(head, &function, &before);
		before = function;
	}
	cov_text_add(head, texts.data, texts.length);
	pack_head_seal(head->data, head->length, plan->body_checksum);
}

void plan_pack(const struct plan *plan, const uint32_t *source_files, struct plan_packed *ret)
{
	struct cov_text head = { 0 }, body = { 0 };
	struct plan view = *plan; /* whose functions will say where in the body they are */

	view.functions = cov_xcalloc(plan->function_count, sizeof(*view.functions));
	memcpy(view.functions, plan->functions, plan->function_count * sizeof(*view.functions));
	pack_body(&view, &body);
	pack_head(&view, source_files, &head);
	free(view.functions);
	*ret = (struct plan_packed){ head.data, head.length, body.data, body.length };
}

/* Whether the body of @function can hold what the head says of it, which bounds what is allocated:
 * a counter belongs to an arc. */
static bool is_function_possible(const struct plan_function *function)
{
	uint64_t bytes_min = (uint64_t)PACK_HEAD_ARC_BYTES_MIN * function->arc_count +
			     function->step_count + function->entry_count +
			     function->mention_count +
			     (uint64_t)BRANCH_BYTES_MIN * function->branch_count;

	return bytes_min <= function->body_bytes &&
	       function->counter_count <= function->arc_count &&
	       function->block_count <= plan_blocks_max(function->arc_count);
}

/* Where in the arrays of @plan what @function has of them begins: behind all so far. */
static void place_function(struct plan *plan, struct plan_function *function)
{
	function->arc_first = plan->arc_count;
	function->step_first = plan->step_count;
	function->entry_first = plan->entry_count;
	function->mention_first = plan->block_count;
	function->branch_first = plan->branch_count;
	plan->arc_count += function->arc_count;
	plan->step_count += function->step_count;
	plan->entry_count += function->entry_count;
	plan->block_count += function->mention_count;
	plan->branch_count += function->branch_count;
}

static bool read_function(struct cov_narrow *from, const struct plan_function *before,
			  struct plan_function *function)
{
	struct small_numbers small = small_numbers(function);

	if (from->end - from->next < PACK_HEAD_FUNCTION_BYTES_MIN)
		return false;
	memcpy(&function->lineno_checksum, from->next, sizeof(uint32_t));
	memcpy(&function->cfg_checksum, from->next + sizeof(uint32_t), sizeof(uint32_t));
	from->next += 2 * sizeof(uint32_t);
	function->ident = cov_narrow_after(before->ident, cov_narrow_number(from));
	function->source = cov_narrow_after(before->source, cov_narrow_number(from));
	function->start_line = cov_narrow_after(before->start_line, cov_narrow_number(from));
	function->end_line = cov_narrow_after(function->start_line, cov_narrow_number(from));
	uint32_t flags = cov_narrow_u32(from);
	function->is_artificial = (flags & PACK_HEAD_IS_ARTIFICIAL) != 0;
	function->is_unsolvable = (flags & PACK_HEAD_IS_UNSOLVABLE) != 0;
	for (size_t i = 0; i < SMALL_COUNT; i++)
		*small.places[i] = cov_narrow_u32(from);
	return !from->is_short && is_function_possible(function);
}

static bool read_functions(struct cov_narrow *from, size_t body_bytes, struct plan *plan)
{
	const struct plan_function none = { 0 };
	const struct plan_function *before = &none;
	size_t taken_bytes = 0;

	for (uint32_t i = 0; i < plan->function_count; i++) {
		struct plan_function *function = &plan->functions[i];

		if (!read_function(from, before, function) ||
		    function->body_bytes > body_bytes - taken_bytes)
			return false;
		function->body_first = (uint32_t)taken_bytes;
		taken_bytes += function->body_bytes;
		function->counter_first = plan->counter_count;
		plan->counter_count += function->counter_count;
		place_function(plan, function);
		if (function->block_count > plan->block_count_max)
			plan->block_count_max = function->block_count;
		if (function->arc_count > plan->arc_count_max)
			plan->arc_count_max = function->arc_count;
		before = function;
	}
	/* A line has an entry, but where nothing is counted. */
	return taken_bytes == body_bytes &&
	       (!plan->counter_count || plan->line_count <= plan->entry_count);
}

static bool find_names(struct plan *plan)
{
	const char *text = plan->texts, *end = plan->texts + plan->text_bytes;

	for (uint32_t i = 0; i <= plan->function_count; i++) {
		const char *ended = memchr(text, '\0', (size_t)(end - text));

		if (!ended)
			return false;
		if (i)
			plan->functions[i - 1].name = (uint32_t)(text - plan->texts);
		text = ended + 1;
	}
	return text == end;
}

int pack_read_head(const void *head, size_t size, size_t body_bytes, struct plan *out,
		   struct cov_error *err)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	struct cov_narrow from;
	int result = pack_head_open(head, size, body_bytes, &from, &plan, err);

	if (result)
		return result;
	plan.functions = cov_xcalloc(plan.function_count, sizeof(*plan.functions));
	if (!read_functions(&from, body_bytes, &plan) || from.next != from.end)
		return pack_head_fail(err);
	plan.texts = cov_xmalloc(plan.text_bytes);
	memcpy(plan.texts, from.end, plan.text_bytes);
	if (!find_names(&plan))
		return pack_head_fail(err);
	*out = plan;
	memset(&plan, 0, sizeof(plan));
	return 0;
}

static bool read_arcs(struct cov_narrow *from, const struct plan_function *function,
		      struct plan_arc *arcs)
{
	uint32_t source = 0, next_counter = 0;

	for (uint32_t i = 0; i < function->arc_count; i++) {
		uint64_t first = cov_narrow_number(from);
		uint32_t how = first >> ARC_COUNTER_SHIFT & 3, step = first & ARC_SOURCE_MASK;
		uint32_t counter = PLAN_NO_COUNTER;

		if (step == ARC_SOURCE_MASK)
			step = cov_narrow_u32(from);
		/* So they stay in order, and do not wrap around. */
		if (step >= function->block_count - source)
			return false;
		source += step;
		uint32_t destination = cov_narrow_after(source, cov_narrow_number(from));
		if (how != ARC_COUNTER_NONE) {
			counter = how == ARC_COUNTER_NEXT ? next_counter : cov_narrow_u32(from);
			if (counter >= function->counter_count)
				return false;
			next_counter = counter + 1;
		}
		if (destination >= function->block_count)
			return false;
		arcs[i] = (struct plan_arc){ source, destination, counter,
					     (uint32_t)(first >> ARC_FLAGS_SHIFT) };
	}
	return true;
}

static bool read_steps(struct cov_narrow *from, const struct plan_function *function,
		       uint32_t *steps)
{
	uint32_t last[2] = { 0 };

	for (uint32_t i = 0; i < function->step_count; i++) {
		uint64_t number = cov_narrow_number(from);
		uint32_t kind = number & ((1 << STEP_KIND_BITS) - 1);
		bool is_arc = plan_step_is_arc(kind);
		uint32_t index = cov_narrow_after(last[is_arc], number >> STEP_KIND_BITS);

		if (index >= (is_arc ? function->arc_count : function->block_count))
			return false;
		steps[i] = plan_step(index, (enum plan_step_kind)kind);
		last[is_arc] = index;
	}
	return true;
}

/* From here on @view has room for what @function has. */
static bool read_entries(struct cov_narrow *from, const struct plan_function *function,
			 const struct plan *view)
{
	uint32_t line = 0, block = 0, place = function->mention_first;
	uint32_t left = function->mention_count;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		uint64_t number = cov_narrow_number(from);
		uint32_t kind = number >> ENTRY_KIND_SHIFT & 3;
		uint32_t count = number & 1 ? 1 : cov_narrow_u32(from);

		line = cov_narrow_after(line, number >> ENTRY_LINE_SHIFT);
		if (line >= view->line_count || kind > PLAN_FLOW_LOOP || count > left)
			return false;
		view->entries[function->entry_first + i] =
		    (struct plan_entry){ line, kind, place, count };
		left -= count;
		for (uint32_t j = 0; j < count; j++) {
			block = cov_narrow_after(block, cov_narrow_number(from));
			if (block >= function->block_count)
				return false;
			view->blocks[place++] = block;
		}
	}
	return left == 0;
}

static bool read_branches(struct cov_narrow *from, const struct plan_function *function,
			  const struct plan *view)
{
	uint32_t line = 0, arc = 0;

	for (uint32_t i = 0; i < function->branch_count; i++) {
		uint64_t number = cov_narrow_number(from);

		line = cov_narrow_after(line, number >> BRANCH_FLAG_BITS);
		arc = cov_narrow_after(arc, cov_narrow_number(from));
		if (line >= view->line_count || arc >= function->arc_count)
			return false;
		view->branches[function->branch_first + i] =
		    (struct plan_branch){ line, arc,
					  (uint32_t)number & ((1 << BRANCH_FLAG_BITS) - 1) };
	}
	return true;
}

static bool read_body(const void *body, const struct plan_function *function,
		      const struct plan *view)
{
	const unsigned char *first = (const unsigned char *)body + function->body_first;
	struct cov_narrow from = { first, first + function->body_bytes, false };

	return read_arcs(&from, function, view->arcs + function->arc_first) &&
	       read_steps(&from, function, view->steps + function->step_first) &&
	       read_entries(&from, function, view) && read_branches(&from, function, view) &&
	       !from.is_short && from.next == from.end;
}

static void empty_function(struct plan_function *function)
{
	function->arc_count = 0;
	function->step_count = 0;
	function->entry_count = 0;
	function->mention_count = 0;
	function->branch_count = 0;
}

static void *carve(char *memory, size_t *offset, size_t count, size_t element_bytes)
{
	size_t place = *offset;

	*offset += (count * element_bytes + 15) & ~(size_t)15;
	return memory ? memory + place : NULL;
}

static size_t carve_all(struct plan *view, char *memory)
{
	size_t offset = view->function_count * sizeof(*view->functions);

	offset = (offset + 15) & ~(size_t)15;
	view->arcs = carve(memory, &offset, view->arc_count, sizeof(*view->arcs));
	view->steps = carve(memory, &offset, view->step_count, sizeof(*view->steps));
	view->entries = carve(memory, &offset, view->entry_count, sizeof(*view->entries));
	view->blocks = carve(memory, &offset, view->block_count, sizeof(*view->blocks));
	view->branches = carve(memory, &offset, view->branch_count, sizeof(*view->branches));
	return offset;
}

static void make_room(struct pack_room *room, size_t size_bytes)
{
	if (size_bytes <= room->size_bytes)
		return;
	room->size_bytes = 2 * size_bytes;
	room->memory = cov_xrealloc(room->memory, room->size_bytes);
}

/* Give @view functions of its own, which have nothing unless they are @wanted, and arrays. */
static void lay_out(const struct plan *plan, const int64_t *counters, struct pack_room *room,
		    struct plan *view)
{
	size_t functions_bytes = plan->function_count * sizeof(*plan->functions);

	*view = *plan;
	make_room(room, functions_bytes);
	view->functions = room->memory;
	view->arc_count = view->step_count = view->entry_count = 0;
	view->block_count = view->branch_count = 0;
	for (uint32_t i = 0; i < plan->function_count; i++) {
		struct plan_function *function = &view->functions[i];

		*function = plan->functions[i];
		if (counters && !plan_has_run(function, counters))
			empty_function(function);
		place_function(view, function);
	}
	make_room(room, carve_all(view, NULL));
	view->functions = room->memory;
	carve_all(view, room->memory);
}

bool pack_is_whole(const struct plan *plan, const void *body)
{
	return pack_head_checksum(body, plan->body_bytes) == plan->body_checksum;
}

int pack_open_body(const struct plan *plan, const void *body, const int64_t *counters,
		   struct pack_room *room, struct plan *view, struct cov_error *err)
{
	if (!pack_is_whole(plan, body))
		return cov_fail(err, COV_ERR_FORMAT, "its plan is damaged");
	lay_out(plan, counters, room, view);
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &view->functions[i];

		if (counters && !plan_has_run(function, counters))
			continue;
		if (!read_body(body, function, view))
			return cov_fail(err, COV_ERR_FORMAT, "function %s: its plan is damaged",
					plan->texts + function->name);
	}
	return 0;
}
