/* trial.c - one trial: prepare, settle, reset, run, capture; then the snapshot and the manifest. */
#include "collector/capture/trial.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/capture/profile.h"
#include "collector/capture/syscalls.h"
#include "collector/platform/platform.h"
#include "collector/run/output.h"
#include "collector/run/process.h"
#include "collector/run/stray.h"

/* A trial on its way. */
struct state {
	struct trial_setting *setting;
	const struct experiment_trial *trial;
	struct platform_run run;
	struct process process; /* the workload */
	struct cov_manifest *manifest;
	struct phases *phases;    /* NULL if there are no captures but the last */
	struct profile profile;   /* of a trial that is one */
	struct syscalls syscalls; /* likewise */
	struct cov_error event_err;
	int event_result;       /* of what is done when the workload asks for it */
	long long reset_end_ns; /* 0 before, and when it failed */
	bool is_captured;
};

static void state_deinit(struct state *state)
{
	process_deinit(&state->process);
	profile_deinit(&state->profile);
	syscalls_deinit(&state->syscalls);
	stray_kill_children();
	platform_run_deinit(&state->run);
}

COV_DEFINE_AUTO_STRUCT(struct state, state_deinit)

char *trial_path(const char *folder, const struct experiment_trial *trial, const char *suffix)
{
	COV_AUTO(free) char *name = experiment_trial_name(trial);

	return cov_format("%s/%s%s", folder, name, suffix);
}

static const char *keep_text(struct cov_manifest *manifest, const char *text)
{
	return text ? cov_arena_text(&manifest->arena, text, strlen(text)) : NULL;
}

static void describe_platform(const struct experiment_platform *platform,
			      struct cov_manifest *manifest)
{
	manifest->platform = platform->name;
	manifest->driver = platform->driver;
	manifest->settings = (struct cov_manifest_settings){
		.network = experiment_network_names[platform->network],
		.has_overlay = platform->has_overlay,
		.memory_mib = platform->memory_mib,
		.cpu_count = platform->cpu_count,
		.arguments = platform->arguments.texts,
		.argument_count = platform->arguments.count,
		.seccomp = platform->seccomp,
	};
}

/* By enum experiment_recording. */
static const char *const recording_kinds[EXPERIMENT_RECORDINGS] = {
	[EXPERIMENT_PROFILE] = cov_manifest_profile_kind,
	[EXPERIMENT_SYSCALLS] = cov_manifest_syscalls_kind,
};

static void describe(const struct experiment_trial *trial, struct cov_manifest *manifest)
{
	static const char *const kinds[] = { "idle", "observer" };

	manifest->host = trial->host;
	manifest->number = (int)trial->number;
	manifest->exit_status = -1;
	if (trial->platform)
		describe_platform(trial->platform, manifest);
	if (trial->workload) {
		manifest->command = trial->workload->command.texts;
		manifest->command_count = trial->workload->command.count;
	}
	if (!trial->baseline) {
		manifest->workload = trial->workload->name;
		manifest->groups = trial->workload->groups.texts;
		manifest->group_count = trial->workload->groups.count;
		manifest->kind = trial->is_performance ? cov_manifest_performance_kind
						       : recording_kinds[trial->recording];
		return;
	}
	manifest->baseline = trial->baseline->name;
	manifest->kind = kinds[trial->baseline->kind];
	if (!trial->platform) {
		manifest->platform = trial->baseline->platform_name;
		manifest->driver = "host";
	}
}

static int prepare(struct state *state, struct cov_error *err)
{
	const struct experiment_trial *trial = state->trial;
	const char *directory = state->setting->gcov_directory;
	int result = 0;

	if (trial->platform) {
		state->run.platform = trial->platform;
		state->run.workload = trial->workload;
		result = platform_prepare(&state->run, err);
	}
	if (result == 0 && !trial->recording && !trial->is_performance)
		result = snapshot_writer_prepare(&state->setting->writer, directory, err);
	if (result == 0 && state->phases)
		result = phases_prepare(state->phases, directory, err);
	/* Else the disk work of the last trial would be counted in this one. */
	sync();
	return result;
}

static int settle(struct state *state, struct cov_error *err)
{
	(void)err;
	process_sleep(state->setting->settle_ns);
	return 0;
}

static void note_time(struct state *state)
{
	struct timespec now;
	struct tm utc;
	char *text =
	    cov_arena_alloc(&state->manifest->arena, sizeof("2000-01-01T00:00:00Z") + 8, 1);

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof("2000-01-01T00:00:00Z") + 8, "%Y-%m-%dT%H:%M:%SZ", &utc);
	state->manifest->started_at = text;
}

static int reset(struct state *state, struct cov_error *err)
{
	note_time(state);
	int result = debugfs_reset(state->setting->gcov_directory, err);
	if (result == 0)
		state->reset_end_ns = cov_monotonic_ns();
	return result;
}

/* What differences of later captures begin with. */
static int start(struct state *state, struct cov_error *err)
{
	return state->phases ? phases_take(state->phases, PHASE_START, err) : 0;
}

/* The kernel drops what is clean, so that has to be written back before. */
static int drop_caches(struct cov_error *err)
{
	static const char path[] = "/proc/sys/vm/drop_caches";
	COV_AUTO(close) int fd = cov_open_at(AT_FDCWD, path, O_WRONLY);

	sync();
	if (fd < 0 || cov_write_all(fd, "3", 1) != 0)
		return cov_fail_errno(err, "cannot drop the caches by %s", path);
	return 0;
}

static bool take_line(void *context, const char *line)
{
	struct state *state = context;
	enum output_event event = output_event(line, NULL);

	if (!state->event_result && event == OUTPUT_DROP_CACHES)
		state->event_result = drop_caches(&state->event_err);
	if (!state->event_result && event == OUTPUT_READY &&
	    state->trial->recording == EXPERIMENT_SYSCALLS)
		state->event_result =
		    syscalls_ready(&state->syscalls, state->trial->platform->driver,
				   state->run.peer.pid, &state->event_err);
	if (state->phases && !state->event_result && event == OUTPUT_READY)
		state->event_result = phases_take(state->phases, PHASE_READY, &state->event_err);
	if (state->phases && !state->event_result && event == OUTPUT_DONE)
		state->event_result = phases_take(state->phases, PHASE_DONE, &state->event_err);
	return true;
}

static int run_workload(struct state *state, struct cov_error *err)
{
	const struct platform_driver *driver = platform_driver(state->trial->platform->driver);
	const struct process_watch watch = { take_line, state };
	int result =
	    process_start_program(state->run.program, state->run.command, &state->process, err);

	if (result == 0 && driver->started)
		result = driver->started(&state->run, &state->process, err);
	/* Even if it could not be started properly: it has to end before the capture. */
	if (result != 0)
		process_stop(&state->process);
	else
		process_wait(&state->process, state->trial->workload->limit_ns, &watch);
	if (result == 0 && state->event_result) {
		*err = state->event_err;
		result = state->event_result;
	}
	return result;
}

static int run(struct state *state, struct cov_error *err)
{
	const struct experiment_trial *trial = state->trial;

	if (trial->platform)
		return run_workload(state, err);
	process_sleep(trial->baseline->duration_ns);
	return 0;
}

static int capture(struct state *state, struct cov_error *err)
{
	int result = snapshot_writer_read(&state->setting->writer, err);

	state->is_captured = result == 0;
	return result;
}

/* Nothing is reset or captured: what perf makes the kernel execute would be counted. */
static int record(struct state *state, struct cov_error *err)
{
	note_time(state);
	return state->trial->recording == EXPERIMENT_PROFILE
		   ? profile_start(&state->profile, state->run.folder, err)
		   : syscalls_start(&state->syscalls, state->run.folder, err);
}

static int stop(struct state *state, struct cov_error *err)
{
	bool is_profile = state->trial->recording == EXPERIMENT_PROFILE;
	const struct perf *perf = is_profile ? &state->profile.perf : &state->syscalls.perf;
	int result =
	    is_profile ? profile_stop(&state->profile, err) : syscalls_stop(&state->syscalls, err);

	if (result == 0)
		state->manifest->duration_ns = perf->end_ns - perf->start_ns;
	return result;
}

/* Counters go on counting, which nobody looks at. */
static int run_uncounted(struct state *state, struct cov_error *err)
{
	note_time(state);
	long long start_ns = cov_monotonic_ns();
	int result = run(state, err);

	state->manifest->duration_ns = cov_monotonic_ns() - start_ns;
	return result;
}

struct step {
	const char *name; /* NULL behind the last */
	int (*take)(struct state *state, struct cov_error *err);
};

static const struct step counted_steps[] = {
	{ "prepare", prepare },
	{ "settle", settle },
	{ "reset", reset },
	{ "start", start },
	{ "run", run },
	{ "capture", capture },
	{ 0 },
};

static const struct step recording_steps[] = {
	{ "prepare", prepare }, { "settle", settle }, { "record", record },
	{ "run", run },         { "stop", stop },     { 0 },
};

static const struct step performance_steps[] = {
	{ "prepare", prepare },
	{ "settle", settle },
	{ "run", run_uncounted },
	{ 0 },
};

static const struct step *steps_of(const struct experiment_trial *trial)
{
	if (trial->recording)
		return recording_steps;
	return trial->is_performance ? performance_steps : counted_steps;
}

/* Whether what is captured in the end is counted from the first capture on, not from the reset. */
static bool is_difference(const struct state *state)
{
	return state->trial->baseline && state->trial->baseline->has_difference &&
	       state->phases->is_taken[PHASE_START];
}

static long long counted_from_ns(const struct state *state)
{
	return is_difference(state) ? state->phases->writers[PHASE_START].end_ns
				    : state->reset_end_ns;
}

/* The captures within the run, which show what one costs here. */
static void note_captures(const struct state *state)
{
	static const char *const names[] = { [PHASE_READY] = "ready", [PHASE_DONE] = "done" };

	for (int i = PHASE_READY; state->phases && i < PHASE_END; i++) {
		const struct snapshot_writer *writer = &state->phases->writers[i];

		if (state->phases->is_taken[i])
			state->manifest->steps[state->manifest->step_count++] =
			    (struct cov_manifest_step){ names[i], writer->start_ns,
							writer->end_ns };
	}
}

/*
 * A step that fails makes the trial fail. What was counted until then is captured all the same, if
 * there was a reset.
 */
static int take_steps(struct state *state, struct cov_error *err)
{
	struct cov_manifest *manifest = state->manifest;
	const struct step *steps = steps_of(state->trial);

	for (size_t i = 0; steps[i].name; i++) {
		bool is_capture = steps[i].take == capture;
		struct cov_error step_err;

		if (manifest->failure && !(is_capture && state->reset_end_ns))
			continue;
		if (steps[i].take == start && !state->phases)
			continue;
		struct cov_manifest_step *step = &manifest->steps[manifest->step_count++];
		step->name = steps[i].name;
		step->start_ns = cov_monotonic_ns();
		if (is_capture)
			manifest->duration_ns = step->start_ns - counted_from_ns(state);
		int result = steps[i].take(state, &step_err);
		step->end_ns = cov_monotonic_ns();
		if (result != 0 && !manifest->failure)
			manifest->failure = keep_text(manifest, step_err.message);
		if (process_is_interrupted())
			return cov_fail(err, COV_ERR_SYSTEM, "interrupted");
	}
	return 0;
}

static char *describe_failure(const struct state *state)
{
	const struct process_result *result = &state->process.result;

	if (result->is_over_limit)
		return cov_format("exceeded its limit of %g s",
				  (double)state->trial->workload->limit_ns / 1e9);
	if (result->signal)
		return cov_format("ended by signal %d (%s)", result->signal,
				  strsignal(result->signal));
	if (result->exit_status)
		return cov_format("exit status %d", result->exit_status);
	if (result->output_errno)
		return cov_format("cannot read what it prints: %s", strerror(result->output_errno));
	return NULL;
}

static void judge(struct state *state)
{
	struct cov_manifest *manifest = state->manifest;
	struct process_result *result = &state->process.result;

	if (state->trial->platform && !manifest->failure) {
		const struct platform_driver *driver =
		    platform_driver(state->trial->platform->driver);
		struct cov_error err;
		int code = driver->outcome ? driver->outcome(&state->run, result, &err) : 0;
		COV_AUTO(free) char *failure = NULL;

		manifest->exit_status = result->exit_status;
		manifest->signal = result->signal;
		failure = describe_failure(state);
		if (code == 0 && !failure && state->trial->has_phases)
			code = phases_check(state->phases, &err);
		manifest->failure = keep_text(manifest, code ? err.message : failure);
	}
	manifest->is_ok = !manifest->failure;
}

static void keep_output(const struct state *state)
{
	struct cov_manifest *manifest = state->manifest;
	const struct cov_text *output = &state->process.result.output;

	if (!state->trial->workload)
		return;
	manifest->output =
	    cov_arena_text(&manifest->arena, output->data ? output->data : "", output->length);
	manifest->output_bytes = output->length;
	manifest->is_output_truncated = state->process.result.dropped_bytes > 0;
	manifest->metrics = output_metrics(manifest->output, manifest->output_bytes,
					   &manifest->arena, &manifest->metric_count);
}

/* Also of a trial that failed before its last capture: those that were made are in it. */
static int captures_within(const struct phases *phases)
{
	int count = 0;

	for (int i = 0; phases && i < PHASE_END; i++)
		count += phases->is_taken[i];
	return count;
}

static int take_way(const struct state *state, struct cov_error *err)
{
	struct cov_manifest_capture *capture = &state->manifest->capture;

	if (!is_difference(state)) {
		capture->within = captures_within(state->phases);
		return 0;
	}
	capture->way = COV_MANIFEST_DIFFERENCE;
	return phases_subtract(state->phases, &state->setting->writer, err);
}

static int save_snapshot(const struct state *state, struct cov_error *err)
{
	struct cov_manifest_snapshot *snapshot = &state->manifest->snapshot;
	const struct snapshot_writer *writer = &state->setting->writer;
	struct cov_arena *arena = &state->manifest->arena;
	COV_AUTO(free) char *path = trial_path(state->setting->folder, state->trial, ".tar.zst");

	if (!state->is_captured)
		return 0;
	int result = take_way(state, err);
	if (result != 0)
		return result;
	snapshot->file = keep_text(state->manifest, strrchr(path, '/') + 1);
	snapshot->file_count = (long long)writer->file_count;
	snapshot->total_bytes = (long long)writer->total_bytes;
	snapshot->unreadable_count = writer->unreadable_count;
	snapshot->unreadable =
	    cov_arena_alloc(arena, writer->unreadable_count + 1, sizeof(*snapshot->unreadable));
	for (size_t i = 0; i < writer->unreadable_count; i++)
		snapshot->unreadable[i] = keep_text(state->manifest, writer->unreadable[i]);
	return snapshot_writer_save(writer, path, err);
}

static void note_programs(const struct state *state, const char *version)
{
	struct cov_manifest *manifest = state->manifest;

	manifest->programs[manifest->program_count++] =
	    (struct cov_manifest_program){ "covdb", COVDB_VERSION };
	if (!version)
		return;
	manifest->programs[manifest->program_count++] = (struct cov_manifest_program){
		.name = platform_program(state->trial->platform),
		.version = version,
	};
}

static int save_profile(struct state *state, const char *folder, struct cov_error *err)
{
	struct cov_manifest_profile *profile = &state->manifest->profile;
	COV_AUTO(free) char *path = trial_path(folder, state->trial, ".folded.zst");
	int result = profile_save(&state->profile, path, profile, err);

	if (result == 0)
		profile->file = keep_text(state->manifest, profile->file);
	return result;
}

static int save_syscalls(struct state *state, const char *folder, struct cov_error *err)
{
	COV_AUTO(free) char *path = trial_path(folder, state->trial, ".syscalls");
	int result = syscalls_save(&state->syscalls, path, err);

	if (result == 0)
		state->manifest->syscalls.file = keep_text(state->manifest, strrchr(path, '/') + 1);
	return result;
}

static int save_recording(struct state *state, const char *folder, struct cov_error *err)
{
	if (!state->trial->recording || !state->manifest->is_ok)
		return 0;
	return state->trial->recording == EXPERIMENT_PROFILE ? save_profile(state, folder, err)
							     : save_syscalls(state, folder, err);
}

/* Only of what went well: nobody takes a failed trial apart. */
static int save_phases(struct state *state, struct cov_error *err)
{
	COV_AUTO(free) char *name = experiment_trial_name(state->trial);

	if (!state->trial->has_phases || !state->manifest->is_ok)
		return 0;
	return phases_save(state->phases, &state->setting->writer, state->setting->phase_folder,
			   state->manifest, name, err);
}

static bool has_captures_within(const struct experiment_trial *trial)
{
	return trial->has_phases || (trial->baseline && trial->baseline->has_difference);
}

int trial_run(struct trial_setting *setting, const struct experiment_trial *trial, size_t position,
	      const char *version, struct cov_manifest *ret, struct cov_error *err)
{
	COV_AUTO(cov_manifest_deinit)
	struct cov_manifest manifest = {
		.kernel = setting->kernel,
		.seed = setting->seed,
		.position = (long long)position,
	};
	COV_AUTO(state_deinit)
	struct state state = {
		.setting = setting,
		.trial = trial,
		.manifest = &manifest,
		.phases = has_captures_within(trial) ? setting->phases : NULL,
	};
	const char *folder =
	    trial->recording ? setting->recording_folders[trial->recording] : setting->folder;
	COV_AUTO(free) char *path = trial_path(folder, trial, ".json");

	/* One from an earlier, failed trial would vouch for the new snapshot. */
	unlink(path);
	describe(trial, &manifest);
	note_programs(&state, version);
	int result = take_steps(&state, err);
	if (result == 0) {
		note_captures(&state);
		judge(&state);
		keep_output(&state);
		result = save_snapshot(&state, err);
	}
	if (result == 0)
		result = save_recording(&state, folder, err);
	if (result == 0)
		result = save_phases(&state, err);
	if (result == 0)
		result = cov_manifest_write(&manifest, path, err);
	if (result != 0)
		return result;
	*ret = manifest;
	memset(&manifest, 0, sizeof(manifest)); /* now the caller's */
	return 0;
}
