/* utf8_test.c - names that are not UTF-8, in formats that take nothing else. */
#include "tests/unit/fixture.h"

#include "collector/base/utf8.h"

/* A name, and what stands for it. */
static const struct {
	const char *name, *form;
} names[] = {
	{ "", "" },
	{ "net/core/dev.c", "net/core/dev.c" },
	{ "caf\xc3\xa9.c", "caf\xc3\xa9.c" },
	{ "caf\xe9/a.c", "caf\\xe9/a.c" },
	{ "\xe9\xe8", "\\xe9\\xe8" },
	{ "cut\xe2\x82", "cut\\xe2\\x82" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
	{ "a\\b", "a\\b" },
	{ "a\\xe9", "a\\x5cxe9" },
	{ "a\\xE9", "a\\x5cxE9" },
	{ "a\\x5cxe9", "a\\x5cx5cxe9" },
	{ "a\\\xe9", "a\\\\xe9" },
	{ "a\\x", "a\\x" },
};

static void a_name_has_one_form_from_which_it_can_be_had_back(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *form = cov_utf8_name(names[i].name, &memory);
		COV_AUTO(free) char *back = strdup(form);

		assert_string_equal(form, names[i].form);
		assert_true((form == names[i].name) == (strcmp(form, names[i].name) == 0));
		cov_utf8_restore(back);
		assert_string_equal(back, names[i].name);
	}
}

static void different_names_stay_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(names[i].form, names[j].form);
	}
}

static void json_with_other_bytes_is_made_json(void **state)
{
	static const char printed[] =
	    "{\"a\": \"caf\xe9\\n\", \"b\": \"\\\\xe9 \\\\\\\\xe9 \\\"\"}";
	static const char expected[] =
	    "{\"a\": \"caf\\\\xe9\\n\", \"b\": \"\\\\x5cxe9 \\\\\\\\x5cxe9 \\\"\"}";
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	(void)state;
	cov_utf8_add_json(&text, printed, strlen(printed));
	assert_string_equal(text.data, expected);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_one_form_from_which_it_can_be_had_back),
		cmocka_unit_test(different_names_stay_different),
		cmocka_unit_test(json_with_other_bytes_is_made_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
