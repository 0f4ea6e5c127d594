/* fold_test.c - what perf script prints becomes folded stacks, whatever the names in it. */
#include "collector/run/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void fold_lines(struct fold *fold, const char *const *lines)
{
	for (; *lines; lines++)
		fold_line(fold, *lines);
	fold_end(fold);
}

static void assert_folded(const char *const *lines, const char *expected)
{
	COV_AUTO(fold_deinit) struct fold fold = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	fold_lines(&fold, lines);
	fold_print(&fold, &text);
	assert_string_equal(text.data ? text.data : "", expected);
}

#define KERNEL " ([kernel.kallsyms])"

static void frames_are_from_the_outermost_and_the_kernels_are_marked(void **state)
{
	static const char *const lines[] = {
		"covdb-work ",
		"\tffffffff814f9dc8 ksys_write+0x88" KERNEL,
		"\tffffffff81eb9c7e do_syscall_64+0x6e" KERNEL,
		"\t          12c38c write+0x1f (/usr/lib/libc.so.6)",
		"",
		NULL,
	};

	(void)state;
	assert_folded(lines, "covdb-work;write;do_syscall_64_[k];ksys_write_[k] 1\n");
}

static void equal_stacks_are_one_and_all_are_sorted(void **state)
{
	static const char *const lines[] = {
		"b ", "\tffffffff81000001 f+0x1" KERNEL, "",
		"a ", "\tffffffff81000001 f+0x1" KERNEL, "",
		"b ", "\tffffffff81000009 f+0x9" KERNEL, "",
		NULL,
	};

	(void)state;
	assert_folded(lines, "a;f_[k] 1\nb;f_[k] 2\n");
}

static void what_has_no_symbol_is_its_file_once(void **state)
{
	static const char *const lines[] = {
		"runsc ",
		"\t          4b7a10 [unknown] (/memfd:runsc (deleted))",
		"\t          4b7a90 [unknown] (/memfd:runsc (deleted))",
		"\t        ffffffff [unknown] ([unknown])",
		"",
		"x ",
		"\tffffffffc0000010 [unknown] ([unknown])",
		"",
		NULL,
	};

	(void)state;
	assert_folded(lines, "runsc;[unknown];[memfd:runsc] 1\nx;[unknown]_[k] 1\n");
}

static void names_cannot_pass_for_frames_lines_or_counts(void **state)
{
	static const char *const lines[] = {
		"a;b 7 ",
		"\t            1000 f(int; char) (.part) const+0x10 (/usr/lib/lib (1).so)",
		"",
		"no number \x01",
		"",
		NULL,
	};

	(void)state;
	assert_folded(lines, "a:b 7;f(int: char) (.part) const 1\nno number ? 1\n");
}

/* The function at its first byte called nothing yet: the caller is the one before it. */
static void a_return_address_at_a_start_names_no_function(void **state)
{
	static const char *const lines[] = {
		"sh ",
		"\tffffffff81000000 do_exit+0x0" KERNEL,
		"\tffffffff81000100 __x64_sys_exit_group+0x0" KERNEL,
		"",
		NULL,
	};

	(void)state;
	assert_folded(lines, "sh;[kernel.kallsyms]_[k];do_exit_[k] 1\n");
}

static void lost_samples_are_counted_and_are_none(void **state)
{
	static const char *const lines[] = {
		"swapper PERF_RECORD_LOST lost 12", "sh ", "\tffffffff81000010 f+0x10" KERNEL, "",
		"perf PERF_RECORD_LOST lost 5",     NULL,
	};
	COV_AUTO(fold_deinit) struct fold fold = { 0 };

	(void)state;
	fold_lines(&fold, lines);
	assert_int_equal(fold.lost, 17);
	assert_int_equal(fold.samples, 1);
}

static void no_number_of_samples_is_lost_when_stacks_are_merged(void **state)
{
	enum { SAMPLES = 20000, STACKS = 7 };
	COV_AUTO(fold_deinit) struct fold fold = { 0 };
	long long sum = 0;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const char name[] = { (char)('a' + i % STACKS), ' ', '\0' };

		fold_line(&fold, name);
		fold_line(&fold, "");
	}
	fold_end(&fold);
	assert_int_equal(fold.count, STACKS);
	for (size_t i = 0; i < fold.count; i++)
		sum += fold.stacks[i].samples;
	assert_int_equal(sum, SAMPLES);
}

/* Cut anywhere, it is other frames at most. */
static void a_text_cut_short_ends_the_last_sample(void **state)
{
	static const char line[] = "\tffffffff814f9dc8 ksys_write+0x88" KERNEL;

	(void)state;
	for (size_t length = 1; length < sizeof(line); length++) {
		COV_AUTO(fold_deinit) struct fold fold = { 0 };
		char cut[sizeof(line)];

		memcpy(cut, line, length);
		cut[length] = '\0';
		fold_line(&fold, "sh ");
		fold_line(&fold, cut);
		fold_end(&fold);
		assert_int_equal(fold.samples, 1);
		assert_int_equal(fold.count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_from_the_outermost_and_the_kernels_are_marked),
		cmocka_unit_test(equal_stacks_are_one_and_all_are_sorted),
		cmocka_unit_test(what_has_no_symbol_is_its_file_once),
		cmocka_unit_test(names_cannot_pass_for_frames_lines_or_counts),
		cmocka_unit_test(a_return_address_at_a_start_names_no_function),
		cmocka_unit_test(lost_samples_are_counted_and_are_none),
		cmocka_unit_test(no_number_of_samples_is_lost_when_stacks_are_merged),
		cmocka_unit_test(a_text_cut_short_ends_the_last_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
