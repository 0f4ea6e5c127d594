/* expression_test.c - set expressions: precedence, names that hold operators, errors by column. */
#include "tests/unit/fixture.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "venn/sets/expression.h"

static const char *const names[] = { "host", "lxc", "gvisor", "a", "a-b", "b", "x.y_z" };

enum { HOST = 1, LXC = 2, GVISOR = 4, A = 8, A_B = 16, B = 32, NAME_COUNT = 7 };

/* One of 64 lines has the mask, and those beside it have what it has not. */
static void assert_words(const struct expression *expression, uint64_t mask, bool has_mask)
{
	const uint64_t line = (uint64_t)1 << 37;
	uint64_t words[NAME_COUNT];

	for (size_t i = 0; i < NAME_COUNT; i++)
		words[i] = mask >> i & 1 ? line : ~line;
	uint64_t others = expression_has(expression, ~mask) ? ~line : 0;
	assert_int_equal(expression_words(expression, words), (has_mask ? line : 0) | others);
}

static bool has(const char *text, uint64_t mask)
{
	COV_AUTO(expression_deinit) struct expression expression = { 0 };
	struct cov_error err;

	assert_int_equal(expression_parse(text, names, NAME_COUNT, &expression, &err), 0);
	bool has_mask = expression_has(&expression, mask);
	assert_words(&expression, mask, has_mask);
	return has_mask;
}

static void assert_error(const char *text, const char *message)
{
	struct expression expression;
	struct cov_error err;

	int is_name = strstr(message, "there is no platform") != NULL;
	assert_int_equal(expression_parse(text, names, NAME_COUNT, &expression, &err),
			 is_name ? COV_ERR_MISMATCH : COV_ERR_USAGE);
	if (!strstr(err.message, message))
		fail_msg("'%s' does not say '%s'", err.message, message);
}

static void operators_are_those_of_sets(void **state)
{
	static const struct {
		const char *text;
		bool neither, first, second, both;
	} rows[] = {
		{ "host & lxc", false, false, false, true },
		{ "host | lxc", false, true, true, true },
		{ "host - lxc", false, true, false, false },
		{ "host ^ lxc", false, true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(has(rows[i].text, GVISOR), rows[i].neither);
		assert_int_equal(has(rows[i].text, HOST), rows[i].first);
		assert_int_equal(has(rows[i].text, LXC), rows[i].second);
		assert_int_equal(has(rows[i].text, HOST | LXC), rows[i].both);
	}
}

static void and_binds_most_and_the_rest_goes_from_left_to_right(void **state)
{
	(void)state;
	assert_true(has("host | lxc & gvisor", HOST));
	assert_false(has("(host | lxc) & gvisor", HOST));
	assert_true(has("host - lxc | lxc", LXC));
	assert_false(has("host - (lxc | lxc)", LXC));
	assert_false(has("host-lxc-gvisor", HOST | GVISOR));
	assert_true(has("host - (lxc - gvisor)", HOST | LXC | GVISOR));
	assert_true(has(" ( ( host ) ) ", HOST));
}

static void a_name_is_read_as_far_as_it_is_one(void **state)
{
	(void)state;
	assert_true(has("a-b", A_B));
	assert_false(has("a-b", A));
	assert_true(has("a - b", A));
	assert_false(has("a -b", A | B));
	assert_true(has("a-b-b", A_B));
	assert_true(has("a-lxc", A)); /* no platform of that name */
	assert_true(has("x.y_z", 64));
}

static void errors_name_the_column_and_what_could_stand_there(void **state)
{
	(void)state;
	assert_error(
	    "host - kata",
	    "column 8 of the expression: there is no platform 'kata', only host, lxc, gvisor, a, "
	    "a-b, b, x.y_z");
	assert_error("hosts", "column 1 of the expression: there is no platform 'hosts', only");
	assert_error("kata-(host)", "there is no platform 'kata', only");
	assert_error(
	    "host - &",
	    "column 8 of the expression: a platform (host, lxc, gvisor, a, a-b, b, x.y_z)");
	assert_error("host lxc", "column 6 of the expression: an operator");
	assert_error("host -", "ends where a platform");
	assert_error("", "ends where a platform");
	assert_error("(host | lxc", "ends where ')' or an operator is expected");
	assert_error("host)", "column 5 of the expression: an operator");
	assert_error("host && lxc", "column 7 of the expression: a platform");
}

static void parentheses_may_not_be_without_end(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	(void)state;
	for (int i = 0; i < EXPRESSION_DEPTH_MAX - 1; i++)
		cov_text_print(&text, "lxc | host & (");
	cov_text_print(&text, "gvisor");
	for (int i = 0; i < EXPRESSION_DEPTH_MAX - 1; i++)
		cov_text_print(&text, ")");
	assert_true(has(text.data, GVISOR | HOST));
	assert_false(has(text.data, GVISOR));
	cov_text_print(&text, " | (");
	for (int i = 0; i < EXPRESSION_DEPTH_MAX; i++)
		cov_text_print(&text, "(");
	assert_error(text.data, "so many parentheses");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operators_are_those_of_sets),
		cmocka_unit_test(and_binds_most_and_the_rest_goes_from_left_to_right),
		cmocka_unit_test(a_name_is_read_as_far_as_it_is_one),
		cmocka_unit_test(errors_name_the_column_and_what_could_stand_there),
		cmocka_unit_test(parentheses_may_not_be_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
