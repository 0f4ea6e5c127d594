/* verify_test.c - what the gcov of each compiler can be asked for. */
#include "tests/unit/fixture.h"

#include "collector/decode/kernel.h"
#include "collector/gcov/gcov_format.h"
#include "collector/verify/verify_gcov.h"

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gcov_is_asked_for_what_it_prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
