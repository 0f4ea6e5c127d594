/* cmd_lab.c - covdb lab build, run, shell: the instrumented kernel in QEMU. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "collector/base/command.h"
#include "collector/base/clock.h"
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
#include "collector/lab/qemu.h"

enum {
	MEMORY_MIB_DEFAULT = 3072,
	MEMORY_MIB_MIN = 256,
	MEMORY_MIB_MAX = 1 << 20,
	STATUS_DONE = 0, /* of the collector, as of every command */
	STATUS_FAILED = 1,
	STATUS_MACHINE = 3,
};

static const long long FIRST_OUTPUT_LIMIT_NS = 120LL * 1000000000;
static const long long SILENCE_LIMIT_NS_MIN = 300LL * 1000000000;
/* Capturing, starting and tearing down, under emulation on a busy machine. */
static const long long TRIAL_OVERHEAD_NS = 180LL * 1000000000;
static const long long POWER_OFF_LIMIT_NS = 20LL * 1000000000;

static const char exit_marker[] = "covdb-lab: collector exit ";
static const char panic_marker[] = "Kernel panic - not syncing";
static const char *const wishes[] = { "auto", "kvm", "tcg", NULL }; /* as enum lab_wish */

/*
 * Whoever interrupts means the guest: qemu_watch() sees that. What comes later must not keep the
 * results from being brought out, so from the start of QEMU on the signals are blocked here.
 */
struct guard {
	sigset_t signals;
	sigset_t mask_before;
};

static void guard_begin(struct guard *guard)
{
	sigemptyset(&guard->signals);
	sigaddset(&guard->signals, SIGINT);
	sigaddset(&guard->signals, SIGTERM);
	sigaddset(&guard->signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &guard->signals, &guard->mask_before);
}

static void guard_end(struct guard *guard)
{
	struct timespec now = { 0 };

	while (sigtimedwait(&guard->signals, NULL, &now) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &guard->mask_before, NULL);
}

COV_DEFINE_AUTO_STRUCT(struct guard, guard_end)

struct lab {
	struct lab_paths paths;
	enum lab_wish wish;
	enum qemu_acceleration acceleration; /* what the wish came to */
	unsigned memory_mib;
};

static void lab_deinit(struct lab *lab)
{
	lab_paths_deinit(&lab->paths);
}

COV_DEFINE_AUTO_STRUCT(struct lab, lab_deinit)

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
static int find_lab(struct lab *lab, struct cov_error *err)
{
	int result = lab_check_programs(err);

	if (result == 0)
		result = lab_find("paths", &lab->paths, err);
	if (result == 0)
		result = lab_choose_acceleration(lab->wish, &lab->paths, &lab->acceleration, err);
	return result;
}

static struct qemu_description describe(const struct lab *lab, const char *append,
					const char *data_image)
{
	return (struct qemu_description){
		.program = lab_qemu_program,
		.acceleration = lab->acceleration,
		.memory_mib = lab->memory_mib,
		.kernel = lab->paths.kernel_image,
		.append = append,
		.root_image = lab->paths.rootfs,
		.data_image = data_image,
		.console_log = -1,
	};
}

/* Two runs into one folder would take each other's data disk. @ret: keep it open as long. */
static int lock_directory(const char *directory, int *ret, struct cov_error *err)
{
	COV_AUTO(close) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return cov_fail_errno(err, "cannot open %s", directory);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK
			   ? cov_fail(err, COV_ERR_SYSTEM, "another lab is using %s", directory)
			   : cov_fail_errno(err, "cannot lock %s", directory);
	*ret = fd;
	fd = -1;
	return 0;
}

static int fetch_results(const char *directory, struct cov_error *err)
{
	struct cov_error cause;

	cov_say("lab: bringing the results to %s", directory);
	int result = lab_disk_fetch(directory, &cause);
	if (result < 0)
		return cov_fail(err, cause.code, "%s (they are kept in %s/.lab/data.ext4)",
				cause.message, directory);
	return 0;
}

static int make_disk(const struct lab_disk *disk, char **ret, struct cov_error *err)
{
	if (lab_disk_exists(disk->result_dir)) {
		cov_say("lab: an earlier run was killed");
		int result = fetch_results(disk->result_dir, err);
		if (result < 0)
			return result;
	}
	cov_say("lab: making the data disk");
	return lab_disk_create(disk, ret, err);
}

static int lab_build_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(lab_paths_deinit) struct lab_paths paths = { 0 };

	(void)arguments;
	int result = lab_find("build", &paths, err);
	if (result != 0)
		return result;
	printf("KERNEL_DIR=%s\nKERNEL_TREE=%s\nKERNEL_IMAGE=%s\nROOTFS=%s\n", paths.kernel_dir,
	       paths.kernel_tree, paths.kernel_image, paths.rootfs);
	return 0;
}

static const struct cov_option build_options[] = { { 0 } };

const struct cov_command cmd_lab_build = {
	.name = "lab build",
	.operands = "",
	.summary = "build the lab's instrumented kernel and root file system where missing",
	.details = "Prints where they are: KERNEL_DIR, KERNEL_TREE (what 'covdb kernel add "
		   "--notes' takes), KERNEL_IMAGE and ROOTFS, one KEY=VALUE a line. Building a "
		   "kernel takes about ten minutes, once. KERNEL_SRC in the "
		   "environment names another kernel tree, COVDB_COLLECTOR another covdb-collector "
		   "than the one beside covdb.\n\n"
		   "Examples:\n"
		   "  $ covdb lab build\n"
		   "  $ KERNEL_SRC=/usr/src/linux-5.4 covdb lab build",
	.options = build_options,
	.run = lab_build_run,
};

/* What the guest has said so far. */
struct run {
	bool has_messages;
	bool has_ended; /* the marker line has come */
	int status;     /* of the collector, once has_ended */
	char *panic;    /* the console's line, or NULL; owned */
};

static void run_deinit(struct run *run)
{
	free(run->panic);
}

COV_DEFINE_AUTO_STRUCT(struct run, run_deinit)

static void take_message(struct qemu_watch *watch, struct run *run, const char *line)
{
	if (!run->has_messages)
		cov_say("lab: Linux is up, the collector begins");
	run->has_messages = true;
	if (strncmp(line, exit_marker, strlen(exit_marker)) != 0) {
		cov_say("%s", line);
		return;
	}
	run->has_ended = true;
	run->status = (int)strtol(line + strlen(exit_marker), NULL, 10);
	/* All that matters is on the disk by now: no point in waiting long for the power-off. */
	watch->silence_limit_ns = POWER_OFF_LIMIT_NS;
}

static bool take_run_line(struct qemu_watch *watch, enum qemu_channel channel, const char *line)
{
	struct run *run = watch->context;

	if (channel == QEMU_MESSAGES)
		take_message(watch, run, line);
	if (channel == QEMU_OWN)
		cov_say("%s", line);
	if (channel == QEMU_CONSOLE && !run->panic && strstr(line, panic_marker))
		run->panic = cov_xstrdup(strstr(line, panic_marker));
	return true;
}

static double seconds(long long ns)
{
	return (double)ns / (double)COV_NS_PER_S;
}

/* What went wrong with the machine; only asked when the collector did not end. */
static int machine_failure(const struct run *run, const struct qemu_watch *watch, enum qemu_end end,
			   struct cov_error *err)
{
	if (run->panic)
		return cov_fail(err, COV_ERR_SYSTEM, "the guest died: %s", run->panic);
	switch (end) {
	case QEMU_INTERRUPTED:
		return cov_fail(err, COV_ERR_SYSTEM, "interrupted");
	case QEMU_NEVER_SPOKE:
		return cov_fail(err, COV_ERR_SYSTEM,
				"the guest did not boot: nothing on its console for %.3g s",
				seconds(watch->first_output_limit_ns));
	case QEMU_FELL_SILENT:
		return cov_fail(err, COV_ERR_SYSTEM,
				"the guest hangs: no sign of life for %.3g s (see --silence-limit)",
				seconds(watch->silence_limit_ns));
	case QEMU_TOO_LONG:
		return cov_fail(err, COV_ERR_SYSTEM,
				"the guest took longer than --collector-limit, %.3g s",
				seconds(watch->total_limit_ns));
	case QEMU_EXITED:
	case QEMU_ENOUGH:
		break;
	}
	return cov_fail(err, COV_ERR_SYSTEM, "the guest ended before the collector did");
}

static int watch_machine(struct qemu_machine *machine, struct qemu_watch *watch,
			 struct cov_error *err)
{
	struct run *run = watch->context;
	enum qemu_end end = qemu_watch(machine, watch);

	if (run->has_ended && (run->status == STATUS_DONE || run->status == STATUS_FAILED ||
			       run->status == STATUS_MACHINE))
		return run->status;
	if (run->has_ended)
		return cov_fail(err, COV_ERR_SYSTEM,
				"the collector in the guest ended with status %d", run->status);
	int result = machine_failure(run, watch, end, err);
	if (end != QEMU_INTERRUPTED && machine->console_tail.added_count) {
		cov_say("lab: the last lines of the console:");
		qemu_tail_print(&machine->console_tail, "  ");
	}
	return result;
}

/* What one run was asked for. */
struct run_options {
	const char *experiment;
	const char *directory;
	char *console; /* owned */
	struct experiment parsed;
	long long silence_limit_ns;
	long long total_limit_ns; /* 0 for none */
};

static void run_options_deinit(struct run_options *options)
{
	free(options->console);
	experiment_deinit(&options->parsed);
}

COV_DEFINE_AUTO_STRUCT(struct run_options, run_options_deinit)

static int boot_and_watch(const struct lab *lab, const struct run_options *options,
			  const char *image, struct cov_error *err)
{
	COV_AUTO(free) char *append = lab_append("collect", lab->acceleration);
	COV_AUTO(close)
	int console = open(options->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	COV_AUTO(run_deinit) struct run run = { 0 };
	struct qemu_description description = describe(lab, append, image);
	struct qemu_watch watch = {
		.first_output_limit_ns = FIRST_OUTPUT_LIMIT_NS,
		.silence_limit_ns = options->silence_limit_ns,
		.total_limit_ns = options->total_limit_ns,
		.take_line = take_run_line,
		.context = &run,
	};

	if (console < 0)
		return cov_fail_errno(err, "cannot create %s", options->console);
	description.console_log = console;
	cov_say("lab: booting Linux (%s)", qemu_acceleration_name(lab->acceleration));
	int result = qemu_start(&description, &machine, err);
	if (result < 0)
		return result;
	return watch_machine(&machine, &watch, err);
}

static int run_experiment(const struct lab *lab, const struct run_options *options,
			  struct cov_error *err)
{
	COV_AUTO(free) char *image = NULL;
	COV_AUTO(close) int lock = -1;
	const struct lab_disk disk = {
		.result_dir = options->directory,
		.experiment = options->experiment,
		.descriptions = options->parsed.descriptions.items,
		.description_count = options->parsed.descriptions.count,
		.arguments = "collect /data/experiment.yaml -o /data/out\n",
		.kernel_dir = lab->paths.kernel_dir,
	};
	struct cov_error fetch_err;

	int result = lock_directory(options->directory, &lock, err);
	if (result == 0)
		result = make_disk(&disk, &image, err);
	if (result < 0)
		return result;

	COV_AUTO(guard_end) struct guard guard;
	guard_begin(&guard);
	result = boot_and_watch(lab, options, image, err);
	if (fetch_results(options->directory, &fetch_err) == 0)
		return result;
	if (result < 0) {
		cov_say("lab: %s", fetch_err.message);
		return result;
	}
	*err = fetch_err;
	return fetch_err.code;
}

/* How long silence is normal: while one trial runs. */
static long long silence_limit_ns(const struct experiment *experiment)
{
	long long longest_ns = 0;

	for (size_t i = 0; i < experiment_planned_count(experiment); i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);
		long long trial_ns = experiment_trial_ns_max(experiment, &trial);

		if (trial_ns > longest_ns)
			longest_ns = trial_ns;
	}
	longest_ns += TRIAL_OVERHEAD_NS;
	return longest_ns > SILENCE_LIMIT_NS_MIN ? longest_ns : SILENCE_LIMIT_NS_MIN;
}

/* Here and not only in the guest, so that a mistake in the file does not cost a boot. */
static int read_experiment(struct run_options *options, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;

	int result = cov_file_read_text(options->experiment, &text, &size, err);
	if (result == 0)
		result = experiment_parse(text, size, options->experiment, &options->parsed, err);
	if (result < 0)
		return result;
	options->silence_limit_ns = silence_limit_ns(&options->parsed);
	return 0;
}

static int lab_run_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(lab_deinit) struct lab lab = { 0 };
	COV_AUTO(run_options_deinit) struct run_options options = { 0 };
	const char *console = cov_option_value(arguments, "console");

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
		result = cov_trust_output(options.directory, err);
	if (result == 0)
		result = find_lab(&lab, err);
	if (result == 0)
		result = cov_directory_make(options.directory, err);
	if (result != 0)
		return result;
	return run_experiment(&lab, &options, err);
}

static const struct cov_option run_command_options[] = {
	{ "output", 'o', "DIR", "where the trials go; trials already there are not run again" },
	{ "accel", 0, "auto|kvm|tcg", "acceleration of QEMU; auto boots a guest once to find out" },
	{ "memory", 0, "MIB", "memory of the guest (3072)" },
	{ "console", 0, "FILE", "log of the guest's kernel (DIR/console.log)" },
	{ "silence-limit", 0, "SECONDS",
	  "end the guest after this long without output (300, more if a trial may take longer)" },
	{ "collector-limit", 0, "SECONDS", "end the guest after this long in all (no limit)" },
	{ 0 },
};

const struct cov_command cmd_lab_run = {
	.name = "lab run",
	.operands = "EXPERIMENT.yaml",
	.summary = "run an experiment in the lab: 'covdb collect' inside the instrumented guest",
	.details =
	    "The results are in DIR afterwards, as 'covdb collect' leaves them and 'covdb "
	    "import' takes them; if the guest died or you interrupted it, those of the trials done "
	    "by then. The same command continues from there. Times measured without "
	    "KVM (--accel tcg) are those of an emulator.\n\n"
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
	struct qemu_description description = describe(lab, append, image);

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

	int result = cov_directory_make(directory, err);
	if (result == 0)
		result = lock_directory(directory, &lock, err);
	if (!cov_is_missing(experiment))
		disk.experiment = experiment;
	if (result == 0)
		result = make_disk(&disk, &image, err);
	if (result < 0)
		return result;

	COV_AUTO(guard_end) struct guard guard;
	guard_begin(&guard);
	result = run_shell(lab, image, err);
	if (fetch_results(directory, &fetch_err) < 0) {
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
		result = find_lab(&lab, err);
	if (result != 0)
		return result;
	return directory ? run_shell_with_data(&lab, directory, err) : run_shell(&lab, NULL, err);
}

static const struct cov_option shell_options[] = {
	{ "output", 'o', "DIR",
	  "DIR's experiment.yaml and trials/ are in /data/out; what you leave there comes back" },
	{ "accel", 0, "auto|kvm|tcg", "acceleration of QEMU; auto boots a guest once to find out" },
	{ "memory", 0, "MIB", "memory of the guest (3072)" },
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
