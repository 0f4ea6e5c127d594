/* suggest_test.c - which name is meant by a word that is none. */
#include "tests/unit/fixture.h"

#include "collector/base/memory.h"
#include "collector/base/suggest.h"

enum { NAMES_MAX = 4 };

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_few_letters_make_of_the_word_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
