/* seccomp_profile_test.c - profiles of OCI and Firecracker become filters; what is wrong is told.
 */
#include "collector/filter/seccomp_profile.h"

#include <errno.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/filter/seccomp_compile.h"

enum { READ = 0, WRITE = 1, IOCTL = 16, PERSONALITY = 135, CHROOT = 161 };

static const char path[] = "seccomp_profile_test.json";
static const char *const capabilities[] = { "CAP_SYS_CHROOT", NULL };
static const struct seccomp_subject subject = { capabilities, "6.1.192" };

static int read_text(const char *text, struct seccomp_profile *profile, struct cov_error *err)
{
	assert_int_equal(cov_file_replace(path, text, strlen(text), err), 0);
	int result = seccomp_profile_read(path, &subject, profile, err);
	assert_int_equal(unlink(path), 0);
	return result;
}

/* What a filter answers for a call; free() it. */
static char *answer(const struct seccomp_filter *filter, uint32_t number)
{
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
	struct bpf_answers answers;
	struct cov_error err = { 0 };
	size_t unknown;

	if (seccomp_compile(filter, "test", &program, &unknown, &err))
		fail_msg("%s", err.message);
	const struct bpf_stack stack = { { &program }, 1 };
	bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, number, &answers);
	return bpf_answers_text(&answers);
}

#define assert_answer(filter, number, expected)                                                    \
	do {                                                                                       \
		COV_AUTO(free) char *got = answer(filter, number);                                 \
		assert_string_equal(got, expected);                                                \
	} while (0)

static const char oci[] =
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,"
    " \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\":"
    "  [\"SCMP_ARCH_X86\"]}, {\"architecture\": \"SCMP_ARCH_S390\"}],"
    " \"syscalls\": ["
    "  {\"names\": [\"read\", \"no_such_call\"], \"action\": \"SCMP_ACT_ALLOW\"},"
    "  {\"names\": [\"write\"], \"action\": \"SCMP_ACT_ALLOW\", \"includes\":"
    "   {\"minKernel\": \"6.2\"}},"
    "  {\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\","
    "   \"args\": [{\"index\": 0, \"value\": 8, \"op\": \"SCMP_CMP_EQ\"}]},"
    "  {\"names\": [\"chroot\"], \"action\": \"SCMP_ACT_ALLOW\","
    "   \"includes\": {\"caps\": [\"CAP_SYS_CHROOT\"]}},"
    "  {\"names\": [\"chroot\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1,"
    "   \"excludes\": {\"caps\": [\"CAP_SYS_CHROOT\"]}},"
    "  {\"names\": [\"ioctl\"], \"action\": \"SCMP_ACT_ALLOW\","
    "   \"includes\": {\"arches\": [\"s390x\"]}}]}";

static void rules_with_conditions_are_for_those_that_meet_them(void **state)
{
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(oci, &profile, &err), 0);
	assert_int_equal(profile.filter_count, 1);
	const struct seccomp_filter *filter = &profile.filters[0];
	assert_string_equal(filter->role, "container");
	assert_answer(filter, READ, "allow");
	assert_answer(filter, WRITE, "errno 38");
	assert_answer(filter, PERSONALITY, "allow, errno 38");
	assert_answer(filter, CHROOT, "allow");
	assert_answer(filter, IOCTL, "errno 38");
}

/* What a runtime is given has no conditions left, and means the same. */
static void what_is_given_to_a_runtime_is_a_profile_again(void **state)
{
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 }, again = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(oci, &profile, &err), 0);
	COV_AUTO(json_decref) json_t *json = seccomp_profile_json(&profile);
	COV_AUTO(free) char *text = cov_json_format(json, 0);
	assert_null(strstr(text, "includes"));
	assert_non_null(strstr(text, "[\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"]"));
	COV_AUTO(json_decref)
	json_t *config = cov_json_pack("{s:{s:O}}", "linux", "seccomp", json);
	COV_AUTO(free) char *config_text = cov_json_format(config, 0);
	assert_int_equal(read_text(config_text, &again, &err), 0);
	assert_int_equal(again.filters[0].rule_count, profile.filters[0].rule_count);
	assert_answer(&again.filters[0], PERSONALITY, "allow, errno 38");
	assert_answer(&again.filters[0], WRITE, "errno 38");
}

static void firecrackers_filters_are_one_for_each_kind_of_thread(void **state)
{
	static const char text[] =
	    "{\"vmm\": {\"default_action\": \"trap\", \"filter_action\": \"allow\", \"filter\": ["
	    "   {\"syscall\": \"read\", \"comment\": \"of a file\"},"
	    "   {\"syscall\": \"ioctl\", \"args\": [{\"index\": 1, \"type\": \"dword\","
	    "    \"op\": \"eq\", \"val\": 1}]},"
	    "   {\"syscall\": \"personality\", \"args\": [{\"index\": 0, \"type\": \"qword\","
	    "    \"op\": {\"masked_eq\": 4}, \"val\": 4}]}]},"
	    " \"vcpu\": {\"default_action\": {\"errno\": 5}, \"filter_action\": \"allow\","
	    "  \"filter\": []}}";
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &profile, &err), 0);
	assert_int_equal(profile.filter_count, 2);
	assert_string_equal(profile.filters[0].role, "vmm");
	assert_answer(&profile.filters[0], READ, "allow");
	assert_answer(&profile.filters[0], WRITE, "trap");
	assert_answer(&profile.filters[0], IOCTL, "allow, trap");
	assert_answer(&profile.filters[0], PERSONALITY, "allow, trap");
	assert_string_equal(profile.filters[1].role, "vcpu");
	assert_answer(&profile.filters[1], READ, "errno 5");
}

/* As runc: libseccomp knows no two conditions on one argument. */
static void conditions_on_one_argument_are_alternatives(void **state)
{
	static const char text[] =
	    "{\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\", \"syscalls\": [{\"name\": \"ioctl\","
	    " \"action\": \"SCMP_ACT_ALLOW\", \"args\":"
	    " [{\"index\": 1, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},"
	    "  {\"index\": 1, \"value\": 2, \"op\": \"SCMP_CMP_EQ\"}]}]}";
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &profile, &err), 0);
	assert_answer(&profile.filters[0], IOCTL, "allow, kill process");
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	static const char *const cases[][2] = {
		{ "{", "seccomp_profile_test.json:1: " },
		{ "[]", ": neither a seccomp profile of OCI" },
		{ "{\"a\": {\"b\": 1}}", ": neither a seccomp profile of OCI" },
		{ "{\"defaultAction\": 3}", ": defaultAction is not an action" },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": {}}",
		  ": syscalls is not a list" },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
		  " \"action\": \"SCMP_ACT_SING\"}]}",
		  ": syscalls[0].action is not an action" },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"action\":"
		  " \"SCMP_ACT_ERRNO\"}]}",
		  ": syscalls[0].names is not a list of names" },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
		  " \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 65536}]}",
		  ": syscalls[0].errnoRet is not a number of 16 bits" },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
		  " \"action\": \"SCMP_ACT_ERRNO\", \"args\": [{\"index\": 6,"
		  " \"op\": \"SCMP_CMP_EQ\"}]}]}",
		  ": syscalls[0].args is not a list of conditions on arguments 0 to 5" },
		{ "{\"vmm\": {\"default_action\": \"trap\", \"filter_action\": \"allow\","
		  " \"filter\": [{\"sys\": 1}]}}",
		  ": vmm.filter[0].syscall is not a name" },
		{ "{\"vmm\": {\"default_action\": \"trap\", \"filter_action\": \"let\"}}",
		  ": vmm.filter_action is not an action" },
		{ "{\"vmm\": {\"default_action\": \"trap\", \"filter_action\": \"allow\","
		  " \"filter\": [{\"syscall\": \"read\", \"args\": [{\"index\": 0, \"op\": \"is\","
		  " \"val\": 1}]}]}}",
		  ": vmm.filter[0].args is not a list of conditions with 'op'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seccomp_profile profile = { 0 };
		struct cov_error err;

		assert_int_equal(read_text(cases[i][0], &profile, &err), COV_ERR_FORMAT);
		if (!strstr(err.message, cases[i][1]))
			fail_msg("'%s' has no '%s'", err.message, cases[i][1]);
		assert_null(profile.filters);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_with_conditions_are_for_those_that_meet_them),
		cmocka_unit_test(what_is_given_to_a_runtime_is_a_profile_again),
		cmocka_unit_test(firecrackers_filters_are_one_for_each_kind_of_thread),
		cmocka_unit_test(conditions_on_one_argument_are_alternatives),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
