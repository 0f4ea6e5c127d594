/* placeholder_test.c - {name} becomes its value, other braces stay. */
#include "collector/experiment/placeholder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct placeholder known[] = { { "time", "5" }, { "peer", "198.18.1.2" }, { 0 } };

static void names_become_values_and_other_braces_stay(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		/* word, result, first unknown name */
		{ "--time={time}", "--time=5", NULL },
		{ "{peer}:{time}", "198.18.1.2:5", NULL },
		{ "", "", NULL },
		{ "{", "{", NULL },
		{ "{}", "{}", NULL },
		{ "{Time}", "{Time}", NULL },
		{ "{ print }", "{ print }", NULL },
		{ "{{time}}", "{5}", NULL },
		{ "{time", "{time", NULL },
		{ "{tiem} {x}", "{tiem} {x}", "tiem" },
	};
	struct cov_arena arena = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *unknown;

		assert_string_equal(placeholder_fill(cases[i][0], known, &arena, &unknown),
				    cases[i][1]);
		if (cases[i][2])
			assert_string_equal(unknown, cases[i][2]);
		else
			assert_null(unknown);
	}
	cov_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_values_and_other_braces_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
