/* median_test.c - the median's interval against tables of order statistics. */
#include "tests/unit/fixture.h"

#include "differ/differ.h"

enum { VALUES_MAX = 60 };

/* 0, 1, 2, ...: an interval is then a pair of ranks. */
static struct cov_median of_ranks(size_t count)
{
	double values[VALUES_MAX];

	for (size_t i = 0; i < count; i++)
		values[i] = (double)i;
	return cov_median_of(values, count);
}

static void the_median_of_an_even_number_is_between_the_middle_two(void **state)
{
	static const double values[] = { 1, 2, 4, 100 };

	(void)state;
	assert_float_equal(cov_median_of(values, 4).median, 3, 0);
	assert_float_equal(cov_median_of(values, 3).median, 2, 0);
}

static void one_value_tells_nothing(void **state)
{
	struct cov_median median = of_ranks(1);

	(void)state;
	assert_float_equal(median.confidence, 0, 0);
	assert_float_equal(median.low, median.high, 0);
}

static void few_values_give_all_of_their_range(void **state)
{
	(void)state;
	assert_float_equal(of_ranks(2).confidence, 0.5, 1e-12);
	assert_float_equal(of_ranks(5).confidence, 0.9375, 1e-12);
	assert_float_equal(of_ranks(5).low, 0, 0);
	assert_float_equal(of_ranks(5).high, 4, 0);
}

/* Source: 1 - 2 * sum of C(n, 0..below) / 2^n, in exact fractions. */
static void more_values_give_a_narrower_interval(void **state)
{
	static const struct {
		size_t count;
		double low, high, confidence;
	} rows[] = {
		{ 6, 0, 5, 0.96875 },
		{ 9, 1, 7, 0.9609375 },
		{ 10, 1, 8, 0.978515625 },
		{ 20, 5, 14, 0.95861053466796875 },
		{ 50, 17, 32, 0.9671608624357315 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cov_median median = of_ranks(rows[i].count);

		assert_float_equal(median.low, rows[i].low, 0);
		assert_float_equal(median.high, rows[i].high, 0);
		assert_float_equal(median.confidence, rows[i].confidence, 1e-12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_of_an_even_number_is_between_the_middle_two),
		cmocka_unit_test(one_value_tells_nothing),
		cmocka_unit_test(few_values_give_all_of_their_range),
		cmocka_unit_test(more_values_give_a_narrower_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
