/* collect_print.c - what 'covdb collect' says: the plan, and what came of each trial. */
#include "collector/commands/collect_print.h"

#include <stdio.h>
#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/commands/collect_session.h"
#include "collector/platform/platform.h"

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

char *collect_print_name(const struct collect_session *session, size_t index)
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

static bool is_done(const struct collect_session *session, size_t index)
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

void collect_print_left_out(bool is_result, const struct collect_session *session)
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

void collect_print_plan(bool is_result, const struct collect_session *session)
{
	const struct experiment *experiment = &session->experiment;
	size_t count = experiment_planned_count(experiment);
	long long planned_ns = 0, planned_ns_max = 0;

	for (size_t i = 0; i < count; i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);
		COV_AUTO(free) char *name = collect_print_name(session, i);
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
	collect_print_left_out(is_result, session);
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
static void add_time_left(struct cov_text *line, const struct collect_session *session,
			  size_t index)
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
static void add_captures(struct cov_text *line, const struct collect_session *session,
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

void collect_print_outcome(const struct collect_session *session, size_t index,
			   const struct cov_manifest *manifest)
{
	COV_AUTO(free) char *files = cov_number_grouped(manifest->snapshot.file_count);
	COV_AUTO(free) char *name = collect_print_name(session, index);
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
