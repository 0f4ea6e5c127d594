/* history_test.c - lines of two versions are joined as git diff does; renamed files are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "venn/history/history_lines.h"
#include "venn/history/history_renames.h"

static struct history_text text_of(const char *text)
{
	return (struct history_text){ text, strlen(text) };
}

static void match(const char *old, const char *new, struct history_lines *lines)
{
	struct cov_error err;

	assert_int_equal(history_lines_match(text_of(old), text_of(new), lines, &err), 0);
}

static void lines_around_a_change_are_joined(void **state)
{
	COV_AUTO(history_lines_deinit) struct history_lines lines = { 0 };
	static const uint32_t others[] = { 0, 1, 0, 4, 0, 5 };

	(void)state;
	match("a\nb\nc\nd\ne\n", "a\nB\nB\nc\ne\nf", &lines);
	assert_int_equal(lines.old.line_count, 5);
	assert_int_equal(lines.new.line_count, 6);
	for (size_t i = 1; i <= 5; i++)
		assert_int_equal(lines.old.others[i], others[i]);
	assert_true(lines.old.is_replaced[2]);
	assert_false(lines.old.is_replaced[4]);
	assert_true(lines.new.is_replaced[2] && lines.new.is_replaced[3]);
	assert_false(lines.new.is_replaced[6]);
	assert_int_equal(lines.new.others[5], 5);
}

static void lines_before_and_behind_all_others_are_those_of_one_version(void **state)
{
	COV_AUTO(history_lines_deinit) struct history_lines first = { 0 };
	COV_AUTO(history_lines_deinit) struct history_lines last = { 0 };
	COV_AUTO(history_lines_deinit) struct history_lines none = { 0 };

	(void)state;
	match("a\nb\n", "0\na\nb\n", &first);
	assert_int_equal(first.old.others[1], 2);
	assert_int_equal(first.new.others[1], 0);
	match("0\na\nb\n", "a\n", &last);
	assert_int_equal(last.old.others[1], 0);
	assert_int_equal(last.old.others[2], 1);
	assert_int_equal(last.old.others[3], 0);
	match("", "a\n", &none);
	assert_int_equal(none.old.line_count, 0);
	assert_int_equal(none.new.others[1], 0);
	assert_false(none.new.is_replaced[1]);
}

static void equal_texts_are_joined_whole_whatever_is_in_them(void **state)
{
	static const char bytes[] = "a\0b\n\xff\n\nend";
	struct history_text text = { bytes, sizeof(bytes) - 1 };
	COV_AUTO(history_lines_deinit) struct history_lines lines = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(history_lines_match(text, text, &lines, &err), 0);
	assert_int_equal(lines.old.line_count, 4);
	for (uint32_t i = 1; i <= 4; i++)
		assert_int_equal(lines.old.others[i], i);
}

static void a_file_is_found_under_its_new_name(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text long_text = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text changed = { 0 };
	struct cov_error err;
	size_t found[3];

	(void)state;
	for (int i = 0; i < 200; i++) {
		cov_text_print(&long_text, "line %d of a file\n", i);
		cov_text_print(&changed, i % 10 ? "line %d of a file\n" : "another line %d\n", i);
	}
	const char *old_paths[] = { "a/gone.c", "a/moved.c", "b/same.c" };
	const char *new_paths[] = { "c/other.c", "c/moved.c", "d/same.c" };
	struct history_text old_texts[] = { text_of("nothing like\nthe others\n"),
					    text_of(long_text.data),
					    text_of("short\nbut\nthe same\n") };
	struct history_text new_texts[] = { text_of("some\nthing\nelse\n"), text_of(changed.data),
					    text_of("short\nbut\nthe same\n") };
	struct history_files old = { old_paths, old_texts, 3 }, new = { new_paths, new_texts, 3 };
	assert_int_equal(history_renames(&old, &new, found, &err), 0);
	assert_true(found[0] == SIZE_MAX);
	assert_int_equal(found[1], 1);
	assert_int_equal(found[2], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_around_a_change_are_joined),
		cmocka_unit_test(lines_before_and_behind_all_others_are_those_of_one_version),
		cmocka_unit_test(equal_texts_are_joined_whole_whatever_is_in_them),
		cmocka_unit_test(a_file_is_found_under_its_new_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
