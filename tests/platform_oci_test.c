/* platform_oci_test.c - the bundle, the command line and the cleaning of the driver oci. */
#include "collector/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

static const char *arguments[] = { "--platform=ptrace", "--network=none", NULL };
static const char *command[] = { "sh", "-c", "echo \"a\\b\"", NULL };

/* Its runtime is a program that does nothing, whatever it is told. */
static const struct experiment_platform platform = {
	.name = "gvisor",
	.driver = "oci",
	.runtime = "true",
	.arguments = arguments,
	.argument_count = 2,
	.rootfs = "/",
};
static const struct experiment_workload workload = {
	.name = "cpu",
	.command = command,
	.command_count = 3,
};

static void the_configuration_runs_the_workload_in_the_rootfs(void **state)
{
	(void)state;
	COV_AUTO(free) char *text = platform_oci_config(&platform, &workload);
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

static void the_container_has_its_own_name_spaces_and_mounts(void **state)
{
	(void)state;
	static const char *const kinds[] = { "pid", "network", "ipc", "uts", "mount", "cgroup" };
	COV_AUTO(free) char *text = platform_oci_config(&platform, &workload);
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
	COV_AUTO(platform_run_deinit) struct platform_run run = { .platform = &platform };
	struct cov_error err = { 0 };

	assert_int_equal(platform_oci.prepare(&workload, &run, &err), 0);
	COV_AUTO(free) char *root = cov_format("%s/state", run.folder);
	COV_AUTO(free) char *bundle = cov_format("%s/bundle", run.folder);
	const char *const expected[] = {
		"true", "--platform=ptrace", "--network=none", "--root", root,
		"run",  "--bundle",          bundle,           run.id
	};
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(run.command[i], expected[i]);
	assert_null(run.command[9]);
}

static void the_bundle_is_gone_after_the_tear_down(void **state)
{
	(void)state;
	struct platform_run run = { .platform = &platform };
	struct cov_error err = { 0 };

	assert_int_equal(platform_oci.prepare(&workload, &run, &err), 0);
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
		cmocka_unit_test(the_container_has_its_own_name_spaces_and_mounts),
		cmocka_unit_test(the_runtime_gets_its_arguments_before_the_subcommand),
		cmocka_unit_test(the_bundle_is_gone_after_the_tear_down),
		cmocka_unit_test(what_is_missing_on_the_machine_is_named),
		cmocka_unit_test(drivers_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
