/* gcda_test.c - the reader of .gcda files. */
#include "tests/unit/fixture.h"

#include "collector/gcov/gcda.h"

static const uint32_t two_counters[] = {
	0x67636461, 0x4232322a, 0x1234, 0, /* magic, version of GCC 12.2, stamp, checksum */
	0x01000000, 12,         0xf00d, 0x11, 0x22, /* function: 12 bytes; ident, two checksums */
	0x01a10000, 16,         5,      0,    0,
	1, /* arc counters: 16 bytes; 5 and 2^32, low word first */
};

static void counters_are_read_low_word_first(void **state)
{
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse(two_counters, sizeof(two_counters), &gcda, &err), 0);
	assert_int_equal(gcda.stamp, 0x1234);
	assert_int_equal(gcda.function_count, 1);
	assert_int_equal(gcda.functions[0].ident, 0xf00d);
	assert_int_equal(gcda.functions[0].counter_count, 2);
	assert_int_equal(gcda.counters[0], 5);
	assert_true(gcda.counters[1] == (int64_t)1 << 32);
	assert_false(gcda.has_end_marker);
	gcda_deinit(&gcda);
}

static void the_other_byte_order_gives_the_same_counters(void **state)
{
	uint32_t swapped[sizeof(two_counters) / 4];
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(two_counters) / 4; i++)
		swapped[i] = __builtin_bswap32(two_counters[i]);
	assert_int_equal(gcda_parse(swapped, sizeof(swapped), &gcda, &err), 0);
	assert_int_equal(gcda.counters[0], 5);
	assert_true(gcda.counters[1] == (int64_t)1 << 32);
	gcda_deinit(&gcda);
}

static void a_file_cut_inside_a_record_is_truncated(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(two_counters); size++) {
		bool between_records = size == 16 || size == 36;
		struct fixture_bytes bytes = { (char *)two_counters, sizeof(two_counters) };
		COV_AUTO(free) char *copy = fixture_copy(&bytes, size);
		struct gcda gcda = { 0 };
		struct cov_error err;

		int cut =
		    size < 4 ? COV_ERR_FORMAT : COV_ERR_TRUNCATED; /* no magic word, no file */

		assert_int_equal(gcda_parse(copy, size, &gcda, &err), between_records ? 0 : cut);
		gcda_deinit(&gcda);
	}
}

static void a_negative_length_stands_for_zero_counters_without_payload(void **state)
{
	static const uint32_t words[] = {
		0x67636461, 0x4232322a, 0x1234, 0,          0x01000000,    12,
		1,          2,          3,      0x01a10000, (uint32_t)-24, 0x01000000,
		12,         4,          5,      6,          0x01a10000,    8,
		9,          0,          0,
	};
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse(words, sizeof(words), &gcda, &err), 0);
	assert_int_equal(gcda.function_count, 2);
	assert_true(gcda.functions[0].is_zero);
	assert_int_equal(gcda.functions[0].counter_count, 3);
	assert_int_equal(gcda.functions[1].counter_count, 1);
	assert_int_equal(gcda.counters[gcda.functions[1].counter_first], 9);
	assert_true(gcda.has_end_marker);
	gcda_deinit(&gcda);
}

static void word_lengths_of_gcc_9_are_read(void **state)
{
	static const uint32_t words[] = {
		0x67636461, 0x4139332a, 7, 0x01000000, 3, 1, 2, 3, 0x01a10000, 4, 5, 0, 6, 0,
	};
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse(words, sizeof(words), &gcda, &err), 0);
	assert_int_equal(gcda.functions[0].counter_count, 2);
	assert_int_equal(gcda.counters[1], 6);
	gcda_deinit(&gcda);
}

static void foreign_and_empty_files_are_named_so(void **state)
{
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse("", 0, &gcda, &err), COV_ERR_FORMAT);
	assert_string_equal(err.message, "the file is empty");
	assert_int_equal(gcda_parse("#!/bin/sh\necho", 14, &gcda, &err), COV_ERR_FORMAT);
	assert_string_equal(err.message, "not a gcov data file");
}

static void unknown_records_are_passed_over_by_their_length(void **state)
{
	static const uint32_t words[] = {
		0x67636461, 0x4232322a, 0x1234, 0, 0xa1000000, 8, 1, 2, 0x01000000, 12, 1, 2, 3,
		0x01a30000, 8,          77,     0, 0x01a10000, 8, 9, 0,
	};
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse(words, sizeof(words), &gcda, &err), 0);
	assert_int_equal(gcda.counter_count, 1);
	assert_int_equal(gcda.counters[0], 9);
	gcda_deinit(&gcda);
}

static void no_word_of_a_real_file_makes_the_reader_fail_badly(void **state)
{
	struct fixture_bytes bytes = fixture_read("sample.gcda");
	static const uint32_t values[] = { 0, 1, 0x7fffffff, 0xffffffff };

	(void)state;
	for (size_t offset = 0; offset + 4 <= bytes.size; offset++) {
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			COV_AUTO(free) char *copy = fixture_copy(&bytes, bytes.size);
			struct gcda gcda = { 0 };
			struct cov_error err;

			memcpy(copy + offset, &values[i], 4);
			int result = gcda_parse(copy, bytes.size, &gcda, &err);
			assert_true(result == 0 || result == COV_ERR_FORMAT ||
				    result == COV_ERR_TRUNCATED || result == COV_ERR_MISMATCH);
			gcda_deinit(&gcda);
		}
	}
	free(bytes.data);
}

/* GCC 14 writes condition counters so: of functions that did not run, a negative length. */
static void a_negative_length_of_other_counters_has_no_payload_either(void **state)
{
	static const uint32_t words[] = {
		0x67636461, 0x4234322a,
		0x1234,     0, /* magic, version of GCC 14.2 */
		0x01000000, 12,
		0xf00d,     0x11,
		0x22,                      /* function */
		0x01a10000, (uint32_t)-16, /* two arc counters */
		0x01b10000, (uint32_t)-32, /* four condition counters */
		0x01000000, 12,
		0xf00e,     0x11,
		0x22, /* the next function is found */
		0x01a10000, 8,
		3,          0, /* one counter */
	};
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(gcda_parse(words, sizeof(words), &gcda, &err), 0);
	assert_int_equal(gcda.function_count, 2);
	assert_int_equal(gcda.functions[0].counter_count, 2);
	assert_true(gcda.functions[0].is_zero);
	assert_int_equal(gcda.functions[1].counter_count, 1);
	assert_int_equal(gcda.counters[gcda.functions[1].counter_first], 3);
	gcda_deinit(&gcda);
}

static void memory_of_a_file_serves_for_the_next(void **state)
{
	struct gcda gcda = { 0 };
	struct cov_error err;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(gcda_parse(two_counters, sizeof(two_counters), &gcda, &err), 0);
		assert_int_equal(gcda.function_count, 1);
		assert_int_equal(gcda.counter_count, 2);
		assert_int_equal(gcda.counters[0], 5);
		assert_int_equal(gcda_parse(two_counters, sizeof(two_counters) - 4, &gcda, &err),
				 COV_ERR_TRUNCATED);
		assert_int_equal(gcda.function_count, 0);
		assert_int_equal(gcda.counter_count, 0);
	}
	gcda_deinit(&gcda);
}

/* A record of no counters whose length is beyond the file is cut short, however it is read. */
static void a_negative_length_of_no_counters_is_truncated(void **state)
{
	static const uint32_t tags[] = { 0x01a00000, 0x01a30001, 0xa1000000, 0x01450000 };

	(void)state;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		const uint32_t words[] = {
			0x67636461, 0x4234322a, 0x1234, 0, tags[i], (uint32_t)-16
		};
		struct gcda gcda = { 0 };
		struct cov_error err;

		assert_int_equal(gcda_parse(words, sizeof(words), &gcda, &err), COV_ERR_TRUNCATED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_are_read_low_word_first),
		cmocka_unit_test(the_other_byte_order_gives_the_same_counters),
		cmocka_unit_test(a_file_cut_inside_a_record_is_truncated),
		cmocka_unit_test(a_negative_length_stands_for_zero_counters_without_payload),
		cmocka_unit_test(a_negative_length_of_other_counters_has_no_payload_either),
		cmocka_unit_test(memory_of_a_file_serves_for_the_next),
		cmocka_unit_test(a_negative_length_of_no_counters_is_truncated),
		cmocka_unit_test(word_lengths_of_gcc_9_are_read),
		cmocka_unit_test(foreign_and_empty_files_are_named_so),
		cmocka_unit_test(unknown_records_are_passed_over_by_their_length),
		cmocka_unit_test(no_word_of_a_real_file_makes_the_reader_fail_badly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
