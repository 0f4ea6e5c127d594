/* kernel_part.c - what of a kernel ran in a few snapshots, as a kernel of its own. */
#include "collector/decode/kernel_part.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/decode/counts.h"

void kernel_part_deinit(struct kernel_part *part)
{
	for (size_t i = 0; i < part->kernel.object_count; i++) {
		free(part->kernel.objects[i].line_ids);
		free(part->kernel.objects[i].plan.entries);
		pack_room_deinit(&part->rooms[i]);
	}
	for (size_t i = 0; i < part->snapshot_count; i++)
		counters_few_deinit(&part->snapshots[i]);
	free(part->kernel.objects);
	free(part->kernel.line_copies);
	free(part->rooms);
	free(part->snapshots);
	free(part->line_ids);
	memset(part, 0, sizeof(*part));
}

/* What is made of the kernel. */
struct parting {
	const struct cov_kernel *kernel;
	const struct cov_few_counters *snapshots; /* [count] */
	size_t count;
	int64_t *merged;   /* [kernel->counter_count], 0 where it is in all snapshots; owned */
	uint32_t *lines;   /* [kernel->line_count], 1 + the place in the part; 0: none; owned */
	uint32_t *objects; /* [kernel->object_count], the same; owned */
	struct kernel_part part; /* owned */
};

static void parting_deinit(struct parting *parting)
{
	free(parting->merged);
	free(parting->lines);
	free(parting->objects);
	kernel_part_deinit(&parting->part);
}

COV_DEFINE_AUTO_STRUCT(struct parting, parting_deinit)

static bool has_run(const int64_t *counters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (counters[i])
			return true;
	}
	return false;
}

/* Unpack the functions of an object that ran; mark their lines. */
static int add_object(struct parting *parting, size_t index, struct cov_error *err)
{
	const struct cov_object *object = &parting->kernel->objects[index];
	const int64_t *counters = parting->merged + object->counter_first;
	struct cov_kernel *kernel = &parting->part.kernel;
	struct cov_object *ret = &kernel->objects[kernel->object_count];
	struct pack_room *room = &parting->part.rooms[kernel->object_count];
	struct plan plan;
	int result = counts_open_plan(object, counters, room, &plan, err);

	if (result) {
		pack_room_deinit(room); /* of no object that counts */
		return result;
	}
	*ret = (struct cov_object){
		.path = object->path,
		.plan = plan,
		.counter_first = kernel->counter_count,
		.function_first = kernel->function_count,
	};
	ret->plan.entries = cov_xcalloc(plan.entry_count, sizeof(*plan.entries));
	for (uint32_t i = 0; i < plan.function_count; i++) {
		const struct plan_function *function = &plan.functions[i];

		if (!plan_has_run(function, counters))
			continue;
		for (uint32_t j = 0; j < function->entry_count; j++) {
			const struct plan_entry *entry = &plan.entries[function->entry_first + j];

			ret->plan.entries[function->entry_first + j] = *entry;
			parting->lines[object->line_ids[entry->line]] = 1;
		}
	}
	kernel->counter_count += plan.counter_count;
	kernel->function_count += plan.function_count;
	parting->objects[index] = (uint32_t)++kernel->object_count;
	return 0;
}

static void number_lines(struct parting *parting)
{
	struct kernel_part *part = &parting->part;
	uint32_t count = 0;

	for (size_t i = 0; i < parting->kernel->line_count; i++) {
		if (parting->lines[i])
			parting->lines[i] = ++count;
	}
	part->kernel.line_count = count;
	part->kernel.line_copies = cov_xcalloc(count, 1);
	part->line_ids = cov_xcalloc(count, sizeof(*part->line_ids));
	for (size_t i = 0; i < parting->kernel->line_count; i++) {
		if (parting->lines[i])
			part->line_ids[parting->lines[i] - 1] = (uint32_t)i;
	}
}

/* The lines of an object that are in the part, numbered anew in its entries. */
static void take_lines(const struct parting *parting, const struct cov_object *object,
		       struct cov_object *ret)
{
	unsigned char *copies = parting->part.kernel.line_copies;
	const int64_t *counters = parting->merged + object->counter_first;
	COV_AUTO(free)
	uint32_t *places = cov_xcalloc(object->plan.line_count, sizeof(*places));
	uint32_t count = 0;

	ret->line_ids = cov_xcalloc(object->plan.line_count, sizeof(*ret->line_ids));
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		uint32_t line = parting->lines[object->line_ids[i]];

		if (!line)
			continue;
		if (copies[line - 1] < KERNEL_COPIES_MANY)
			copies[line - 1]++;
		places[i] = count;
		ret->line_ids[count++] = line - 1;
	}
	ret->plan.line_count = count;
	for (uint32_t i = 0; i < ret->plan.function_count; i++) {
		const struct plan_function *function = &ret->plan.functions[i];

		for (uint32_t j = 0; plan_has_run(function, counters) && j < function->entry_count;
		     j++) {
			struct plan_entry *entry = &ret->plan.entries[function->entry_first + j];

			entry->line = places[entry->line];
		}
	}
}

/* Counters of a snapshot, both in the order of objects. */
static void take_snapshot(const struct parting *parting, const struct cov_few_counters *snapshot,
			  struct cov_few_counters *ret)
{
	const struct cov_kernel *kernel = parting->kernel;
	const struct cov_kernel *part = &parting->part.kernel;
	size_t object = 0;

	*ret = (struct cov_few_counters){
		.places = cov_xcalloc(snapshot->count, sizeof(*ret->places)),
		.values = cov_xcalloc(snapshot->count, sizeof(*ret->values)),
		.states = cov_xcalloc(part->object_count, 1),
	};
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (parting->objects[i])
			ret->states[parting->objects[i] - 1] = snapshot->states[i];
	}
	for (size_t i = 0; i < snapshot->count; i++) {
		size_t place = snapshot->places[i];

		while (place >= kernel->objects[object].counter_first +
				    kernel->objects[object].plan.counter_count)
			object++;
		const struct cov_object *taken = &part->objects[parting->objects[object] - 1];
		ret->places[i] = (uint32_t)(taken->counter_first + place -
					    kernel->objects[object].counter_first);
		ret->values[i] = snapshot->values[i];
	}
	ret->count = snapshot->count;
}

int kernel_part_init(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		     size_t count, struct kernel_part *ret, struct cov_error *err)
{
	COV_AUTO(parting_deinit)
	struct parting parting = {
		.kernel = kernel,
		.snapshots = snapshots,
		.count = count,
		.merged = cov_xcalloc(kernel->counter_count, sizeof(*parting.merged)),
		.lines = cov_xcalloc(kernel->line_count, sizeof(*parting.lines)),
		.objects = cov_xcalloc(kernel->object_count, sizeof(*parting.objects)),
	};
	struct kernel_part *part = &parting.part;
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < snapshots[i].count; j++)
			parting.merged[snapshots[i].places[j]] |= snapshots[i].values[j];
	}
	part->kernel.objects = cov_xcalloc(kernel->object_count, sizeof(*part->kernel.objects));
	part->rooms = cov_xcalloc(kernel->object_count, sizeof(*part->rooms));
	for (size_t i = 0; result == 0 && i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (has_run(parting.merged + object->counter_first, object->plan.counter_count))
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
