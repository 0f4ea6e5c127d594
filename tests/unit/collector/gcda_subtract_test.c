/* gcda_subtract_test.c - differences of counters, in every layout, and nothing else changes. */
#include "collector/gcov/gcda_subtract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Since GCC 12: lengths in bytes, a checksum in the header. */
static const uint32_t later_12[] = {
	0x67636461, 0x4232322a, 0x1234, 0xabcd,          /* "gcda", 12.2, stamp, checksum */
	0x01000000, 12,         0xf00d, 0x11,   0x22,    /* function */
	0x01a10000, 16,         5,      1,      7,    0, /* counters 2^32 + 5 and 7 */
	0,
};
static const uint32_t earlier_12[] = {
	0x67636461, 0x4232322a, 0x1234, 0xabcd, 0x01000000, 12, 0xf00d, 0x11,
	0x22,       0x01a10000, 16,     6,      0,          7,  0,      0,
};
/* Before: lengths in words, no checksum in the header. */
static const uint32_t later_9[] = {
	0x67636461, 0x4139332a, 0x1234, 0x01000000, 3, 0xf00d, 0x11, 0x22, 0x01a10000, 2, 9, 0, 0,
};
static const uint32_t earlier_9[] = {
	0x67636461, 0x4139332a, 0x1234, 0x01000000, 3, 0xf00d, 0x11, 0x22, 0x01a10000, 2, 4, 0, 0,
};

static void counters_become_differences(void **state)
{
	(void)state;
	uint32_t bytes[sizeof(later_12) / sizeof(later_12[0])];
	uint32_t expected[sizeof(later_12) / sizeof(later_12[0])];

	memcpy(bytes, later_12, sizeof(bytes));
	memcpy(expected, later_12, sizeof(expected));
	expected[11] = UINT32_MAX; /* 2^32 + 5 - 6 */
	expected[12] = 0;
	expected[13] = 0;
	assert_true(gcda_subtract((char *)bytes, (const char *)earlier_12, sizeof(bytes)));
	assert_memory_equal(bytes, expected, sizeof(bytes));
}

static void lengths_are_words_before_gcc_12(void **state)
{
	(void)state;
	uint32_t bytes[sizeof(later_9) / sizeof(later_9[0])];

	memcpy(bytes, later_9, sizeof(bytes));
	assert_true(gcda_subtract((char *)bytes, (const char *)earlier_9, sizeof(bytes)));
	assert_int_equal(bytes[10], 5);
}

static void a_file_minus_itself_is_all_zeros(void **state)
{
	(void)state;
	uint32_t bytes[sizeof(later_12) / sizeof(later_12[0])];

	memcpy(bytes, later_12, sizeof(bytes));
	assert_true(gcda_subtract((char *)bytes, (const char *)later_12, sizeof(bytes)));
	for (size_t i = 11; i < 15; i++)
		assert_int_equal(bytes[i], 0);
}

/* Each word but the counters': another function, stamp, length or version is another file. */
static void files_of_other_forms_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(later_12) / sizeof(later_12[0]); i++) {
		uint32_t bytes[sizeof(later_12) / sizeof(later_12[0])];
		bool is_counter = i >= 11 && i < 15;

		memcpy(bytes, later_12, sizeof(bytes));
		bytes[i] ^= 0x40;
		assert_int_equal(
		    gcda_subtract((char *)bytes, (const char *)later_12, sizeof(bytes)),
		    is_counter);
	}
}

/* Where one record ends and the next begins, a cut leaves a file that is whole as far as it goes.
 */
static void a_file_cut_within_its_header_or_a_record_is_refused(void **state)
{
	enum { HEADER = 4 * 4, FUNCTION = HEADER + 5 * 4, COUNTERS = FUNCTION + 6 * 4 };

	(void)state;
	for (size_t size = 0; size < sizeof(later_12); size++) {
		char *bytes = test_malloc(size + 1), *other = test_malloc(size + 1);

		memcpy(bytes, later_12, size);
		memcpy(other, later_12, size);
		bool is_subtracted = gcda_subtract(bytes, other, size);
		assert_int_equal(is_subtracted,
				 size == HEADER || size == FUNCTION || size == COUNTERS);
		test_free(bytes);
		test_free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_become_differences),
		cmocka_unit_test(lengths_are_words_before_gcc_12),
		cmocka_unit_test(a_file_minus_itself_is_all_zeros),
		cmocka_unit_test(files_of_other_forms_are_refused),
		cmocka_unit_test(a_file_cut_within_its_header_or_a_record_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
