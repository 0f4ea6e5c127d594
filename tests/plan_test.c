/* plan_test.c - notes compiled into a plan, and the plan evaluated. */
#include "tests/fixture.h"

#include <stdio.h>

#include "collector/base/memory.h"
#include "collector/gcda.h"
#include "collector/gcno.h"
#include "collector/plan.h"

static struct plan compile_sample(void)
{
	struct fixture_bytes bytes = fixture_read("sample.gcno");
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	struct plan plan = { 0 };
	struct cov_error err;

	assert_int_equal(gcno_parse(bytes.data, bytes.size, &gcno, &err), 0);
	assert_int_equal(plan_compile(&gcno, &plan, &err), 0);
	free(bytes.data);
	return plan;
}

/* The sample's counters, its functions being in the order of its notes. */
static int64_t *read_counters(const struct plan *plan)
{
	struct fixture_bytes bytes = fixture_read("sample.gcda");
	COV_AUTO(gcda_deinit) struct gcda gcda = { 0 };
	struct cov_error err;

	assert_int_equal(gcda_parse(bytes.data, bytes.size, &gcda, &err), 0);
	assert_int_equal(gcda.stamp, plan->stamp);
	assert_int_equal(gcda.counter_count, plan->counter_count);
	int64_t *counters = cov_xcalloc(gcda.counter_count, sizeof(*counters));
	memcpy(counters, gcda.counters, gcda.counter_count * sizeof(*counters));
	free(bytes.data);
	return counters;
}

static int64_t *evaluate(const struct plan *plan, const int64_t *counters)
{
	COV_AUTO(plan_scratch_deinit) struct plan_scratch scratch = { 0 };
	int64_t *lines = cov_xcalloc(plan->line_count, sizeof(*lines));

	plan_evaluate(plan, counters, &(struct plan_counts){ .lines = lines }, &scratch);
	return lines;
}

/* sample.tsv is what gcov 12.2.0 says of the pair. */
static void counts_of_a_real_pair_equal_gcovs(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(free) int64_t *counters = read_counters(&plan);
	COV_AUTO(free) int64_t *lines = evaluate(&plan, counters);
	struct fixture_bytes expected = fixture_read("sample.tsv");
	size_t row_count = 0;

	(void)state;
	for (char *row = strtok(expected.data, "\n"); row; row = strtok(NULL, "\n")) {
		char file[64];
		unsigned line;
		long long count;
		bool is_there = false;

		assert_int_equal(sscanf(row, "%63s %u %lld", file, &line, &count), 3);
		for (uint32_t i = 0; i < plan.line_count; i++) {
			if (plan.lines[i].line != line ||
			    strcmp(plan.texts + plan.sources[plan.lines[i].source], file) != 0)
				continue;
			assert_true(lines[i] == count);
			is_there = true;
		}
		assert_true(is_there);
		row_count++;
	}
	assert_int_equal(row_count, plan.line_count);
	free(expected.data);
}

static void counters_of_zero_give_counts_of_zero(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(free) int64_t *counters = cov_xcalloc(plan.counter_count, sizeof(*counters));
	COV_AUTO(free) int64_t *lines = evaluate(&plan, counters);

	(void)state;
	for (uint32_t i = 0; i < plan.line_count; i++)
		assert_true(lines[i] == 0);
}

static void every_graph_of_a_real_file_is_solvable(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();

	(void)state;
	assert_true(plan.function_count >= 4);
	for (uint32_t i = 0; i < plan.function_count; i++)
		assert_false(plan.functions[i].is_unsolvable);
}

static void a_packed_plan_evaluates_to_the_same_counts(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(free) int64_t *counters = read_counters(&plan);
	COV_AUTO(free) int64_t *lines = evaluate(&plan, counters);
	COV_AUTO(free) void *bytes = NULL;
	struct cov_error err;
	size_t size;

	(void)state;
	plan_pack(&plan, &bytes, &size);
	assert_int_equal(plan_unpack(bytes, size, &again, &err), 0);
	assert_int_equal(again.line_count, plan.line_count);
	COV_AUTO(free) int64_t *lines_again = evaluate(&again, counters);
	assert_memory_equal(lines, lines_again, plan.line_count * sizeof(*lines));
}

static void a_damaged_plan_is_refused_or_harmless(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	struct fixture_bytes bytes;
	static const uint32_t values[] = { 0, 1, 0x7fffffff, 0xffffffff };
	void *packed;

	(void)state;
	plan_pack(&plan, &packed, &bytes.size);
	bytes.data = packed;
	for (size_t offset = 0; offset + 4 <= bytes.size; offset += 4) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			COV_AUTO(free) char *copy = fixture_copy(&bytes, bytes.size);
			COV_AUTO(plan_deinit) struct plan damaged = { 0 };
			struct cov_error err;

			memcpy(copy + offset, &values[i], 4);
			if (plan_unpack(copy, bytes.size, &damaged, &err) != 0)
				continue;
			COV_AUTO(free)
			int64_t *counters = cov_xcalloc(damaged.counter_count, sizeof(*counters));
			for (uint32_t j = 0; j < damaged.counter_count; j++)
				counters[j] = 1 + j % 7;
			free(evaluate(&damaged, counters));
		}
	}
	for (size_t size = 0; size < bytes.size; size += 7) {
		COV_AUTO(free) char *copy = fixture_copy(&bytes, size);
		struct plan damaged = { 0 };
		struct cov_error err;

		assert_int_equal(plan_unpack(copy, size, &damaged, &err), COV_ERR_FORMAT);
	}
	free(bytes.data);
}

/* Were ranges only within bounds, every function could go through all entries with all blocks. */
static void a_plan_whose_ranges_overlap_is_refused(void **state)
{
	enum { HEADER_BYTES = 14 * 4 };
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(free) void *bytes = NULL;
	struct cov_error err;
	size_t size;

	(void)state;
	plan_pack(&plan, &bytes, &size);
	struct plan_function *functions = cov_xcalloc(plan.function_count, sizeof(*functions));
	char *place = (char *)bytes + HEADER_BYTES + plan.source_count * sizeof(*plan.sources);
	memcpy(functions, place, plan.function_count * sizeof(*functions));
	assert_int_equal(functions[1].entry_first, plan.functions[1].entry_first);
	functions[1].entry_first--;
	functions[1].entry_count++;
	memcpy(place, functions, plan.function_count * sizeof(*functions));
	free(functions);
	assert_int_equal(plan_unpack(bytes, size, &again, &err), COV_ERR_FORMAT);
}

static void notes_cut_anywhere_never_fail_badly(void **state)
{
	struct fixture_bytes bytes = fixture_read("sample.gcno");
	size_t refused = 0;

	(void)state;
	for (size_t size = 0; size < bytes.size; size++) {
		COV_AUTO(free) char *copy = fixture_copy(&bytes, size);
		COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
		COV_AUTO(plan_deinit) struct plan plan = { 0 };
		struct cov_error err;
		int result = gcno_parse(copy, size, &gcno, &err);

		assert_true(result == 0 || result == COV_ERR_FORMAT);
		refused += result != 0;
		if (result == 0)
			assert_int_equal(plan_compile(&gcno, &plan, &err), 0);
	}
	/* Between two records a cut leaves a well-formed file. */
	assert_true(refused > bytes.size * 9 / 10);
	free(bytes.data);
}

static void no_word_of_the_notes_makes_the_compiler_fail_badly(void **state)
{
	struct fixture_bytes bytes = fixture_read("sample.gcno");
	static const uint32_t values[] = { 0, 1, 0x7fffffff, 0xffffffff };

	(void)state;
	for (size_t offset = 0; offset + 4 <= bytes.size; offset++) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			COV_AUTO(free) char *copy = fixture_copy(&bytes, bytes.size);
			COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
			COV_AUTO(plan_deinit) struct plan plan = { 0 };
			struct cov_error err;

			memcpy(copy + offset, &values[i], 4);
			if (gcno_parse(copy, bytes.size, &gcno, &err) != 0 ||
			    plan_compile(&gcno, &plan, &err) != 0)
				continue;
			COV_AUTO(free)
			int64_t *counters = cov_xcalloc(plan.counter_count, sizeof(*counters));
			for (uint32_t j = 0; j < plan.counter_count; j++)
				counters[j] = 1 + j % 7;
			free(evaluate(&plan, counters));
		}
	}
	free(bytes.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_of_a_real_pair_equal_gcovs),
		cmocka_unit_test(counters_of_zero_give_counts_of_zero),
		cmocka_unit_test(every_graph_of_a_real_file_is_solvable),
		cmocka_unit_test(a_packed_plan_evaluates_to_the_same_counts),
		cmocka_unit_test(a_damaged_plan_is_refused_or_harmless),
		cmocka_unit_test(a_plan_whose_ranges_overlap_is_refused),
		cmocka_unit_test(notes_cut_anywhere_never_fail_badly),
		cmocka_unit_test(no_word_of_the_notes_makes_the_compiler_fail_badly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
