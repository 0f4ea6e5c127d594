/* trial_test.c - a trial on a made-up gcov directory: its steps, its files, its failures. */
#include "collector/capture/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/platform/state.h"
#include "tests/unit/collector/own_run.h"

enum { SKIPPED = 77 };

static char folder[] = "/tmp/trial_test-XXXXXX";
static char gcov[64];

static const struct experiment_platform host = { .name = "host", .driver = "host" };
static const struct experiment_baseline idle = { .name = "idle",
						 .platform_name = "host",
						 .duration_ns = 20000000 };

static int make_tree(void **state)
{
	struct cov_error err;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	setenv("TMPDIR", folder, 1);
	snprintf(gcov, sizeof(gcov), "%s/gcov", folder);
	COV_AUTO(free) char *file = cov_format("%s/fork.gcda", gcov);
	COV_AUTO(free) char *reset = cov_format("%s/reset", gcov);
	if (mkdir(gcov, 0755) != 0 || cov_file_replace(file, "counters", 8, &err) != 0)
		return -1;
	if (cov_file_replace(reset, "", 0, &err) != 0)
		return -1;
	return state_open(gcov, &err);
}

static int remove_tree(void **state)
{
	COV_AUTO(free) char *command = cov_format("rm -r '%s'", folder);
	FILE *stream = popen(command, "r");

	(void)state;
	state_close();
	return stream ? pclose(stream) : -1;
}

static void run_trial(const struct experiment_trial *trial, struct cov_manifest *manifest)
{
	struct trial_setting setting = {
		.folder = folder,
		.gcov_directory = gcov,
		.kernel = { .release = "6.1" },
	};
	struct cov_error err = { 0 };

	if (trial_run(&setting, trial, 1, NULL, manifest, &err) != 0)
		fail_msg("%s", err.message);
	snapshot_writer_deinit(&setting.writer);
}

static void run_command(const char **command, size_t count, long long limit_ns,
			struct cov_manifest *manifest)
{
	struct experiment_workload workload = {
		.name = "work",
		.command = { command, count },
		.limit_ns = limit_ns,
	};
	struct experiment_trial trial = { .platform = &host, .workload = &workload, .number = 1 };

	run_trial(&trial, manifest);
}

static void the_steps_follow_each_other(void **state)
{
	(void)state;
	static const char *const names[] = { "prepare", "settle", "reset", "run", "capture" };
	const struct experiment_trial trial = { .baseline = &idle, .number = 1 };
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

	run_trial(&trial, &manifest);
	assert_true(manifest.is_ok);
	assert_int_equal(manifest.step_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(manifest.steps[i].name, names[i]);
		assert_true(manifest.steps[i].start_ns <= manifest.steps[i].end_ns);
		if (i)
			assert_true(manifest.steps[i - 1].end_ns <= manifest.steps[i].start_ns);
	}
	assert_true(manifest.duration_ns >= idle.duration_ns);
	assert_true(manifest.duration_ns <=
		    manifest.steps[4].start_ns - manifest.steps[2].start_ns);
}

static void a_trial_leaves_a_snapshot_and_a_manifest(void **state)
{
	(void)state;
	const char *command[] = { "echo", "hello", NULL };
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 }, again = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/host-work-1.json", folder);
	COV_AUTO(free) char *snapshot = cov_format("%s/host-work-1.tar.zst", folder);
	struct cov_error err = { 0 };

	run_command(command, 2, 10000000000, &manifest);
	assert_true(manifest.is_ok);
	assert_string_equal(manifest.output, "hello\n");
	assert_int_equal(access(snapshot, R_OK), 0);
	assert_int_equal(cov_manifest_read(path, &again, &err), 0);
	assert_string_equal(again.snapshot.file, "host-work-1.tar.zst");
	assert_int_equal(again.snapshot.file_count, 1);
	assert_int_equal(again.snapshot.total_bytes, 8);
}

static void a_workload_that_fails_keeps_its_snapshot_and_says_why(void **state)
{
	(void)state;
	const char *fails[] = { "sh", "-c", "exit 3", NULL };
	const char *hangs[] = { "sleep", "100", NULL };
	const char *missing[] = { "no-such-program", NULL };
	COV_AUTO(free) char *path = cov_format("%s/broken", folder);
	const char *broken[] = { path, NULL };
	COV_AUTO(free) char *cannot = cov_format("cannot run %s: No such file or directory", path);
	COV_AUTO(cov_manifest_deinit)
	struct cov_manifest one = { 0 }, two = { 0 }, three = { 0 }, four = { 0 };
	struct cov_error err;

	run_command(fails, 3, 10000000000, &one);
	assert_false(one.is_ok);
	assert_string_equal(one.failure, "exit status 3");
	assert_int_equal(one.exit_status, 3);
	assert_non_null(one.snapshot.file);

	run_command(hangs, 2, 50000000, &two);
	assert_string_equal(two.failure, "exceeded its limit of 0.05 s");
	assert_int_equal(two.exit_status, -1);

	assert_int_equal(cov_file_replace(path, "#!/nowhere/sh\n", 14, &err), 0);
	assert_int_equal(chmod(path, 0755), 0);
	run_command(broken, 1, 10000000000, &three);
	assert_string_equal(three.failure, cannot);
	assert_non_null(three.snapshot.file);

	/* This is found before the counters are reset. */
	run_command(missing, 1, 10000000000, &four);
	assert_string_equal(four.failure, "there is no program 'no-such-program' in PATH");
	assert_null(four.snapshot.file);
}

/* As many counters as none: a header only. */
static const uint32_t header[] = { 0x67636461, 0x4232322a, 0x1234, 0xabcd };

/* A setting in which a trial is taken apart, its phases saved in @phase_folder. */
static struct trial_setting phase_setting(struct phases *phases, const char *phase_folder)
{
	return (struct trial_setting){
		.folder = folder,
		.gcov_directory = gcov,
		.kernel = { .release = "6.1" },
		.phases = phases,
		.phase_folder = phase_folder,
	};
}

static void phases_are_differences_of_captures(void **state)
{
	(void)state;
	static const char *const names[] = { "start-up", "steady", "tear-down" };
	const char *command[] = { "sh", "-c",
				  "echo '{\"event\": \"ready\"}'; echo '{\"event\": \"done\"}'",
				  NULL };
	const struct experiment_workload workload = {
		.name = "phased",
		.command = { command, 3 },
		.limit_ns = 10000000000,
	};
	const struct experiment_trial trial = {
		.platform = &host, .workload = &workload, .number = 1, .has_phases = true
	};
	COV_AUTO(free) char *file = cov_format("%s/fork.gcda", gcov);
	COV_AUTO(free) char *phase_folder = cov_format("%s/phases", folder);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct phases phases = { 0 };
	struct trial_setting setting = phase_setting(&phases, phase_folder);
	struct cov_error err = { 0 };

	assert_int_equal(cov_file_replace(file, header, sizeof(header), &err), 0);
	if (trial_run(&setting, &trial, 1, NULL, &manifest, &err) != 0)
		fail_msg("%s", err.message);
	assert_true(manifest.is_ok);
	assert_int_equal(manifest.capture.way, COV_MANIFEST_RESET);
	assert_int_equal(manifest.capture.within, 3);
	assert_int_equal(manifest.step_count, 8);
	assert_string_equal(manifest.steps[6].name, "ready");
	assert_string_equal(manifest.steps[7].name, "done");
	for (size_t i = 0; i < 3; i++) {
		COV_AUTO(free)
		char *path = cov_format("%s/host-phased-1.%s.json", phase_folder, names[i]);
		COV_AUTO(free)
		char *snapshot = cov_format("%s/host-phased-1.%s.tar.zst", phase_folder, names[i]);
		COV_AUTO(free) char *name = cov_format("phased.%s", names[i]);
		COV_AUTO(cov_manifest_deinit) struct cov_manifest phase = { 0 };

		assert_int_equal(cov_manifest_read(path, &phase, &err), 0);
		assert_string_equal(phase.phase, names[i]);
		assert_string_equal(phase.workload, name);
		assert_int_equal(phase.capture.way, COV_MANIFEST_DIFFERENCE);
		assert_int_equal(phase.capture.within, 0);
		assert_true(phase.duration_ns >= 0);
		assert_int_equal(access(snapshot, R_OK), 0);
	}
	phases_deinit(&phases);
	snapshot_writer_deinit(&setting.writer);
	assert_int_equal(cov_file_replace(file, "counters", 8, &err), 0);
}

/* The capture at the end of an observer that is captured by difference: the file of one counter. */
static void an_observer_by_difference_has_what_one_capture_executes(void **state)
{
	static const struct experiment_baseline observer = {
		.name = "twice",
		.kind = EXPERIMENT_OBSERVER,
		.platform_name = "host",
		.has_difference = true,
	};
	const struct experiment_trial trial = { .baseline = &observer, .number = 1 };
	COV_AUTO(free) char *file = cov_format("%s/fork.gcda", gcov);
	COV_AUTO(free) char *phase_folder = cov_format("%s/phases", folder);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct phases phases = { 0 };
	struct trial_setting setting = phase_setting(&phases, phase_folder);
	struct cov_error err = { 0 };

	(void)state;
	assert_int_equal(cov_file_replace(file, header, sizeof(header), &err), 0);
	if (trial_run(&setting, &trial, 1, NULL, &manifest, &err) != 0)
		fail_msg("%s", err.message);
	assert_true(manifest.is_ok);
	assert_int_equal(manifest.capture.way, COV_MANIFEST_DIFFERENCE);
	assert_int_equal(manifest.capture.within, 0);
	assert_string_equal(manifest.kind, "observer");
	assert_null(manifest.phase);
	assert_string_equal(manifest.steps[3].name, "start");
	assert_int_equal(manifest.duration_ns,
			 manifest.steps[5].start_ns - phases.writers[PHASE_START].end_ns);
	phases_deinit(&phases);
	snapshot_writer_deinit(&setting.writer);
	assert_int_equal(cov_file_replace(file, "counters", 8, &err), 0);
}

static void a_workload_without_events_has_no_phases(void **state)
{
	(void)state;
	const char *command[] = { "true", NULL };
	const struct experiment_workload workload = {
		.name = "silent",
		.command = { command, 1 },
		.limit_ns = 10000000000,
	};
	const struct experiment_trial trial = {
		.platform = &host, .workload = &workload, .number = 1, .has_phases = true
	};
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct phases phases = { 0 };
	struct trial_setting setting = phase_setting(&phases, folder);
	struct cov_error err = { 0 };

	assert_int_equal(trial_run(&setting, &trial, 1, NULL, &manifest, &err), 0);
	assert_false(manifest.is_ok);
	assert_non_null(strstr(manifest.failure, "never printed {\"event\": \"ready\"}"));
	phases_deinit(&phases);
	snapshot_writer_deinit(&setting.writer);
}

static void metrics_are_in_the_manifest(void **state)
{
	(void)state;
	const char *command[] = { "echo", "{\"metric\": \"m\", \"value\": 2, \"unit\": \"s\"}",
				  NULL };
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

	run_command(command, 2, 10000000000, &manifest);
	assert_int_equal(manifest.metric_count, 1);
	assert_string_equal(manifest.metrics[0].name, "m");
	assert_string_equal(manifest.settings.network, "none");
	assert_int_equal(manifest.position, 1);
}

static void without_a_reset_nothing_is_captured(void **state)
{
	(void)state;
	const struct experiment_trial trial = { .baseline = &idle, .number = 2 };
	COV_AUTO(free) char *reset = cov_format("%s/reset", gcov);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error err = { 0 };

	unlink(reset);
	run_trial(&trial, &manifest);
	assert_false(manifest.is_ok);
	assert_null(manifest.snapshot.file);
	assert_non_null(strstr(manifest.failure, "cannot reset the counters"));
	assert_int_equal(cov_file_replace(reset, "", 0, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_steps_follow_each_other),
		cmocka_unit_test(a_trial_leaves_a_snapshot_and_a_manifest),
		cmocka_unit_test(a_workload_that_fails_keeps_its_snapshot_and_says_why),
		cmocka_unit_test(phases_are_differences_of_captures),
		cmocka_unit_test(an_observer_by_difference_has_what_one_capture_executes),
		cmocka_unit_test(a_workload_without_events_has_no_phases),
		cmocka_unit_test(metrics_are_in_the_manifest),
		cmocka_unit_test(without_a_reset_nothing_is_captured),
	};

	if (own_run_enter() != 0) {
		perror("skipped: no /run of its own");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
