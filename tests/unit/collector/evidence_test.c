/*
 * evidence_test.c - states of lines and contradictions, on a graph whose counters are made up.
 *
 *   line 1: if (a)          blocks 2 (and the branch)
 *   line 2:     then();     block 3
 *   line 3: else other();   block 4
 *   line 4: end();          block 5
 *
 * Counted: 0 -> 2 (calls) and 2 -> 3; all else is derived, 2 -> 4 being calls - then.
 */
#include "tests/unit/fixture.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcno.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/compile.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/plan.h"

enum { LINE_IF, LINE_THEN, LINE_ELSE, LINE_END, LINE_COUNT, BLOCK_COUNT = 6, ARC_COUNT = 6 };

/* The notes of the graph above, in which line 1 also has the block of line 2 if @is_shared. */
static void build(struct plan *plan, bool is_shared)
{
	static const char *sources[] = { "f.c" };
	static const struct gcov_format format = { .version_min = 120 };
	static struct gcno_arc arcs[ARC_COUNT] = {
		{ 0, 2, 0 },
		{ 2, 3, 0 },
		{ 2, 4, GCOV_ARC_ON_TREE },
		{ 3, 5, GCOV_ARC_ON_TREE },
		{ 4, 5, GCOV_ARC_ON_TREE },
		{ 5, 1, GCOV_ARC_ON_TREE },
	};
	uint32_t lines[] = { 1, is_shared ? 1 : 2, 3, 4 };
	struct gcno_location locations[] = {
		{ 2, 0, 0, 1 }, { 3, 0, 1, 1 }, { 4, 0, 2, 1 }, { 5, 0, 3, 1 }
	};
	struct gcno_function function = {
		.ident = 1,
		.name = "f",
		.start_line = 1,
		.end_line = 9,
		.block_count = BLOCK_COUNT,
		.arc_count = ARC_COUNT,
		.counter_count = 2,
		.location_count = 4,
	};
	struct gcno gcno = {
		.format = &format,
		.line_rule = GCOV_LINES_FLOW,
		.version = 0x4232322a,
		.sources = sources,
		.source_count = 1,
		.functions = &function,
		.function_count = 1,
		.arcs = arcs,
		.arc_count = ARC_COUNT,
		.locations = locations,
		.location_count = 4,
		.lines = lines,
		.line_count = 4,
	};
	struct cov_error err;

	assert_int_equal(plan_compile(&gcno, plan, &err), 0);
}

struct answer {
	int64_t lines[LINE_COUNT];
	unsigned char states[LINE_COUNT];
	int64_t contradiction;
};

static struct answer evaluate(const struct plan *plan, int64_t calls, int64_t then)
{
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	const int64_t counters[] = { calls, then };
	struct answer answer = { 0 };
	struct plan_counts counts = {
		.lines = answer.lines,
		.states = answer.states,
		.contradictions = &answer.contradiction,
	};

	assert_int_equal(plan->counter_count, 2);
	plan_evaluate(plan, counters, &counts, &scratch);
	return answer;
}

static void counters_that_agree_need_no_evidence(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };

	(void)state;
	build(&plan, false);
	struct answer answer = evaluate(&plan, 10, 7);
	assert_int_equal(answer.contradiction, 0);
	assert_int_equal(answer.lines[LINE_ELSE], 3);
	assert_int_equal(answer.states[LINE_IF], PLAN_LINE_WHOLLY);
	assert_int_equal(answer.states[LINE_THEN], PLAN_LINE_WHOLLY);
	assert_int_equal(answer.states[LINE_ELSE], PLAN_LINE_WHOLLY);
	answer = evaluate(&plan, 10, 10);
	assert_int_equal(answer.states[LINE_ELSE], 0);
	answer = evaluate(&plan, 10, 0);
	assert_int_equal(answer.states[LINE_THEN], 0);
	assert_int_equal(answer.states[LINE_ELSE], PLAN_LINE_WHOLLY);
}

/* Three of ten calls were lost: the other branch gets -3, but nothing says that it ran. */
static void a_lost_update_makes_no_line_executed(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };

	(void)state;
	build(&plan, false);
	struct answer answer = evaluate(&plan, 7, 10);
	assert_int_equal(answer.contradiction, 3);
	assert_int_equal(answer.lines[LINE_ELSE], -3);
	assert_int_equal(answer.states[LINE_ELSE], 0);
	assert_int_equal(answer.states[LINE_THEN], PLAN_LINE_WHOLLY);
	assert_int_equal(answer.states[LINE_END], PLAN_LINE_WHOLLY);
}

/* All calls were lost, so line 1 counts 0 by its entries; the measured arc out of it tells. */
static void a_line_of_count_0_ran_if_a_measured_arc_did(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };

	(void)state;
	build(&plan, false);
	struct answer answer = evaluate(&plan, 0, 4);
	assert_int_equal(answer.contradiction, 4);
	assert_int_equal(answer.lines[LINE_IF], 0);
	assert_int_equal(answer.states[LINE_IF], PLAN_LINE_WHOLLY);
	assert_int_equal(answer.states[LINE_THEN], PLAN_LINE_WHOLLY);
	assert_int_equal(answer.states[LINE_ELSE], 0);
}

static void a_line_with_a_block_that_did_not_run_is_partly_executed(void **state)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };

	(void)state;
	build(&plan, true);
	assert_int_equal(evaluate(&plan, 5, 5).states[LINE_IF], PLAN_LINE_WHOLLY);
	assert_int_equal(evaluate(&plan, 5, 0).states[LINE_IF], PLAN_LINE_PARTLY);
	assert_int_equal(evaluate(&plan, 0, 0).states[LINE_IF], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_that_agree_need_no_evidence),
		cmocka_unit_test(a_lost_update_makes_no_line_executed),
		cmocka_unit_test(a_line_of_count_0_ran_if_a_measured_arc_did),
		cmocka_unit_test(a_line_with_a_block_that_did_not_run_is_partly_executed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
