/* remainder.c - what is left of an observer when the others are taken off it. */
#include "venn/analysis/remainder.h"

#include <math.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

void remainder_deinit(struct remainder *remainder)
{
	for (size_t i = 0; i < remainder->part_count; i++)
		free(remainder->parts[i].directory);
	free(remainder->parts);
	memset(remainder, 0, sizeof(*remainder));
}

/* The directory right below @directory that a file is in; NULL: the file is in that itself. */
static char *part_of(const char *directory, const char *file)
{
	const char *rest = file;

	if (strcmp(directory, ".") != 0)
		rest += strlen(directory) + 1;
	const char *slash = strchr(rest, '/');
	return slash ? cov_format("%.*s", (int)(slash - file), file) : NULL;
}

/* The parts, and of each line of the range which of them it is in besides the first, which is all.
 */
static void find_parts(const struct cov_kernel *kernel, const char *directory,
		       const struct store_range *range, struct remainder *ret,
		       uint32_t *part_of_line)
{
	ret->parts = cov_xcalloc(1, sizeof(*ret->parts));
	ret->parts[ret->part_count++].directory = cov_xstrdup(directory);
	for (size_t i = 0; i < range->line_count; i++) {
		uint32_t file = kernel->line_files[range->line_first + i];

		if (i && file == kernel->line_files[range->line_first + i - 1]) {
			part_of_line[i] = part_of_line[i - 1];
			continue;
		}
		COV_AUTO(free) char *name = part_of(directory, kernel->files[file]);
		/* Files are sorted by path, so those of a part follow each other. */
		if (name && strcmp(ret->parts[ret->part_count - 1].directory, name) != 0) {
			ret->parts =
			    cov_xreallocarray(ret->parts, ret->part_count + 1, sizeof(*ret->parts));
			ret->parts[ret->part_count++] =
			    (struct remainder_part){ .directory = cov_xstrdup(name) };
		}
		part_of_line[i] = name ? (uint32_t)ret->part_count - 1 : 0;
	}
}

/* What is measured: observers, in what ran of the kernel. */
struct measured {
	struct kernel_part ran;  /* owned */
	struct cov_counters sum; /* of all; owned */
	const struct store_range *range;
	const uint32_t *part_of_line; /* [range->line_count] */
};

static void measured_deinit(struct measured *measured)
{
	kernel_part_deinit(&measured->ran);
	counters_deinit(&measured->sum);
}

COV_DEFINE_AUTO_STRUCT(struct measured, measured_deinit)

/* Add up how many lines of each part were executed. @sizes: [part_count] */
static void count_parts(const struct measured *measured, const unsigned char *states,
			int64_t *sizes)
{
	const struct store_range *range = measured->range;

	for (size_t i = 0; i < measured->ran.kernel.line_count; i++) {
		size_t place = measured->ran.line_ids[i] - range->line_first;

		if (measured->ran.line_ids[i] < range->line_first || place >= range->line_count ||
		    states[i] < COV_LINE_PARTLY)
			continue;
		sizes[0]++;
		if (measured->part_of_line[place])
			sizes[measured->part_of_line[place]]++;
	}
}

/* Times their number one of the observers, without the sum of all: that many times it less each of
 * the others. */
static int evaluate_one(const struct measured *measured, size_t index, struct cov_counts *ret,
			struct cov_error *err)
{
	const struct cov_kernel *kernel = &measured->ran.kernel;
	const struct cov_few_counters *one = &measured->ran.snapshots[index];
	COV_AUTO(free)
	int64_t *values = cov_xcalloc(kernel->counter_count, sizeof(*values));
	const struct cov_counters counters = { .values = values, .states = measured->sum.states };

	counters_spread_few(one, 0, kernel->counter_count, values);
	for (size_t i = 0; i < kernel->counter_count; i++)
		values[i] = (int64_t)((uint64_t)values[i] * (uint64_t)measured->ran.snapshot_count -
				      (uint64_t)measured->sum.values[i]);
	return counts_evaluate(kernel, &counters, ret, err);
}

static int add_up(const struct cov_kernel *kernel, const struct store_observer_set *set,
		  struct measured *ret, struct cov_error *err)
{
	int result = kernel_part_init(kernel, set->items, (size_t)set->count, &ret->ran, err);

	if (result)
		return result;
	ret->sum = (struct cov_counters){
		.values = cov_xcalloc(ret->ran.kernel.counter_count, sizeof(int64_t)),
		.states = cov_xcalloc(ret->ran.kernel.object_count, 1),
	};
	for (size_t i = 0; i < ret->ran.snapshot_count; i++)
		counters_add_few(&ret->ran.kernel, &ret->sum, &ret->ran.snapshots[i]);
	return 0;
}

static void drop_empty_parts(struct remainder *remainder)
{
	size_t kept = 0;

	for (size_t i = 0; i < remainder->part_count; i++) {
		if (remainder->parts[i].lines || i == 0)
			remainder->parts[kept++] = remainder->parts[i];
		else
			free(remainder->parts[i].directory);
	}
	remainder->part_count = kept;
}

int remainder_measure(const struct cov_kernel *kernel, const struct store_observer_set *set,
		      const char *directory, const struct store_range *range, struct remainder *ret,
		      struct cov_error *err)
{
	COV_AUTO(remainder_deinit)
	struct remainder remainder = { .capture = set->capture, .observers = set->count };
	COV_AUTO(free)
	uint32_t *part_of_line = cov_xcalloc(range->line_count, sizeof(*part_of_line));
	COV_AUTO(measured_deinit)
	struct measured measured = { .range = range, .part_of_line = part_of_line };
	COV_AUTO(counts_deinit) struct cov_counts all = { 0 };
	int result = add_up(kernel, set, &measured, err);

	if (result == 0)
		result = counts_evaluate(&measured.ran.kernel, &measured.sum, &all, err);
	if (result)
		return result;
	find_parts(kernel, directory, range, &remainder, part_of_line);
	COV_AUTO(free) int64_t *lines = cov_xcalloc(remainder.part_count, sizeof(*lines));
	COV_AUTO(free) int64_t *left = cov_xcalloc(remainder.part_count, sizeof(*left));
	count_parts(&measured, all.states, lines);
	for (int64_t i = 0; result == 0 && set->count > 1 && i < set->count; i++) {
		COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };

		result = evaluate_one(&measured, (size_t)i, &counts, err);
		if (result)
			return result;
		count_parts(&measured, counts.states, left);
		remainder.below += (double)counts.contradicting_count / (double)set->count;
	}
	for (size_t i = 0; i < remainder.part_count; i++) {
		remainder.parts[i].lines = lines[i];
		remainder.parts[i].left =
		    set->count > 1 ? (double)left[i] / (double)set->count : NAN;
	}
	if (set->count == 1)
		remainder.below = NAN;
	drop_empty_parts(&remainder);
	*ret = remainder;
	memset(&remainder, 0, sizeof(remainder));
	return 0;
}
