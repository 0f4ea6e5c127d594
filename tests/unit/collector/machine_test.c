/* machine_test.c - the build id in ELF notes; what the kernel's builder left behind. */
#include "collector/capture/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"

/* As in /sys/kernel/notes: another note first, whose content is padded to a word. */
static const uint32_t notes[] = {
	6, 1, 0x101, 0x756e694c, 0x00000078, 0x000000ff, /* "Linux", 1 byte */
	4, 8, 3,     0x00554e47, 0x04030201, 0x0f0e0d0c, /* "GNU", NT_GNU_BUILD_ID */
};

static void the_build_id_is_found_behind_other_notes(void **state)
{
	(void)state;
	struct cov_arena arena = { 0 };

	assert_string_equal(machine_build_id(notes, sizeof(notes), &arena), "010203040c0d0e0f");
	cov_arena_deinit(&arena);
}

static void notes_cut_anywhere_have_no_build_id(void **state)
{
	(void)state;
	struct cov_arena arena = { 0 };

	for (size_t size = 0; size < sizeof(notes); size++)
		assert_null(machine_build_id(notes, size, &arena));
	cov_arena_deinit(&arena);
}

static void a_length_beyond_the_notes_is_refused(void **state)
{
	(void)state;
	static const uint32_t huge[] = { 0xffffffff, 0xfffffffe, 3, 0x00554e47, 0, 0 };
	struct cov_arena arena = { 0 };

	assert_null(machine_build_id(huge, sizeof(huge), &arena));
	cov_arena_deinit(&arena);
}

static void the_builders_word_counts_only_for_its_own_kernel(void **state)
{
	(void)state;
	static const char text[] = "{\"build_id\": \"0a0b\", \"profile_update\": \"atomic\", "
				   "\"source\": \"linux-source-6.1\", \"compiler\": null}";
	struct cov_manifest_kernel own = { .build_id = "0a0b",
					   .profile_update = "unknown",
					   .compiler = "gcc" };
	struct cov_manifest_kernel other = { .build_id = "0a0c", .profile_update = "unknown" };
	struct cov_arena arena = { 0 };

	struct cov_error err = { 0 };
	assert_int_equal(machine_apply_build_info(text, strlen(text), &arena, &own, &err), 0);
	assert_int_equal(machine_apply_build_info(text, strlen(text), &arena, &other, &err), 0);
	assert_int_equal(machine_apply_build_info("\n{", 2, &arena, &other, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "kernel.json:2: "));
	assert_string_equal(own.profile_update, "atomic");
	assert_string_equal(own.source, "linux-source-6.1");
	assert_string_equal(own.compiler, "gcc");
	assert_string_equal(other.profile_update, "unknown");
	assert_null(other.source);
	cov_arena_deinit(&arena);
}

static void the_running_kernel_has_a_release_and_processors(void **state)
{
	(void)state;
	struct cov_arena arena = { 0 };
	struct cov_manifest_kernel kernel = { 0 };

	struct cov_error err = { 0 };
	assert_int_equal(machine_read(&arena, &kernel, &err), 0);
	assert_non_null(kernel.release);
	assert_non_null(kernel.profile_update);
	assert_true(kernel.cpu_count > 0);
	cov_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_build_id_is_found_behind_other_notes),
		cmocka_unit_test(notes_cut_anywhere_have_no_build_id),
		cmocka_unit_test(a_length_beyond_the_notes_is_refused),
		cmocka_unit_test(the_builders_word_counts_only_for_its_own_kernel),
		cmocka_unit_test(the_running_kernel_has_a_release_and_processors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
