/* experiment_test.c - what an experiment file may say, and where its errors are. */
#include "collector/experiment/experiment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/experiment/experiment_order.h"

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
	assert_int_equal(gvisor->arguments.count, 2);
	assert_string_equal(gvisor->arguments.texts[1], "--network=none");
	assert_null(gvisor->arguments.texts[2]);

	const struct experiment_workload *cpu = &experiment.workloads[0];
	assert_int_equal(cpu->command.count, 4);
	assert_string_equal(cpu->command.texts[3], "run");
	assert_null(cpu->command.texts[4]);
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
	assert_string_equal(experiment.baselines[0].platform_name, "host");
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

static const char study[] =
    "name: study\n"
    "seed: 7\n"
    "mode: phases\n"
    "pause: 1.5\n"
    "trials: 2\n"
    "baselines:\n"
    "  - {name: idle, duration: 1}\n"
    "  - {name: observer, kind: observer}\n"
    "  - {name: idle-vm, platform: vm, duration: 3}\n"
    "platforms:\n"
    "  - {name: box, driver: oci, runtime: crun, rootfs: /r, overlay: true, network: bridge}\n"
    "  - {name: vm, driver: qemu-microvm, kernel: /k, image: /i, network: tap, memory: 256}\n"
    "  - {name: fc, driver: firecracker, kernel: /k, image: /i, api_socket: true, jailer: j}\n"
    "  - {name: other, driver: command, template: [bwrap, \"{command}\"], version: [bwrap, -V]}\n"
    "workloads:\n"
    "  - name: w\n"
    "    command: [work, \"{size}\", \"--to={peer}\", \"{pause}\", \"{x\"]\n"
    "    peer: [serve, \"{size}\"]\n"
    "    parameters: {size: 5}\n"
    "    duration: 1\n";

static void every_driver_and_key_of_a_study_is_read(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	if (parse(study, &experiment, &err) != 0)
		fail_msg("%s", err.message);
	const struct experiment_platform *platforms = experiment.platforms;
	assert_int_equal(experiment.platform_count, 4);
	assert_true(platforms[0].has_overlay);
	assert_int_equal(platforms[0].network, NETWORK_BRIDGE);
	assert_int_equal(platforms[0].memory_mib, 0);
	assert_string_equal(platforms[1].runtime, "qemu-system-x86_64");
	assert_int_equal(platforms[1].memory_mib, 256);
	assert_int_equal(platforms[1].cpu_count, 1);
	assert_int_equal(platforms[2].memory_mib, 8192); /* the paper's */
	assert_int_equal(platforms[2].network, NETWORK_NONE);
	assert_true(platforms[2].has_api_socket);
	assert_string_equal(platforms[3].template.texts[1], "{command}");

	const struct experiment_workload *workload = &experiment.workloads[0];
	const char *const words[] = { "work", "5", "--to=198.18.1.2", "1.5", "{x" };
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(workload->command.texts[i], words[i]);
	assert_string_equal(workload->peer.texts[1], "5");
	assert_int_equal(experiment.phase_trial_count, 2);
}

/* Of the trials in which @count of the trials of each workload have phases. */
static void assert_phases(const char *phases, size_t count)
{
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	COV_AUTO(free)
	char *text = cov_format("name: n\ntrials: 3\n%s\nseed: 5\nbaselines: [{name: idle, "
				"duration: 1}]\nplatforms: [{name: a, driver: host}, {name: b, "
				"driver: host}]\nworkloads: [{name: w, command: [x, "
				"\"{pause}\"], duration: 1}]\n",
				phases);
	struct cov_error err = { 0 };
	size_t with_phases = 0;

	if (parse(text, &experiment, &err) != 0)
		fail_msg("%s", err.message);
	for (size_t i = 0; i < experiment_planned_count(&experiment); i++) {
		struct experiment_trial trial = experiment_planned_trial(&experiment, i);

		assert_int_equal(trial.has_phases, !trial.baseline && trial.number <= count);
		with_phases += trial.has_phases;
	}
	assert_int_equal(with_phases, 2 * count);
	assert_string_equal(experiment.workloads[0].command.texts[1], count ? "2" : "0");
}

static void some_trials_of_each_workload_have_phases(void **state)
{
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	(void)state;
	assert_phases("", 0);
	assert_phases("phases: 0", 0);
	assert_phases("phases: 2", 2);
	assert_phases("phases: all", 3);
	assert_phases("mode: phases", 3);
	assert_phases("mode: reset", 0);
	assert_int_equal(parse("name: n\ntrials: 2\nphases: 3\nbaselines: [{name: i, duration: "
			       "1}]\n",
			       &experiment, &err),
			 COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "'phases' is 3, of 2 trials"));
}

static void a_baseline_may_have_more_trials_than_the_workloads(void **state)
{
	static const char *const names[] = {
		"baseline-idle-1", "baseline-rest-1", "baseline-idle-2",
		"baseline-idle-3", "host-w-1",
	};
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	(void)state;
	assert_int_equal(parse("name: n\nbaselines:\n  - {name: idle, duration: 1, trials: 3}\n"
			       "  - {name: rest, duration: 1}\nplatforms: [{name: host, driver: "
			       "host}]\nworkloads: [{name: w, command: [x], duration: 1}]\n",
			       &experiment, &err),
			 0);
	assert_int_equal(experiment_planned_count(&experiment), 5);
	for (size_t i = 0; i < 5; i++) {
		struct experiment_trial trial = experiment_planned_trial(&experiment, i);
		COV_AUTO(free) char *name = experiment_trial_name(&trial);

		assert_string_equal(name, names[i]);
	}
}

static void an_observer_is_captured_either_way(void **state)
{
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	(void)state;
	assert_int_equal(parse("name: n\nbaselines:\n  - {name: a, kind: observer}\n"
			       "  - {name: b, kind: observer, capture: difference}\n"
			       "  - {name: c, kind: observer, capture: reset}\n",
			       &experiment, &err),
			 0);
	assert_false(experiment.baselines[0].has_difference);
	assert_true(experiment.baselines[1].has_difference);
	assert_false(experiment.baselines[2].has_difference);
	experiment_deinit(&experiment);
	assert_int_equal(parse("name: n\nbaselines:\n  - {name: a, duration: 1, capture: "
			       "difference}\n",
			       &experiment, &err),
			 COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "only an observer is captured by difference"));
}

static void a_workload_knows_the_groups_that_it_belongs_to(void **state)
{
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(parse("name: a\nplatforms: [{name: p, driver: host}]\nworkloads:\n"
			       "- {name: w, command: [a], duration: 1}\n"
			       "- {name: v, command: [a], duration: 1}\n"
			       "groups: {both: [v, w], one: [w]}\n",
			       &experiment, &err),
			 0);
	assert_int_equal(experiment.workloads[0].groups.count, 2);
	assert_string_equal(experiment.workloads[0].groups.texts[0], "both");
	assert_string_equal(experiment.workloads[0].groups.texts[1], "one");
	assert_int_equal(experiment.workloads[1].groups.count, 1);
}

static void a_baseline_idles_observes_or_starts_a_platform(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(parse(study, &experiment, &err), 0);
	const struct experiment_baseline *baselines = experiment.baselines;
	assert_null(baselines[0].platform);
	assert_int_equal(baselines[1].kind, EXPERIMENT_OBSERVER);
	assert_int_equal(baselines[1].duration_ns, 0);
	assert_ptr_equal(baselines[2].platform, &experiment.platforms[1]);
	assert_string_equal(baselines[2].idle.command.texts[0], "sleep");
	assert_string_equal(baselines[2].idle.command.texts[1], "3");
}

static void a_seed_shuffles_all_trials_always_the_same_way(void **state)
{
	(void)state;
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };
	size_t one[14], two[14], other[14], position = 0;
	bool is_there[14] = { 0 };

	assert_int_equal(parse(study, &experiment, &err), 0);
	assert_int_equal(experiment_planned_count(&experiment), 14);
	experiment_order_shuffle(one, 14, 7);
	experiment_order_shuffle(two, 14, 7);
	experiment_order_shuffle(other, 14, 8);
	assert_memory_equal(one, two, sizeof(one));
	assert_memory_not_equal(one, other, sizeof(one));
	for (size_t i = 0; i < 14; i++)
		is_there[one[i]] = true;
	for (size_t i = 0; i < 14; i++)
		assert_true(is_there[i]);
	/* The first of the file's order is the idle host. */
	while (one[position] != 0)
		position++;
	struct experiment_trial trial = experiment_planned_trial(&experiment, position);
	assert_ptr_equal(trial.baseline, &experiment.baselines[0]);
	assert_int_equal(trial.number, 1);
}

static void a_description_gives_what_the_experiment_leaves_out(void **state)
{
	(void)state;
	static const char description[] = "summary: s\n"
					  "command: [work, \"{time}\", \"{size}\"]\n"
					  "parameters: {time: 600, size: 4}\n"
					  "duration: 600\n"
					  "limit: 700\n";
	static const char format[] = "name: a\nplatforms: [{name: p, driver: host}]\n"
				     "workloads:\n"
				     "- {name: long, from: work.yaml}\n"
				     "- {name: short, from: work.yaml, parameters: {%s: 5}, "
				     "duration: 5}\n";
	char folder[] = "/tmp/experiment_test-XXXXXX";
	struct cov_error err = { 0 };

	assert_non_null(mkdtemp(folder));
	COV_AUTO(free) char *path = cov_format("%s/x.yaml", folder);
	COV_AUTO(free) char *other = cov_format("%s/work.yaml", folder);
	COV_AUTO(free) char *good = cov_format(format, "time");
	COV_AUTO(free) char *bad = cov_format(format, "tiem");
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 }, none = { 0 };
	assert_int_equal(experiment_parse(good, strlen(good), path, &none, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "x.yaml:4: cannot open"));
	assert_int_equal(cov_file_replace(other, description, strlen(description), &err), 0);
	assert_int_equal(experiment_parse(good, strlen(good), path, &experiment, &err), 0);
	assert_string_equal(experiment.workloads[0].command.texts[1], "600");
	assert_int_equal(experiment.workloads[0].limit_ns, 700000000000);
	assert_string_equal(experiment.workloads[1].command.texts[1], "5");
	assert_string_equal(experiment.workloads[1].command.texts[2], "4");
	assert_int_equal(experiment.workloads[1].limit_ns, 45000000000);
	assert_int_equal(experiment.descriptions.count, 1);
	assert_string_equal(experiment.descriptions.items[0].name, "work.yaml");
	assert_int_equal(experiment_parse(bad, strlen(bad), path, &none, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "x.yaml:5: work.yaml has no parameter 'tiem'"));
	unlink(other);
	rmdir(folder);
}

#define BASELINE "baselines: [{name: i, duration: 1}]\n"
#define WORKLOAD "workloads: [{name: w, command: [true], duration: 1}]\n"
#define PLATFORM "platforms: [{name: p, driver: host}]\n"

/* What is wrong with an experiment, and what is said of it. */
static const struct {
	const char *text;
	const char *message; /* how it begins */
} bad_experiments[] = {
	{ "", "x.yaml:1: the file is empty" },
	{ "- a\n", "x.yaml:1: an experiment is not in the form" },
	{ "name: [\n", "x.yaml:2: " },
	{ "name: a\n\ncolour: red\n", "x.yaml:3: an experiment has no key 'colour'; there" },
	{ BASELINE, "x.yaml:1: an experiment needs the key 'name'" },
	{ "name: a\nname: b\n" BASELINE, "x.yaml:2: duplicate key 'name'" },
	{ "name: a/b\n" BASELINE, "x.yaml:1: 'a/b' is not a name" },
	{ "name: {}\n" BASELINE, "x.yaml:1: 'name' is not a text" },
	{ "name: a\n", "x.yaml:1: nothing to do" },
	{ "name: a\n" PLATFORM, "x.yaml:1: nothing to do: no baseline, and there are platforms" },
	{ "name: a\n" WORKLOAD, "x.yaml:1: there are workloads but no platforms" },
	{ "name: a\nsettle: -1\n" BASELINE, "x.yaml:2: 'settle' is not a number of seconds" },
	{ "name: a\nsettle: nan\n" BASELINE, "x.yaml:2: 'settle' is not a number" },
	{ "name: a\nsettle: 1 s\n" BASELINE, "x.yaml:2: 'settle' is not a number" },
	{ "name: a\nsettle: 86401\n" BASELINE, "x.yaml:2: 'settle' is more than a day" },
	{ "name: a\ntrials: 0\n" BASELINE, "x.yaml:2: 'trials' is not a number from 1" },
	{ "name: a\ntrials: 1.5\n" BASELINE, "x.yaml:2: 'trials' is not a number from 1" },
	{ "name: a\nbaselines: [{name: i, duration: 0}]\n", "x.yaml:2: 'duration' is 0" },
	{ "name: a\nbaselines: [{name: i}]\n", "x.yaml:2: a baseline needs the key 'duration'" },
	{ "name: a\nbaselines: {}\n", "x.yaml:2: 'baselines' is not a list" },
	{ "name: a\nbaselines: [{name: i, platform: q, duration: 1}]\n",
	  "x.yaml:2: baseline i: there is no platform 'q'" },
	{ "name: a\nbaselines:\n- {name: i, duration: 1}\n- {name: i, duration: 2}\n",
	  "x.yaml:4: duplicate baseline name i" },
	{ "name: a\n" WORKLOAD "platforms:\n- {name: p, driver: host}\n- {name: p, driver: host}\n",
	  "x.yaml:5: duplicate platform name p" },
	{ "name: a\n" PLATFORM WORKLOAD "groups: {g: [w, v]}\n",
	  "x.yaml:4: group g: there is no workload 'v'" },
	{ "name: a\n" PLATFORM WORKLOAD "groups: {g: [w, w]}\n",
	  "x.yaml:4: group g names w twice" },
	{ "name: a\n" PLATFORM WORKLOAD "groups: {w: [w]}\n",
	  "x.yaml:4: group w has the name of a workload or baseline" },
	{ "name: a\n" PLATFORM WORKLOAD "groups:\n  g: [w]\n  g: [w]\n", "x.yaml:6: " },
	{ "name: a\n" PLATFORM WORKLOAD "groups: [w]\n",
	  "x.yaml:4: 'groups' is not in the form {name: [a, b], ...}" },
	{ "name: a\n" PLATFORM "workloads:\n- {name: w, command: [a], duration: 1}\n"
	  "- {name: w, command: [b], duration: 1}\n",
	  "x.yaml:5: duplicate workload name w" },
	{ "name: a\nplatforms: [{name: a, driver: host}, {name: a-b, driver: host}]\n"
	  "workloads: [{name: c, command: [a], duration: 1},\n"
	  "  {name: b-c, command: [a], duration: 1}]\n",
	  "x.yaml:3: two trials would have the name a-b-c-1" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: xen}]\n",
	  "x.yaml:3: platform p: there is no driver 'xen'" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: host, rootfs: /}]\n",
	  "x.yaml:3: platform p: 'rootfs' is not for the driver host" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: oci, rootfs: /}]\n",
	  "x.yaml:3: platform p needs the key 'runtime'" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: oci, runtime: r, rootfs: x}]\n",
	  "x.yaml:3: rootfs is not an absolute path" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, command: [], duration: 1}]\n",
	  "x.yaml:3: 'command' names no program" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, command: true, duration: 1}]\n",
	  "x.yaml:3: 'command' is not a list" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, command: [[a]], duration: 1}]\n",
	  "x.yaml:3: 'command' is not a list of texts" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, command: [a], duration: 5, limit: 4}]\n",
	  "x.yaml:3: workload w: its limit is shorter" },
	{ "name: a\nseed: 0\n" BASELINE, "x.yaml:2: 'seed' is not a number from 1" },
	{ "name: a\nmode: both\n" BASELINE, "x.yaml:2: 'mode' is not reset or phases" },
	{ "name: a\nbaselines: [{name: i, kind: idle}]\n",
	  "x.yaml:2: a baseline needs the key 'duration'" },
	{ "name: a\nbaselines: [{name: i, kind: observer, duration: 1}]\n",
	  "x.yaml:2: baseline i: an observer has no duration" },
	{ "name: a\n" WORKLOAD
	  "platforms: [{name: p, driver: oci, runtime: r, rootfs: /, network: tap}]\n",
	  "x.yaml:3: platform p: the driver oci has no network 'tap'" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: qemu-microvm, image: /i}]\n",
	  "x.yaml:3: platform p needs the key 'kernel'" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: command, memory: 0,\n"
	  "  template: [t]}]\n",
	  "x.yaml:3: 'memory' is not a number from 1" },
	{ "name: a\n" WORKLOAD "platforms: [{name: p, driver: command, overlay: true,\n"
	  "  template: [t]}]\n",
	  "x.yaml:3: platform p: 'overlay' needs a 'rootfs'" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, command: [a, \"{b}\"],\n"
	  "  parameters: {c: 1}, duration: 1}]\n",
	  "x.yaml:3: workload w: its command has {b}, which is no parameter" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, from: ../w.yaml}]\n",
	  "x.yaml:3: '../w.yaml' is not a name" },
	{ "name: a\n" PLATFORM "workloads: [{name: w, from: experiment.yaml}]\n",
	  "x.yaml:3: 'experiment.yaml' is not the name of a description" },
	{ "name: a\n" BASELINE "---\nname: b\n", "x.yaml:4: a second document" },
};

static void each_error_names_file_line_and_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_experiments) / sizeof(bad_experiments[0]); i++) {
		struct experiment experiment = { 0 };
		struct cov_error err = { 0 };

		assert_int_equal(parse(bad_experiments[i].text, &experiment, &err), COV_ERR_FORMAT);
		if (strncmp(err.message, bad_experiments[i].message,
			    strlen(bad_experiments[i].message)) != 0)
			fail_msg("'%s' does not begin with '%s'", err.message,
				 bad_experiments[i].message);
		assert_null(experiment.arena.chunks);
	}
}

/* What libyaml would take long for is refused where it goes beyond a limit. */
static void a_text_that_would_take_long_is_refused_at_its_line(void **state)
{
	/* Each begins as @first, and goes on with @more as often as @count says. */
	static const struct {
		const char *first, *more;
		int count;
		const char *message;
	} texts[] = {
		{ "name: ", "[", 40000, "x.yaml:1: nested deeper than 32 levels" },
		{ "name: a\nplatforms:\n- ", "{a: ", 40000,
		  "x.yaml:3: nested deeper than 32 levels" },
		{ "", "- ", 40000, "x.yaml:1: nested deeper than 32 levels" },
		{ "a: ", "\n- &a x", 101, "x.yaml:102: more than 100 anchors" },
		{ "a: &b x\nb: ", "\n- *b", 101, "x.yaml:103: more than 100 aliases" },
		{ "", "%TAG !a! b\n", 101, "x.yaml:101: more than 100 directives" },
		{ "", "# a\n", 1 << 18, "x.yaml:1: the file is empty" },
		{ "", "# ab\n", 1 << 18, "x.yaml: larger than 1048576 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
		struct experiment experiment = { 0 };
		struct cov_error err = { 0 };

		cov_text_print(&text, "%s", texts[i].first);
		for (int j = 0; j < texts[i].count; j++)
			cov_text_add(&text, texts[i].more, strlen(texts[i].more));
		assert_int_equal(parse(text.data, &experiment, &err), COV_ERR_FORMAT);
		assert_string_equal(err.message, texts[i].message);
	}
}

static void what_is_within_the_limits_is_read(void **state)
{
	static const char aliases[] = "name: a\n"
				      "platforms: [{name: p, driver: host}]\n"
				      "workloads:\n"
				      "  - {name: w, command: &c [a, b], duration: 1}\n"
				      "  - {name: v, command: *c, duration: 1}\n";
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error err = { 0 };

	(void)state;
	assert_int_equal(parse(aliases, &experiment, &err), 0);
	assert_string_equal(experiment.workloads[1].command.texts[1], "b");
}

/* Cut the file at each byte: it may be refused; it may not crash or leak. */
static void a_file_cut_anywhere_is_read_or_refused(void **state)
{
	(void)state;
	const char *const texts[] = { whole, study };

	for (size_t i = 0; i < 2; i++) {
		for (size_t size = 0; size < strlen(texts[i]); size++) {
			struct experiment experiment = { 0 };
			struct cov_error err = { 0 };

			if (experiment_parse(texts[i], size, "x.yaml", &experiment, &err) != 0)
				assert_memory_equal(err.message, "x.yaml:", strlen("x.yaml:"));
			experiment_deinit(&experiment);
		}
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
		cmocka_unit_test(every_driver_and_key_of_a_study_is_read),
		cmocka_unit_test(some_trials_of_each_workload_have_phases),
		cmocka_unit_test(a_baseline_may_have_more_trials_than_the_workloads),
		cmocka_unit_test(an_observer_is_captured_either_way),
		cmocka_unit_test(a_workload_knows_the_groups_that_it_belongs_to),
		cmocka_unit_test(a_baseline_idles_observes_or_starts_a_platform),
		cmocka_unit_test(a_seed_shuffles_all_trials_always_the_same_way),
		cmocka_unit_test(a_description_gives_what_the_experiment_leaves_out),
		cmocka_unit_test(each_error_names_file_line_and_key),
		cmocka_unit_test(a_text_that_would_take_long_is_refused_at_its_line),
		cmocka_unit_test(what_is_within_the_limits_is_read),
		cmocka_unit_test(a_file_cut_anywhere_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
