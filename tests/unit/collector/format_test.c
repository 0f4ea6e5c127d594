/* format_test.c - files of compilers that cannot be installed here are decoded as those do. */
#include "tests/unit/fixture.h"

#include "collector/decode/counters.h"
#include "collector/decode/tree.h"
#include "collector/gcov/gcda.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/plan.h"
#include "tests/unit/collector/format_files.h"

/* All counts of one object. */
struct decoded {
	struct plan plan;
	int64_t *lines;
	int64_t *calls;
	int64_t *branches;
	int64_t *executed;
};

static void decoded_deinit(struct decoded *decoded)
{
	plan_deinit(&decoded->plan);
	free(decoded->lines);
	free(decoded->calls);
	free(decoded->branches);
	free(decoded->executed);
}

COV_DEFINE_AUTO_STRUCT(struct decoded, decoded_deinit)

static struct decoded decode(struct writer notes, struct writer data)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(plan_deinit) struct plan stored = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	struct decoded decoded = { 0 };
	enum cov_problem_kind kind;
	struct cov_error err = { 0 };
	struct plan view;

	if (gcno_parse(notes.out.data, notes.out.length, &gcno, &err) ||
	    plan_compile(&gcno, &decoded.plan, &err))
		fail_msg("%s: notes: %s", notes.layout->version, err.message);
	/* What the database keeps says the same. */
	plan_pack(&decoded.plan, NULL, &packed);
	assert_int_equal(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &stored, &err), 0);

	COV_AUTO(free) int64_t *values = calloc(decoded.plan.counter_count + 1, sizeof(*values));
	COV_AUTO(gcda_deinit) struct gcda gcda = { 0 };
	const struct tree_content content = { .data = data.out.data, .size = data.out.length };
	if (counters_join(&stored, &content, &gcda, values, &kind, &err))
		fail_msg("%s: data: %s", data.layout->version, err.message);
	assert_int_equal(pack_open_body(&stored, packed.body, NULL, &room, &view, &err), 0);
	decoded.lines = calloc(decoded.plan.line_count + 1, sizeof(int64_t));
	decoded.calls = calloc(decoded.plan.function_count + 1, sizeof(int64_t));
	decoded.branches = calloc(decoded.plan.branch_count + 1, sizeof(int64_t));
	decoded.executed = calloc(decoded.plan.function_count + 1, sizeof(int64_t));
	plan_evaluate(&view, values,
		      &(struct plan_counts){ .lines = decoded.lines,
					     .functions = decoded.calls,
					     .blocks_executed = decoded.executed,
					     .branches = decoded.branches },
		      &scratch);
	cov_text_deinit(&notes.out);
	cov_text_deinit(&data.out);
	return decoded;
}

static void check_line(const struct decoded *decoded, const char *version, uint32_t number,
		       int64_t expected)
{
	const struct plan *plan = &decoded->plan;

	for (uint32_t i = 0; i < plan->line_count; i++) {
		if (plan->lines[i].line != number)
			continue;
		if (decoded->lines[i] != expected)
			fail_msg("%s: line %u counts %lld, not %lld", version, number,
				 (long long)decoded->lines[i], (long long)expected);
		assert_string_equal(plan->texts + plan->sources[plan->lines[i].source], "hello.c");
		return;
	}
	fail_msg("%s: no line %u", version, number);
}

/* The counts on line 7 and of f() are those that the worked example of the format has. */
static void check_gcc(const struct layout *notes, const struct layout *data, int order,
		      bool is_libgcov)
{
	const struct made_counters list[] = {
		{ .function = NULL },
		{ .function = &format_loop, .count = 3, .values = { 1, 4, 4 } },
		{ .function = &format_choice, .count = 2, .values = { ((int64_t)1 << 33) + 4, 2 } },
	};
	COV_AUTO(decoded_deinit)
	struct decoded decoded = decode(format_make_notes(notes, order & 1,
							  (const struct made_function *const[]){
							      &format_loop, &format_choice }),
					format_make_data(data, order & 2, is_libgcov, list, 3));

	assert_int_equal(decoded.plan.function_count, 2);
	assert_int_equal(decoded.plan.line_count, 4);
	check_line(&decoded, notes->version, 7, notes->is_sum ? 1 + 4 + 4 + 5 + 1 : 5);
	check_line(&decoded, notes->version, 1, ((int64_t)1 << 33) + 4);
	check_line(&decoded, notes->version, 4, 2);
	check_line(&decoded, notes->version, 5, ((int64_t)1 << 33) + 2);
	assert_int_equal(decoded.calls[0], 1);
	assert_true(decoded.calls[1] == ((int64_t)1 << 33) + 4);
	/* Of main, the exit is among them where it is not the last block. */
	assert_int_equal(decoded.executed[0], 6);
	assert_int_equal(decoded.plan.branch_count, 4);
	assert_int_equal(decoded.branches[0], 4);
	assert_int_equal(decoded.branches[1], 1);
	assert_int_equal(decoded.branches[2], 2);
	assert_true(decoded.branches[3] == ((int64_t)1 << 33) + 2);
}

static void every_layout_of_gcc_is_read_in_every_byte_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_GCC_COUNT; i++) {
		for (int order = 0; order < 4; order++) {
			check_gcc(&format_gcc[i], &format_gcc[i], order, true);
			check_gcc(&format_gcc[i], &format_gcc[i], order, false);
		}
	}
}

static void a_function_without_a_record_counts_0(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_GCC_COUNT; i++) {
		const struct made_counters list[] = {
			{ .function = NULL },
			{ .function = &format_choice, .count = 2, .values = { 3, 1 } },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(format_make_notes(&format_gcc[i], false,
					     (const struct made_function *const[]){
						 &format_loop, &format_choice }),
			   format_make_data(&format_gcc[i], false, true, list, 2));

		check_line(&decoded, format_gcc[i].version, 7, 0);
		check_line(&decoded, format_gcc[i].version, 1, 3);
		assert_int_equal(decoded.calls[0], 0);
	}
}

static void a_negative_length_stands_for_counters_of_0(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_GCC_COUNT; i++) {
		const struct made_counters list[] = {
			{ .function = &format_loop, .count = 3, .is_negative_length = true },
			{ .function = &format_choice, .count = 2, .values = { 3, 1 } },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(format_make_notes(&format_gcc[i], false,
					     (const struct made_function *const[]){
						 &format_loop, &format_choice }),
			   format_make_data(&format_gcc[i], true, true, list, 2));

		check_line(&decoded, format_gcc[i].version, 7, 0);
		check_line(&decoded, format_gcc[i].version, 4, 1);
	}
}

/* The cycle 3-4-5 has -4 on every arc: gcov 8.3 and 9.2 add it, later ones pass over it. */
static void a_cycle_below_0_counts_before_gcc_8_4_and_9_3(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_GCC_COUNT; i++) {
		const struct made_counters list[] = {
			{ .function = &format_loop, .count = 3, .values = { 1, -4, -4 } },
			{ .function = &format_choice, .count = 2 },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(format_make_notes(&format_gcc[i], false,
					     (const struct made_function *const[]){
						 &format_loop, &format_choice }),
			   format_make_data(&format_gcc[i], false, false, list, 2));
		int64_t flow = format_gcc[i].has_any_cycle ? 1 - 4 : 1;

		check_line(&decoded, format_gcc[i].version, 7,
			   format_gcc[i].is_sum ? 1 - 4 - 4 - 3 + 1 : flow);
	}
}

/*
 * Blocks 2 to 24, each with arcs to all others, on one line: more cycles than anybody can follow.
 * With counters of 1 each of them comes to an end.
 */
static void a_search_for_all_cycles_comes_to_an_end(void **state)
{
	enum { BLOCKS = 25 };
	static const struct layout *const layouts[] = { &format_gcc[7], &format_gcc[8] };
	int64_t counts[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct writer writer = { .layout = layouts[i] };
		struct made_function function = { .ident = 5, .name = "f", .block_count = BLOCKS };
		uint32_t counter_count = 0;

		format_put_header(&writer, 0x67636e6f);
		format_put(&writer, 1);
		format_put_function(&writer, &function);
		for (uint32_t j = 0; j < BLOCKS - 1; j++) {
			format_start_record(&writer, 0x01430000);
			format_put(&writer, j + (j > 0));
			for (uint32_t k = 2; j > 0 && k < BLOCKS; k++) {
				format_put(&writer, k);
				format_put(&writer, 0);
				counter_count++;
			}
			format_put(&writer, j ? 1 : 2);
			format_put(&writer, j ? 0 : ON_TREE);
			counter_count += j != 0;
			format_end_record(&writer);
		}
		for (uint32_t j = 2; j < BLOCKS - 1; j++)
			function.lines[0][0] = j, function.lines[0][1] = 9,
			format_put_lines(&writer, &function);

		struct writer data = { .layout = layouts[i] };
		format_put_header(&data, 0x67636461);
		format_put_record(&data, 0x01000000,
				  (const uint32_t[]){ 5, 0x20e93125, 0x93d19555 }, 3);
		format_start_record(&data, 0x01a10000);
		for (uint32_t j = 0; j < counter_count; j++) {
			format_put(&data, 1);
			format_put(&data, 0);
		}
		format_end_record(&data);
		COV_AUTO(decoded_deinit) struct decoded decoded = decode(writer, data);
		counts[i] = decoded.lines[0];
	}
	/* Where the old search is given up, the line counts as in the versions after. */
	assert_true(counts[0] == counts[1]);
	assert_true(counts[0] > 0);
}

static void check_clang(const struct layout *layout, int order, int64_t around,
			const int64_t expected[4])
{
	const struct made_counters list[] = {
		{ .function = &format_clang_loop, .count = 2, .values = { 1, around } },
	};
	COV_AUTO(decoded_deinit)
	struct decoded decoded = decode(
	    format_make_notes(layout, order & 1,
			      (const struct made_function *const[]){ &format_clang_loop, NULL }),
	    format_make_data(layout, order & 2, true, list, 1));

	for (uint32_t i = 0; i < 4; i++)
		check_line(&decoded, layout->version, 3 + i, expected[i]);
	assert_int_equal(decoded.calls[0], expected[0]);
	/* The only block with two ways out mentions line 4 last, behind a larger one. */
	assert_int_equal(decoded.plan.branch_count, 2);
	assert_int_equal(decoded.plan.lines[decoded.plan.branches[0].line].line, 4);
	assert_int_equal(decoded.branches[0], around < 0 ? -around : around);
	assert_int_equal(decoded.branches[1], 1);
	assert_int_equal(decoded.executed[0], 4);
}

static void every_layout_of_clang_is_read_in_every_byte_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_CLANG_COUNT; i++) {
		for (int order = 0; order < 4; order++)
			check_clang(&format_clang[i], order, 10, (const int64_t[]){ 1, 11, 1, 11 });
	}
}

/* What an arc lacks is never negative in LLVM: with -5 going round, 5 must come from somewhere. */
static void counters_that_contradict_each_other_count_as_in_llvm(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMAT_CLANG_COUNT; i++)
		check_clang(&format_clang[i], 0, -5, (const int64_t[]){ 11, 16, 1, 6 });
}

/* Nothing but the first function tells: a GCC file of the same version keeps GCC's rule. */
static void a_version_word_does_not_make_a_file_one_of_clang(void **state)
{
	struct made_function functions[2] = { format_clang_loop, format_clang_loop };

	(void)state;
	functions[1].ident = 1;
	for (size_t i = 0; i < 2; i++) {
		struct writer notes =
		    format_make_notes(&format_clang[2], false,
				      (const struct made_function *const[]){ &functions[i], NULL });
		COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
		struct cov_error err;

		assert_int_equal(gcno_parse(notes.out.data, notes.out.length, &gcno, &err), 0);
		assert_int_equal(gcno.line_rule, i ? GCOV_LINES_SUM : GCOV_LINES_LLVM);
		cov_text_deinit(&notes.out);
	}
}

static void gcc_before_4_7_is_refused_by_name(void **state)
{
	static const struct layout old = { .version = "406*",
					   .has_no_cfg = true,
					   .is_exit_last = true };
	struct writer notes = format_make_notes(
	    &old, false, (const struct made_function *const[]){ &format_loop, NULL });
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	struct plan plan;
	struct cov_error err;

	(void)state;
	assert_int_equal(gcno_parse(notes.out.data, notes.out.length, &gcno, &err), 0);
	assert_int_equal(plan_compile(&gcno, &plan, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "4.6 (406*)"));
	cov_text_deinit(&notes.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout_of_gcc_is_read_in_every_byte_order),
		cmocka_unit_test(a_function_without_a_record_counts_0),
		cmocka_unit_test(a_negative_length_stands_for_counters_of_0),
		cmocka_unit_test(a_cycle_below_0_counts_before_gcc_8_4_and_9_3),
		cmocka_unit_test(a_search_for_all_cycles_comes_to_an_end),
		cmocka_unit_test(every_layout_of_clang_is_read_in_every_byte_order),
		cmocka_unit_test(counters_that_contradict_each_other_count_as_in_llvm),
		cmocka_unit_test(a_version_word_does_not_make_a_file_one_of_clang),
		cmocka_unit_test(gcc_before_4_7_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
