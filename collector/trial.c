/* trial.c - one trial: prepare, settle, reset, run, capture; then the snapshot and the manifest. */
#include "collector/trial.h"

#include <string.h>
#include <time.h>

#include "collector/base/error.h"
#include "collector/base/progress.h"
#include "collector/base/text.h"
#include "collector/platform.h"
#include "collector/process.h"

/* A trial on its way. */
struct state {
	struct trial_setting *setting;
	const struct experiment_trial *trial;
	struct platform_run run;
	struct process_result result;
	struct cov_manifest *manifest;
	long long reset_end_ns; /* 0 before, and when it failed */
	bool is_captured;
};

static void state_deinit(struct state *state)
{
	process_kill_strays();
	platform_run_deinit(&state->run);
	process_result_deinit(&state->result);
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

static void describe(const struct experiment_trial *trial, struct cov_manifest *manifest)
{
	manifest->number = (int)trial->number;
	manifest->exit_status = -1;
	if (trial->baseline) {
		manifest->platform = trial->baseline->platform;
		manifest->driver = "host";
		manifest->baseline = trial->baseline->name;
		return;
	}
	manifest->platform = trial->platform->name;
	manifest->driver = trial->platform->driver;
	manifest->workload = trial->workload->name;
	manifest->command = trial->workload->command;
	manifest->command_count = trial->workload->command_count;
}

static int prepare(struct state *state, struct cov_error *err)
{
	const struct experiment_trial *trial = state->trial;
	int result = 0;

	if (trial->platform) {
		state->run.platform = trial->platform;
		result = platform_driver(trial->platform->driver)
			     ->prepare(trial->workload, &state->run, err);
	}
	if (result == 0)
		result = snapshot_writer_prepare(&state->setting->writer,
						 state->setting->gcov_directory, err);
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

static int reset(struct state *state, struct cov_error *err)
{
	struct timespec now;
	struct tm utc;
	char *text =
	    cov_arena_alloc(&state->manifest->arena, sizeof("2000-01-01T00:00:00Z") + 8, 1);

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof("2000-01-01T00:00:00Z") + 8, "%Y-%m-%dT%H:%M:%SZ", &utc);
	state->manifest->started_at = text;

	int result = debugfs_reset(state->setting->gcov_directory, err);
	if (result == 0)
		state->reset_end_ns = cov_monotonic_ns();
	return result;
}

static int run(struct state *state, struct cov_error *err)
{
	const struct experiment_trial *trial = state->trial;

	if (trial->baseline) {
		process_sleep(trial->baseline->duration_ns);
		return 0;
	}
	return process_run(state->run.command, trial->workload->limit_ns, &state->result, err);
}

static int capture(struct state *state, struct cov_error *err)
{
	int result = snapshot_writer_read(&state->setting->writer, err);

	state->is_captured = result == 0;
	return result;
}

static const struct {
	const char *name;
	int (*take)(struct state *state, struct cov_error *err);
} steps[] = {
	{ "prepare", prepare }, { "settle", settle },   { "reset", reset },
	{ "run", run },         { "capture", capture },
};

/*
 * A step that fails makes the trial fail. What was counted until then is captured all the same, if
 * there was a reset.
 */
static int take_steps(struct state *state, struct cov_error *err)
{
	struct cov_manifest *manifest = state->manifest;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		bool is_capture = steps[i].take == capture;
		struct cov_error step_err;

		if (manifest->failure && !(is_capture && state->reset_end_ns))
			continue;
		struct cov_manifest_step *step = &manifest->steps[manifest->step_count++];
		step->name = steps[i].name;
		step->start_ns = cov_monotonic_ns();
		if (is_capture)
			manifest->duration_ns = step->start_ns - state->reset_end_ns;
		int result = steps[i].take(state, &step_err);
		step->end_ns = cov_monotonic_ns();
		if (result != 0 && !manifest->failure)
			manifest->failure = keep_text(manifest, step_err.message);
		if (process_is_interrupted())
			return cov_fail(err, COV_ERR_SYSTEM, "interrupted");
	}
	return 0;
}

static void judge(const struct state *state)
{
	struct cov_manifest *manifest = state->manifest;
	const struct process_result *result = &state->result;

	if (state->trial->workload && !manifest->failure) {
		COV_AUTO(free) char *failure = NULL;

		manifest->exit_status = result->exit_status;
		manifest->signal = result->signal;
		if (result->is_over_limit)
			failure = cov_format("not done after its limit of %g s",
					     (double)state->trial->workload->limit_ns / 1e9);
		else if (result->signal)
			failure = cov_format("ended by signal %d (%s)", result->signal,
					     strsignal(result->signal));
		else if (result->exit_status)
			failure = cov_format("exit status %d", result->exit_status);
		manifest->failure = keep_text(manifest, failure);
	}
	manifest->is_ok = !manifest->failure;
}

static void keep_output(const struct state *state)
{
	struct cov_manifest *manifest = state->manifest;
	const struct cov_text *output = &state->result.output;

	if (!state->trial->workload)
		return;
	manifest->output =
	    cov_arena_text(&manifest->arena, output->data ? output->data : "", output->length);
	manifest->output_bytes = output->length;
	manifest->is_output_truncated = state->result.dropped_bytes > 0;
}

static int save_snapshot(const struct state *state, struct cov_error *err)
{
	struct cov_manifest_snapshot *snapshot = &state->manifest->snapshot;
	const struct snapshot_writer *writer = &state->setting->writer;
	struct cov_arena *arena = &state->manifest->arena;
	COV_AUTO(free) char *path = trial_path(state->setting->folder, state->trial, ".tar.zst");

	if (!state->is_captured)
		return 0;
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
	const char *slash = strrchr(state->trial->platform->runtime, '/');
	manifest->programs[manifest->program_count++] = (struct cov_manifest_program){
		.name = slash ? slash + 1 : state->trial->platform->runtime,
		.version = version,
	};
}

int trial_run(struct trial_setting *setting, const struct experiment_trial *trial,
	      const char *version, struct cov_manifest *ret, struct cov_error *err)
{
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { .kernel = setting->kernel };
	COV_AUTO(state_deinit)
	struct state state = {
		.setting = setting,
		.trial = trial,
		.manifest = &manifest,
	};
	COV_AUTO(free) char *path = trial_path(setting->folder, trial, ".json");

	/* One from an earlier, failed trial would vouch for the new snapshot. */
	unlink(path);
	describe(trial, &manifest);
	note_programs(&state, version);
	int result = take_steps(&state, err);
	if (result == 0) {
		judge(&state);
		keep_output(&state);
		result = save_snapshot(&state, err);
	}
	if (result == 0)
		result = cov_manifest_write(&manifest, path, err);
	if (result != 0)
		return result;
	*ret = manifest;
	memset(&manifest, 0, sizeof(manifest)); /* now the caller's */
	return 0;
}
