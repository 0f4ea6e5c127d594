/* footprint_test.c - the decision rule and the set of lines that it keeps. */
#include "tests/unit/fixture.h"

#include "differ/differ.h"

enum { SECOND_NS = 1000000000 };

static bool is_kept(int64_t count, int64_t seconds, int64_t idle_count, int64_t idle_seconds)
{
	struct cov_observation trial = { count, seconds * SECOND_NS };
	struct cov_observation idle = { idle_count, idle_seconds * SECOND_NS };

	return cov_rule_is_kept(trial, idle);
}

static void rates_are_compared_not_counts(void **state)
{
	(void)state;
	assert_true(is_kept(10, 1, 99, 10));
	assert_false(is_kept(10, 1, 100, 10)); /* the same rate */
	assert_false(is_kept(10, 1, 101, 10));
	assert_true(is_kept(1, 600, 0, 600));
}

static void rates_of_huge_counts_are_compared_exactly(void **state)
{
	int64_t huge = INT64_MAX - 1;

	(void)state;
	assert_true(is_kept(huge, 600, huge - 1, 600));
	assert_false(is_kept(huge - 1, 600, huge, 600));
	assert_false(is_kept(huge, 600, huge, 600));
}

static void a_line_that_did_not_run_is_never_kept(void **state)
{
	(void)state;
	assert_false(is_kept(0, 1, 0, 1));
	assert_false(is_kept(0, 1, -5, 1));
	assert_false(is_kept(-3, 1, -5, 1));
	assert_true(is_kept(1, 1, -5, 1));
}

static void a_trial_with_itself_as_baseline_leaves_nothing(void **state)
{
	enum { LINES = 200 };
	int64_t counts[LINES];
	unsigned char is_found[LINES];
	COV_AUTO(cov_footprint_deinit) struct cov_footprint footprint = { 0 };

	(void)state;
	for (int i = 0; i < LINES; i++) {
		counts[i] = i % 5 * 1000003 - 2;
		is_found[i] = i % 7 != 0 || counts[i] > 0;
	}
	struct cov_observations same = { counts, SECOND_NS };
	cov_footprint_init(&footprint, LINES);
	struct cov_footprint_totals totals = cov_footprint_decide(is_found, same, same, &footprint);
	assert_int_equal(totals.hit, 160);
	assert_int_equal(totals.removed, 160);
	assert_int_equal(totals.kept, 0);
	assert_int_equal(cov_footprint_count(&footprint), 0);
}

static void without_idle_activity_all_hit_lines_are_kept(void **state)
{
	static const int64_t counts[] = { 0, 3, 0, 1, -1 };
	static const int64_t idle[] = { 0, 0, 9, 0, 0 };
	static const unsigned char is_found[] = { 1, 3, 3, 2, 1 };
	COV_AUTO(cov_footprint_deinit) struct cov_footprint footprint = { 0 };

	(void)state;
	cov_footprint_init(&footprint, 5);
	struct cov_footprint_totals totals =
	    cov_footprint_decide(is_found, (struct cov_observations){ counts, SECOND_NS },
				 (struct cov_observations){ idle, SECOND_NS }, &footprint);
	assert_int_equal(totals.found, 5);
	assert_int_equal(totals.kept, 2);
	assert_true(cov_footprint_has(&footprint, 1) && cov_footprint_has(&footprint, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_compared_not_counts),
		cmocka_unit_test(rates_of_huge_counts_are_compared_exactly),
		cmocka_unit_test(a_line_that_did_not_run_is_never_kept),
		cmocka_unit_test(a_trial_with_itself_as_baseline_leaves_nothing),
		cmocka_unit_test(without_idle_activity_all_hit_lines_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
