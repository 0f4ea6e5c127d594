/* plan_test.c - notes compiled into a plan, and the plan evaluated. */
#include "tests/unit/fixture.h"

#include <stdio.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcda.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/plan.h"

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
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
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

/* A plan gives the same counts when it was stored in between. */
static void assert_same_when_packed(const struct plan *plan, const int64_t *counters)
{
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	COV_AUTO(free) int64_t *lines = evaluate(plan, counters);
	struct cov_error err;
	struct plan view;

	plan_pack(plan, NULL, &packed);
	assert_int_equal(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &again, &err), 0);
	assert_int_equal(again.line_count, plan->line_count);
	uint32_t counter_count;
	assert_int_equal(pack_head_count(packed.head, packed.head_bytes, packed.body_bytes,
					 &counter_count, &err),
			 0);
	assert_int_equal(counter_count, plan->counter_count);
	assert_int_equal(pack_open_body(&again, packed.body, counters, &room, &view, &err), 0);
	COV_AUTO(free) int64_t *lines_again = evaluate(&view, counters);
	assert_memory_equal(lines, lines_again, plan->line_count * sizeof(*lines));
}

static void a_packed_plan_evaluates_to_the_same_counts(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(free) int64_t *counters = read_counters(&plan);
	struct cov_error err;

	(void)state;
	assert_same_when_packed(&plan, counters);
	plan_pack(&plan, NULL, &packed);
	assert_int_equal(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &again, &err), 0);
	assert_string_equal(again.texts + again.functions[1].name,
			    plan.texts + plan.functions[1].name);
}

/* Evaluate a plan whose parts may be damaged. Return: whether it was refused. */
static bool refuses(const void *head, size_t head_bytes, const void *body, size_t body_bytes)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	struct cov_error err;
	struct plan view;

	if (pack_read_head(head, head_bytes, body_bytes, &plan, &err) != 0)
		return true;
	/* Nothing is evaluated without counters. */
	if (!plan.counter_count)
		return false;
	COV_AUTO(free) int64_t *counters = cov_xcalloc(plan.counter_count, sizeof(*counters));
	for (uint32_t i = 0; i < plan.counter_count; i++)
		counters[i] = 1 + i % 7;
	if (pack_open_body(&plan, body, counters, &room, &view, &err) != 0)
		return true;
	free(evaluate(&view, counters));
	return false;
}

/* The same with checksums that fit, as whoever makes such a plan could have them. */
static bool refuses_sealed(char *head, size_t head_bytes, const void *body, size_t body_bytes)
{
	pack_seal(head, head_bytes, body, body_bytes);
	return refuses(head, head_bytes, body, body_bytes);
}

static void a_damaged_plan_is_refused(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };

	(void)state;
	plan_pack(&plan, NULL, &packed);
	for (size_t i = 0; i < packed.head_bytes + packed.body_bytes; i++) {
		char *byte = i < packed.head_bytes ? (char *)packed.head + i
						   : (char *)packed.body + i - packed.head_bytes;

		*byte ^= 1;
		assert_true(
		    refuses(packed.head, packed.head_bytes, packed.body, packed.body_bytes));
		*byte ^= 1;
	}
	for (size_t size = 0; size < packed.head_bytes; size++)
		assert_true(refuses(packed.head, size, packed.body, packed.body_bytes));
	for (size_t size = 0; size < packed.body_bytes; size++)
		assert_true(refuses(packed.head, packed.head_bytes, packed.body, size));
	assert_false(refuses(packed.head, packed.head_bytes, packed.body, packed.body_bytes));
}

static void a_damaged_head_has_no_number_of_counters(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	uint32_t counter_count;
	struct cov_error err;

	(void)state;
	plan_pack(&plan, NULL, &packed);
	for (size_t size = 0; size < packed.head_bytes; size++) {
		char *byte = (char *)packed.head + size;

		assert_int_not_equal(
		    pack_head_count(packed.head, size, packed.body_bytes, &counter_count, &err), 0);
		*byte ^= 1;
		assert_int_not_equal(pack_head_count(packed.head, packed.head_bytes,
						     packed.body_bytes, &counter_count, &err),
				     0);
		*byte ^= 1;
	}
	/* A counter takes two bytes of the body at least. */
	assert_int_not_equal(pack_head_count(packed.head, packed.head_bytes,
					     2 * plan.counter_count - 1, &counter_count, &err),
			     0);
}

static void a_plan_that_was_made_up_is_refused_or_harmless(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	static const unsigned char values[] = { 0, 1, 2, 0x7f, 0x80, 0xff };
	size_t refused = 0;

	(void)state;
	plan_pack(&plan, NULL, &packed);
	struct fixture_bytes head = { packed.head, packed.head_bytes };
	struct fixture_bytes body = { packed.body, packed.body_bytes };
	for (size_t offset = 0; offset < head.size + body.size; offset++) {
		for (size_t i = 0; i < sizeof(values); i++) {
			COV_AUTO(free) char *head_copy = fixture_copy(&head, head.size);
			COV_AUTO(free) char *body_copy = fixture_copy(&body, body.size);
			char *byte = offset < head.size ? head_copy + offset
							: body_copy + offset - head.size;

			*byte = (char)values[i];
			refused += refuses_sealed(head_copy, head.size, body_copy, body.size);
		}
	}
	assert_true(refused > head.size);
	for (size_t size = PACK_HEAD_BYTES_MIN; size < head.size; size++) {
		COV_AUTO(free) char *copy = fixture_copy(&head, size);

		assert_true(refuses_sealed(copy, size, body.data, body.size));
	}
	for (size_t size = 0; size < body.size; size++) {
		COV_AUTO(free) char *copy = fixture_copy(&head, head.size);

		assert_true(refuses_sealed(copy, head.size, body.data, size));
	}
	assert_false(refuses_sealed(head.data, head.size, body.data, body.size));
}

static void functions_that_did_not_run_are_not_unpacked(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = compile_sample();
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	COV_AUTO(free) int64_t *counters = cov_xcalloc(plan.counter_count, sizeof(*counters));
	const struct plan_function *second = &plan.functions[1];
	struct cov_error err;
	struct plan view;

	(void)state;
	counters[second->counter_first] = 1;
	plan_pack(&plan, NULL, &packed);
	assert_int_equal(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &again, &err), 0);
	assert_int_equal(pack_open_body(&again, packed.body, counters, &room, &view, &err), 0);
	assert_int_equal(view.arc_count, second->arc_count);
	assert_int_equal(view.functions[0].arc_count, 0);
	assert_int_equal(view.functions[1].arc_first, 0);
	assert_int_equal(pack_open_body(&again, packed.body, NULL, &room, &view, &err), 0);
	assert_int_equal(view.arc_count, plan.arc_count);
	assert_memory_equal(view.arcs, plan.arcs, plan.arc_count * sizeof(*plan.arcs));
	assert_memory_equal(view.steps, plan.steps, plan.step_count * sizeof(*plan.steps));
	assert_memory_equal(view.entries, plan.entries, plan.entry_count * sizeof(*plan.entries));
	assert_memory_equal(view.blocks, plan.blocks, plan.block_count * sizeof(*plan.blocks));
	assert_memory_equal(view.branches, plan.branches,
			    plan.branch_count * sizeof(*plan.branches));
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
	size_t refused = 0, compiled = 0;

	(void)state;
	for (size_t offset = 0; offset + 4 <= bytes.size; offset++) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			COV_AUTO(free) char *copy = fixture_copy(&bytes, bytes.size);
			COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
			COV_AUTO(plan_deinit) struct plan plan = { 0 };
			struct cov_error err = { 0 };

			memcpy(copy + offset, &values[i], 4);
			int result = gcno_parse(copy, bytes.size, &gcno, &err);
			if (result == 0)
				result = plan_compile(&gcno, &plan, &err);
			if (result != 0) {
				assert_int_equal(result, COV_ERR_FORMAT);
				assert_true(err.message[0] != '\0');
				refused++;
				continue;
			}
			compiled++;
			COV_AUTO(free)
			int64_t *counters = cov_xcalloc(plan.counter_count, sizeof(*counters));
			for (uint32_t j = 0; j < plan.counter_count; j++)
				counters[j] = 1 + j % 7;
			assert_same_when_packed(&plan, counters);
		}
	}
	/* Lengths and tags are refused; numbers of lines, names and checksums are not. */
	assert_true(refused > 0 && compiled > 0);
	free(bytes.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_of_a_real_pair_equal_gcovs),
		cmocka_unit_test(counters_of_zero_give_counts_of_zero),
		cmocka_unit_test(every_graph_of_a_real_file_is_solvable),
		cmocka_unit_test(a_packed_plan_evaluates_to_the_same_counts),
		cmocka_unit_test(a_damaged_plan_is_refused),
		cmocka_unit_test(a_damaged_head_has_no_number_of_counters),
		cmocka_unit_test(a_plan_that_was_made_up_is_refused_or_harmless),
		cmocka_unit_test(functions_that_did_not_run_are_not_unpacked),
		cmocka_unit_test(notes_cut_anywhere_never_fail_badly),
		cmocka_unit_test(no_word_of_the_notes_makes_the_compiler_fail_badly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
