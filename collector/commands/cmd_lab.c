/* cmd_lab.c - covdb lab build, run, shell: the instrumented kernel in QEMU. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"
#include "collector/commands/commands.h"
#include "collector/experiment/experiment.h"
#include "collector/lab/lab.h"
#include "collector/lab/lab_disk.h"
#include "collector/lab/lab_programs.h"
#include "collector/lab/lab_results.h"
#include "collector/lab/lab_run.h"
#include "collector/lab/qemu.h"

enum {
	MEMORY_MIB_DEFAULT = 3072,
	MEMORY_MIB_MIN = 256,
	MEMORY_MIB_MAX = 1 << 20,
	RESTARTS_DEFAULT = 8,
	RESTARTS_MAX = 1000,
};

static const char *const wishes[] = { "auto", "kvm", "tcg", NULL }; /* as enum lab_wish */

static int read_lab_options(const struct cov_arguments *arguments, struct lab *lab,
			    struct cov_error *err)
{
	uint64_t memory_mib = MEMORY_MIB_DEFAULT;
	int wish = LAB_AUTO;
	int result = cov_option_choice(arguments, "accel", wishes, &wish, err);

	lab->wish = (enum lab_wish)wish;
	if (result == 0)
		result = cov_option_number(arguments, "memory", MEMORY_MIB_MIN, MEMORY_MIB_MAX,
					   &memory_mib, err);
	lab->memory_mib = (unsigned)memory_mib;
	return result;
}

/* Return: 0; a negative code; the exit status of build.sh, after it said why. */
static int find_lab(const struct cov_arguments *arguments, struct lab *lab, struct cov_error *err)
{
	int result = lab_programs_give(cov_option_value(arguments, "program"), err);

	if (result == 0)
		result = lab_check_programs(err);
	if (result == 0)
		result = lab_find("paths", &lab->paths, err);
	if (result == 0)
		result = lab_choose_acceleration(lab->wish, &lab->paths, &lab->acceleration, err);
	return result;
}

static int lab_build_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(lab_paths_deinit) struct lab_paths paths = { 0 };

	int result = lab_programs_give(cov_option_value(arguments, "program"), err);
	if (result == 0)
		result = lab_find("build", &paths, err);
	if (result != 0)
		return result;
	printf("KERNEL_DIR=%s\nKERNEL_TREE=%s\nKERNEL_IMAGE=%s\nROOTFS=%s\n", paths.kernel_dir,
	       paths.kernel_tree, paths.kernel_image, paths.rootfs);
	return 0;
}

#define PROGRAM_OPTION                                                                             \
	{                                                                                          \
		"program", 0, "NAME=FILE",                                                         \
		    "a program for the guest's /covdb/programs, of FILE or its Go 'module'; "      \
		    "several behind commas"                                                        \
	}

static const struct cov_option build_options[] = { PROGRAM_OPTION, { 0 } };

const struct cov_command cmd_lab_build = {
	.name = "lab build",
	.operands = "",
	.summary = "build the lab's instrumented kernel and root file system where missing",
	.details =
	    "Prints where they are: KERNEL_DIR, KERNEL_TREE (what 'covdb kernel add "
	    "--notes' takes), KERNEL_IMAGE and ROOTFS, one KEY=VALUE a line. Building a "
	    "kernel takes about ten minutes, once. KERNEL_SRC in the "
	    "environment names another kernel tree, COVDB_COLLECTOR another covdb-collector "
	    "than the one beside covdb.\n\n"
	    "Programs for platforms that Debian has not, or in another version, are given as "
	    "files, to build and to run alike: with --program, or as COVDB_FIRECRACKER=FILE "
	    "(a jailer beside it comes along) and COVDB_RUNSC=FILE in the environment. "
	    "runsc=module is today's gVisor, compiled of its Go module, or skipped with the "
	    "reason where there is no Go that can.\n\n"
	    "Examples:\n"
	    "  $ covdb lab build\n"
	    "  $ KERNEL_SRC=/usr/src/linux-5.4 covdb lab build\n"
	    "  $ COVDB_FIRECRACKER=~/bin/firecracker covdb lab build\n"
	    "  $ covdb lab build --program runsc=module",
	.options = build_options,
	.run = lab_build_run,
};

/* Here and not only in the guest, so that a mistake in the file does not cost a boot. */
static int read_experiment(struct lab_run_options *options, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;

	int result = cov_file_read_text(options->experiment, &text, &size, err);
	if (result == 0)
		result = experiment_parse(text, size, options->experiment, &options->parsed, err);
	if (result < 0)
		return result;
	options->silence_limit_ns = lab_run_silence_limit_ns(&options->parsed);
	return 0;
}

static int lab_run_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(lab_deinit) struct lab lab = { 0 };
	COV_AUTO(lab_run_options_deinit) struct lab_run_options options = { 0 };
	const char *console = cov_option_value(arguments, "console");
	uint64_t restarts = RESTARTS_DEFAULT;

	options.experiment = arguments->operands[0];
	options.directory = cov_option_value(arguments, "output");
	if (!options.directory)
		return cov_fail(err, COV_ERR_USAGE, "no output directory: use -o DIR");
	options.console =
	    console ? cov_xstrdup(console) : cov_format("%s/console.log", options.directory);
	int result = read_lab_options(arguments, &lab, err);
	if (result == 0)
		result = read_experiment(&options, err);
	if (result == 0)
		result =
		    cov_option_seconds(arguments, "silence-limit", &options.silence_limit_ns, err);
	if (result == 0)
		result =
		    cov_option_seconds(arguments, "collector-limit", &options.total_limit_ns, err);
	if (result == 0)
		result = cov_option_number(arguments, "restarts", 0, RESTARTS_MAX, &restarts, err);
	options.restarts_max = (size_t)restarts;
	if (result == 0)
		result = cov_trust_output(options.directory, err);
	if (result == 0)
		result = find_lab(arguments, &lab, err);
	if (result == 0)
		result = cov_trust_make(options.directory, err);
	if (result != 0)
		return result;
	return lab_run(&lab, &options, err);
}

static const struct cov_option run_command_options[] = {
	{ "output", 'o', "DIR", "where the trials go; trials already there are not run again" },
	{ "accel", 0, "auto|kvm|tcg", "acceleration of QEMU; auto boots a guest once to find out" },
	{ "memory", 0, "MIB", "memory of the guest (3072)" },
	PROGRAM_OPTION,
	{ "console", 0, "FILE", "log of the guest's kernel (DIR/console.log)" },
	{ "silence-limit", 0, "SECONDS",
	  "end the guest after this long without output (300, more if a trial may take longer)" },
	{ "restarts", 0, "N", "how often a guest that died or hangs is booted again (8)" },
	{ "collector-limit", 0, "SECONDS", "end the guest after this long in all (no limit)" },
	{ 0 },
};

const struct cov_command cmd_lab_run = {
	.name = "lab run",
	.operands = "EXPERIMENT.yaml",
	.summary = "run an experiment in the lab: 'covdb collect' inside the instrumented guest",
	.details =
	    "The results are in DIR afterwards, as 'covdb collect' leaves them and 'covdb "
	    "import' takes them; if the guest was given up or you interrupted it, those of the "
	    "trials done by then. The same command continues from there. Times measured without "
	    "KVM (--accel tcg) are those of an emulator.\n\n"
	    "A guest that panics, that is silent for longer than --silence-limit, or whose clock "
	    "stands still for 45 seconds is booted again and goes on with the trials that are "
	    "left, up to --restarts times, but not after three boots in a row in which the collector did not begin; each restart and its reason is said, and again at the "
	    "end.\n\n"
	    "The kernel is that of the last 'lab build', or what KERNEL_SRC in the environment "
	    "names; KERNEL_SRC= is Debian's.\n\n"
	    "A platform that is optional and whose program was not given (see 'lab build') is "
	    "skipped, and said so at the end.\n\n"
	    "The exit status is the collector's; 1 if the guest did not get that far.\n\n"
	    "Example:\n"
	    "  $ covdb lab run workloads/first-finding.yaml -o results",
	.options = run_command_options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.run = lab_run_run,
};

static int run_shell(const struct lab *lab, const char *image, struct cov_error *err)
{
	COV_AUTO(free) char *append = lab_append("shell", lab->acceleration);
	struct qemu_description description = lab_describe(lab, append, image);

	cov_say("lab: booting Linux (%s); 'exit' powers off, Ctrl-A X ends QEMU",
		qemu_acceleration_name(lab->acceleration));
	return qemu_run_on_terminal(&description, err);
}

static int run_shell_with_data(const struct lab *lab, const char *directory, struct cov_error *err)
{
	COV_AUTO(free) char *image = NULL;
	COV_AUTO(free) char *experiment = cov_format("%s/experiment.yaml", directory);
	COV_AUTO(close) int lock = -1;
	struct lab_disk disk = {
		.result_dir = directory,
		.arguments = "collect /data/experiment.yaml -o /data/out\n",
		.kernel_dir = lab->paths.kernel_dir,
	};
	struct cov_error fetch_err;

	int result = cov_trust_make(directory, err);
	if (result == 0)
		result = lab_results_lock(directory, &lock, err);
	if (!cov_is_missing(experiment))
		disk.experiment = experiment;
	if (result == 0)
		result = lab_results_make_disk(&disk, &image, err);
	if (result < 0)
		return result;

	COV_AUTO(lab_results_guard_end) struct lab_results_guard guard;
	lab_results_guard_begin(&guard);
	result = run_shell(lab, image, err);
	if (lab_results_fetch(directory, &fetch_err) < 0) {
		*err = fetch_err;
		return fetch_err.code;
	}
	return result;
}

static int lab_shell_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(lab_deinit) struct lab lab = { 0 };
	const char *directory = cov_option_value(arguments, "output");

	int result = read_lab_options(arguments, &lab, err);
	if (result == 0 && directory)
		result = cov_trust_output(directory, err);
	if (result == 0)
		result = find_lab(arguments, &lab, err);
	if (result != 0)
		return result;
	return directory ? run_shell_with_data(&lab, directory, err) : run_shell(&lab, NULL, err);
}

static const struct cov_option shell_options[] = {
	{ "output", 'o', "DIR",
	  "DIR's experiment.yaml and trials/ are in /data/out; what you leave there comes back" },
	{ "accel", 0, "auto|kvm|tcg", "acceleration of QEMU; auto boots a guest once to find out" },
	{ "memory", 0, "MIB", "memory of the guest (3072)" },
	PROGRAM_OPTION,
	{ 0 },
};

const struct cov_command cmd_lab_shell = {
	.name = "lab shell",
	.operands = "",
	.summary = "a shell in the lab, on this terminal",
	.details = "Only /data/out outlives the shell, and only with -o. 'exit' powers the guest "
		   "off, Ctrl-A X ends it at once, Ctrl-C goes to the program in the guest.\n\n"
		   "Example:\n"
		   "  $ covdb lab shell -o results",
	.options = shell_options,
	.run = lab_shell_run,
};
