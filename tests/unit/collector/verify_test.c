/* verify_test.c - what the gcov of each compiler can be asked for, and the files that it names. */
#include "tests/unit/fixture.h"

#include "collector/decode/kernel.h"
#include "collector/gcov/gcov_format.h"
#include "collector/gcov/source_path.h"
#include "collector/verify/verify_gcov.h"
#include "collector/verify/verify_place.h"
#include "collector/verify/verify_text.h"

static void each_gcov_is_asked_for_what_it_prints(void **state)
{
	static const struct {
		uint32_t version;
		enum verify_output output;
	} versions[] = {
		{ 0x3430372a, VERIFY_OUTPUT_FILES }, /* 407* */
		{ 0x4137352a, VERIFY_OUTPUT_FILES }, /* A75* */
		{ 0x4138312a, VERIFY_OUTPUT_NONE },  /* A81* */
		{ 0x4138352a, VERIFY_OUTPUT_NONE },  /* A85* */
		{ 0x4139312a, VERIFY_OUTPUT_JSON },  /* A91* */
		{ 0x4232322a, VERIFY_OUTPUT_JSON },  /* B22* */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		struct cov_object object = { .plan = { .version = versions[i].version,
						       .line_rule = GCOV_LINES_FLOW } };
		struct cov_kernel kernel = { .objects = &object, .object_count = 1 };

		assert_int_equal(verify_gcov_output(&kernel), versions[i].output);
	}
}

/* Two implementations that have nothing in common agree, so that a fault of either is seen. */
static void the_place_of_a_name_is_the_one_that_is_shown(void **state)
{
	static const char *const roots[] = { "/src/linux", "/src/linux/build" };
	static const struct {
		const char *given, *cwd, *place;
	} names[] = {
		{ "net/dev.c", "/src/linux", "net/dev.c" },
		{ "./net//dev.c", "/src/linux", "net/dev.c" },
		{ "arch/x86/kvm/../../../virt/kvm/kvm_main.c", "/src/linux",
		  "virt/kvm/kvm_main.c" },
		{ "../net/dev.c", "/src/linux/build", "net/dev.c" },
		{ "kernel/bounds.h", "/src/linux/build", "kernel/bounds.h" },
		{ "/src/linux/net/dev.c", "/elsewhere", "net/dev.c" },
		{ "m.c", "/own/mod1", "/own/mod1/m.c" },
		{ "../../usr/include/x.h", "/src/linux", "/usr/include/x.h" },
		{ "/src/linux2/a.c", "", "/src/linux2/a.c" },
		{ "net/dev.c", "", "net/dev.c" },
		{ "../x/./y/../a.c", "", "../x/a.c" },
		{ "../../a.c", "", "../../a.c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *const deepest_first[] = { roots[1], roots[0] };
		COV_AUTO(free) char *place = verify_place(names[i].given, names[i].cwd, roots);
		COV_AUTO(free)
		char *shown = source_path_relative(names[i].given, names[i].cwd, deepest_first, 2);

		assert_string_equal(place, names[i].place);
		assert_string_equal(shown, names[i].place);
	}
}

#define PART(source, graph, rows)                                                                  \
	"        -:    0:Source:" source "\n        -:    0:Graph:" graph "\n" rows

static void what_llvm_cov_prints_of_several_objects_is_cut_between_them(void **state)
{
	static const char first[] = PART("a.c", "/x/0.gcno", "        1:    1:a\n")
	    PART("h.h", "/x/0.gcno", "        1:    1:        -:    0:Source:no.c\n");
	static const char third[] = PART("a.c", "/x/2.gcno", "        2:    1:a\n");
	COV_AUTO(free) char *text = cov_format("%s%s", first, third);
	char *rest = text;

	(void)state;
	char *part = verify_text_cut(&rest, "/x/0.gcno");
	assert_memory_equal(part, first, strlen(first) - 1); /* without the last end of a line */
	assert_int_equal(strlen(part), strlen(first) - 1);
	assert_string_equal(verify_text_cut(&rest, "/x/1.gcno"), "");
	assert_string_equal(rest, third);
	assert_string_equal(verify_text_cut(&rest, "/x/2.gcno"), third);
	assert_string_equal(rest, "");
	assert_string_equal(verify_text_cut(&rest, "/x/3.gcno"), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_place_of_a_name_is_the_one_that_is_shown),
		cmocka_unit_test(each_gcov_is_asked_for_what_it_prints),
		cmocka_unit_test(what_llvm_cov_prints_of_several_objects_is_cut_between_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
