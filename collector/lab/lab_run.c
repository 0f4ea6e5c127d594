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
#include "collector/base/text.h"
#include "collector/lab/lab.h"
#include "collector/lab/lab_disk.h"
#include "collector/lab/lab_results.h"

enum { BOOTS_IN_VAIN_MAX = 3 };

enum {
	STATUS_DONE = 0, /* of the collector, as of every command */
	STATUS_FAILED = 1,
	STATUS_MACHINE = 3,
};

static const long long FIRST_OUTPUT_LIMIT_NS = 120LL * 1000000000;
static const long long SILENCE_LIMIT_NS_MIN = 300LL * 1000000000;
/* Capturing, starting and tearing down, under emulation on a busy machine. */
static const long long TRIAL_OVERHEAD_NS = 180LL * 1000000000;
/* An idle kernel wakes up several times a second. */
static const long long STANDSTILL_LIMIT_NS = 45LL * 1000000000;
static const long long POWER_OFF_LIMIT_NS = 20LL * 1000000000;

static const char exit_marker[] = "covdb-lab: collector exit ";
static const char panic_marker[] = "Kernel panic - not syncing";

void lab_run_options_deinit(struct lab_run_options *options)
{
	free(options->console);
	experiment_deinit(&options->parsed);
}

/* What the guest has said since it was booted. */
struct run {
	bool has_messages;
	struct cov_text last; /* the collector's last message */
	bool has_ended;       /* the marker line has come */
	int status;           /* of the collector, once has_ended */
	char *panic;          /* the console's line, or NULL; owned */
	bool is_kernel_lost;  /* it panicked or hangs, which it may by chance */
};

static void run_deinit(struct run *run)
{
	free(run->panic);
	cov_text_deinit(&run->last);
}

COV_DEFINE_AUTO_STRUCT(struct run, run_deinit)

static void take_message(struct qemu_watch *watch, struct run *run, const char *line)
{
	if (!run->has_messages)
		cov_say("lab: Linux is up, the collector begins");
	run->has_messages = true;
	if (strncmp(line, exit_marker, strlen(exit_marker)) != 0) {
		cov_say("%s", line);
		run->last.length = 0;
		cov_text_print(&run->last, "%s", line);
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
	case QEMU_STOOD_STILL:
		return cov_fail(err, COV_ERR_SYSTEM,
				"the guest hangs: its clock stood still for %.3g s",
				seconds(watch->standstill_limit_ns));
	case QEMU_TOO_LONG:
		return cov_fail(err, COV_ERR_SYSTEM,
				"the guest took longer than --collector-limit");
	case QEMU_EXITED:
	case QEMU_ENOUGH:
		break;
	}
	return cov_fail(err, COV_ERR_SYSTEM, "the guest ended before the collector did");
}

/* @is_lost: whether another boot may go on where this one ended */
static int watch_machine(struct qemu_machine *machine, struct qemu_watch *watch, bool *is_lost,
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
	*is_lost = end != QEMU_INTERRUPTED && end != QEMU_TOO_LONG;
	run->is_kernel_lost =
	    *is_lost && (run->panic || end == QEMU_FELL_SILENT || end == QEMU_STOOD_STILL);
	int result = machine_failure(run, watch, end, err);
	if (end != QEMU_INTERRUPTED && machine->console_tail.added_count) {
		cov_say("lab: the last lines of the console:");
		qemu_tail_print(&machine->console_tail, "  ");
	}
	return result;
}

/* A run over all boots of the guest. */
struct session {
	const struct lab *lab;
	const struct lab_run_options *options;
	long long started_ns;
	bool was_up;              /* the collector was at work in some boot */
	bool is_kernel_lost;      /* the last boot ended with that */
	size_t boots_in_vain;     /* in a row, in which the collector did not begin */
	bool is_lost;             /* the last boot ended as another one might not */
	char *why;                /* that was; owned */
	struct cov_text restarts; /* a line for each; owned */
	size_t restart_count;
};

static void session_deinit(struct session *session)
{
	free(session->why);
	cov_text_deinit(&session->restarts);
}

COV_DEFINE_AUTO_STRUCT(struct session, session_deinit)

/* The log has the console of all boots. */
static int open_console(const struct session *session, int *ret, struct cov_error *err)
{
	int how = session->restart_count ? O_APPEND : O_TRUNC;
	int fd = open(session->options->console, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);

	if (fd < 0)
		return cov_fail_errno(err, "cannot create %s", session->options->console);
	*ret = fd;
	return 0;
}

static struct qemu_watch watch_of(const struct session *session, struct run *run)
{
	const struct lab_run_options *options = session->options;
	struct qemu_watch watch = {
		.first_output_limit_ns = FIRST_OUTPUT_LIMIT_NS,
		.silence_limit_ns = options->silence_limit_ns,
		.standstill_limit_ns = STANDSTILL_LIMIT_NS,
		.take_line = take_run_line,
		.context = run,
	};

	if (options->total_limit_ns)
		watch.total_limit_ns =
		    options->total_limit_ns + session->started_ns - cov_monotonic_ns();
	/* 0 would be none. */
	if (options->total_limit_ns && watch.total_limit_ns <= 0)
		watch.total_limit_ns = 1;
	return watch;
}

static int boot_and_watch(struct session *session, const char *image, struct cov_error *err)
{
	const struct lab *lab = session->lab;
	COV_AUTO(free) char *append = lab_append("collect", lab->acceleration);
	COV_AUTO(close) int console = -1;
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	COV_AUTO(run_deinit) struct run run = { 0 };
	struct qemu_description description = lab_describe(lab, append, image);
	struct qemu_watch watch = watch_of(session, &run);

	session->is_lost = false;
	int result = open_console(session, &console, err);
	if (result < 0)
		return result;
	description.console_log = console;
	cov_say("lab: booting Linux (%s)", qemu_acceleration_name(lab->acceleration));
	result = qemu_start(&description, &machine, err);
	if (result < 0)
		return result;
	result = watch_machine(&machine, &watch, &session->is_lost, err);
	session->was_up |= run.has_messages;
	session->is_kernel_lost = run.is_kernel_lost;
	session->boots_in_vain = run.has_messages ? 0 : session->boots_in_vain + 1;
	if (session->is_lost) {
		free(session->why);
		session->why = cov_format("%s; its last message was: %s", err->message,
					  run.last.length ? run.last.data : "none");
	}
	return result;
}

static int make_disk(const struct session *session, char **ret, struct cov_error *err)
{
	const struct lab_run_options *options = session->options;
	const struct lab_disk disk = {
		.result_dir = options->directory,
		.experiment = options->experiment,
		.descriptions = options->parsed.descriptions.items,
		.description_count = options->parsed.descriptions.count,
		.arguments = "collect /data/experiment.yaml -o /data/out\n",
		.kernel_dir = session->lab->paths.kernel_dir,
	};

	return lab_results_make_disk(&disk, ret, err);
}

/* Boot with @image, and bring out what is there afterwards. */
static int boot_once(struct session *session, const char *image, struct cov_error *err)
{
	struct cov_error fetch_err;

	int result = boot_and_watch(session, image, err);
	if (lab_results_fetch(session->options->directory, &fetch_err) == 0)
		return result;
	session->is_lost = false;
	if (result < 0) {
		cov_say("lab: %s", fetch_err.message);
		return result;
	}
	*err = fetch_err;
	return fetch_err.code;
}

static bool may_restart(const struct session *session)
{
	/*
	 * A kernel may die at boot by chance, as its timers are late on a busy machine; one that
	 * does so time after time is broken. What ended otherwise before the collector was ever at
	 * work, as an init or a QEMU that fails, would do so the next time.
	 */
	return session->is_lost && (session->was_up || session->is_kernel_lost) &&
	       session->boots_in_vain < BOOTS_IN_VAIN_MAX &&
	       session->restart_count < session->options->restarts_max;
}

static int restart(struct session *session, struct cov_error *err)
{
	COV_AUTO(free) char *image = NULL;
	COV_AUTO(free)
	char *line = cov_format("lab: restart %zu of at most %zu: %s", ++session->restart_count,
				session->options->restarts_max, session->why);

	cov_say("%s", line);
	cov_text_print(&session->restarts, "%s\n", line);
	session->is_lost = false;
	int result = make_disk(session, &image, err);
	return result < 0 ? result : boot_once(session, image, err);
}

/* Once more at the end, where nobody has to search for it. */
static void print_restarts(struct session *session)
{
	char *rest = session->restarts.data, *line;

	if (session->restart_count)
		cov_say("lab: the guest was lost and booted again, times: %zu",
			session->restart_count);
	while (rest && (line = strsep(&rest, "\n")) && *line)
		cov_say("%s", line);
}

int lab_run(const struct lab *lab, const struct lab_run_options *options, struct cov_error *err)
{
	COV_AUTO(free) char *image = NULL;
	COV_AUTO(close) int lock = -1;
	COV_AUTO(session_deinit)
	struct session session = {
		.lab = lab,
		.options = options,
		.started_ns = cov_monotonic_ns(),
	};

	int result = lab_results_lock(options->directory, &lock, err);
	if (result == 0)
		result = make_disk(&session, &image, err);
	if (result < 0)
		return result;
	COV_AUTO(lab_results_guard_end) struct lab_results_guard guard;
	lab_results_guard_begin(&guard);
	result = boot_once(&session, image, err);
	while (result < 0 && may_restart(&session))
		result = restart(&session, err);
	print_restarts(&session);
	return result;
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
