/* experiment.c - the experiment file: baselines, platforms, workloads, how long, how often. */
#include "collector/experiment/experiment.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/experiment/experiment_names.h"
#include "collector/experiment/experiment_order.h"
#include "collector/experiment/yaml_reader.h"

enum { TRIALS_MAX = 1000, ALL = TRIALS_MAX + 1, SEED_NONE = 0 };

static const long long phases_pause_ns = 2000000000;
/* How much longer than its rest an idle platform may take: starting, under emulation. */
static const long long idle_slack_ns = 120000000000;

/* One of two words. */
static int read_either(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       const char *const words[2], bool *is_second)
{
	const char *text = NULL;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result != 0)
		return result;
	*is_second = strcmp(text, words[1]) == 0;
	if (!*is_second && strcmp(text, words[0]) != 0)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not %s or %s: '%s'", key, words[0], words[1],
					text);
	return 0;
}

static int read_kind(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	static const char *const words[] = { "idle", "observer" };
	bool is_observer = false;
	int result = read_either(reader, key, node, words, &is_observer);

	*(enum experiment_kind *)member = is_observer ? EXPERIMENT_OBSERVER : EXPERIMENT_IDLE;
	return result;
}

static int read_capture(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			void *member)
{
	static const char *const words[] = { "reset", "difference" };

	return read_either(reader, key, node, words, member);
}

static int read_trial_count(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			    void *member)
{
	long long count = 0;
	int result = yaml_reader_number(reader, key, node, 1, TRIALS_MAX, &count);

	if (result == 0)
		*(size_t *)member = (size_t)count;
	return result;
}

/* A number, or all of however many there are. */
static int read_some(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	const char *text = NULL;
	long long count = 0;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result == 0 && strcmp(text, "all") == 0)
		count = ALL;
	else if (result == 0)
		result = yaml_reader_number(reader, key, node, 0, TRIALS_MAX, &count);
	*(size_t *)member = (size_t)count;
	return result;
}

/* The older spelling: phases is all of them. */
static int read_mode(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	static const char *const words[] = { "reset", "phases" };
	bool is_phases = false;
	int result = read_either(reader, key, node, words, &is_phases);

	if (is_phases)
		*(size_t *)member = ALL;
	return result;
}

static int read_seed(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	return yaml_reader_number(reader, key, node, 1, LLONG_MAX, member);
}

static int read_baseline(struct yaml_reader *reader, struct yaml_node_s *node, void *item)
{
	struct experiment_baseline *ret = item;
	static const struct yaml_field fields[] = {
		{ "name", yaml_reader_name, offsetof(struct experiment_baseline, name), true },
		{ "kind", read_kind, offsetof(struct experiment_baseline, kind), false },
		{ "capture", read_capture, offsetof(struct experiment_baseline, has_difference),
		  false },
		{ "platform", yaml_reader_name, offsetof(struct experiment_baseline, platform_name),
		  false },
		{ "duration", yaml_reader_positive_seconds,
		  offsetof(struct experiment_baseline, duration_ns), false },
		{ "trials", read_trial_count, offsetof(struct experiment_baseline, trial_count),
		  false },
		{ 0 },
	};

	ret->platform_name = "host";
	ret->line = yaml_reader_line(node);
	int result = yaml_reader_fields(reader, "a baseline", node, fields, ret);
	if (result != 0)
		return result;
	if (ret->kind == EXPERIMENT_IDLE && !ret->duration_ns)
		return yaml_reader_fail(reader, ret->line, "a baseline needs the key 'duration'");
	if (ret->kind == EXPERIMENT_IDLE && ret->has_difference)
		return yaml_reader_fail(reader, ret->line,
					"baseline %s: only an observer is captured by difference",
					ret->name);
	if (ret->kind == EXPERIMENT_OBSERVER && ret->duration_ns)
		return yaml_reader_fail(reader, ret->line,
					"baseline %s: an observer has no duration", ret->name);
	return 0;
}

static int read_baselines(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			  void *member)
{
	struct experiment *experiment = member;

	experiment->baselines = yaml_reader_list(reader, key, node, sizeof(*experiment->baselines),
						 read_baseline, &experiment->baseline_count);
	return experiment->baselines ? 0 : COV_ERR_FORMAT;
}

static int read_platform(struct yaml_reader *reader, struct yaml_node_s *node, void *item)
{
	return experiment_platform_read(reader, node, item);
}

static int read_platforms(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			  void *member)
{
	struct experiment *experiment = member;

	experiment->platforms = yaml_reader_list(reader, key, node, sizeof(*experiment->platforms),
						 read_platform, &experiment->platform_count);
	return experiment->platforms ? 0 : COV_ERR_FORMAT;
}

/* Later, when the pause is known: it goes into the commands. */
static int keep_node(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	(void)key;
	(void)member;
	reader->context = node;
	return 0;
}

static int read_workloads(struct yaml_reader *reader, struct experiment *experiment)
{
	struct yaml_node_s *node = reader->context;
	int result = yaml_reader_list_count(reader, "workloads", node, &experiment->workload_count);

	if (result != 0)
		return result;
	experiment->workloads = cov_arena_alloc(reader->arena, experiment->workload_count + 1,
						sizeof(*experiment->workloads));
	struct experiment_descriptions *descriptions = &experiment->descriptions;
	const struct experiment_descriptions known = *descriptions;
	descriptions->items =
	    cov_arena_alloc(reader->arena, experiment->workload_count + known.count + 1,
			    sizeof(*descriptions->items));
	if (known.count)
		memcpy(descriptions->items, known.items, known.count * sizeof(*known.items));
	for (size_t i = 0; result == 0 && i < experiment->workload_count; i++) {
		experiment->workloads[i].has_snapshot = experiment->has_snapshots;
		result = experiment_workload_read(reader, yaml_reader_list_item(reader, node, i),
						  descriptions, experiment->pause_ns,
						  &experiment->workloads[i]);
	}
	return result;
}

static int read_kernel(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	static const struct yaml_field fields[] = {
		{ "release", yaml_reader_text, offsetof(struct experiment, kernel_release), false },
		{ "build_id", yaml_reader_text, offsetof(struct experiment, kernel_build_id),
		  false },
		{ 0 },
	};

	(void)key;
	return yaml_reader_fields(reader, "'kernel'", node, fields, member);
}

static const struct yaml_field top_fields[] = {
	{ "name", yaml_reader_name, offsetof(struct experiment, name), true },
	{ "kernel", read_kernel, 0, false },
	{ "settle", yaml_reader_seconds, offsetof(struct experiment, settle_ns), false },
	{ "trials", read_trial_count, offsetof(struct experiment, trial_count), false },
	{ "seed", read_seed, offsetof(struct experiment, seed), false },
	{ "phases", read_some, offsetof(struct experiment, phase_trial_count), false },
	{ "mode", read_mode, offsetof(struct experiment, phase_trial_count), false },
	{ "snapshot", yaml_reader_flag, offsetof(struct experiment, has_snapshots), false },
	{ "profiles", read_some, offsetof(struct experiment, profile_trial_count), false },
	{ "syscalls", read_some, offsetof(struct experiment, syscalls_trial_count), false },
	{ "pause", yaml_reader_seconds, offsetof(struct experiment, pause_ns), false },
	{ "baselines", read_baselines, 0, false },
	{ "platforms", read_platforms, 0, false },
	{ "workloads", keep_node, 0, false },
	{ "groups", yaml_reader_named_lists, offsetof(struct experiment, groups), false },
	{ 0 },
};

/* A platform that is started to do nothing runs a sleep. */
static void set_idle_workload(struct experiment *experiment, struct experiment_baseline *baseline)
{
	const char **words = cov_arena_alloc(&experiment->arena, 3, sizeof(*words));
	COV_AUTO(free) char *seconds = cov_format("%g", (double)baseline->duration_ns / 1e9);

	words[0] = "sleep";
	words[1] = cov_arena_text(&experiment->arena, seconds, strlen(seconds));
	baseline->idle = (struct experiment_workload){
		.name = baseline->name,
		.command = { words, 2 },
		.duration_ns = baseline->duration_ns,
		.limit_ns = 3 * baseline->duration_ns + idle_slack_ns,
		.has_snapshot = true,
		.line = baseline->line,
	};
}

/* "host" and a platform with the driver host are the idle host, where nothing is started. */
static int check_baseline(struct yaml_reader *reader, struct experiment *experiment,
			  struct experiment_baseline *baseline)
{
	bool is_host = strcmp(baseline->platform_name, "host") == 0;

	if (!baseline->trial_count)
		baseline->trial_count = experiment->trial_count;
	for (size_t i = 0; i < experiment->platform_count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];

		if (strcmp(platform->name, baseline->platform_name) != 0)
			continue;
		is_host = strcmp(platform->driver, "host") == 0;
		if (!is_host)
			baseline->platform = platform;
	}
	if (!is_host && !baseline->platform)
		return yaml_reader_fail(reader, baseline->line,
					"baseline %s: there is no platform '%s'", baseline->name,
					baseline->platform_name);
	if (baseline->kind == EXPERIMENT_OBSERVER && !is_host)
		return yaml_reader_fail(reader, baseline->line,
					"baseline %s: the observer starts no platform",
					baseline->name);
	if (baseline->platform)
		set_idle_workload(experiment, baseline);
	return 0;
}

static int check_trial_names(struct yaml_reader *reader, struct experiment *experiment)
{
	struct cov_arena *arena = reader->arena;
	size_t planned_count = experiment_planned_count(experiment), count = 0;
	struct experiment_named *trials =
	    cov_arena_alloc(arena, planned_count + 1, sizeof(*trials));

	for (size_t i = 0; i < planned_count; i++) {
		struct experiment_trial trial = experiment_planned_trial(experiment, i);

		if (trial.number > 1 || trial.recording)
			continue;
		COV_AUTO(free) char *name = experiment_trial_name(&trial);
		trials[count++] = (struct experiment_named){
			.name = cov_arena_text(arena, name, strlen(name)),
			.baseline = trial.baseline ? trial.baseline->name : NULL,
			.baseline_line = trial.baseline ? trial.baseline->line : 0,
			.platform = trial.platform,
			.workload = trial.workload,
		};
	}
	return experiment_names_check(reader, trials, count);
}

/* A name is asked for in one place, whether it is that of a workload, a baseline or a group. */
static bool is_taken(const struct experiment *experiment, const char *name)
{
	for (size_t i = 0; i < experiment->workload_count; i++) {
		if (strcmp(experiment->workloads[i].name, name) == 0)
			return true;
	}
	for (size_t i = 0; i < experiment->baseline_count; i++) {
		if (strcmp(experiment->baselines[i].name, name) == 0)
			return true;
	}
	return false;
}

static int join_groups(struct yaml_reader *reader, struct experiment *experiment)
{
	const struct yaml_named_lists *groups = &experiment->groups;

	for (size_t i = 0; i < groups->count; i++) {
		if (is_taken(experiment, groups->items[i].name))
			return yaml_reader_fail(reader, groups->items[i].line,
						"group %s has the name of a workload or baseline",
						groups->items[i].name);
	}
	return experiment_groups_join(reader, groups, experiment->workloads,
				      experiment->workload_count);
}

static int check_entries(struct yaml_reader *reader, struct experiment *experiment)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < experiment->baseline_count; i++)
		result = check_baseline(reader, experiment, &experiment->baselines[i]);
	if (result != 0)
		return result;
	if (!experiment->platform_count && experiment->workload_count)
		return yaml_reader_fail(reader, 1, "there are workloads but no platforms");
	/* Platforms alone may serve idle baselines. */
	if (experiment_planned_count(experiment) == 0)
		return yaml_reader_fail(reader, 1, "nothing to do: no baseline, %s",
					experiment->platform_count
					    ? "and there are platforms but no workloads"
					    : "no workload");
	return check_trial_names(reader, experiment);
}

static size_t baseline_trial_count(const struct experiment *experiment)
{
	size_t count = 0;

	for (size_t i = 0; i < experiment->baseline_count; i++)
		count += experiment->baselines[i].trial_count;
	return count;
}

static size_t pair_count(const struct experiment *experiment)
{
	return experiment->platform_count * experiment->workload_count;
}

/* All but those that record something else. */
static size_t counted_count(const struct experiment *experiment)
{
	return baseline_trial_count(experiment) + experiment->trial_count * pair_count(experiment);
}

size_t experiment_planned_count(const struct experiment *experiment)
{
	size_t others = experiment->profile_trial_count + experiment->syscalls_trial_count;

	return counted_count(experiment) + others * pair_count(experiment);
}

void experiment_set_order(struct experiment *experiment, struct cov_arena *arena)
{
	if (experiment->seed == SEED_NONE)
		return;
	size_t count = counted_count(experiment);
	experiment->order = cov_arena_alloc(arena, count + 1, sizeof(*experiment->order));
	experiment_order_shuffle(experiment->order, count, experiment->seed);
}

static int read_root(struct yaml_reader *reader, struct experiment *experiment)
{
	int result = yaml_reader_fields(reader, "an experiment", yaml_reader_root(reader),
					top_fields, experiment);

	size_t *const some[] = { &experiment->phase_trial_count, &experiment->profile_trial_count,
				 &experiment->syscalls_trial_count };

	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		*some[i] = *some[i] == ALL ? experiment->trial_count : *some[i];
	if (result == 0 && experiment->phase_trial_count > experiment->trial_count)
		result = yaml_reader_fail(reader, 1, "'phases' is %zu, of %zu trials",
					  experiment->phase_trial_count, experiment->trial_count);
	if (result == 0 && experiment->phase_trial_count && !experiment->pause_ns)
		experiment->pause_ns = phases_pause_ns;
	if (result == 0 && reader->context)
		result = read_workloads(reader, experiment);
	if (result == 0)
		result = check_entries(reader, experiment);
	if (result == 0)
		result = join_groups(reader, experiment);
	if (result == 0)
		experiment_set_order(experiment, reader->arena);
	return result;
}

int experiment_parse(const char *text, size_t size, const char *path, struct experiment *ret,
		     struct cov_error *err)
{
	return experiment_parse_beside(&(struct experiment_descriptions){ 0 }, text, size, path,
				       ret, err);
}

int experiment_parse_beside(const struct experiment_descriptions *beside, const char *text,
			    size_t size, const char *path, struct experiment *ret,
			    struct cov_error *err)
{
	COV_AUTO(experiment_deinit)
	struct experiment experiment = {
		.descriptions = *beside,
		.settle_ns = COV_NS_PER_S,
		.trial_count = 1,
		.has_snapshots = true,
	};
	COV_AUTO(yaml_reader_close) struct yaml_reader reader = { 0 };

	experiment.path = cov_arena_text(&experiment.arena, path, strlen(path));
	int result = yaml_reader_open(text, size, path, &experiment.arena, &reader, err);
	if (result == 0)
		result = read_root(&reader, &experiment);
	if (result != 0)
		return result;
	*ret = experiment;
	memset(&experiment, 0, sizeof(experiment)); /* now the caller's */
	return 0;
}

void experiment_deinit(struct experiment *experiment)
{
	cov_arena_deinit(&experiment->arena);
	memset(experiment, 0, sizeof(*experiment));
}

/* The @index-th, number by number, of those baselines that have so many. */
static struct experiment_trial nth_baseline_trial(const struct experiment *experiment, size_t index)
{
	size_t i = 0, number = 1;

	for (;;) {
		const struct experiment_baseline *baseline = &experiment->baselines[i];

		if (number <= baseline->trial_count && index-- == 0)
			return (struct experiment_trial){
				.baseline = baseline,
				.platform = baseline->platform,
				.workload = baseline->platform ? &baseline->idle : NULL,
				.number = number,
			};
		i = (i + 1) % experiment->baseline_count;
		number += i == 0;
	}
}

/* The @index-th, number by number, of the workloads on each platform. */
static struct experiment_trial nth_pair_trial(const struct experiment *experiment, size_t index)
{
	size_t pair = index % pair_count(experiment);

	return (struct experiment_trial){
		.platform = &experiment->platforms[pair / experiment->workload_count],
		.workload = &experiment->workloads[pair % experiment->workload_count],
		.number = index / pair_count(experiment) + 1,
	};
}

/* Profiles first. */
static struct experiment_trial nth_recording(const struct experiment *experiment, size_t index)
{
	struct experiment_trial trial = nth_pair_trial(experiment, index);
	bool is_profile = trial.number <= experiment->profile_trial_count;

	trial.recording = is_profile ? EXPERIMENT_PROFILE : EXPERIMENT_SYSCALLS;
	trial.number -= is_profile ? 0 : experiment->profile_trial_count;
	return trial;
}

static struct experiment_trial nth_trial(const struct experiment *experiment, size_t index)
{
	size_t baseline_count = baseline_trial_count(experiment);
	size_t count = counted_count(experiment);
	struct experiment_trial trial;

	if (index >= count)
		return nth_recording(experiment, index - count);
	if (experiment->order)
		index = experiment->order[index];
	if (index < baseline_count)
		return nth_baseline_trial(experiment, index);
	trial = nth_pair_trial(experiment, index - baseline_count);
	trial.is_performance = !trial.workload->has_snapshot;
	trial.has_phases = !trial.is_performance && trial.number <= experiment->phase_trial_count;
	return trial;
}

struct experiment_trial experiment_planned_trial(const struct experiment *experiment, size_t index)
{
	struct experiment_trial trial = nth_trial(experiment, index);

	trial.host = experiment->host;
	return trial;
}

char *experiment_trial_name(const struct experiment_trial *trial)
{
	const char *host = trial->host ? trial->host : "", *dot = trial->host ? "." : "";

	if (trial->baseline)
		return cov_format("%s%sbaseline-%s-%zu", host, dot, trial->baseline->name,
				  trial->number);
	return cov_format("%s%s%s-%s-%zu", host, dot, trial->platform->name, trial->workload->name,
			  trial->number);
}

/* The workload rests twice, so that captures fall into rests; in all trials, so that these are
 * alike. */
static long long rest_ns(const struct experiment *experiment, const struct experiment_trial *trial)
{
	bool has_pauses = experiment->phase_trial_count && !trial->baseline;

	return experiment->settle_ns + (has_pauses ? 2 * experiment->pause_ns : 0);
}

long long experiment_trial_ns(const struct experiment *experiment,
			      const struct experiment_trial *trial)
{
	return rest_ns(experiment, trial) +
	       (trial->baseline ? trial->baseline->duration_ns : trial->workload->duration_ns);
}

long long experiment_trial_ns_max(const struct experiment *experiment,
				  const struct experiment_trial *trial)
{
	return rest_ns(experiment, trial) +
	       (trial->workload ? trial->workload->limit_ns : trial->baseline->duration_ns);
}
