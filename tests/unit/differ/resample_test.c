/* resample_test.c - the range of regions' sizes in studies of one trial, on trials made by hand. */
#include "tests/unit/fixture.h"

#include <math.h>

#include "differ/differ.h"

enum { LINES = 8 };

/*
 * Two footprints. Lines 0 to 3 are of the first alone: its trials 0 and 1 both executed lines 0 to
 * 2, trial 0 alone line 3. Lines 4 and 5 are of both, executed in all trials, line 6 of the second
 * alone in its trial 1, line 7 of none.
 */
static const uint64_t words[3 * LINES] = {
	1, 1, 1, 1, 3, 3, 2, 0, /* footprints */
	3, 3, 3, 1, 3, 3, 3, 3, /* trials of the first */
	0, 0, 0, 0, 3, 3, 2, 3, /* trials of the second */
};

static const size_t two_each[] = { 2, 2 }, one_and_two[] = { 1, 2 };

static const struct cov_resample_region *region_of(const struct cov_resample *resample,
						   uint64_t mask)
{
	for (size_t i = 0; i < resample->region_count; i++) {
		if (resample->regions[i].mask == mask)
			return &resample->regions[i];
	}
	fail_msg("there is no region %llx", (unsigned long long)mask);
	return NULL;
}

static void regions_are_the_lines_of_exactly_some_footprints(void **state)
{
	const struct cov_resample_trials trials = { words, LINES, two_each, 2 };
	COV_AUTO(cov_resample_deinit) struct cov_resample resample = { 0 };

	(void)state;
	cov_resample_of(&trials, 1, &resample);
	assert_int_equal(resample.region_count, 3);
	assert_int_equal(resample.regions[0].mask, 1); /* the largest */
	assert_int_equal(region_of(&resample, 1)->lines, 4);
	assert_int_equal(region_of(&resample, 3)->lines, 2);
	assert_int_equal(region_of(&resample, 2)->lines, 1);
}

static void agreed_are_lines_that_all_trials_executed(void **state)
{
	const struct cov_resample_trials trials = { words, LINES, two_each, 2 };
	COV_AUTO(cov_resample_deinit) struct cov_resample resample = { 0 };

	(void)state;
	cov_resample_of(&trials, 1, &resample);
	assert_int_equal(region_of(&resample, 1)->agreed, 3);
	assert_int_equal(region_of(&resample, 3)->agreed, 2);
	assert_int_equal(region_of(&resample, 2)->agreed, 0);
}

static void few_trials_have_no_resamples_and_many_have_ten(void **state)
{
	(void)state;
	assert_int_equal(cov_resample_count(0), 0);
	assert_int_equal(cov_resample_count(2), 0);
	assert_int_equal(cov_resample_count(3), 3);
	assert_int_equal(cov_resample_count(10), 10);
	assert_int_equal(cov_resample_count(37), 10);
}

/* And the whole lacks none. */
static void every_trial_is_left_out_once(void **state)
{
	(void)state;
	for (size_t trials = COV_RESAMPLE_TRIALS_MIN; trials < 40; trials++) {
		size_t count = cov_resample_count(trials);

		for (size_t i = 0; i < trials; i++) {
			size_t lacking = 0;

			for (size_t j = 0; j < COV_RESAMPLE_MAX; j++)
				lacking += !cov_resample_has(i, j, count);
			assert_int_equal(lacking, 1);
			assert_false(cov_resample_has(i, i % count, count));
			assert_true(cov_resample_has(i, COV_RESAMPLE_MAX, count));
		}
	}
}

/* Of 200 studies some have each trial, whatever the seed. */
static void a_range_is_that_of_single_trials(void **state)
{
	const struct cov_resample_trials trials = { words, LINES, two_each, 2 };

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		COV_AUTO(cov_resample_deinit) struct cov_resample resample = { 0 };

		cov_resample_of(&trials, seed, &resample);
		assert_int_equal(resample.trial_count_min, 2);
		assert_float_equal(region_of(&resample, 1)->low, 3, 0);
		assert_float_equal(region_of(&resample, 1)->high, 4, 0);
		assert_float_equal(region_of(&resample, 3)->low, 2, 0);
		assert_float_equal(region_of(&resample, 3)->high, 2, 0);
		assert_float_equal(region_of(&resample, 2)->low, 0, 0);
		assert_float_equal(region_of(&resample, 2)->high, 1, 0);
	}
}

static void a_single_trial_tells_no_range(void **state)
{
	const struct cov_resample_trials trials = { words, LINES, one_and_two, 2 };
	COV_AUTO(cov_resample_deinit) struct cov_resample resample = { 0 };

	(void)state;
	cov_resample_of(&trials, 1, &resample);
	assert_int_equal(resample.trial_count_min, 1);
	assert_true(isnan(region_of(&resample, 1)->low));
	assert_true(isnan(region_of(&resample, 1)->high));
	assert_int_equal(region_of(&resample, 1)->lines, 4);
}

static void no_line_gives_no_region(void **state)
{
	const struct cov_resample_trials none = { words, 0, two_each, 2 };
	const struct cov_resample_trials unexecuted = { words + 7, 1, two_each, 0 };
	COV_AUTO(cov_resample_deinit) struct cov_resample resample = { 0 };

	(void)state;
	cov_resample_of(&none, 1, &resample);
	assert_int_equal(resample.region_count, 0);
	cov_resample_of(&unexecuted, 1, &resample);
	assert_int_equal(resample.region_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_trials_have_no_resamples_and_many_have_ten),
		cmocka_unit_test(every_trial_is_left_out_once),
		cmocka_unit_test(regions_are_the_lines_of_exactly_some_footprints),
		cmocka_unit_test(agreed_are_lines_that_all_trials_executed),
		cmocka_unit_test(a_range_is_that_of_single_trials),
		cmocka_unit_test(a_single_trial_tells_no_range),
		cmocka_unit_test(no_line_gives_no_region),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
