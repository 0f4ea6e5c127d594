/* decide_part.c - what ran of a group and its baseline, as a kernel of its own. */
#include "venn/analysis/decide_part.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"

void decide_part_deinit(struct decide_part *part)
{
	free(part->observers.sets);
	free(part->observers.marks);
	free(part->idle_lines);
	kernel_part_deinit(&part->ran);
	memset(part, 0, sizeof(*part));
}

/* Those of the whole, with sums of the part. @sums: [observers->count], of its snapshots;
 * borrowed */
static void take_observers(const struct store_observers *observers,
			   const struct cov_few_counters *sums, struct decide_part *part)
{
	part->observers = (struct store_observers){
		.sets = cov_xcalloc(observers->count, sizeof(*observers->sets)),
		.count = observers->count,
		.scale = observers->scale,
	};
	for (size_t i = 0; i < observers->count; i++) {
		part->observers.sets[i].count = observers->sets[i].count;
		part->observers.sets[i].sum = sums[i];
	}
	store_observer_mark(&part->observers, part->ran.kernel.counter_count);
}

int decide_part_init(const struct decide_part_whole *whole, struct decide_part *ret,
		     struct cov_error *err)
{
	const struct store_observers *observers = whole->observers;
	const struct store_parts *parts = whole->parts;
	size_t idle_at = parts->count + observers->count, all = idle_at + 1 + whole->trial_count;
	COV_AUTO(decide_part_deinit) struct decide_part part = { 0 };
	COV_AUTO(free) struct cov_few_counters *snapshots = cov_xcalloc(all, sizeof(*snapshots));

	for (size_t i = 0; i < parts->count; i++)
		snapshots[i] = parts->items[i].counters;
	for (size_t i = 0; i < observers->count; i++)
		snapshots[parts->count + i] = observers->sets[i].sum;
	snapshots[idle_at] = *whole->idle;
	for (size_t i = 0; i < whole->trial_count; i++)
		snapshots[idle_at + 1 + i] = whole->trials[i];
	int result = kernel_part_init(whole->kernel, snapshots, all, &part.ran, err);
	if (result)
		return result;
	part.parts = *parts;
	for (size_t i = 0; i < parts->count; i++)
		part.parts.items[i].counters = part.ran.snapshots[i];
	take_observers(observers, part.ran.snapshots + parts->count, &part);
	part.idle = &part.ran.snapshots[idle_at];
	part.trials = part.ran.snapshots + idle_at + 1;
	part.idle_lines = cov_xcalloc(part.ran.kernel.line_count, sizeof(*part.idle_lines));
	for (size_t i = 0; i < part.ran.kernel.line_count; i++)
		part.idle_lines[i] = whole->idle_lines[part.ran.line_ids[i]];
	*ret = part;
	memset(&part, 0, sizeof(part));
	return 0;
}
