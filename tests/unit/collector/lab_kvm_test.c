/* lab_kvm_test.c - what is known of KVM, and of the processor's and the guest's clocks. */
#include <string.h>
#include <sys/stat.h>

#include "collector/lab/guest_time.h"
#include "collector/lab/lab.h"
#include "tests/unit/collector/lab_files.h"

enum { NS_PER_MS = 1000000 };

static void a_finding_is_found_again_for_the_same_key_only(void **state)
{
	COV_AUTO(free) char *file = path_of("cache/deep/accel");
	COV_AUTO(lab_kvm_deinit) struct lab_kvm found = { 0 };
	char works[] = "came up in 3 s", hangs[] = "hangs";
	struct cov_error err;

	(void)state;
	assert_false(lab_cache_find(file, "boot1\tqemu\tkernel", &found));
	assert_int_equal(
	    lab_cache_store(file, "boot1\tqemu\tkernel", &(struct lab_kvm){ false, hangs }, &err),
	    0);
	assert_int_equal(
	    lab_cache_store(file, "boot1\tqemu\tkernel2", &(struct lab_kvm){ true, works }, &err),
	    0);
	assert_true(lab_cache_find(file, "boot1\tqemu\tkernel2", &found));
	assert_true(found.is_working);
	assert_string_equal(found.why, works);
	lab_kvm_deinit(&found);
	assert_true(lab_cache_find(file, "boot1\tqemu\tkernel", &found));
	assert_false(found.is_working);
	assert_string_equal(found.why, hangs);
	lab_kvm_deinit(&found);
	assert_false(lab_cache_find(file, "boot1\tqemu", &found));
	assert_false(lab_cache_find(file, "boot2\tqemu\tkernel", &found));
}

static void a_new_finding_replaces_the_old_and_those_of_other_boots_go(void **state)
{
	COV_AUTO(free) char *file = path_of("accel");
	char why[] = "so";
	struct cov_error err;

	(void)state;
	write_text("accel", "boot1\tq\tk\tworks\told\nboot2\tq\tk\tworks\told\n"
			    "boot2\tq\tk2\tfails\tx\nrubbish\n");
	assert_int_equal(
	    lab_cache_store(file, "boot2\tq\tk", &(struct lab_kvm){ false, why }, &err), 0);
	assert_text("accel", "boot2\tq\tk2\tfails\tx\nboot2\tq\tk\tfails\tso\n");
}

static void a_damaged_cache_is_as_good_as_none(void **state)
{
	COV_AUTO(free) char *file = path_of("accel");
	COV_AUTO(lab_kvm_deinit) struct lab_kvm found = { 0 };

	(void)state;
	write_text("accel", "b\tq\tk\nb\tq\tk\t\nb\tq\tk\twor");
	assert_false(lab_cache_find(file, "b\tq\tk", &found));
}

/* The stand-in for QEMU has the console as descriptor 3. */
static void probe(const char *body, struct lab_kvm *kvm)
{
	COV_AUTO(free) char *program = path_of("stand-in");
	COV_AUTO(free) char *script = cov_format("#!/bin/sh\n%s\n", body);
	char text[] = "x";
	const struct lab_paths paths = { text, text, text, text };
	struct cov_error err;

	write_text("stand-in", script);
	chmod(program, 0755);
	assert_int_equal(lab_probe_kvm(program, &paths, 500LL * NS_PER_MS, kvm, &err), 0);
}

static void kvm_works_when_a_guest_says_so(void **state)
{
	COV_AUTO(lab_kvm_deinit) struct lab_kvm kvm = { 0 };

	(void)state;
	probe("printf 'Linux\\r\\ncovdb-lab: alive\\r\\n' >&3; exec sleep 100", &kvm);
	assert_true(kvm.is_working);
	assert_non_null(strstr(kvm.why, "came up"));
}

static void kvm_fails_when_the_guest_hangs(void **state)
{
	COV_AUTO(lab_kvm_deinit) struct lab_kvm silent = { 0 };
	COV_AUTO(lab_kvm_deinit) struct lab_kvm late = { 0 };

	(void)state;
	probe("exec sleep 100", &silent);
	assert_false(silent.is_working);
	assert_non_null(strstr(silent.why, "no guest came up"));
	probe("while :; do echo Linux >&3; sleep 0.05; done", &late);
	assert_false(late.is_working);
}

static void kvm_fails_when_qemu_does_and_its_reason_is_kept(void **state)
{
	COV_AUTO(lab_kvm_deinit) struct lab_kvm kvm = { 0 };

	(void)state;
	probe("echo 'failed to initialize kvm' >&2; exit 1", &kvm);
	assert_false(kvm.is_working);
	assert_non_null(strstr(kvm.why, "failed to initialize kvm"));
}

static void the_clock_is_where_the_map_says(void **state)
{
	(void)state;
	assert_int_equal(guest_time_clock_address(directory), 0);
	write_text("System.map", "0000000000000000 D jiffies_64_old\n"
				 "ffffffff82a07900 D not_jiffies_64\n"
				 "ffffffff82a07980 D jiffies_64\nffffffff82a07980 D jiffies\n");
	assert_int_equal(guest_time_clock_address(directory), 0x2a07980);
	write_text("System.map", "0000000000000010 D jiffies_64\n");
	assert_int_equal(guest_time_clock_address(directory), 0);
}

/* Twice, and the same within what KVM takes for the same. */
static void the_rate_of_the_counter_is_measured(void **state)
{
	long long first_khz = guest_time_tsc_khz(), second_khz = guest_time_tsc_khz();

	(void)state;
	if (!first_khz || !second_khz)
		skip();
	print_message("%lld and %lld kHz\n", first_khz, second_khz);
	assert_true(llabs(first_khz - second_khz) < first_khz / 4000);
	COV_AUTO(free) char *emulated = lab_append("collect", QEMU_TCG);
	COV_AUTO(free) char *virtual = lab_append("collect", QEMU_KVM);
	assert_non_null(strstr(emulated, " nokaslr "));
	assert_non_null(strstr(emulated, " tsc_early_khz="));
	assert_null(strstr(virtual, "tsc_early_khz"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_finding_is_found_again_for_the_same_key_only),
		TEST(a_new_finding_replaces_the_old_and_those_of_other_boots_go),
		TEST(a_damaged_cache_is_as_good_as_none),
		TEST(kvm_works_when_a_guest_says_so),
		TEST(kvm_fails_when_the_guest_hangs),
		TEST(kvm_fails_when_qemu_does_and_its_reason_is_kept),
		TEST(the_clock_is_where_the_map_says),
		TEST(the_rate_of_the_counter_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
