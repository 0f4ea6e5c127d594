/* platform_test.c - what each driver makes and executes, and what it leaves behind: nothing. */
#include "collector/platform/guest.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/platform/platform_oci.h"
#include "collector/platform/recover.h"
#include "collector/platform/state.h"
#include "tests/unit/collector/own_run.h"

enum { SKIPPED = 77 };

static const struct seccomp_profile no_profile;

static const char *arguments[] = { "--platform=ptrace", "--network=none", NULL };
static const char *command[] = { "sh", "-c", "echo \"a\\b\"", NULL };

/* Its runtime is a program that does nothing, whatever it is told. */
static const struct experiment_platform platform = {
	.name = "gvisor",
	.driver = "oci",
	.runtime = "true",
	.arguments = { arguments, 2 },
	.rootfs = "/",
};
static const struct experiment_workload workload = {
	.name = "cpu",
	.command = { command, 3 },
};

static void the_configuration_runs_the_workload_in_the_rootfs(void **state)
{
	(void)state;
	COV_AUTO(free) char *text = platform_oci_config(&platform, &workload, "/", &no_profile);
	json_t *root = json_loads(text, 0, NULL);
	const char *word, *path;
	int terminal, is_read_only;

	assert_non_null(root);
	assert_int_equal(json_unpack(root, "{s:{s:b, s:s}, s:{s:s, s:b}}", "process", "terminal",
				     &terminal, "cwd", &word, "root", "path", &path, "readonly",
				     &is_read_only),
			 0);
	assert_false(terminal);
	assert_string_equal(word, "/");
	assert_string_equal(path, "/");
	assert_true(is_read_only);

	json_t *list = json_object_get(json_object_get(root, "process"), "args");
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(json_string_value(json_array_get(list, 2)), command[2]);
	json_decref(root);
}

/* A shell's own escapes look like those by which JSON has names that are not UTF-8. */
static void a_command_reaches_the_container_word_for_word(void **state)
{
	(void)state;
	static const char *words[] = { "printf", "\\x41\\xff \xc3\xa9", NULL };
	const struct experiment_workload escaping = { .command = { words, 2 } };
	COV_AUTO(free) char *text = platform_oci_config(&platform, &escaping, "/", &no_profile);
	json_t *root = json_loads(text, 0, NULL);
	json_t *list = json_object_get(json_object_get(root, "process"), "args");

	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 1)), words[1]);
	json_decref(root);
}

static void the_container_has_its_own_name_spaces_and_mounts(void **state)
{
	(void)state;
	static const char *const kinds[] = { "pid", "ipc", "uts", "mount", "cgroup", "network" };
	COV_AUTO(free) char *text = platform_oci_config(&platform, &workload, "/", &no_profile);
	json_t *root = json_loads(text, 0, NULL);
	json_t *list = json_object_get(json_object_get(root, "linux"), "namespaces");
	const char *kind, *destination;

	assert_int_equal(json_array_size(list), 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(json_unpack(json_array_get(list, i), "{s:s}", "type", &kind), 0);
		assert_string_equal(kind, kinds[i]);
	}
	list = json_object_get(root, "mounts");
	assert_int_equal(json_unpack(json_array_get(list, 0), "{s:s, s:s}", "destination",
				     &destination, "type", &kind),
			 0);
	assert_string_equal(destination, "/proc");
	assert_string_equal(kind, "proc");
	json_decref(root);
}

static void the_runtime_gets_its_arguments_before_the_subcommand(void **state)
{
	(void)state;
	COV_AUTO(platform_run_deinit)
	struct platform_run run = { .platform = &platform, .workload = &workload };
	struct cov_error err = { 0 };

	assert_int_equal(platform_prepare(&run, &err), 0);
	COV_AUTO(free) char *root = cov_format("%s/state", run.folder);
	COV_AUTO(free) char *bundle = cov_format("%s/bundle", run.folder);
	const char *const expected[] = {
		"true", "--platform=ptrace", "--network=none", "--root",       root,
		"run",  "--bundle",          bundle,           platform_run_id
	};
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(run.command[i], expected[i]);
	assert_null(run.command[9]);
}

static void the_bundle_is_gone_after_the_tear_down(void **state)
{
	(void)state;
	struct platform_run run = { .platform = &platform, .workload = &workload };
	struct cov_error err = { 0 };

	assert_int_equal(platform_prepare(&run, &err), 0);
	COV_AUTO(free) char *folder = cov_xstrdup(run.folder);
	COV_AUTO(free) char *config = cov_format("%s/bundle/config.json", folder);
	assert_int_equal(access(config, R_OK), 0);
	platform_run_deinit(&run);
	assert_int_not_equal(access(folder, F_OK), 0);
}

static void what_is_missing_on_the_machine_is_named(void **state)
{
	(void)state;
	struct experiment_platform no_runtime = platform, no_rootfs = platform;
	struct cov_error err = { 0 };

	no_runtime.runtime = "no-such-runtime";
	no_rootfs.rootfs = "/no/such/rootfs";
	assert_int_equal(platform_oci.check(&platform, &err), 0);
	assert_int_equal(platform_oci.check(&no_runtime, &err), COV_ERR_MACHINE);
	assert_non_null(strstr(err.message, "no-such-runtime"));
	assert_int_equal(platform_oci.check(&no_rootfs, &err), COV_ERR_MACHINE);
	assert_non_null(strstr(err.message, "/no/such/rootfs"));
}

static void the_network_memory_and_processors_of_a_container_are_in_its_configuration(void **state)
{
	(void)state;
	struct experiment_platform limited = platform;
	const char *kind, *network, *group;
	json_int_t memory, quota;

	limited.network = NETWORK_BRIDGE;
	limited.memory_mib = 8192;
	limited.cpu_count = 2;
	COV_AUTO(free) char *text = platform_oci_config(&limited, &workload, "/", &no_profile);
	json_t *root = json_loads(text, 0, NULL);
	json_t *spaces = json_object_get(json_object_get(root, "linux"), "namespaces");
	assert_int_equal(json_unpack(json_array_get(spaces, json_array_size(spaces) - 1),
				     "{s:s, s:s}", "type", &kind, "path", &network),
			 0);
	assert_string_equal(kind, "network");
	assert_string_equal(network, "/run/netns/covdb-box");
	assert_int_equal(json_unpack(root, "{s:{s:s, s:{s:{s:I}, s:{s:I}}}}", "linux",
				     "cgroupsPath", &group, "resources", "memory", "limit", &memory,
				     "cpu", "quota", &quota),
			 0);
	assert_string_equal(group, "/covdb/covdb-trial");
	assert_int_equal(memory, 8589934592);
	assert_int_equal(quota, 200000);
	json_decref(root);

	limited.network = NETWORK_HOST;
	COV_AUTO(free) char *shared = platform_oci_config(&limited, &workload, "/", &no_profile);
	assert_null(strstr(shared, "\"network\""));
}

static void the_job_of_a_machine_quotes_every_word_and_fills_its_sector(void **state)
{
	(void)state;
	const char *words[] = { "sh", "-c", "echo 'it is' $X", NULL };
	const struct experiment_workload quoted = { .command = { words, 3 } };
	static const char start[] = "exec 'sh' '-c' 'echo '\\''it is'\\'' $X'\n\n";
	COV_AUTO(free) char *job = guest_job(&quoted);

	assert_int_equal(strlen(job), 512);
	assert_memory_equal(job, start, strlen(start));
}

static bool has_word(const struct platform_run *run, const char *word)
{
	for (size_t i = 0; run->command[i]; i++) {
		if (strstr(run->command[i], word))
			return true;
	}
	return false;
}

static void a_microvm_gets_a_copy_of_its_image_that_keeps_holes(void **state)
{
	(void)state;
	COV_AUTO(free) char *image = cov_format("%s/image", getenv("TMPDIR"));
	const struct experiment_platform machine = {
		.name = "microvm",
		.driver = "qemu-microvm",
		.runtime = "qemu-system-x86_64",
		.kernel = "/boot/guest",
		.image = image,
		.memory_mib = 256,
		.cpu_count = 1,
	};
	COV_AUTO(platform_run_deinit)
	struct platform_run run = { .platform = &machine, .workload = &workload };
	struct cov_error err = { 0 };
	struct stat copy;

	assert_int_equal(cov_file_replace(image, "start", 5, &err), 0);
	assert_int_equal(truncate(image, 64 << 20), 0);
	assert_int_equal(platform_prepare(&run, &err), 0);
	COV_AUTO(free) char *path = cov_format("%s/root.ext4", run.folder);
	assert_int_equal(stat(path, &copy), 0);
	assert_int_equal(copy.st_size, 64 << 20);
	assert_true(copy.st_blocks < 1024);
	assert_true(has_word(&run, "microvm,"));
	assert_true(has_word(&run, "256M"));
	assert_true(has_word(&run, "root=/dev/vda"));
	assert_false(has_word(&run, "tap"));
	unlink(image);
}

static void the_end_of_a_machines_workload_is_what_its_init_said(void **state)
{
	(void)state;
	static char said[] = "boot\r\n{\"event\": \"exit\", \"status\": 3}\r\n";
	static char silent[] = "boot\r\n";
	struct platform_run run = { 0 };
	struct process_result result = { .output = { said, strlen(said), sizeof(said) } };
	struct cov_error err = { 0 };

	assert_int_equal(guest_outcome(&run, &result, &err), 0);
	assert_int_equal(result.exit_status, 3);
	result.output = (struct cov_text){ silent, strlen(silent), sizeof(silent) };
	assert_int_equal(guest_outcome(&run, &result, &err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "before its workload did"));
}

static void a_template_gets_the_words_of_the_workload(void **state)
{
	(void)state;
	const char *words[] = { "env", "ROOT={root}", "{command}", NULL };
	const struct experiment_platform other = {
		.name = "other",
		.driver = "command",
		.rootfs = "/",
		.template = { words, 3 },
	};
	COV_AUTO(platform_run_deinit)
	struct platform_run run = { .platform = &other, .workload = &workload };
	const char *const expected[] = { "env", "ROOT=/", "sh", "-c", command[2] };
	struct cov_error err = { 0 };

	assert_int_equal(platform_command.check(&other, &err), 0);
	assert_int_equal(platform_prepare(&run, &err), 0);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(run.command[i], expected[i]);
	assert_null(run.command[5]);
}

static void a_placeholder_that_nothing_fills_is_named(void **state)
{
	(void)state;
	const char *words[] = { "env", "TAP={tap}", NULL };
	const struct experiment_platform other = {
		.name = "other",
		.driver = "command",
		.template = { words, 2 },
	};
	struct cov_error err = { 0 };

	assert_int_equal(platform_command.check(&other, &err), COV_ERR_MACHINE);
	assert_non_null(strstr(err.message, "{tap}"));
}

static void a_missing_program_is_found_with_file_and_line(void **state)
{
	(void)state;
	const char *words[] = { "no-such-program", NULL };
	const struct experiment_platform host = { .name = "host", .driver = "host", .line = 3 };
	struct experiment_workload missing = { .name = "w", .command = { words, 1 }, .line = 7 };
	const struct experiment experiment = {
		.path = "x.yaml",
		.workloads = &missing,
		.workload_count = 1,
	};
	struct cov_error err = { 0 };

	assert_int_equal(platform_check(&experiment, &host, &err), COV_ERR_MACHINE);
	assert_string_equal(err.message, "x.yaml:7: workload w: there is no program "
					 "'no-such-program' in PATH, for platform host");
}

/* As it is after SIGKILL: nobody tore down. */
static void what_a_killed_collect_left_is_removed_by_the_next(void **state)
{
	(void)state;
	struct platform_run run = { .platform = &platform, .workload = &workload };
	char sleeper[] = "sleep", forever[] = "1000000";
	char *const sleep_command[] = { sleeper, forever, NULL };
	const struct experiment experiment = { 0 };
	struct process process = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(platform_prepare(&run, &err), 0);
	assert_int_equal(process_start(sleep_command, &process, &err), 0);
	process_keep_ledger(NULL);
	pid_t pid = process.pid;
	COV_AUTO(free) char *folder = cov_xstrdup(run.folder);
	assert_int_equal(recover_killed(&experiment, getenv("TMPDIR"), &err), 0);
	assert_int_not_equal(access(folder, F_OK), 0);
	assert_true(kill(pid, 0) != 0 || waitpid(pid, NULL, 0) == pid);
	close(process.output);
	platform_run_deinit(&run);
}

static void drivers_are_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(platform_driver("oci"), &platform_oci);
	assert_ptr_equal(platform_driver("host"), &platform_host);
	assert_null(platform_driver("xen"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_configuration_runs_the_workload_in_the_rootfs),
		cmocka_unit_test(a_command_reaches_the_container_word_for_word),
		cmocka_unit_test(the_container_has_its_own_name_spaces_and_mounts),
		cmocka_unit_test(the_runtime_gets_its_arguments_before_the_subcommand),
		cmocka_unit_test(the_bundle_is_gone_after_the_tear_down),
		cmocka_unit_test(what_is_missing_on_the_machine_is_named),
		cmocka_unit_test(
		    the_network_memory_and_processors_of_a_container_are_in_its_configuration),
		cmocka_unit_test(the_job_of_a_machine_quotes_every_word_and_fills_its_sector),
		cmocka_unit_test(a_microvm_gets_a_copy_of_its_image_that_keeps_holes),
		cmocka_unit_test(the_end_of_a_machines_workload_is_what_its_init_said),
		cmocka_unit_test(a_template_gets_the_words_of_the_workload),
		cmocka_unit_test(a_placeholder_that_nothing_fills_is_named),
		cmocka_unit_test(a_missing_program_is_found_with_file_and_line),
		cmocka_unit_test(what_a_killed_collect_left_is_removed_by_the_next),
		cmocka_unit_test(drivers_are_found_by_name),
	};

	char folder[] = "/var/tmp/platform_test-XXXXXX";
	struct cov_error err;
	if (own_run_enter() != 0) {
		perror("skipped: no /run of its own");
		return SKIPPED;
	}
	if (!mkdtemp(folder) || setenv("TMPDIR", folder, 1) != 0 || state_open(folder, &err) != 0)
		return 1;
	int result = cmocka_run_group_tests(tests, NULL, NULL);
	state_close();
	return rmdir(folder) ? 1 : result;
}
