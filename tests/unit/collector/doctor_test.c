/* doctor_test.c - what an experiment lacks is named with its line; tools are advice, not needs. */
#include "collector/capture/doctor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"

static const char experiment_text[] =
    "name: a\n"
    "platforms:\n"
    "  - {name: host, driver: host}\n"
    "  - {name: vm, driver: qemu-microvm, runtime: no-such-qemu, kernel: /k, image: /i}\n"
    "workloads:\n"
    "  - {name: w, command: [sh], duration: 1}\n";

static const struct doctor_finding *find(const struct diagnosis *diagnosis, const char *name)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		if (strcmp(diagnosis->findings[i].name, name) == 0)
			return &diagnosis->findings[i];
	}
	fail_msg("nothing was found about %s", name);
	return NULL;
}

static void each_platform_of_an_experiment_is_checked(void **state)
{
	(void)state;
	COV_AUTO(doctor_diagnosis_deinit) struct diagnosis diagnosis = { 0 };
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(
	    experiment_parse(experiment_text, strlen(experiment_text), "x.yaml", &experiment, &err),
	    0);
	doctor_check_experiment(&diagnosis, &experiment);
	assert_int_equal(find(&diagnosis, "platform host")->status, DOCTOR_OK);
	assert_null(find(&diagnosis, "platform host")->mend);
	const struct doctor_finding *machine = find(&diagnosis, "platform vm");
	assert_int_equal(machine->status, DOCTOR_MISSING);
	assert_string_equal(machine->detail,
			    "x.yaml:4: platform vm: there is no program 'no-such-qemu' in PATH");
	assert_non_null(machine->mend);
}

static void tools_that_are_missing_are_advice_with_a_mend(void **state)
{
	(void)state;
	static const char *const names[] = { "KVM",  "TAP",     "control groups",     "overlayfs",
					     "runc", "crun",    "qemu-system-x86_64", "firecracker",
					     "ping", "networks" };
	COV_AUTO(doctor_diagnosis_deinit) struct diagnosis diagnosis = { 0 };

	doctor_check_tools(&diagnosis);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct doctor_finding *finding = find(&diagnosis, names[i]);

		assert_int_not_equal(finding->status, DOCTOR_MISSING);
		assert_int_equal(finding->mend == NULL, finding->status == DOCTOR_OK);
		assert_true(strlen(finding->detail) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_platform_of_an_experiment_is_checked),
		cmocka_unit_test(tools_that_are_missing_are_advice_with_a_mend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
