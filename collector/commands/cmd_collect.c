/* cmd_collect.c - `covdb collect`: run every trial of an experiment. */
#include "collector/commands/commands.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/capture/machine.h"
#include "collector/capture/profile.h"
#include "collector/capture/syscalls.h"
#include "collector/capture/trial.h"
#include "collector/commands/collect_folder.h"
#include "collector/commands/collect_print.h"
#include "collector/commands/collect_session.h"
#include "collector/experiment/experiment.h"
#include "collector/experiment/experiment_leave_out.h"
#include "collector/platform/place.h"
#include "collector/platform/platform.h"
#include "collector/platform/recover.h"
#include "collector/platform/state.h"
#include "collector/run/process.h"

/* For tests: a directory laid out as the kernel's, instead of it. */
static const char directory_variable[] = "COVDB_GCOV_DIRECTORY";

static const struct cov_option options[] = {
	{ "output", 'o', "DIR", "where snapshots and manifests go; created if missing" },
	{ "host-id", 0, "NAME",
	  "what this machine is called among those of a fleet: in manifests and names of files" },
	{ "dry-run", 0, NULL, "print the plan and how long it takes, run nothing" },
	{ 0 },
};

/* Whether @release begins with @prefix, and not in the middle of a number: 6.1 is not 6.18. */
static bool is_release(const char *release, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(release, prefix, length) == 0 &&
	       !(isdigit(prefix[length - 1]) && isdigit(release[length]));
}

static int check_kernel(const struct collect_session *session, struct cov_error *err)
{
	const struct experiment *experiment = &session->experiment;
	const struct cov_manifest_kernel *kernel = &session->setting.kernel;
	const char *release = kernel->release ? kernel->release : "unknown";
	const char *build_id = kernel->build_id ? kernel->build_id : "unknown";

	if (experiment->kernel_release && !is_release(release, experiment->kernel_release))
		return cov_fail(err, COV_ERR_MACHINE, "%s is for kernel %s, this one is %s",
				experiment->path, experiment->kernel_release, release);
	if (experiment->kernel_build_id && strcmp(build_id, experiment->kernel_build_id) != 0)
		return cov_fail(err, COV_ERR_MACHINE,
				"%s is for the kernel with build id %s, this one "
				"has %s",
				experiment->path, experiment->kernel_build_id, build_id);
	return 0;
}

static int check_machine(struct collect_session *session, struct cov_error *err)
{
	const struct experiment *experiment = &session->experiment;
	int result = debugfs_check(session->setting.gcov_directory, err);

	if (result == 0)
		result = check_kernel(session, err);
	for (size_t i = 0; result == 0 && i < experiment->platform_count; i++)
		result = platform_check(experiment, &experiment->platforms[i], err);
	if (result == 0 && experiment->profile_trial_count)
		result = profile_check(err);
	if (result == 0 && experiment->syscalls_trial_count)
		result = syscalls_check(err);
	COV_AUTO(free) char *place = NULL;
	return result ? result : place_find(&place, err);
}

static void read_versions(struct collect_session *session)
{
	const struct experiment *experiment = &session->experiment;

	session->versions = cov_arena_alloc(&session->arena, experiment->platform_count + 1,
					    sizeof(*session->versions));
	for (size_t i = 0; i < experiment->platform_count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];

		session->versions[i] = platform_version(platform, &session->arena);
	}
}

static int run_trial(struct collect_session *session, size_t index, bool *is_ok,
		     struct cov_error *err)
{
	struct experiment_trial trial = experiment_planned_trial(&session->experiment, index);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	const char *version = NULL;

	if (trial.platform)
		version = session->versions[trial.platform - session->experiment.platforms];
	COV_AUTO(free) char *name = collect_print_name(session, index);
	cov_say("%s: started", name);
	int result = trial_run(&session->setting, &trial, index + 1, version, &manifest, err);
	if (result != 0)
		return result;
	session->run_count++;
	collect_print_outcome(session, index, &manifest);
	*is_ok = manifest.is_ok;
	return 0;
}

static int run_trials(struct collect_session *session, struct cov_error *err)
{
	size_t count = experiment_planned_count(&session->experiment);
	size_t ok_count = session->done_count, failed_count = 0;

	session->started_ns = cov_monotonic_ns();
	for (size_t i = 0; i < count; i++) {
		bool is_ok = false;

		if (session->is_done[i])
			continue;
		int result = process_is_interrupted() ? cov_fail(err, COV_ERR_SYSTEM, "interrupted")
						      : run_trial(session, i, &is_ok, err);
		if (result != 0 && process_is_interrupted())
			return cov_fail(err, COV_ERR_SYSTEM,
					"interrupted: %zu of %zu trials remain; "
					"the same command goes on with them",
					count - ok_count - failed_count, count);
		if (result != 0)
			return result;
		ok_count += is_ok;
		failed_count += !is_ok;
	}
	cov_say("%zu trials: %zu ok, %zu failed", count, ok_count, failed_count);
	collect_print_left_out(false, session);
	return failed_count ? 1 : 0;
}

static int collect(struct collect_session *session, struct cov_error *err)
{
	int result = machine_read(&session->arena, &session->setting.kernel, err);

	if (result != 0)
		return result;
	session->setting.settle_ns = session->experiment.settle_ns;
	session->setting.folder = session->trials;
	session->setting.phase_folder = session->phase_trials;
	for (int i = 0; i < EXPERIMENT_RECORDINGS; i++)
		session->setting.recording_folders[i] = session->recordings[i];
	session->setting.seed = session->experiment.seed;
	session->setting.phases = &session->phases;

	result = check_machine(session, err);
	if (result == 0)
		result = collect_folder_make(session, err);
	if (result == 0)
		result = collect_folder_find_done(session, err);
	if (result == 0)
		result = recover_killed(&session->experiment,
					debugfs_directory(session->setting.gcov_directory), err);
	if (result != 0)
		return result;
	collect_print_plan(false, session);
	process_catch_signals();
	read_versions(session);
	return run_trials(session, err);
}

static int set_host(const char *name, struct experiment *experiment, struct cov_error *err)
{
	experiment->host = name;
	return !name || cov_is_name(name)
		   ? 0
		   : cov_fail(err, COV_ERR_USAGE,
			      "--host-id takes a name, at most 64 letters, digits, '.', '_' and "
			      "'-', not '%s'",
			      name);
}

static int collect_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *path = arguments->operands[0];
	bool is_dry_run = cov_option_value(arguments, "dry-run") != NULL;
	COV_AUTO(collect_session_deinit)
	struct collect_session session = {
		.output = cov_option_value(arguments, "output"),
		.setting = { .gcov_directory = getenv(directory_variable) },
	};
	COV_AUTO(free) char *text = NULL;

	if (!session.output && !is_dry_run)
		return cov_fail(err, COV_ERR_USAGE, "no output directory: use -o DIR");
	int result = cov_file_read_text(path, &text, &session.experiment_bytes, err);
	if (result != 0)
		return result;
	session.experiment_text = text;
	result = experiment_parse(text, session.experiment_bytes, path, &session.experiment, err);
	if (result == 0)
		result = set_host(cov_option_value(arguments, "host-id"), &session.experiment, err);
	if (result != 0)
		return result;
	experiment_leave_out(&session.experiment, platform_has_programs);
	if (is_dry_run) {
		collect_print_plan(true, &session);
		return 0;
	}
	session.trials = cov_format("%s/trials", session.output);
	session.phase_trials = cov_format("%s/phases/trials", session.output);
	session.recordings[EXPERIMENT_PROFILE] = cov_format("%s/profiles/trials", session.output);
	session.recordings[EXPERIMENT_SYSCALLS] = cov_format("%s/syscalls/trials", session.output);
	result = collect(&session, err);
	state_close();
	return result;
}

const struct cov_command cmd_collect = {
	.name = "collect",
	.operands = "EXPERIMENT.yaml",
	.summary = "run every baseline and trial of an experiment, and keep the counters of each",
	.details =
	    "DIR gets a copy of the experiment, and for each trial a snapshot "
	    "trials/NAME.tar.zst and a manifest trials/NAME.json. Run again, the same command "
	    "continues where it was stopped and repeats what failed, after removing what a killed "
	    "one left behind. DIR/phases, where the experiment asks for phases, is a second folder "
	    "of trials for 'import'; DIR/profiles another, of profiles, whose stacks perf sampled; DIR/syscalls of seccomp "
	    "filters and system calls. With --host-id names of files begin with that of the host, so that folders of many can be put together. Needs root and an instrumented kernel: see 'doctor'.\n\n"
	    "Examples:\n"
	    "  $ covdb collect workloads/first-finding.yaml -o results --dry-run\n"
	    "  $ covdb collect workloads/first-finding.yaml -o results",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.run = collect_run,
};
