/* text_test.c - what a terminal shows of a text, and what it is not given. */
#include "tests/unit/fixture.h"

/* A text, and how it is shown. */
static const struct {
	const char *text, *shown;
} texts[] = {
	{ "", "" },
	{ "net/core/dev.c", "net/core/dev.c" },
	{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7",
	  "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7" },
	{ "a\x1b[2Jb", "a\\x1b[2Jb" },
	{ "\r\n\t\b\x7f", "\\x0d\\x0a\\x09\\x08\\x7f" },
	{ "\xc2\x9b"
	  "2J\xc2\x80\xc2\xa0",
	  "\\xc2\\x9b2J\\xc2\\x80\xc2\xa0" },
	{ "caf\xe9", "caf\\xe9" },
	{ "\x9b"
	  "2J",
	  "\\x9b2J" },
	{ "cut\xe2\x82", "cut\\xe2\\x82" },
	{ "a\xe2\x80\xae \xe2\x81\xa6", "a\\xe2\\x80\\xae \\xe2\\x81\\xa6" },
	{ "\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8", "\\xe2\\x80\\x8f\\xd8\\x9c\\xe2\\x80\\xa8" },
	{ "\xd7\xa9 \xd8\xa7", "\xd7\xa9 \xd8\xa7" }, /* letters that go left */
};

static void a_text_is_shown_without_what_a_terminal_obeys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		COV_AUTO(cov_text_deinit) struct cov_text shown = { 0 }, again = { 0 };

		cov_text_add_shown(&shown, texts[i].text, strlen(texts[i].text));
		assert_string_equal(shown.data, texts[i].shown);
		cov_text_add_shown(&again, shown.data, shown.length);
		assert_string_equal(again.data, texts[i].shown);
	}
}

static void a_message_of_an_error_is_one_line_of_such_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct cov_error err = { 0 };

		assert_int_equal(cov_fail(&err, COV_ERR_FORMAT, "%s", texts[i].text),
				 COV_ERR_FORMAT);
		assert_string_equal(err.message, texts[i].shown);
	}
}

static void a_message_that_is_too_long_is_cut_between_characters(void **state)
{
	char text[COV_ERROR_MESSAGE_BYTES];
	struct cov_error err = { 0 };

	(void)state;
	memset(text, '\x1b', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	cov_fail(&err, COV_ERR_FORMAT, "%s", text);
	assert_int_equal(strlen(err.message), (COV_ERROR_MESSAGE_BYTES - 1) / 4 * 4);
	assert_string_equal(err.message + strlen(err.message) - 4, "\\x1b");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_shown_without_what_a_terminal_obeys),
		cmocka_unit_test(a_message_of_an_error_is_one_line_of_such_text),
		cmocka_unit_test(a_message_that_is_too_long_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
