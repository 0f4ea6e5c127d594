/* remainder.c - what is left of an observer when the others are taken off it. */
#include "venn/analysis/remainder.h"

#include <math.h>
#include <string.h>

#include "collector/base/memory.h"

void remainder_deinit(struct remainder *remainder)
{
	for (size_t i = 0; i < remainder->part_count; i++)
		free(remainder->parts[i].directory);
	free(remainder->parts);
	memset(remainder, 0, sizeof(*remainder));
}

void remainder_places_deinit(struct remainder_places *places)
{
	free(places->directories);
	free(places->ranges);
	memset(places, 0, sizeof(*places));
}

static bool is_right_below(const char *path, const char *directory)
{
	bool is_whole = strcmp(directory, ".") == 0;
	size_t length = is_whole ? 0 : strlen(directory);

	if (is_whole)
		return strcmp(path, ".") != 0 && !strchr(path, '/');
	return strncmp(path, directory, length) == 0 && path[length] == '/' &&
	       !strchr(path + length + 1, '/');
}

/* A directory comes before another one as its files do: "a-b/c" before "a/c". */
static int compare_directories(const void *a, const void *b)
{
	size_t first = (*(const struct store_directory *const *)a)->line_first;
	size_t second = (*(const struct store_directory *const *)b)->line_first;

	return (first > second) - (first < second);
}

void remainder_places_find(const struct store_directories *all, const char *directory,
			   const struct store_range *range, struct remainder_places *ret)
{
	COV_AUTO(free)
	const struct store_directory **below = cov_xcalloc(all->count + 1, sizeof(*below));
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (is_right_below(all->items[i].path, directory))
			below[count++] = &all->items[i];
	}
	qsort(below, count, sizeof(*below), compare_directories);
	*ret = (struct remainder_places){
		.directories = cov_xcalloc(1 + count, sizeof(*ret->directories)),
		.ranges = cov_xcalloc(1 + count, sizeof(*ret->ranges)),
		.count = 1 + count,
	};
	ret->directories[0] = directory;
	ret->ranges[0] = *range;
	for (size_t i = 0; i < count; i++) {
		ret->directories[1 + i] = below[i]->path;
		ret->ranges[1 + i] =
		    (struct store_range){ below[i]->line_first, below[i]->line_count };
	}
}

/* What is measured: observers, in what ran of the kernel. */
struct measured {
	struct kernel_part ran;  /* owned */
	struct cov_counters sum; /* of all; owned */
	const struct remainder_places *places;
};

static void measured_deinit(struct measured *measured)
{
	kernel_part_deinit(&measured->ran);
	counters_deinit(&measured->sum);
}

COV_DEFINE_AUTO_STRUCT(struct measured, measured_deinit)

static bool has_line(const struct store_range *range, size_t line)
{
	return line >= range->line_first && line - range->line_first < range->line_count;
}

/* Add up how many lines of each place were executed. @sizes: [places->count] */
static void count_places(const struct measured *measured, const unsigned char *states,
			 int64_t *sizes)
{
	const struct remainder_places *places = measured->places;
	size_t below = 1; /* the place that lines are at, which follow each other as they do */

	for (size_t i = 0; i < measured->ran.kernel.line_count; i++) {
		size_t line = measured->ran.line_ids[i];

		if (!has_line(&places->ranges[0], line) || states[i] < COV_LINE_PARTLY)
			continue;
		sizes[0]++;
		while (below < places->count &&
		       line >= places->ranges[below].line_first + places->ranges[below].line_count)
			below++;
		if (below < places->count && has_line(&places->ranges[below], line))
			sizes[below]++;
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

/* What is left of each observer. @left: [places->count], lines of all of them; @below: the mean */
static int count_left(const struct measured *measured, size_t count, int64_t *left, double *below,
		      struct cov_error *err)
{
	for (size_t i = 0; i < count; i++) {
		COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
		int result = evaluate_one(measured, i, &counts, err);

		if (result)
			return result;
		count_places(measured, counts.states, left);
		*below += (double)counts.contradicting_count / (double)count;
	}
	return 0;
}

int remainder_measure(const struct cov_kernel *kernel, const struct store_observer_set *set,
		      const struct remainder_places *places, struct remainder *ret,
		      struct cov_error *err)
{
	bool is_single = set->count == 1;
	struct remainder remainder = { .capture = set->capture, .observers = set->count };
	COV_AUTO(measured_deinit) struct measured measured = { .places = places };
	COV_AUTO(counts_deinit) struct cov_counts all = { 0 };
	COV_AUTO(free) int64_t *lines = cov_xcalloc(places->count, sizeof(*lines));
	COV_AUTO(free) int64_t *left = cov_xcalloc(places->count, sizeof(*left));
	int result = add_up(kernel, set, &measured, err);

	if (result == 0)
		result = counts_evaluate(&measured.ran.kernel, &measured.sum, &all, err);
	if (result == 0)
		count_places(&measured, all.states, lines);
	if (result == 0 && !is_single)
		result = count_left(&measured, (size_t)set->count, left, &remainder.below, err);
	if (result)
		return result;
	if (is_single)
		remainder.below = NAN;
	remainder.parts = cov_xcalloc(places->count, sizeof(*remainder.parts));
	for (size_t i = 0; i < places->count; i++) {
		if (i && !lines[i])
			continue;
		remainder.parts[remainder.part_count++] = (struct remainder_part){
			.directory = cov_xstrdup(places->directories[i]),
			.lines = lines[i],
			.left = is_single ? NAN : (double)left[i] / (double)set->count,
		};
	}
	*ret = remainder;
	return 0;
}
