/* cmd_collect.c - `covdb collect`: run every trial of an experiment. */
#include "collector/commands/commands.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/base/clock.h"
#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"
#include "collector/capture/machine.h"
#include "collector/capture/profile.h"
#include "collector/capture/syscalls.h"
#include "collector/capture/trial.h"
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

/* One execution of the command. */
struct session {
	const char *experiment_text; /* borrowed */
	size_t experiment_bytes;
	struct experiment experiment;
	const char *output; /* folder; NULL with --dry-run */
	char *trials;       /* folder of the trials in there; owned */
	char *phase_trials; /* the same for their phases; owned */
	/* And for what records something else, by enum experiment_recording; owned. */
	char *recordings[EXPERIMENT_RECORDINGS];
	struct trial_setting setting;
	struct phases phases;
	const char **versions; /* [experiment.platform_count], of the runtimes; NULL: none */
	bool *is_done;         /* [planned count], by an earlier collect */
	size_t done_count;
	long long started_ns;   /* of the first trial */
	size_t run_count;       /* trials since then */
	struct cov_arena arena; /* owns the versions, is_done, and the texts about the kernel */
};

static void session_deinit(struct session *session)
{
	experiment_deinit(&session->experiment);
	snapshot_writer_deinit(&session->setting.writer);
	phases_deinit(&session->phases);
	free(session->trials);
	free(session->phase_trials);
	for (int i = 0; i < EXPERIMENT_RECORDINGS; i++)
		free(session->recordings[i]);
	cov_arena_deinit(&session->arena);
}

COV_DEFINE_AUTO_STRUCT(struct session, session_deinit)

static double seconds(long long ns)
{
	return (double)ns / 1e9;
}

/* "45 s", "12 min", "2 h 5 min" */
static char *rough_time(long long ns)
{
	long long s = (ns + 500000000) / 1000000000, minutes = (s + 30) / 60;

	if (s < 120)
		return cov_format("%lld s", s);
	if (minutes < 120)
		return cov_format("%lld min", minutes);
	return cov_format("%lld h %lld min", minutes / 60, minutes % 60);
}

/* "[2/30] host cpu 1"; free() it. */
static char *trial_name(const struct session *session, size_t index)
{
	struct experiment_trial trial = experiment_planned_trial(&session->experiment, index);
	static const char *const words[] = { "", "profile ", "syscalls " };
	size_t count = experiment_planned_count(&session->experiment);

	if (trial.baseline)
		return cov_format("[%zu/%zu] baseline %s %zu", index + 1, count,
				  trial.baseline->name, trial.number);
	return cov_format("[%zu/%zu] %s %s %s%zu", index + 1, count, trial.platform->name,
			  trial.workload->name, words[trial.recording], trial.number);
}

static bool is_done(const struct session *session, size_t index)
{
	return session->is_done && session->is_done[index];
}

/* How long it takes; free() it. */
static char *trial_duration(const struct experiment_trial *trial)
{
	if (trial->workload)
		return cov_format("%g s%s, at most %g s%s", seconds(trial->workload->duration_ns),
				  trial->baseline ? " idle" : "",
				  seconds(trial->workload->limit_ns),
				  trial->is_performance ? ", without a snapshot" : "");
	if (trial->baseline->kind == EXPERIMENT_OBSERVER)
		return cov_xstrdup("captured at once");
	return cov_format("%g s idle", seconds(trial->baseline->duration_ns));
}

/* The plan is the result of a dry run, else a message. */
static void print_plan_line(bool is_result, const char *line)
{
	if (is_result)
		printf("%s\n", line);
	else
		cov_say("%s", line);
}

/* What the file has and this machine has not: said with the plan, and with what came of it. */
static void print_left_out(bool is_result, const struct session *session)
{
	const struct experiment *experiment = &session->experiment;

	for (size_t i = 0; i < experiment->left_out_count; i++) {
		COV_AUTO(free) char *missing = platform_missing(experiment->left_out[i]);
		COV_AUTO(free)
		char *line =
		    cov_format("skipped: platform %s: %s", experiment->left_out[i]->name, missing);

		print_plan_line(is_result, line);
	}
}

static void print_plan(bool is_result, const struct session *session)
{
	const struct experiment *experiment = &session->experiment;
	size_t count = experiment_planned_count(experiment);
	long long planned_ns = 0, planned_ns_max = 0;

	for (size_t i = 0; i < count; i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);
		COV_AUTO(free) char *name = trial_name(session, i);
		COV_AUTO(free) char *duration = trial_duration(&trial);
		COV_AUTO(free)
		char *line =
		    cov_format("%s: %s", name, is_done(session, i) ? "done before" : duration);

		print_plan_line(is_result, line);
		if (is_done(session, i))
			continue;
		planned_ns += experiment_trial_ns(experiment, &trial);
		planned_ns_max += experiment_trial_ns_max(experiment, &trial);
	}

	COV_AUTO(free) char *planned = rough_time(planned_ns);
	COV_AUTO(free) char *planned_max = rough_time(planned_ns_max);
	COV_AUTO(free)
	char *order = cov_format("%s: in an order shuffled by the seed %lld", experiment->name,
				 experiment->seed);
	COV_AUTO(free)
	char *sum =
	    cov_format("%s: %zu trials to do, about %s and at most %s, besides starting and "
		       "capturing",
		       experiment->name, count - session->done_count, planned, planned_max);
	if (experiment->seed)
		print_plan_line(is_result, order);
	print_plan_line(is_result, sum);
	print_left_out(is_result, session);
}

/* Whether @release begins with @prefix, and not in the middle of a number: 6.1 is not 6.18. */
static bool is_release(const char *release, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(release, prefix, length) == 0 &&
	       !(isdigit(prefix[length - 1]) && isdigit(release[length]));
}

static int check_kernel(const struct session *session, struct cov_error *err)
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

static int check_machine(struct session *session, struct cov_error *err)
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

static void read_versions(struct session *session)
{
	const struct experiment *experiment = &session->experiment;

	session->versions = cov_arena_alloc(&session->arena, experiment->platform_count + 1,
					    sizeof(*session->versions));
	for (size_t i = 0; i < experiment->platform_count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];

		session->versions[i] = platform_version(platform, &session->arena);
	}
}

/* Kept, so that the results show what was asked for. One that is there has to be the same. */
static int keep_file(const struct session *session, const char *name, const char *text, size_t size,
		     struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", session->output, name);
	COV_AUTO(free) char *kept = NULL;
	size_t kept_size;

	if (cov_is_missing(path))
		return cov_file_replace(path, text, size, err);
	int result = cov_file_read_text(path, &kept, &kept_size, err);
	if (result != 0)
		return result;
	if (kept_size != size || memcmp(kept, text, size) != 0)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s has trials of another experiment (see %s); "
				"choose another folder",
				session->output, path);
	return 0;
}

/* Whoever may write to one of the folders decides where root's files go. */
static int check_output(const struct session *session, struct cov_error *err)
{
	COV_AUTO(free) char *phases = cov_format("%s/phases", session->output);
	COV_AUTO(free) char *profiles = cov_format("%s/profiles", session->output);
	COV_AUTO(free) char *syscalls = cov_format("%s/syscalls", session->output);
	const char *const folders[] = { session->output, session->trials,
					phases,          session->phase_trials,
					profiles,        session->recordings[EXPERIMENT_PROFILE],
					syscalls,        session->recordings[EXPERIMENT_SYSCALLS] };
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(folders) / sizeof(folders[0]); i++)
		result = cov_trust_output(folders[i], err);
	return result;
}

static int make_output(struct session *session, struct cov_error *err)
{
	const struct experiment *experiment = &session->experiment;
	int result = check_output(session, err);

	if (result == 0)
		result = cov_trust_make(session->trials, err);
	if (result == 0 && experiment->phase_trial_count)
		result = cov_trust_make(session->phase_trials, err);
	if (result == 0 && experiment->profile_trial_count)
		result = cov_trust_make(session->recordings[EXPERIMENT_PROFILE], err);
	if (result == 0 && experiment->syscalls_trial_count)
		result = cov_trust_make(session->recordings[EXPERIMENT_SYSCALLS], err);
	if (result == 0)
		result = keep_file(session, "experiment.yaml", session->experiment_text,
				   session->experiment_bytes, err);
	for (size_t i = 0; result == 0 && i < experiment->descriptions.count; i++) {
		const struct experiment_description *description =
		    &experiment->descriptions.items[i];

		result = keep_file(session, description->name, description->text, description->size,
				   err);
	}
	return result;
}

/* Which trials an earlier collect has done. */
static int find_done(struct session *session, struct cov_error *err)
{
	const char *build_id = session->setting.kernel.build_id;
	size_t count = experiment_planned_count(&session->experiment);

	session->is_done = cov_arena_alloc(&session->arena, count, sizeof(*session->is_done));
	for (size_t i = 0; i < count; i++) {
		struct experiment_trial trial = experiment_planned_trial(&session->experiment, i);
		const char *folder =
		    trial.recording ? session->recordings[trial.recording] : session->trials;
		COV_AUTO(free) char *path = trial_path(folder, &trial, ".json");
		COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

		if (cov_is_missing(path))
			continue;
		int result = cov_manifest_read(path, &manifest, err);
		if (result != 0)
			return result;
		const char *other = manifest.kernel.build_id;
		if (strcmp(other ? other : "", build_id ? build_id : "") != 0)
			return cov_fail(err, COV_ERR_MISMATCH,
					"%s is of the kernel with build id %s, "
					"this one has %s: choose another folder",
					path, other ? other : "unknown",
					build_id ? build_id : "unknown");
		session->is_done[i] = manifest.is_ok;
		session->done_count += manifest.is_ok;
	}
	return 0;
}

/* The last line of what the workload printed: mostly its reason to fail. */
static void print_last_line(const struct cov_manifest *manifest)
{
	size_t length = manifest->output_bytes;

	while (length && strchr("\r\n ", manifest->output[length - 1]))
		length--;
	size_t start = length;
	while (start && manifest->output[start - 1] != '\n')
		start--;
	if (length == start)
		return;
	cov_say("    %.*s", (int)(length - start), manifest->output + start);
}

/*
 * What is planned for the rest, and for each trial the mean of what those so far took beyond their
 * plan: starting, capturing, writing.
 */
static void add_time_left(struct cov_text *line, const struct session *session, size_t index)
{
	const struct experiment *experiment = &session->experiment;
	long long left_ns = 0, planned_ns = 0;
	size_t left_count = 0;

	for (size_t i = 0; i < experiment_planned_count(experiment); i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);
		long long trial_ns = experiment_trial_ns(experiment, &trial);

		if (session->is_done[i])
			continue;
		if (i <= index)
			planned_ns += trial_ns;
		left_ns += i > index ? trial_ns : 0;
		left_count += i > index;
	}
	long long took_ns = cov_monotonic_ns() - session->started_ns;
	if (took_ns > planned_ns)
		left_ns +=
		    (took_ns - planned_ns) / (long long)session->run_count * (long long)left_count;
	COV_AUTO(free) char *left = rough_time(left_ns);
	if (left_count)
		cov_text_print(line, "; about %s left", left);
}

/* The longest of the steps with one of @names, which ends with NULL, and how many there are. */
static long long longest_step_ns(const struct cov_manifest *manifest, const char *const *names,
				 int *count)
{
	long long longest_ns = 0;

	*count = 0;
	for (size_t i = 0; i < manifest->step_count; i++) {
		const struct cov_manifest_step *step = &manifest->steps[i];
		const char *const *name = names;

		while (*name && strcmp(*name, step->name) != 0)
			name++;
		if (*name && step->end_ns - step->start_ns > longest_ns)
			longest_ns = step->end_ns - step->start_ns;
		*count += *name != NULL;
	}
	return longest_ns;
}

/* A capture that takes longer than the workload rests for is in the way of what it measures. */
static void add_captures(struct cov_text *line, const struct session *session,
			 const struct cov_manifest *manifest)
{
	static const char *const all[] = { "start", "ready", "done", "capture", NULL };
	static const char *const within[] = { "ready", "done", NULL };
	int count, within_count;
	long long longest_ns = longest_step_ns(manifest, all, &count);
	long long within_ns = longest_step_ns(manifest, within, &within_count);

	if (count == 1)
		cov_text_print(line, ", capture %.1f s", seconds(longest_ns));
	else
		cov_text_print(line, ", %d captures of at most %.1f s", count, seconds(longest_ns));
	if (within_ns > session->experiment.pause_ns)
		cov_text_print(line, " (the pause is %g s)", seconds(session->experiment.pause_ns));
}

static void add_samples(struct cov_text *line, const struct cov_manifest *manifest)
{
	const struct cov_manifest_profile *profile = &manifest->profile;
	COV_AUTO(free) char *samples = cov_number_grouped(profile->samples);

	cov_text_print(line, ", %.1f s, %s samples", seconds(manifest->duration_ns), samples);
	if (profile->lost)
		cov_text_print(line, ", %lld lost", profile->lost);
}

static void print_outcome(const struct session *session, size_t index,
			  const struct cov_manifest *manifest)
{
	COV_AUTO(free) char *files = cov_number_grouped(manifest->snapshot.file_count);
	COV_AUTO(free) char *name = trial_name(session, index);
	COV_AUTO(cov_text_deinit) struct cov_text line = { 0 };

	cov_text_print(&line, "%s: %s%s", name, manifest->is_ok ? "ok" : "failed, ",
		       manifest->failure ? manifest->failure : "");
	if (manifest->snapshot.file) {
		cov_text_print(&line, ", %.1f s, %s files", seconds(manifest->duration_ns), files);
		add_captures(&line, session, manifest);
	}
	if (manifest->profile.file)
		add_samples(&line, manifest);
	if (manifest->is_ok && manifest->kind &&
	    strcmp(manifest->kind, cov_manifest_performance_kind) == 0)
		cov_text_print(&line, ", %.1f s, %zu metrics", seconds(manifest->duration_ns),
			       manifest->metric_count);
	if (manifest->snapshot.unreadable_count)
		cov_text_print(&line, ", %zu gone", manifest->snapshot.unreadable_count);
	add_time_left(&line, session, index);
	cov_say("%s", line.data);
	if (!manifest->is_ok && manifest->output)
		print_last_line(manifest);
}

static int run_trial(struct session *session, size_t index, bool *is_ok, struct cov_error *err)
{
	struct experiment_trial trial = experiment_planned_trial(&session->experiment, index);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	const char *version = NULL;

	if (trial.platform)
		version = session->versions[trial.platform - session->experiment.platforms];
	COV_AUTO(free) char *name = trial_name(session, index);
	cov_say("%s: started", name);
	int result = trial_run(&session->setting, &trial, index + 1, version, &manifest, err);
	if (result != 0)
		return result;
	session->run_count++;
	print_outcome(session, index, &manifest);
	*is_ok = manifest.is_ok;
	return 0;
}

static int run_trials(struct session *session, struct cov_error *err)
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
	print_left_out(false, session);
	return failed_count ? 1 : 0;
}

static int collect(struct session *session, struct cov_error *err)
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
		result = make_output(session, err);
	if (result == 0)
		result = find_done(session, err);
	if (result == 0)
		result = recover_killed(&session->experiment,
					debugfs_directory(session->setting.gcov_directory), err);
	if (result != 0)
		return result;
	print_plan(false, session);
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
	COV_AUTO(session_deinit)
	struct session session = {
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
		print_plan(true, &session);
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
