/* kernel_part.c - what of a kernel ran in a few snapshots, as a kernel of its own. */
#include "collector/decode/kernel_part.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/decode/counts.h"
#include "collector/plan/pack.h"

void kernel_part_deinit(struct kernel_part *part)
{
	for (size_t i = 0; i < part->kernel.object_count; i++) {
		free(part->kernel.objects[i].line_ids);
	}
	cov_arena_deinit(&part->memory);
	for (size_t i = 0; i < part->snapshot_count; i++)
		counters_few_deinit(&part->snapshots[i]);
	free(part->kernel.objects);
	free(part->kernel.line_copies);
	free(part->snapshots);
	free(part->line_ids);
	memset(part, 0, sizeof(*part));
}

/* The counters of a function that ran. */
struct span {
	size_t first, count; /* in the whole kernel */
	size_t taken;        /* the first in the part */
};

/* What is made of the kernel. */
struct parting {
	const struct cov_kernel *kernel;
	const struct cov_few_counters *snapshots; /* [count] */
	size_t count;
	/* [kernel->counter_count / 64 + 1], a bit for each that is not 0 in all snapshots; owned,
	 * as is what follows */
	uint64_t *counted;
	int64_t *counters; /* [most that an object has], of the object at hand: these bits */
	uint64_t *lines;   /* [kernel->line_count / 64 + 1], a bit for each that is in the part */
	uint32_t *line_first; /* of each word of these: the place in the part of its first line */
	uint32_t *objects;    /* [kernel->object_count], 1 + the place in the part; 0: none */
	struct span *spans;   /* [span_count], growing; owned */
	size_t span_count, span_capacity;
	struct pack_room room;   /* of the object that is at hand; owned */
	struct kernel_part part; /* owned */
};

static void parting_deinit(struct parting *parting)
{
	free(parting->counted);
	free(parting->counters);
	free(parting->lines);
	free(parting->line_first);
	free(parting->objects);
	free(parting->spans);
	pack_room_deinit(&parting->room);
	kernel_part_deinit(&parting->part);
}

COV_DEFINE_AUTO_STRUCT(struct parting, parting_deinit)

/* Which counters are not 0 in some snapshot. */
static void merge(struct parting *parting)
{
	for (size_t i = 0; i < parting->count; i++) {
		struct counters_walk walk = counters_walk(&parting->snapshots[i]);

		while (counters_walk_next(&walk))
			parting->counted[walk.place / 64] |= (uint64_t)1 << walk.place % 64;
	}
}

/* Those of 64 bits that are of the counters from @first to below @end. */
static uint64_t within(const uint64_t *counted, size_t word, size_t first, size_t end)
{
	uint64_t bits = counted[word];

	if (word == first / 64)
		bits &= ~(uint64_t)0 << first % 64;
	if (word == end / 64)
		bits &= ((uint64_t)1 << end % 64) - 1;
	return bits;
}

static bool has_run(const struct parting *parting, size_t first, size_t count)
{
	uint64_t any = 0;

	for (size_t i = first / 64; count && i <= (first + count) / 64; i++)
		any |= within(parting->counted, i, first, first + count);
	return any;
}

/* The counters of an object, as far as they are asked for: 1 where one is not 0. */
static const int64_t *counters_of(struct parting *parting, const struct cov_object *object)
{
	size_t first = object->counter_first, end = first + object->plan.counter_count;

	memset(parting->counters, 0, object->plan.counter_count * sizeof(*parting->counters));
	for (size_t i = first / 64; i <= end / 64; i++) {
		for (uint64_t rest = within(parting->counted, i, first, end); rest;
		     rest &= rest - 1)
			parting->counters[i * 64 + (size_t)__builtin_ctzll(rest) - first] = 1;
	}
	return parting->counters;
}

static void add_sizes(const struct plan *more, struct plan *sizes)
{
	sizes->function_count += more->function_count;
	sizes->arc_count += more->arc_count;
	sizes->step_count += more->step_count;
	sizes->entry_count += more->entry_count;
	sizes->block_count += more->block_count;
}

/*
 * Arrays for all functions that ran: in one piece, not in thousands that take apart the memory.
 * They are where all counters of the kernel are at other times.
 */
static void make_room(struct parting *parting)
{
	struct plan *plans = &parting->part.plans;
	struct plan sizes = { 0 };
	size_t counters_most = 0;

	for (size_t i = 0; i < parting->kernel->object_count; i++) {
		const struct cov_object *object = &parting->kernel->objects[i];

		if (object->plan.counter_count > counters_most)
			counters_most = object->plan.counter_count;
		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			if (has_run(parting, object->counter_first + function->counter_first,
				    function->counter_count))
				add_sizes(&(struct plan){ .function_count = 1,
							  .arc_count = function->arc_count,
							  .step_count = function->step_count,
							  .entry_count = function->entry_count,
							  .block_count = function->mention_count },
					  &sizes);
		}
	}
	parting->counters = cov_xcalloc(counters_most, sizeof(*parting->counters));
	struct cov_arena *memory = &parting->part.memory;
	memory->chunk_bytes = parting->kernel->counter_count * sizeof(int64_t);
	plans->arcs = cov_arena_alloc(memory, sizes.arc_count, sizeof(*plans->arcs));
	plans->entries = cov_arena_alloc(memory, sizes.entry_count, sizeof(*plans->entries));
	plans->functions = cov_arena_alloc(memory, sizes.function_count, sizeof(*plans->functions));
	plans->steps = cov_arena_alloc(memory, sizes.step_count, sizeof(*plans->steps));
	plans->blocks = cov_arena_alloc(memory, sizes.block_count, sizeof(*plans->blocks));
}

/* An empty array may be none at all. */
static void copy(void *to, const void *from, size_t size)
{
	if (size)
		memcpy(to, from, size);
}

/* Behind the functions that @plan has so far. */
static void add_function(const struct plan *whole, const struct plan_function *function,
			 struct plan *plan)
{
	struct plan_function *ret = &plan->functions[plan->function_count++];
	struct plan_entry *entries = plan->entries + plan->entry_count;

	*ret = *function;
	ret->counter_first = plan->counter_count;
	ret->arc_first = plan->arc_count;
	ret->step_first = plan->step_count;
	ret->entry_first = plan->entry_count;
	ret->mention_first = plan->block_count;
	ret->branch_count = 0;
	copy(plan->arcs + plan->arc_count, whole->arcs + function->arc_first,
	     function->arc_count * sizeof(*plan->arcs));
	copy(plan->steps + plan->step_count, whole->steps + function->step_first,
	     function->step_count * sizeof(*plan->steps));
	copy(plan->blocks + plan->block_count, whole->blocks + function->mention_first,
	     function->mention_count * sizeof(*plan->blocks));
	for (uint32_t i = 0; i < function->entry_count; i++) {
		entries[i] = whole->entries[function->entry_first + i];
		entries[i].block_first += ret->mention_first - function->mention_first;
	}
	plan->counter_count += function->counter_count;
	plan->arc_count += function->arc_count;
	plan->step_count += function->step_count;
	plan->entry_count += function->entry_count;
	plan->block_count += function->mention_count;
}

/* Take over the functions of an object that ran; mark their lines. */
static int add_object(struct parting *parting, size_t index, struct cov_error *err)
{
	const struct cov_object *object = &parting->kernel->objects[index];
	const int64_t *counters = counters_of(parting, object);
	struct cov_kernel *kernel = &parting->part.kernel;
	struct cov_object *ret = &kernel->objects[kernel->object_count];
	struct plan *plans = &parting->part.plans;
	struct plan whole;
	int result = counts_open_plan(object, counters, &parting->room, &whole, err);

	if (result)
		return result;
	*ret = (struct cov_object){
		.path = object->path,
		.plan = { .version = whole.version,
			  .line_rule = whole.line_rule,
			  .texts = whole.texts,
			  .functions = plans->functions + plans->function_count,
			  .arcs = plans->arcs + plans->arc_count,
			  .steps = plans->steps + plans->step_count,
			  .entries = plans->entries + plans->entry_count,
			  .blocks = plans->blocks + plans->block_count,
			  .block_count_max = whole.block_count_max,
			  .arc_count_max = whole.arc_count_max },
		.counter_first = kernel->counter_count,
		.function_first = kernel->function_count,
	};
	kernel->object_count++;
	for (uint32_t i = 0; i < whole.function_count; i++) {
		const struct plan_function *function = &whole.functions[i];

		if (!plan_has_run(function, counters))
			continue;
		for (uint32_t j = 0; j < function->entry_count; j++) {
			uint32_t line =
			    object->line_ids[whole.entries[function->entry_first + j].line];

			parting->lines[line / 64] |= (uint64_t)1 << line % 64;
		}
		parting->spans = cov_grow(parting->spans, parting->span_count,
					  &parting->span_capacity, sizeof(*parting->spans));
		parting->spans[parting->span_count++] =
		    (struct span){ object->counter_first + function->counter_first,
				   function->counter_count,
				   kernel->counter_count + ret->plan.counter_count };
		add_function(&whole, function, &ret->plan);
	}
	add_sizes(&ret->plan, plans);
	kernel->counter_count += ret->plan.counter_count;
	kernel->function_count += ret->plan.function_count;
	parting->objects[index] = (uint32_t)kernel->object_count;
	return 0;
}

static void number_lines(struct parting *parting)
{
	struct kernel_part *part = &parting->part;
	size_t word_count = parting->kernel->line_count / 64 + 1;
	uint32_t count = 0;

	for (size_t i = 0; i < word_count; i++) {
		parting->line_first[i] = count;
		count += (uint32_t)__builtin_popcountll(parting->lines[i]);
	}
	part->kernel.line_count = count;
	part->kernel.line_copies = cov_xcalloc(count, 1);
	part->line_ids = cov_xcalloc(count, sizeof(*part->line_ids));
	count = 0;
	for (size_t i = 0; i < word_count; i++) {
		for (uint64_t rest = parting->lines[i]; rest; rest &= rest - 1)
			part->line_ids[count++] =
			    (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(rest);
	}
}

/* Whether a line of the kernel is in the part, and where. */
static bool find_line(const struct parting *parting, uint32_t line, uint32_t *ret)
{
	uint64_t word = parting->lines[line / 64], bit = (uint64_t)1 << line % 64;

	*ret = parting->line_first[line / 64] + (uint32_t)__builtin_popcountll(word & (bit - 1));
	return word & bit;
}

/* The lines of an object that are in the part, numbered anew in its entries. */
static void take_lines(const struct parting *parting, const struct cov_object *object,
		       struct cov_object *ret)
{
	unsigned char *copies = parting->part.kernel.line_copies;
	COV_AUTO(free)
	uint32_t *places = cov_xcalloc(object->plan.line_count, sizeof(*places));
	COV_AUTO(free)
	uint32_t *lines = cov_xcalloc(object->plan.line_count, sizeof(*lines));
	uint32_t count = 0;

	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		uint32_t line;

		if (!find_line(parting, object->line_ids[i], &line))
			continue;
		if (copies[line] < KERNEL_COPIES_MANY)
			copies[line]++;
		places[i] = count;
		lines[count++] = line;
	}
	ret->line_ids = cov_xcopy(lines, count, sizeof(*lines));
	ret->plan.line_count = count;
	for (uint32_t i = 0; i < ret->plan.entry_count; i++)
		ret->plan.entries[i].line = places[ret->plan.entries[i].line];
}

/* Counters of a snapshot, both in the order of objects. */
static void take_snapshot(const struct parting *parting, const struct cov_few_counters *snapshot,
			  struct cov_few_counters *ret)
{
	const struct cov_kernel *kernel = parting->kernel;
	const struct cov_kernel *part = &parting->part.kernel;
	const struct span *span = parting->spans;
	struct counters_walk walk = counters_walk(snapshot);
	size_t last = 0;

	*ret = (struct cov_few_counters){ .states = cov_xcalloc(part->object_count, 1) };
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (parting->objects[i])
			ret->states[parting->objects[i] - 1] = snapshot->states[i];
	}
	while (counters_walk_next(&walk)) {
		while (walk.place >= span->first + span->count)
			span++;
		counters_few_add(ret, span->taken + walk.place - span->first, walk.value, &last);
	}
	counters_few_end(ret);
}

int kernel_part_init(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		     size_t count, struct kernel_part *ret, struct cov_error *err)
{
	COV_AUTO(parting_deinit)
	struct parting parting = {
		.kernel = kernel,
		.snapshots = snapshots,
		.count = count,
		.counted = cov_xcalloc(kernel->counter_count / 64 + 1, sizeof(*parting.counted)),
		.lines = cov_xcalloc(kernel->line_count / 64 + 1, sizeof(*parting.lines)),
		.line_first = cov_xcalloc(kernel->line_count / 64 + 1, sizeof(uint32_t)),
		.objects = cov_xcalloc(kernel->object_count, sizeof(*parting.objects)),
	};
	struct kernel_part *part = &parting.part;
	int result = 0;

	merge(&parting);
	make_room(&parting);
	part->kernel.objects = cov_xcalloc(kernel->object_count, sizeof(*part->kernel.objects));
	for (size_t i = 0; result == 0 && i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (has_run(&parting, object->counter_first, object->plan.counter_count))
			result = add_object(&parting, i, err);
	}
	if (result)
		return result;
	number_lines(&parting);
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (parting.objects[i])
			take_lines(&parting, &kernel->objects[i],
				   &part->kernel.objects[parting.objects[i] - 1]);
	}
	part->snapshots = cov_xcalloc(count, sizeof(*part->snapshots));
	for (size_t i = 0; i < count; i++)
		take_snapshot(&parting, &snapshots[i], &part->snapshots[part->snapshot_count++]);
	*ret = *part;
	memset(part, 0, sizeof(*part));
	return 0;
}
