/* number_test.c - whole numbers read, added and printed. */
#include "tests/unit/fixture.h"

#include "collector/base/cleanup.h"
#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/number.h"

static void a_number_is_digits_and_nothing_else(void **state)
{
	static const char *const refused[] = {
		"", " 1", "+1", "-1", "0x10", "1.5", "1e3", "1 ", "x"
	};
	uint64_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		assert_false(cov_number_read(refused[i], UINT64_MAX, NULL, &number));
		assert_int_equal(number, 7);
	}
	assert_true(cov_number_read("0", UINT64_MAX, NULL, &number));
	assert_int_equal(number, 0);
	assert_true(cov_number_read("0018", UINT64_MAX, NULL, &number));
	assert_int_equal(number, 18);
}

static void a_number_beyond_the_most_is_none(void **state)
{
	uint64_t number = 7;

	(void)state;
	assert_true(cov_number_read("18446744073709551615", UINT64_MAX, NULL, &number));
	assert_true(number == UINT64_MAX);
	assert_false(cov_number_read("18446744073709551616", UINT64_MAX, NULL, &number));
	assert_true(cov_number_read("20", 20, NULL, &number));
	assert_false(cov_number_read("21", 20, NULL, &number));
	assert_int_equal(number, 20);
}

static void what_is_behind_a_number_is_the_callers(void **state)
{
	const char *end = NULL;
	uint64_t number = 0;

	(void)state;
	assert_true(cov_number_read("12-30", UINT64_MAX, &end, &number));
	assert_int_equal(number, 12);
	assert_string_equal(end, "-30");
}

static void sums_end_at_the_largest_number(void **state)
{
	(void)state;
	assert_true(cov_number_add(INT64_MAX, 1) == INT64_MAX);
	assert_true(cov_number_add(INT64_MAX - 1, 1) == INT64_MAX);
	assert_true(cov_number_add(INT64_MAX, INT64_MAX) == INT64_MAX);
	assert_true(cov_number_add(INT64_MIN, -1) == INT64_MIN);
	assert_true(cov_number_add(INT64_MIN, INT64_MAX) == -1);
	assert_true(cov_number_add(-3, 1) == -2);
}

static void digits_are_grouped_by_three(void **state)
{
	static const struct {
		int64_t number;
		const char *text;
	} numbers[] = { { 0, "0" },        { 999, "999" },
			{ 1000, "1,000" }, { -1000, "-1,000" },
			{ -100, "-100" },  { INT64_MIN, "-9,223,372,036,854,775,808" } };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		COV_AUTO(free) char *text = cov_number_grouped(numbers[i].number);

		assert_string_equal(text, numbers[i].text);
	}
}

static const struct cov_option options[] = { { "seed", 0, "N", "a seed" }, { 0 } };
static const struct cov_command command = { .name = "test", .options = options };

static void an_option_says_its_bounds(void **state)
{
	struct cov_arguments arguments = { .command = &command, .values = { "21" } };
	uint64_t number = 7;
	struct cov_error err;

	(void)state;
	assert_int_equal(cov_option_number(&arguments, "seed", 1, 20, &number, &err),
			 COV_ERR_USAGE);
	assert_string_equal(err.message, "--seed takes a whole number from 1 to 20, not '21'");
	arguments.values[0] = "0";
	assert_int_equal(cov_option_number(&arguments, "seed", 1, UINT64_MAX, &number, &err),
			 COV_ERR_USAGE);
	assert_string_equal(err.message, "--seed takes a whole number from 1, not '0'");
	assert_int_equal(number, 7);
	arguments.values[0] = "20";
	assert_int_equal(cov_option_number(&arguments, "seed", 1, 20, &number, &err), 0);
	assert_int_equal(number, 20);
	arguments.values[0] = NULL;
	assert_int_equal(cov_option_number(&arguments, "seed", 30, 40, &number, &err), 0);
	assert_int_equal(number, 20);
}

static void a_share_lies_between_0_and_1(void **state)
{
	static const char *const refused[] = { "0", "1", "-0.5", "nan", "inf", "0.5x", "5 %" };
	struct cov_arguments arguments = { .command = &command };
	double share = 7;
	struct cov_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		arguments.values[0] = refused[i];
		assert_int_equal(cov_option_share(&arguments, "seed", &share, &err), COV_ERR_USAGE);
	}
	assert_true(share == 7);
	arguments.values[0] = "0.05";
	assert_int_equal(cov_option_share(&arguments, "seed", &share, &err), 0);
	assert_true(share == 0.05);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_digits_and_nothing_else),
		cmocka_unit_test(a_number_beyond_the_most_is_none),
		cmocka_unit_test(what_is_behind_a_number_is_the_callers),
		cmocka_unit_test(sums_end_at_the_largest_number),
		cmocka_unit_test(digits_are_grouped_by_three),
		cmocka_unit_test(an_option_says_its_bounds),
		cmocka_unit_test(a_share_lies_between_0_and_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
