/* suggest_test.c - which name is meant by a word that is none. */
#include "tests/unit/fixture.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"

enum { NAMES_MAX = 4, MANY = 1000 };

static const struct {
	const char *word, *names[NAMES_MAX], *meant; /* meant: NULL: nothing is close */
} cases[] = {
	{ "gviser", { "host", "gvisor" }, "gvisor" },
	{ "do_mmpa", { "do_cmp", "do_mmap" }, "do_mmap" }, /* a swap is one mistake */
	{ "ehlp", { "help" }, "help" },
	{ "VENN", { "verify", "venn" }, "venn" },
	{ "dev.c", { "net/core/dev.c", "fs/dev.c" }, "fs/dev.c" },
	{ "summary", { "diff", "venn" }, NULL },
	{ "", { "a" }, NULL },
	{ "do_mmap", { "do_cmp", "do_mmap", "do_mmap2" }, NULL }, /* there is one: elsewhere */
};

static void what_few_letters_make_of_the_word_is_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t count = 0;

		while (count < NAMES_MAX && cases[i].names[count])
			count++;
		COV_AUTO(free)
		char *text = cov_suggest_of(cases[i].word, cases[i].names, count);
		COV_AUTO(free)
		char *expected = cases[i].meant ? cov_format("; did you mean '%s'?", cases[i].meant)
						: cov_xstrdup("");

		assert_string_equal(text, expected);
	}
}

static void many_names_leave_room_for_the_one_that_was_meant(void **state)
{
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = "strem" };

	(void)state;
	cov_suggest(&suggestion, "cpu");
	cov_suggest(&suggestion, "cpu-10");
	cov_suggest(&suggestion, "cpu");
	cov_suggest(&suggestion, ""); /* of a damaged database */
	COV_AUTO(free) char *few = cov_suggest_only(&suggestion);
	assert_string_equal(few, ", only cpu, cpu-10");
	for (size_t i = 0; i < MANY; i++) {
		COV_AUTO(free) char *name = cov_format("workload-%zu", i);

		cov_suggest(&suggestion, name);
	}
	cov_suggest(&suggestion, "stream");
	COV_AUTO(free) char *many = cov_suggest_only(&suggestion);
	assert_non_null(strstr(many, ", only cpu, cpu-10, workload-0, "));
	assert_non_null(strstr(many, ", ...; did you mean 'stream'?"));
	assert_true(strlen(many) < COV_ERROR_MESSAGE_BYTES / 2);
}

static void no_name_is_none(void **state)
{
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = "cpu" };
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);

	(void)state;
	assert_string_equal(only, ", nor any other");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_few_letters_make_of_the_word_is_meant),
		cmocka_unit_test(many_names_leave_room_for_the_one_that_was_meant),
		cmocka_unit_test(no_name_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
