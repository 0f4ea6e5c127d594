/* lab_test.c - paths of the lab, the data disk in and out; `lab run`. */
#include <fcntl.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/base/cleanup.h"
#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/commands/commands.h"
#include "collector/lab/lab.h"
#include "collector/lab/lab_disk.h"
#include "tests/unit/collector/lab_files.h"

static void make_folder(const char *name)
{
	COV_AUTO(free) char *path = path_of(name);
	struct cov_error err;

	assert_int_equal(cov_directory_make(path, &err), 0);
}

static bool exists(const char *name)
{
	COV_AUTO(free) char *path = path_of(name);

	return access(path, F_OK) == 0;
}

static ino_t inode_of(const char *name)
{
	COV_AUTO(free) char *path = path_of(name);
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_ino;
}

static void the_four_lines_of_build_sh_become_paths(void **state)
{
	COV_AUTO(lab_paths_deinit) struct lab_paths paths = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(lab_paths_parse("NOISE=1\nROOTFS=/c/root.ext4\nKERNEL_TREE=/k/a=b\n"
					 "KERNEL_IMAGE=/k/bz Image\nKERNEL_DIR=/k",
					 &paths, &err),
			 0);
	assert_string_equal(paths.kernel_dir, "/k");
	assert_string_equal(paths.kernel_tree, "/k/a=b");
	assert_string_equal(paths.kernel_image, "/k/bz Image");
	assert_string_equal(paths.rootfs, "/c/root.ext4");
}

static void a_missing_or_empty_path_is_named(void **state)
{
	static const char *const texts[] = {
		"", "\n", "KERNEL_DIR=/k\nKERNEL_TREE=/t\nKERNEL_IMAGE=/i\n",
		"KERNEL_DIR=/k\nKERNEL_TREE=/t\nKERNEL_IMAGE=/i\nROOTFS=\n"
	};
	static const char *const names[] = { "KERNEL_DIR", "KERNEL_DIR", "ROOTFS", "ROOTFS" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct lab_paths paths = { 0 };
		struct cov_error err;

		assert_int_equal(lab_paths_parse(texts[i], &paths, &err), COV_ERR_FORMAT);
		assert_non_null(strstr(err.message, names[i]));
		assert_null(paths.kernel_dir);
	}
}

static void a_script_that_fails_hands_its_status_on(void **state)
{
	COV_AUTO(lab_paths_deinit) struct lab_paths paths = { 0 };
	struct cov_error err;

	(void)state;
	make_folder("workloads/lab");
	write_text("workloads/lab/build.sh", "[ $1 = paths ] && exit 3\n"
					     "printf 'KERNEL_DIR=%s\\nKERNEL_TREE=b\\n' "
					     "\"$COVDB_COLLECTOR\"\n"
					     "printf 'KERNEL_IMAGE=c\\nROOTFS=d\\n'\n");
	setenv("COVDB_DATA", directory, 1);
	setenv("COVDB_COLLECTOR", "/bin/true", 1);
	assert_int_equal(lab_find("paths", &paths, &err), 3);
	assert_int_equal(lab_find("build", &paths, &err), 0);
	assert_string_equal(paths.kernel_dir, "/bin/true");
	setenv("COVDB_COLLECTOR", "/nonexistent/collector", 1);
	assert_int_equal(lab_find("build", &paths, &err), COV_ERR_SYSTEM);
	unsetenv("COVDB_COLLECTOR");
	assert_int_equal(lab_find("build", &paths, &err), COV_ERR_SYSTEM);
	unsetenv("COVDB_DATA");
}

/* As the lab does. Return: the status. */
static int capture(const char *const *argv, const char *folder, struct cov_text *output)
{
	const struct process_tie tie = lab_tie(folder);
	struct cov_error err;
	int status = 0;

	assert_int_equal(process_capture(argv, &tie, true, output, &status, &err), 0);
	return status;
}

static void a_program_is_run_where_it_is_told(void **state)
{
	const char *argv[] = { "sh", "-c", "pwd; echo bad >&2; exit 7", NULL };
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };
	COV_AUTO(free) char *expected = cov_format("%s\nbad\n", directory);

	(void)state;
	assert_int_equal(capture(argv, directory, &output), 7);
	assert_string_equal(output.data, expected);
	assert_string_equal(lab_last_line(&output), "bad");
}

static void a_program_that_is_missing_or_killed_has_the_status_of_a_shell(void **state)
{
	const char *missing[] = { "/nonexistent/program", NULL };
	const char *killed[] = { "sh", "-c", "kill -9 $$", NULL };
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };

	(void)state;
	assert_int_equal(capture(missing, NULL, &output), 127);
	assert_non_null(strstr(lab_last_line(&output), "No such file"));
	assert_int_equal(capture(killed, NULL, &output), 128 + 9);
}

static void the_last_line_of_nothing_says_so(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };

	(void)state;
	assert_string_equal(lab_last_line(&output), "no output");
	cov_text_print(&output, " \n\n");
	assert_string_equal(lab_last_line(&output), "no output");
}

static void missing_programs_are_named_with_their_packages(void **state)
{
	COV_AUTO(free) char *path = NULL;
	struct cov_error err;

	(void)state;
	if (access("/usr/sbin/qemu-system-x86_64", X_OK) == 0)
		skip();
	path = cov_format("%s", getenv("PATH"));
	setenv("PATH", directory, 1);
	assert_int_equal(lab_check_programs(&err), COV_ERR_MACHINE);
	setenv("PATH", path, 1);
	assert_non_null(strstr(err.message, "apt-get install qemu-system-x86"));
}

static void need_file_system_programs(void)
{
	static const char *const programs[] = { "/usr/sbin/mkfs.ext4", "/usr/sbin/e2fsck",
						"/usr/sbin/debugfs" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (access(programs[i], X_OK) != 0)
			skip();
	}
}

/* Does to the image what a guest would do; @commands are debugfs's. */
static void act_as_guest(const char *commands)
{
	const char *argv[] = { "debugfs", "-w", "-f", "commands", "results/.lab/data.ext4", NULL };
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };

	write_text("commands", commands);
	assert_int_equal(capture(argv, directory, &output), 0);
}

/* In results/, as it is after one trial. */
static void create_disk(void)
{
	COV_AUTO(free) char *result_dir = path_of("results");
	COV_AUTO(free) char *experiment = path_of("e.yaml");
	COV_AUTO(free) char *kernel_dir = path_of("kernel");
	COV_AUTO(free) char *image = NULL;
	COV_AUTO(free) char *expected = path_of("results/.lab/data.ext4");
	struct cov_error err;
	struct lab_disk disk = {
		.result_dir = result_dir,
		.experiment = experiment,
		.arguments = "collect it\n",
		.kernel_dir = kernel_dir,
	};

	make_folder("results/trials");
	make_folder("kernel");
	write_text("e.yaml", "name: e\n");
	write_text("kernel/kernel.json", "{}\n");
	write_text("results/experiment.yaml", "name: e\n");
	write_text("results/trials/one.tar.zst", "first\n");
	write_text("results/trials/one.json", "{1}\n");
	write_text("results/other", "not for the guest\n");
	assert_int_equal(lab_disk_create(&disk, &image, &err), 0);
	assert_string_equal(image, expected);
	assert_true(lab_disk_exists(result_dir));
	assert_false(exists("results/.lab/stage"));
}

static int fetch(struct cov_error *err)
{
	COV_AUTO(free) char *result_dir = path_of("results");

	return lab_disk_fetch(result_dir, err);
}

static void the_data_disk_holds_what_the_collector_needs(void **state)
{
	struct cov_error err;

	(void)state;
	need_file_system_programs();
	create_disk();
	make_folder("seen");
	act_as_guest("rdump / seen\n");
	assert_text("seen/args", "collect it\n");
	assert_text("seen/experiment.yaml", "name: e\n");
	assert_text("seen/kernel.json", "{}\n");
	assert_text("seen/out/experiment.yaml", "name: e\n");
	assert_text("seen/out/trials/one.tar.zst", "first\n");
	assert_false(exists("seen/out/other"));
	assert_int_equal(fetch(&err), 0);
}

static void new_and_changed_results_come_out_and_others_stay_as_they_are(void **state)
{
	struct cov_error err;

	(void)state;
	need_file_system_programs();
	create_disk();
	ino_t before = inode_of("results/trials/one.tar.zst");
	write_text("new", "second trial\n");
	act_as_guest("cd /out/trials\nwrite new two.json\nwrite new three.json.partial\n"
		     "rm one.json\nwrite new one.json\nmkdir deep\ncd deep\nwrite new file\n"
		     "symlink link /etc\n");
	assert_int_equal(fetch(&err), 0);
	assert_text("results/trials/two.json", "second trial\n");
	assert_text("results/trials/one.json", "second trial\n");
	assert_text("results/trials/one.tar.zst", "first\n");
	assert_text("results/trials/deep/file", "second trial\n");
	assert_text("results/other", "not for the guest\n");
	assert_false(exists("results/trials/deep/link"));
	assert_false(exists("results/trials/three.json.partial"));
	assert_false(exists("results/.lab"));
	assert_true(inode_of("results/trials/one.tar.zst") == before);
}

/* As if the guest had been killed while it wrote. */
static void a_disk_that_was_not_unmounted_is_mended_first(void **state)
{
	struct cov_error err;

	(void)state;
	need_file_system_programs();
	create_disk();
	write_text("new", "second trial\n");
	act_as_guest("write new /out/trials/two.json\ndirty\n"
		     "set_super_value free_blocks_count 1\n");
	assert_int_equal(fetch(&err), 0);
	assert_text("results/trials/two.json", "second trial\n");
}

static void a_disk_beyond_repair_is_an_error_and_is_kept(void **state)
{
	COV_AUTO(free) char *image = path_of("results/.lab/data.ext4");
	struct cov_error err;

	(void)state;
	need_file_system_programs();
	create_disk();
	assert_int_equal(truncate(image, 0), 0);
	assert_int_equal(truncate(image, 1 << 20), 0);
	assert_int_equal(fetch(&err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "e2fsck"));
	assert_true(exists("results/.lab/data.ext4"));
	assert_text("results/trials/one.tar.zst", "first\n");
	unlink(image);
}

static void a_disk_without_results_is_an_error(void **state)
{
	struct cov_error err;

	(void)state;
	need_file_system_programs();
	create_disk();
	act_as_guest("cd /out/trials\nrm one.json\nrm one.tar.zst\ncd /out\nrmdir trials\n"
		     "rm experiment.yaml\ncd /\nrmdir out\n");
	assert_int_equal(fetch(&err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "/out: File not found"));
	assert_true(exists("results/.lab/data.ext4"));
}

static int run_command(char **argv)
{
	static const struct cov_command *const commands[] = { &cmd_lab_run, NULL };
	static const struct cov_program program = {
		.name = "covdb",
		.version = "0",
		.commit = "",
		.summary = "",
		.commands = commands,
	};
	optind = 0; /* getopt() begins anew */
	int argc = 0;

	while (argv[argc])
		argc++;
	return cov_program_main(&program, argc, argv);
}

/* Exit status of a run into results/; @guest is what the stand-in for QEMU does. */
static int run_in_lab(const char *guest)
{
	COV_AUTO(free) char *path_before = cov_format("%s", getenv("PATH"));
	COV_AUTO(free) char *path = cov_format("%s/bin:%s", directory, path_before);
	COV_AUTO(free) char *script = cov_format("#!/bin/sh\n%s\n", guest);
	COV_AUTO(free) char *program = path_of("bin/qemu-system-x86_64");
	COV_AUTO(free) char *experiment = path_of("e.yaml");
	COV_AUTO(free) char *results = path_of("results");
	char covdb[] = "covdb", lab[] = "lab", run[] = "run", output[] = "-o";
	char accel[] = "--accel=tcg", limit[] = "--silence-limit=0.5", restarts[] = "--restarts=2";
	char *argv[] = {
		covdb, lab, run, experiment, output, results, accel, limit, restarts, NULL
	};

	need_file_system_programs();
	make_folder("bin");
	make_folder("workloads/lab");
	write_text("bin/qemu-system-x86_64", script);
	chmod(program, 0755);
	write_text("workloads/lab/build.sh",
		   "printf 'KERNEL_DIR=/x\nKERNEL_TREE=/x\nKERNEL_IMAGE=/x\nROOTFS=/x\n'\n");
	write_text("e.yaml", "name: e\nbaselines:\n  - name: idle\n    duration: 1\n");
	setenv("PATH", path, 1);
	setenv("COVDB_DATA", directory, 1);
	int status = run_command(argv);
	setenv("PATH", path_before, 1);
	unsetenv("COVDB_DATA");
	return status;
}

static void the_status_of_the_collector_is_handed_on(void **state)
{
	(void)state;
	assert_int_equal(run_in_lab("echo up >&3; echo 'covdb-lab: collector exit 0' >&4"), 0);
	assert_text("results/console.log", "up\n");
	assert_false(exists("results/.lab"));
	assert_int_equal(run_in_lab("echo 'covdb-lab: collector exit 1' >&4"), 1);
	assert_int_equal(run_in_lab("echo 'covdb-lab: collector exit 3' >&4"), 3);
}

/* 2 would say that the command line of covdb was wrong. */
static void a_collector_that_died_is_a_failure(void **state)
{
	(void)state;
	assert_int_equal(run_in_lab("echo 'covdb-lab: collector exit 2' >&4"), 1);
	assert_int_equal(run_in_lab("echo 'covdb-lab: collector exit 139' >&4"), 1);
}

static void a_guest_that_panics_or_hangs_is_a_failure_and_its_results_come_out(void **state)
{
	static const char wrote[] =
	    "for word in \"$@\"; do case $word in *data.ext4) file=${word##*=};; esac; done\n"
	    "PATH=$PATH:/usr/sbin:/sbin\n"
	    "debugfs -w -R 'write /bin/sh /out/shell' $file >/dev/null 2>&1\n";
	COV_AUTO(free)
	char *panics = cov_format("%secho 'Kernel panic - not syncing: x' >&3", wrote);
	COV_AUTO(free) char *hangs = cov_format("%secho trial >&4; exec sleep 100", wrote);
	COV_AUTO(free) char *shell = path_of("results/shell");

	(void)state;
	assert_int_equal(run_in_lab(panics), 1);
	assert_true(exists("results/shell"));
	assert_int_equal(unlink(shell), 0);
	assert_int_equal(run_in_lab(hangs), 1);
	assert_true(exists("results/shell"));
}

/*
 * A run whose guest is lost until it is booted for the @good-th time: its status, and what it says
 * on stderr.
 */
static int run_with_losses(int good, struct cov_text *messages)
{
	COV_AUTO(free)
	char *guest = cov_format("boots=$(($(cat %s/boots 2>/dev/null || echo 0) + 1))\n"
				 "echo $boots >%s/boots\n"
				 "echo \"booted $boots\" >&3; echo \"trial $boots: started\" >&4\n"
				 "[ $boots -lt %d ] || echo 'covdb-lab: collector exit 0' >&4\n",
				 directory, directory, good);
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;
	FILE *before = stderr;

	stderr = open_memstream(&text, &size);
	int status = run_in_lab(guest);
	fclose(stderr);
	stderr = before;
	cov_text_add(messages, text, size);
	return status;
}

static void a_guest_that_is_lost_is_booted_again_and_that_is_said(void **state)
{
	static const char why[] = ": the guest ended before the collector did; its last message "
				  "was: trial ";
	COV_AUTO(cov_text_deinit) struct cov_text messages = { 0 };
	COV_AUTO(free) char *first = cov_format("lab: restart 1 of at most 2%s1: started\n", why);
	COV_AUTO(free) char *second = cov_format("lab: restart 2 of at most 2%s2: started\n", why);

	(void)state;
	assert_int_equal(run_with_losses(3, &messages), 0);
	const char *summary =
	    strstr(messages.data, "lab: the guest was lost and booted again, times: 2\n");
	assert_non_null(summary);
	assert_non_null(strstr(summary, first));
	assert_non_null(strstr(summary, second));
	assert_text("results/console.log", "booted 1\nbooted 2\nbooted 3\n");
}

static void a_guest_is_booted_again_only_so_often(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text messages = { 0 };

	(void)state;
	assert_int_equal(run_with_losses(4, &messages), 1);
	assert_text("boots", "3\n");
}

static void a_guest_that_never_came_up_is_not_booted_again(void **state)
{
	COV_AUTO(free) char *guest = cov_format("echo boot >>%s/boots; echo error >&3", directory);

	(void)state;
	assert_int_equal(run_in_lab(guest), 1);
	assert_text("boots", "boot\n");
}

/* The first boots die before the collector begins. */
static int run_with_panics(int good)
{
	COV_AUTO(free)
	char *guest = cov_format(
	    "echo boot >>%s/boots\n"
	    "[ $(wc -l <%s/boots) -ge %d ] || { echo 'Kernel panic - not syncing: x' >&3; "
	    "exit; }\n"
	    "echo 'covdb-lab: collector exit 0' >&4\n",
	    directory, directory, good);

	return run_in_lab(guest);
}

static void a_guest_that_dies_at_its_first_boot_is_booted_again(void **state)
{
	(void)state;
	assert_int_equal(run_with_panics(2), 0);
	assert_text("boots", "boot\nboot\n");
}

static void a_guest_that_always_dies_at_boot_is_given_up(void **state)
{
	(void)state;
	assert_int_equal(run_with_panics(9), 1);
	assert_text("boots", "boot\nboot\nboot\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_four_lines_of_build_sh_become_paths),
		TEST(a_missing_or_empty_path_is_named),
		TEST(a_script_that_fails_hands_its_status_on),
		TEST(a_program_is_run_where_it_is_told),
		TEST(a_program_that_is_missing_or_killed_has_the_status_of_a_shell),
		TEST(the_last_line_of_nothing_says_so),
		TEST(missing_programs_are_named_with_their_packages),
		TEST(the_data_disk_holds_what_the_collector_needs),
		TEST(new_and_changed_results_come_out_and_others_stay_as_they_are),
		TEST(a_disk_that_was_not_unmounted_is_mended_first),
		TEST(a_disk_beyond_repair_is_an_error_and_is_kept),
		TEST(a_disk_without_results_is_an_error),
		TEST(the_status_of_the_collector_is_handed_on),
		TEST(a_collector_that_died_is_a_failure),
		TEST(a_guest_that_panics_or_hangs_is_a_failure_and_its_results_come_out),
		TEST(a_guest_that_is_lost_is_booted_again_and_that_is_said),
		TEST(a_guest_is_booted_again_only_so_often),
		TEST(a_guest_that_never_came_up_is_not_booted_again),
		TEST(a_guest_that_dies_at_its_first_boot_is_booted_again),
		TEST(a_guest_that_always_dies_at_boot_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
