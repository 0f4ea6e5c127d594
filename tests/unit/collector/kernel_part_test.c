/* kernel_part_test.c - the part of a kernel that ran counts as the whole does. */
#include "tests/unit/fixture.h"

#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_part.h"
#include "collector/decode/kernel_read.h"
#include "collector/decode/problems.h"

enum { SNAPSHOTS = 5 };

static uint32_t random_number(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Counters of some functions, which may contradict each other, as in a kernel. */
static void make_snapshot(const struct cov_kernel *kernel, uint32_t *random,
			  struct cov_few_counters *ret)
{
	COV_AUTO(counters_deinit)
	struct cov_counters counters = {
		.values = calloc(kernel->counter_count, sizeof(int64_t)),
		.states = calloc(kernel->object_count, 1),
	};

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		counters.states[i] = COV_OBJECT_DECODED;
		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			for (uint32_t k = 0; j % 2 && k < function->counter_count; k++)
				counters
				    .values[object->counter_first + function->counter_first + k] =
				    random_number(random) % 3 * 7;
		}
	}
	counters_keep_few(kernel, &counters, ret);
}

static void evaluate(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		     size_t count, struct cov_counts *ret)
{
	COV_AUTO(counters_deinit)
	struct cov_counters sum = {
		.values = calloc(kernel->counter_count, sizeof(int64_t)),
		.states = calloc(kernel->object_count, 1),
	};
	struct cov_error err;

	for (size_t i = 0; i < count; i++)
		counters_add_few(kernel, &sum, &snapshots[i]);
	assert_int_equal(counts_evaluate(kernel, &sum, ret, &err), 0);
}

static void compare(const struct kernel_part *part, const struct cov_counts *whole,
		    size_t line_count, const struct cov_counts *of_part)
{
	size_t place = 0;

	for (size_t i = 0; i < line_count; i++) {
		if (place < part->kernel.line_count && part->line_ids[place] == i) {
			assert_int_equal(whole->lines[i], of_part->lines[place]);
			assert_int_equal(whole->states[i], of_part->states[place]);
			place++;
			continue;
		}
		assert_int_equal(whole->lines[i], 0);
		assert_int_equal(whole->states[i], COV_LINE_NOT_EXECUTED);
	}
	assert_int_equal(place, part->kernel.line_count);
	assert_int_equal(whole->hit_count, of_part->hit_count);
	assert_int_equal(whole->contradicting_count, of_part->contradicting_count);
}

static void sums_of_snapshots_count_as_in_the_whole(void **state)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(kernel_part_deinit) struct kernel_part part = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	struct cov_few_counters snapshots[SNAPSHOTS];
	uint32_t random = 1;
	struct cov_error err;

	(void)state;
	assert_int_equal(kernel_read_notes(COVDB_SOURCE_DIR "/tests/data", KERNEL_BODIES, &kernel,
					   &problems, &err),
			 0);
	for (size_t i = 0; i < SNAPSHOTS; i++)
		make_snapshot(&kernel, &random, &snapshots[i]);
	assert_int_equal(kernel_part_init(&kernel, snapshots, SNAPSHOTS, &part, &err), 0);
	assert_in_range(part.kernel.line_count, 1, kernel.line_count - 1);
	for (size_t first = 0; first < SNAPSHOTS; first++) {
		COV_AUTO(counts_deinit) struct cov_counts whole = { 0 };
		COV_AUTO(counts_deinit) struct cov_counts of_part = { 0 };

		evaluate(&kernel, snapshots + first, SNAPSHOTS - first, &whole);
		evaluate(&part.kernel, part.snapshots + first, SNAPSHOTS - first, &of_part);
		compare(&part, &whole, kernel.line_count, &of_part);
	}
	for (size_t i = 0; i < SNAPSHOTS; i++)
		counters_few_deinit(&snapshots[i]);
}

static void nothing_ran_is_no_part(void **state)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(kernel_part_deinit) struct kernel_part part = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(kernel_read_notes(COVDB_SOURCE_DIR "/tests/data", KERNEL_BODIES, &kernel,
					   &problems, &err),
			 0);
	assert_int_equal(kernel_part_init(&kernel, NULL, 0, &part, &err), 0);
	assert_int_equal(part.kernel.line_count, 0);
	assert_int_equal(part.kernel.object_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_snapshots_count_as_in_the_whole),
		cmocka_unit_test(nothing_ran_is_no_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
