/* source_path_test.c - one spelling for each source file. */
#include "tests/unit/fixture.h"

#include "collector/gcov/source_path.h"

static void assert_canonical(const char *path, const char *expected)
{
	COV_AUTO(free) char *got = source_path_canonical(path);

	assert_string_equal(got, expected);
}

static void dots_and_double_slashes_are_dropped(void **state)
{
	(void)state;
	assert_canonical("./include/linux/list.h", "include/linux/list.h");
	assert_canonical("arch/x86/kvm/../../../virt/kvm/kvm_main.c", "virt/kvm/kvm_main.c");
	assert_canonical("a//b/./c", "a/b/c");
	assert_canonical("net/", "net");
	assert_canonical(".", "");
	assert_canonical("", "");
	assert_canonical("a/..", "");
}

static void what_cannot_be_resolved_stays(void **state)
{
	(void)state;
	assert_canonical("../x.c", "../x.c");
	assert_canonical("../../x/../y.c", "../../y.c");
	assert_canonical("a/../../x.c", "../x.c");
	assert_canonical("/a/../b.c", "/b.c");
	assert_canonical("/../../a.c", "/a.c");
	assert_canonical("/a/../../b.c", "/b.c");
	assert_canonical("..x/y..", "..x/y..");
}

static void names_are_relative_to_the_tree_that_holds_them(void **state)
{
	const char *roots[] = { "/src/linux/build", "/src/linux" };
	static const char *const cases[][2] = {
		{ "include/generated/autoconf.h", "include/generated/autoconf.h" },
		{ "../net/core/dev.c", "net/core/dev.c" },
		{ "/src/linux/net/core/dev.c", "net/core/dev.c" },
		{ "/usr/lib/gcc/include/stdarg.h", "/usr/lib/gcc/include/stdarg.h" },
		{ "/src/linux-5.4/a.c", "/src/linux-5.4/a.c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		COV_AUTO(free)
		char *got = source_path_relative(cases[i][0], "/src/linux/build", roots, 2);

		assert_string_equal(got, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dots_and_double_slashes_are_dropped),
		cmocka_unit_test(what_cannot_be_resolved_stays),
		cmocka_unit_test(names_are_relative_to_the_tree_that_holds_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
