/* experiment_test.c - what an experiment file may say, and where its errors are. */
#include "collector/experiment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"

static const char whole[] = "name: first-finding\n"
			    "kernel: {release: \"6.1\", build_id: abc}\n"
			    "settle: 2\n"
			    "trials: 2\n"
			    "baselines:\n"
			    "  - {name: idle, platform: host, duration: 5}\n"
			    "platforms:\n"
			    "  - {name: host, driver: host}\n"
			    "  - name: gvisor\n"
			    "    driver: oci\n"
			    "    runtime: runsc\n"
			    "    arguments: [--platform=ptrace, --network=none]\n"
			    "    rootfs: /covdb/container\n"
			    "workloads:\n"
			    "  - name: cpu\n"
			    "    command: [sysbench, cpu, --time=5, run]\n"
			    "    duration: 2.5\n";

static int parse(const char *text, struct experiment *experiment, struct cov_error *err)
{
	return experiment_parse(text, strlen(text), "x.yaml", experiment, err);
}

static void the_whole_form_is_read(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err;

	assert_int_equal(parse(whole, &experiment, &err), 0);
	assert_string_equal(experiment.name, "first-finding");
	assert_string_equal(experiment.kernel_release, "6.1");
	assert_string_equal(experiment.kernel_build_id, "abc");
	assert_int_equal(experiment.settle_ns, 2000000000);
	assert_int_equal(experiment.platform_count, 2);

	const struct experiment_platform *gvisor = &experiment.platforms[1];
	assert_string_equal(gvisor->runtime, "runsc");
	assert_int_equal(gvisor->argument_count, 2);
	assert_string_equal(gvisor->arguments[1], "--network=none");
	assert_null(gvisor->arguments[2]);

	const struct experiment_workload *cpu = &experiment.workloads[0];
	assert_int_equal(cpu->command_count, 4);
	assert_string_equal(cpu->command[3], "run");
	assert_null(cpu->command[4]);
	assert_int_equal(cpu->duration_ns, 2500000000);
	assert_int_equal(cpu->limit_ns, 37500000000);
}

static void what_may_be_left_out_has_defaults(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err;

	assert_int_equal(
	    parse("name: a\nbaselines: [{name: idle, duration: 1}]\n", &experiment, &err), 0);
	assert_int_equal(experiment.settle_ns, 1000000000);
	assert_int_equal(experiment.trial_count, 1);
	assert_string_equal(experiment.baselines[0].platform, "host");
	assert_null(experiment.kernel_release);
}

static void baselines_come_first_then_trial_by_trial_each_workload_of_each_platform(void **state)
{
	(void)state;
	static const char *const names[] = {
		"baseline-idle-1", "baseline-idle-2", "host-cpu-1",
		"gvisor-cpu-1",    "host-cpu-2",      "gvisor-cpu-2",
	};
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err;

	assert_int_equal(parse(whole, &experiment, &err), 0);
	assert_int_equal(experiment_planned_count(&experiment), 6);
	for (size_t i = 0; i < 6; i++) {
		struct experiment_trial trial = experiment_planned_trial(&experiment, i);
		COV_AUTO(free) char *name = experiment_trial_name(&trial);

		assert_string_equal(name, names[i]);
	}
}

static void the_planned_time_adds_rest_and_duration(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err;

	assert_int_equal(parse(whole, &experiment, &err), 0);
	struct experiment_trial idle = experiment_planned_trial(&experiment, 0);
	struct experiment_trial cpu = experiment_planned_trial(&experiment, 2);
	assert_int_equal(experiment_trial_ns(&experiment, &idle), 7000000000);
	assert_int_equal(experiment_trial_ns_max(&experiment, &idle), 7000000000);
	assert_int_equal(experiment_trial_ns(&experiment, &cpu), 4500000000);
	assert_int_equal(experiment_trial_ns_max(&experiment, &cpu), 39500000000);
}

#define BASELINE "baselines: [{name: i, duration: 1}]\n"
#define WORKLOAD "workloads: [{name: w, command: [true], duration: 1}]\n"
#define PLATFORM "platforms: [{name: p, driver: host}]\n"

static void each_error_names_file_line_and_key(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *message; /* how it begins */
	} cases[] = {
		{ "", "x.yaml:1: the file is empty" },
		{ "- a\n", "x.yaml:1: an experiment is not in the form" },
		{ "name: [\n", "x.yaml:2: " },
		{ "name: a\n\ncolour: red\n",
		  "x.yaml:3: an experiment has no key 'colour'; there" },
		{ BASELINE, "x.yaml:1: an experiment needs the key 'name'" },
		{ "name: a\nname: b\n" BASELINE, "x.yaml:2: 'name' stands here twice" },
		{ "name: a/b\n" BASELINE, "x.yaml:1: 'a/b' is not a name" },
		{ "name: {}\n" BASELINE, "x.yaml:1: 'name' is not a text" },
		{ "name: a\n", "x.yaml:1: there is nothing to do" },
		{ "name: a\n" PLATFORM, "x.yaml:1: there are platforms but no workloads" },
		{ "name: a\n" WORKLOAD, "x.yaml:1: there are workloads but no platforms" },
		{ "name: a\nsettle: -1\n" BASELINE,
		  "x.yaml:2: 'settle' is not a number of seconds" },
		{ "name: a\nsettle: nan\n" BASELINE, "x.yaml:2: 'settle' is not a number" },
		{ "name: a\nsettle: 1 s\n" BASELINE, "x.yaml:2: 'settle' is not a number" },
		{ "name: a\nsettle: 86401\n" BASELINE, "x.yaml:2: 'settle' is more than a day" },
		{ "name: a\ntrials: 0\n" BASELINE, "x.yaml:2: 'trials' is not a number from 1" },
		{ "name: a\ntrials: 1.5\n" BASELINE, "x.yaml:2: 'trials' is not a number from 1" },
		{ "name: a\nbaselines: [{name: i, duration: 0}]\n", "x.yaml:2: 'duration' is 0" },
		{ "name: a\nbaselines: [{name: i}]\n",
		  "x.yaml:2: a baseline needs the key 'duration'" },
		{ "name: a\nbaselines: {}\n", "x.yaml:2: 'baselines' is not a list" },
		{ "name: a\nbaselines: [{name: i, platform: q, duration: 1}]\n",
		  "x.yaml:2: baseline i: there is no platform 'q'" },
		{ "name: a\nbaselines:\n- {name: i, duration: 1}\n- {name: i, duration: 2}\n",
		  "x.yaml:4: there are two baselines of the name i" },
		{ "name: a\n" WORKLOAD
		  "platforms:\n- {name: p, driver: host}\n- {name: p, driver: host}\n",
		  "x.yaml:5: there are two platforms of the name p" },
		{ "name: a\n" PLATFORM "workloads:\n- {name: w, command: [a], duration: 1}\n"
		  "- {name: w, command: [b], duration: 1}\n",
		  "x.yaml:5: there are two workloads of the name w" },
		{ "name: a\nplatforms: [{name: a, driver: host}, {name: a-b, driver: host}]\n"
		  "workloads: [{name: c, command: [a], duration: 1},\n"
		  "  {name: b-c, command: [a], duration: 1}]\n",
		  "x.yaml:3: two trials would have the name a-b-c-1" },
		{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: xen}]\n",
		  "x.yaml:3: platform p: there is no driver 'xen'" },
		{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: host, rootfs: /}]\n",
		  "x.yaml:3: platform p: runtime, arguments and rootfs are not" },
		{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: oci, rootfs: /}]\n",
		  "x.yaml:3: platform p needs the key 'runtime'" },
		{ "name: a\n" WORKLOAD
		  "platforms: [{name: p, driver: oci, runtime: r, rootfs: x}]\n",
		  "x.yaml:3: platform p: rootfs is not an absolute path" },
		{ "name: a\n" PLATFORM "workloads: [{name: w, command: [], duration: 1}]\n",
		  "x.yaml:3: 'command' names no program" },
		{ "name: a\n" PLATFORM "workloads: [{name: w, command: true, duration: 1}]\n",
		  "x.yaml:3: 'command' is not a list" },
		{ "name: a\n" PLATFORM "workloads: [{name: w, command: [[a]], duration: 1}]\n",
		  "x.yaml:3: 'command' is not a list of texts" },
		{ "name: a\n" PLATFORM
		  "workloads: [{name: w, command: [a], duration: 5, limit: 4}]\n",
		  "x.yaml:3: workload w: its limit is shorter" },
		{ "name: a\n" BASELINE "---\nname: b\n", "x.yaml:4: a second document" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct experiment experiment = { 0 };
		struct cov_error err = { 0 };

		assert_int_equal(parse(cases[i].text, &experiment, &err), COV_ERR_FORMAT);
		if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0)
			fail_msg("'%s' does not begin with '%s'", err.message, cases[i].message);
		assert_null(experiment.arena.chunks);
	}
}

/* Cut the file at each byte: it may be refused; it may not crash or leak. */
static void a_file_cut_anywhere_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t size = 0; size < strlen(whole); size++) {
		struct experiment experiment = { 0 };
		struct cov_error err = { 0 };

		if (experiment_parse(whole, size, "x.yaml", &experiment, &err) != 0)
			assert_memory_equal(err.message, "x.yaml:", strlen("x.yaml:"));
		experiment_deinit(&experiment);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_form_is_read),
		cmocka_unit_test(what_may_be_left_out_has_defaults),
		cmocka_unit_test(
		    baselines_come_first_then_trial_by_trial_each_workload_of_each_platform),
		cmocka_unit_test(the_planned_time_adds_rest_and_duration),
		cmocka_unit_test(each_error_names_file_line_and_key),
		cmocka_unit_test(a_file_cut_anywhere_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
