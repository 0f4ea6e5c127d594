/* lab_run.c - an experiment in the lab: the collector in the guest, watched from outside. */
#include "collector/lab/lab_run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/lab/lab.h"
#include "collector/lab/lab_disk.h"
#include "collector/lab/lab_results.h"

enum {
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

void lab_run_options_deinit(struct lab_run_options *options)
{
	free(options->console);
	experiment_deinit(&options->parsed);
}

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

static int boot_and_watch(const struct lab *lab, const struct lab_run_options *options,
			  const char *image, struct cov_error *err)
{
	COV_AUTO(free) char *append = lab_append("collect", lab->acceleration);
	COV_AUTO(close)
	int console = open(options->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	COV_AUTO(run_deinit) struct run run = { 0 };
	struct qemu_description description = lab_describe(lab, append, image);
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

int lab_run(const struct lab *lab, const struct lab_run_options *options, struct cov_error *err)
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

	int result = lab_results_lock(options->directory, &lock, err);
	if (result == 0)
		result = lab_results_make_disk(&disk, &image, err);
	if (result < 0)
		return result;

	COV_AUTO(lab_results_guard_end) struct lab_results_guard guard;
	lab_results_guard_begin(&guard);
	result = boot_and_watch(lab, options, image, err);
	if (lab_results_fetch(options->directory, &fetch_err) == 0)
		return result;
	if (result < 0) {
		cov_say("lab: %s", fetch_err.message);
		return result;
	}
	*err = fetch_err;
	return fetch_err.code;
}

long long lab_run_silence_limit_ns(const struct experiment *experiment)
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
