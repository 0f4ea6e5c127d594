/* manifest_test.c - a manifest survives being written and read; a damaged one is named. */
#include "collector/run/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

static char folder[] = "/tmp/manifest_test-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/trial.json", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static const char *const command[] = { "sh", "-c", "exit 3 # \\x41" };
static const struct cov_metric metrics[] = {
	{ "bandwidth", 1.5, "Gbit/s", "{\"instance\":1}" },
	{ "rtt", 146, "us", "{}" },
};
static const char *unreadable[] = { "usr/src/linux/net/core/dev.gcda" };

/* A trial with every member set. */
static struct cov_manifest sample(void)
{
	static const char output[] = "one\n\xff\xc3\xa4\0two";

	return (struct cov_manifest){
		.platform = "gvisor",
		.driver = "oci",
		.workload = "cpu",
		.number = 2,
		.seed = 20200317,
		.position = 7,
		.groups = command,
		.group_count = 1,
		.settings = { .network = "bridge",
			      .has_overlay = true,
			      .memory_mib = 8192,
			      .arguments = command,
			      .argument_count = 2 },
		.metrics = metrics,
		.metric_count = 2,
		.failure = "exit status 3",
		.exit_status = 3,
		.duration_ns = 5123456789,
		.started_at = "2026-01-02T03:04:05Z",
		.steps = { { "settle", 1, 2 }, { "run", 3, 4000000000000 } },
		.step_count = 2,
		.capture = { COV_MANIFEST_DIFFERENCE, 4 },
		.snapshot = { "gvisor-cpu-2.tar.zst", 1987, 6500000, unreadable, 1 },
		.kernel = { .release = "6.1.192",
			    .build_id = "0a1b",
			    .cpu_count = 2,
			    .is_emulated = true,
			    .profile_update = "atomic" },
		.programs = { { "covdb", "0.1.0" }, { "runsc", "runsc version 1" } },
		.program_count = 2,
		.command = command,
		.command_count = 3,
		.output = output,
		.output_bytes = sizeof(output) - 1,
		.is_output_truncated = true,
	};
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	struct cov_manifest written = sample();
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(cov_manifest_write(&written, path, &err), 0);
	assert_int_equal(cov_manifest_read(path, &manifest, &err), 0);
	assert_string_equal(manifest.platform, "gvisor");
	assert_string_equal(manifest.driver, "oci");
	assert_int_equal(manifest.seed, 20200317);
	assert_int_equal(manifest.position, 7);
	assert_null(manifest.phase);
	assert_string_equal(manifest.settings.network, "bridge");
	assert_true(manifest.settings.has_overlay);
	assert_int_equal(manifest.settings.memory_mib, 8192);
	assert_int_equal(manifest.settings.argument_count, 2);
	assert_int_equal(manifest.metric_count, 2);
	assert_string_equal(manifest.metrics[0].name, "bandwidth");
	assert_true(manifest.metrics[0].value > 1.49 && manifest.metrics[0].value < 1.51);
	assert_string_equal(manifest.metrics[0].labels, "{\"instance\":1}");
	assert_string_equal(manifest.metrics[1].unit, "us");
	assert_string_equal(manifest.workload, "cpu");
	assert_int_equal(manifest.group_count, 1);
	assert_string_equal(manifest.groups[0], command[0]);
	assert_null(manifest.baseline);
	assert_int_equal(manifest.number, 2);
	assert_false(manifest.is_ok);
	assert_string_equal(manifest.failure, "exit status 3");
	assert_int_equal(manifest.exit_status, 3);
	assert_int_equal(manifest.signal, 0);
	assert_int_equal(manifest.duration_ns, 5123456789);
	assert_string_equal(manifest.started_at, "2026-01-02T03:04:05Z");
	assert_int_equal(manifest.step_count, 2);
	assert_string_equal(manifest.steps[1].name, "run");
	assert_int_equal(manifest.steps[1].end_ns, 4000000000000);
	assert_int_equal(manifest.capture.way, COV_MANIFEST_DIFFERENCE);
	assert_int_equal(manifest.capture.within, 4);
	assert_string_equal(manifest.snapshot.file, "gvisor-cpu-2.tar.zst");
	assert_int_equal(manifest.snapshot.file_count, 1987);
	assert_int_equal(manifest.snapshot.total_bytes, 6500000);
	assert_int_equal(manifest.snapshot.unreadable_count, 1);
	assert_string_equal(manifest.snapshot.unreadable[0], unreadable[0]);
	assert_string_equal(manifest.kernel.release, "6.1.192");
	assert_null(manifest.kernel.config_sha256);
	assert_int_equal(manifest.kernel.cpu_count, 2);
	assert_true(manifest.kernel.is_emulated);
	assert_false(manifest.kernel.is_gcov_persistent);
	assert_int_equal(manifest.program_count, 2);
	assert_string_equal(manifest.programs[1].name, "runsc");
	assert_int_equal(manifest.command_count, 3);
	assert_string_equal(manifest.command[2], "exit 3 # \\x41");
	assert_true(manifest.is_output_truncated);
}

static void output_that_is_not_text_is_replaced(void **state)
{
	(void)state;
	struct cov_manifest written = sample();
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(cov_manifest_write(&written, path, &err), 0);
	assert_int_equal(cov_manifest_read(path, &manifest, &err), 0);
	assert_string_equal(manifest.output, "one\n\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd"
					     "two");
	assert_int_equal(manifest.output_bytes, strlen(manifest.output));
}

static void a_baseline_without_a_snapshot_is_read(void **state)
{
	(void)state;
	struct cov_manifest written = { .platform = "host",
					.driver = "host",
					.baseline = "idle",
					.number = 1,
					.exit_status = -1,
					.kernel = { .release = "5.4.13" } };
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(cov_manifest_write(&written, path, &err), 0);
	assert_int_equal(cov_manifest_read(path, &manifest, &err), 0);
	assert_null(manifest.workload);
	assert_string_equal(manifest.baseline, "idle");
	assert_null(manifest.snapshot.file);
	assert_null(manifest.output);
	assert_int_equal(manifest.exit_status, -1);
}

/* Write the sample with @old replaced by @new, and read it. */
static int read_changed(const char *old, const char *new, struct cov_error *err)
{
	struct cov_manifest written = sample(), manifest = { 0 };
	COV_AUTO(free) char *text = NULL;
	size_t size;

	assert_int_equal(cov_manifest_write(&written, path, err), 0);
	assert_int_equal(cov_file_read(path, &text, &size, err), 0);
	char *found = strstr(text, old);
	assert_non_null(found);

	COV_AUTO(free)
	char *changed = cov_format("%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
	assert_int_equal(cov_file_replace(path, changed, strlen(changed), err), 0);
	int result = cov_manifest_read(path, &manifest, err);
	cov_manifest_deinit(&manifest);
	return result;
}

static void a_wrong_key_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *old, *new, *named;
	} cases[] = {
		{ "\"covdb-trial\"", "\"other\"", "'format'" },
		{ "\"version\": 1", "\"version\": 2", "'version'" },
		{ "\"platform\": \"gvisor\"", "\"platform\": 7", "'trial.platform'" },
		{ "\"platform\": \"gvisor\"", "\"platform\": \"\"", "'trial.platform'" },
		{ "\"platform\": \"gvisor\"", "\"platform\": \"a\\u001b[2J\"", "'trial.platform'" },
		{ "\"platform\": \"gvisor\"", "\"platform\": \"a,b\"", "'trial.platform'" },
		{ "\"driver\": \"oci\"", "\"driver\": \"o\\nk\"", "'trial.driver'" },
		{ "\"workload\": \"cpu\"", "\"workload\": \"../cpu\"", "'trial.workload'" },
		{ "\"baseline\": null", "\"baseline\": \"\u00e9\"", "'trial.baseline'" },
		{ "\"phase\": null", "\"phase\": \"=1\"", "'trial.phase'" },
		{ "\"number\": 2", "\"number\": -2", "'trial.number'" },
		{ "\"status\": \"failed\"", "\"status\": \"good\"", "'status'" },
		{ "\"duration_ns\": 5123456789", "\"duration_ns\": \"5\"", "'duration_ns'" },
		{ "\"start_ns\": 3", "\"start\": 3", "'steps.start_ns'" },
		{ "\"way\": \"difference\"", "\"way\": \"delta\"", "'capture.way'" },
		{ "\"within\": 4", "\"within\": -4", "'capture.within'" },
		{ "\"files\": 1987", "\"files\": null", "'snapshot.files'" },
		{ "\"file\": \"gvisor", "\"file\": \"../gvisor", "'snapshot.file'" },
		{ "\"emulated\": true", "\"emulated\": 1", "'kernel.emulated'" },
		{ "\"labels\"", "\"label\"", "'metrics.labels'" },
		{ "\"labels\": {", "\"labels\": 1, \"l\": {", "'metrics.labels'" },
		{ "\"covdb\": \"0.1.0\"", "\"covdb\": 0.1", "'versions.covdb'" },
		{ "\"workload\": \"cpu\"", "\"workload\": null", "'trial.workload'" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cov_error err = { 0 };

		assert_int_equal(read_changed(cases[i].old, cases[i].new, &err), COV_ERR_FORMAT);
		assert_memory_equal(err.message, path, strlen(path));
		if (!strstr(err.message, cases[i].named))
			fail_msg("'%s' does not name %s", err.message, cases[i].named);
	}
}

/* What @written says of its capture once it has lost the key, as older ones lack it. */
static struct cov_manifest_capture capture_without_key(const struct cov_manifest *written)
{
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	COV_AUTO(free) char *text = NULL;
	struct cov_error err = { 0 };
	size_t size;

	assert_int_equal(cov_manifest_write(written, path, &err), 0);
	assert_int_equal(cov_file_read(path, &text, &size, &err), 0);
	memcpy(strstr(text, "\"capture\": {"), "\"ignored\"", strlen("\"ignored\""));
	assert_int_equal(cov_file_replace(path, text, size, &err), 0);
	assert_int_equal(cov_manifest_read(path, &manifest, &err), 0);
	return manifest.capture;
}

static void an_older_manifest_tells_its_way_by_phase_and_steps(void **state)
{
	(void)state;
	struct cov_manifest whole = sample(), with_phases = sample(), phase = sample();

	with_phases.steps[0].name = "start";
	phase.phase = "steady";
	assert_int_equal(capture_without_key(&whole).way, COV_MANIFEST_RESET);
	assert_int_equal(capture_without_key(&whole).within, 0);
	assert_int_equal(capture_without_key(&with_phases).way, COV_MANIFEST_RESET);
	assert_int_equal(capture_without_key(&with_phases).within, 3);
	assert_int_equal(capture_without_key(&phase).way, COV_MANIFEST_DIFFERENCE);
	assert_int_equal(capture_without_key(&phase).within, 0);
}

static void a_manifest_cut_anywhere_is_a_format_error(void **state)
{
	(void)state;
	struct cov_manifest written = sample();
	COV_AUTO(free) char *text = NULL;
	size_t size;
	struct cov_error err = { 0 };

	assert_int_equal(cov_manifest_write(&written, path, &err), 0);
	assert_int_equal(cov_file_read(path, &text, &size, &err), 0);
	for (size_t length = 0; length + 2 < size; length += 7) {
		struct cov_manifest manifest = { 0 };
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fwrite(text, 1, length, file);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(cov_manifest_read(path, &manifest, &err), COV_ERR_FORMAT);
	}
}

static void a_missing_manifest_is_a_system_error(void **state)
{
	(void)state;
	struct cov_manifest manifest = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(cov_manifest_read("/nowhere/trial.json", &manifest, &err), COV_ERR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(output_that_is_not_text_is_replaced),
		cmocka_unit_test(a_baseline_without_a_snapshot_is_read),
		cmocka_unit_test(a_wrong_key_is_named),
		cmocka_unit_test(an_older_manifest_tells_its_way_by_phase_and_steps),
		cmocka_unit_test(a_manifest_cut_anywhere_is_a_format_error),
		cmocka_unit_test(a_missing_manifest_is_a_system_error),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
