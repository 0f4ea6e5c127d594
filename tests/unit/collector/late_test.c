/* late_test.c - libraries that are loaded when they are needed. */
#include "tests/unit/fixture.h"

#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/late.h"

static void a_library_is_loaded_with_its_functions(void **state)
{
	static const char *const names[] = { "getpid", "getppid" };
	struct {
		__typeof__(getpid) *own, *parent;
	} functions;
	struct cov_error err;

	(void)state;
	assert_int_equal(cov_late_load("libc.so.6", names, 2, &functions, &err), 0);
	assert_int_equal(functions.own(), getpid());
	assert_int_equal(functions.parent(), getppid());
}

static void a_library_that_is_not_there_is_named(void **state)
{
	struct cov_error err;

	(void)state;
	assert_int_equal(cov_late_load("libnone.so.1", NULL, 0, NULL, &err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "libnone.so.1"));
}

static void a_function_that_a_library_has_not_is_named(void **state)
{
	static const char *const names[] = { "getpid", "no_such_function" };
	void *functions[2];
	struct cov_error err;

	(void)state;
	assert_int_equal(cov_late_load("libc.so.6", names, 2, functions, &err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "no_such_function"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_library_is_loaded_with_its_functions),
		cmocka_unit_test(a_library_that_is_not_there_is_named),
		cmocka_unit_test(a_function_that_a_library_has_not_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
