/* experiment_leave_out_test.c - what is planned when optional platforms are left out. */
#include "collector/experiment/experiment_leave_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/text.h"

static int parse(const char *text, struct experiment *experiment, struct cov_error *err)
{
	return experiment_parse(text, strlen(text), "x.yaml", experiment, err);
}

static bool is_nowhere(const struct experiment_platform *platform)
{
	(void)platform;
	return false;
}

static bool is_everywhere(const struct experiment_platform *platform)
{
	(void)platform;
	return true;
}

static const char some_optional[] =
    "name: n\nseed: 5\ntrials: 3\n"
    "baselines:\n"
    "  - {name: idle, duration: 1}\n%s"
    "  - {name: idle-plain, platform: plain, duration: 1}\n"
    "platforms:\n%s"
    "  - {name: plain, driver: oci, runtime: r, rootfs: /}\n%s"
    "workloads: [{name: a, command: [a], duration: 1}, {name: b, command: [b], duration: 1}]\n";

/* The names of all trials, in their order. */
static char *plan_of(const struct experiment *experiment)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < experiment_planned_count(experiment); i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);
		COV_AUTO(free) char *name = experiment_trial_name(&trial);

		cov_text_print(&text, "%s %s\n", name, trial.platform ? trial.platform->name : "-");
	}
	return text.data;
}

/* Were it not so, a study would have another order wherever a platform is left out. */
static void without_what_is_left_out_the_plan_is_that_of_a_file_without_it(void **state)
{
	(void)state;
	COV_AUTO(free)
	char *with = cov_format(
	    some_optional, "  - {name: idle-first, platform: first, duration: 1}\n",
	    "  - {name: first, driver: oci, runtime: r, rootfs: /, optional: true}\n",
	    "  - {name: vm, driver: firecracker, kernel: /k, image: /i, optional: true}\n");
	COV_AUTO(free) char *without = cov_format(some_optional, "", "", "");
	COV_AUTO(experiment_deinit) struct experiment one = { 0 };
	COV_AUTO(experiment_deinit) struct experiment other = { 0 };
	struct cov_error err;

	assert_int_equal(parse(with, &one, &err), 0);
	assert_int_equal(parse(without, &other, &err), 0);
	experiment_leave_out(&one, is_everywhere);
	assert_int_equal(one.left_out_count, 0);
	assert_int_equal(experiment_planned_count(&one), 3 * (3 * 2 + 3));
	experiment_leave_out(&one, is_nowhere);
	experiment_leave_out(&other, is_nowhere);
	COV_AUTO(free) char *plan = plan_of(&one);
	COV_AUTO(free) char *expected = plan_of(&other);
	assert_string_equal(plan, expected);
	assert_int_equal(one.left_out_count, 2);
	assert_string_equal(one.left_out[0]->name, "first");
	assert_string_equal(one.left_out[1]->name, "vm");
	assert_int_equal(other.left_out_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_what_is_left_out_the_plan_is_that_of_a_file_without_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
