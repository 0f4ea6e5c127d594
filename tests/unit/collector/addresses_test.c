/* addresses_test.c - lists of addresses, and syzkaller's rows, read from memory. */
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_addresses.h"
#include "collector/exchange/tracefile_content.h"
#include "collector/exchange/tracefile_read.h"

#include "tests/unit/fixture.h"

static int read_list(const char *text, struct tracefile_addresses *addresses)
{
	struct cov_error err;

	return tracefile_addresses_read(text, strlen(text), "x", addresses, &err);
}

static void addresses_are_in_order_and_each_once(void **state)
{
	COV_AUTO(tracefile_addresses_deinit) struct tracefile_addresses addresses = { 0 };

	(void)state;
	assert_int_equal(read_list("# why\n\n0xffffffff81000010\n  ffffffff81000000 foo+0x1\r\n"
				   "0X10, 3, 4\n\t0xFFFFFFFF81000010\n0x10",
				   &addresses),
			 0);
	assert_int_equal(addresses.count, 3);
	assert_true(addresses.items[0] == 0x10);
	assert_true(addresses.items[1] == 0xffffffff81000000);
	assert_true(addresses.items[2] == 0xffffffff81000010);
}

static void what_is_no_address_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = {
		"0x", "x",      "deadbee", "0x10;", "0x12345678901234567", "12345678901234567",
		"-1", "add the"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		COV_AUTO(tracefile_addresses_deinit) struct tracefile_addresses addresses = { 0 };
		COV_AUTO(free) char *text = cov_format("0x1\n%s\n", bad[i]);
		struct cov_error err;

		assert_int_equal(
		    tracefile_addresses_read(text, strlen(text), "x", &addresses, &err),
		    COV_ERR_FORMAT);
		assert_int_equal(strncmp(err.message, "x:2: ", 5), 0);
		assert_int_equal(addresses.count, 0);
	}
}

static void a_file_of_addresses_is_told_by_its_first_line(void **state)
{
	static const struct {
		const char *text;
		enum tracefile_format format;
	} files[] = {
		{ "0x10\n", TRACEFILE_ADDRESSES },
		{ "\n  ffffffff81000000 \n", TRACEFILE_ADDRESSES },
		{ "# a\n0xffffffff81000000", TRACEFILE_ADDRESSES },
		{ "PC,Module,Offset,Filename,Inline,StartLine,EndLine\n", TRACEFILE_FRAMES },
		{ "PC,Module,Offset,Filename,StartLine,EndLine\n", TRACEFILE_FRAMES },
		{ "deadbee\n", TRACEFILE_UNKNOWN },
		{ "Module,Filename,Function,Covered PCs,Total PCs\n", TRACEFILE_UNKNOWN },
		{ "<!DOCTYPE html>", TRACEFILE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_int_equal(tracefile_content_format(files[i].text, strlen(files[i].text)),
				 files[i].format);
}

static int read_rows(const char *text, size_t size, struct cov_tracefile *tracefile)
{
	struct cov_error err;
	int result = tracefile_read_bytes(text, size, "x", NULL, tracefile, &err);

	if (result)
		assert_int_equal(strncmp(err.message, "x", 1), 0);
	tracefile_settle(tracefile);
	return result;
}

static void what_ran_counts_one_however_often_it_is_said(void **state)
{
	static const char text[] =
	    "{\"file_path\":\"a.c\",\"func_name\":\"f.part.0\",\"sl\":3,\"sc\":0,\"el\":4,"
	    "\"ec\":-1,\"hit_count\":7,\"inline\":false,\"pc\":18446744071578845184}\n"
	    "{\"file_path\":\"a.c\",\"func_name\":\"f\",\"sl\":4,\"sc\":0,\"el\":3,"
	    "\"ec\":-1,\"hit_count\":2,\"inline\":true,\"pc\":1}\n"
	    "{\"file_path\":\"a.c\",\"func_name\":\"g\",\"sl\":9,\"sc\":0,\"el\":9,"
	    "\"ec\":-1,\"hit_count\":0,\"inline\":false,\"pc\":1}\n";
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };

	(void)state;
	assert_int_equal(read_rows(text, strlen(text), &tracefile), 0);
	assert_true(tracefile.has_no_counts);
	assert_int_equal(tracefile.file_count, 1);
	const struct tracefile_file *file = &tracefile.files[0];
	assert_int_equal(file->line_count, 3);
	assert_int_equal(file->lines[0].count, 1);
	assert_int_equal(file->lines[1].count, 1);
	assert_int_equal(file->lines[2].count, 0);
	assert_int_equal(file->function_count, 2);
	assert_string_equal(file->functions[0].name, "f");
	assert_int_equal(file->functions[0].calls, 1);
	assert_int_equal(file->functions[1].calls, 0);
}

static void files_of_syzkallers_cut_anywhere_are_refused_or_whole(void **state)
{
	static const char *const whole[] = {
		"[{\"Module\": \"m\", \"Filename\": \"/s/a.c\", \"Covered\": [1, 2], \"Both\": "
		"[3]}]",
		("{\"program\": \"p\", \"coverage\": [{\"file_path\": \"a.c\", \"functions\": "
		 "[{\"func_name\": \"f\", \"blocks\": [{\"hit_count\": 0, \"from_line\": 1, "
		 "\"to_line\": 2}]}]}]}"),
		"PC,Module,Offset,Filename,Inline,StartLine,EndLine\n0x1,,0x1,a,b.c,true,1,2\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++) {
		for (size_t size = 1; size <= strlen(whole[i]); size++) {
			COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
			COV_AUTO(free) char *copy = cov_xstrndup(whole[i], size);
			int result = read_rows(copy, size, &tracefile);

			assert_true(result == 0 || !tracefile.file_count);
			if (size == strlen(whole[i]))
				assert_int_equal(result, 0);
		}
	}
}

static void a_comma_may_be_in_the_name_of_a_file(void **state)
{
	static const char text[] = "PC,Module,Offset,Filename,StartLine,EndLine\r\n"
				   "0x1,,0x1,a,b.c,1,2\r\n\r\n";
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };

	(void)state;
	assert_int_equal(read_rows(text, strlen(text), &tracefile), 0);
	assert_int_equal(tracefile.file_count, 1);
	assert_string_equal(tracefile.files[0].path, "a,b.c");
	assert_int_equal(tracefile.files[0].line_count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_in_order_and_each_once),
		cmocka_unit_test(what_is_no_address_is_refused_with_its_line),
		cmocka_unit_test(a_file_of_addresses_is_told_by_its_first_line),
		cmocka_unit_test(what_ran_counts_one_however_often_it_is_said),
		cmocka_unit_test(files_of_syzkallers_cut_anywhere_are_refused_or_whole),
		cmocka_unit_test(a_comma_may_be_in_the_name_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
