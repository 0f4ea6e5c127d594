/* manifest.c - what is known of a trial besides its counters: a JSON file beside the snapshot. */
#include "collector/run/manifest.h"

#include <limits.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/text.h"

enum {
	/* In older manifests, which do not say: "start", "ready", "done" of a trial with phases. */
	WITHIN_BEFORE = 3,
	WITHIN_MAX = 1000,
};

static const char format_name[] = "covdb-trial";

const char cov_manifest_profile_kind[] = "profile", cov_manifest_syscalls_kind[] = "syscalls";
const char cov_manifest_performance_kind[] = "performance";

const char *const cov_manifest_way_names[] = { "reset", "difference", NULL };
const char *const cov_manifest_phase_names[COV_MANIFEST_PHASES + 1] = { "start-up", "steady",
									"tear-down", NULL };

static json_t *text_json(const char *text)
{
	return text ? cov_json_text(text, strlen(text)) : json_null();
}

static json_t *texts_json(const char *const *texts, size_t count)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < count; i++)
		cov_json_append(list, text_json(texts[i]));
	return list;
}

/* Of files, which need not be UTF-8. */
static json_t *names_json(const char *const *names, size_t count)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < count; i++)
		cov_json_append(list, cov_json_name(names[i]));
	return list;
}

static json_t *steps_json(const struct cov_manifest *manifest)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < manifest->step_count; i++) {
		const struct cov_manifest_step *step = &manifest->steps[i];

		cov_json_append(list, cov_json_pack("{s:s, s:I, s:I}", "step", step->name,
						    "start_ns", (json_int_t)step->start_ns,
						    "end_ns", (json_int_t)step->end_ns));
	}
	return list;
}

static json_t *snapshot_json(const struct cov_manifest_snapshot *snapshot)
{
	if (!snapshot->file)
		return json_null();
	return cov_json_pack("{s:o, s:I, s:I, s:o}", "file", cov_json_name(snapshot->file), "files",
			     (json_int_t)snapshot->file_count, "bytes",
			     (json_int_t)snapshot->total_bytes, "unreadable",
			     names_json(snapshot->unreadable, snapshot->unreadable_count));
}

/* Each says so itself if the processor was emulated, as metrics do. */
static json_t *profile_json(const struct cov_manifest *manifest)
{
	const struct cov_manifest_profile *profile = &manifest->profile;

	if (!profile->file)
		return json_null();
	return cov_json_pack("{s:o, s:o, s:I, s:I, s:I, s:b}", "file", cov_json_name(profile->file),
			     "event", text_json(profile->event), "frequency_hz",
			     (json_int_t)profile->frequency_hz, "samples",
			     (json_int_t)profile->samples, "lost", (json_int_t)profile->lost,
			     "emulated", (int)manifest->kernel.is_emulated);
}

static json_t *syscalls_json(const struct cov_manifest *manifest)
{
	return manifest->syscalls.file
		   ? cov_json_pack("{s:o}", "file", cov_json_name(manifest->syscalls.file))
		   : json_null();
}

static json_t *capture_json(const struct cov_manifest_capture *capture)
{
	return cov_json_pack("{s:s, s:i}", "way", cov_manifest_way_names[capture->way], "within",
			     capture->within);
}

static json_t *kernel_json(const struct cov_manifest_kernel *kernel)
{
	return cov_json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:b, s:o, s:b, s:o}",
			     "release", text_json(kernel->release), "version",
			     text_json(kernel->version), "build_id", text_json(kernel->build_id),
			     "config_sha256", text_json(kernel->config_sha256), "compiler",
			     text_json(kernel->compiler), "cpus", kernel->cpu_count,
			     "boot_parameters", text_json(kernel->boot_parameters), "clock_source",
			     text_json(kernel->clock_source), "emulated", (int)kernel->is_emulated,
			     "profile_update", text_json(kernel->profile_update), "gcov_persist",
			     (int)kernel->is_gcov_persistent, "source", text_json(kernel->source));
}

static json_t *programs_json(const struct cov_manifest *manifest)
{
	json_t *object = cov_json_object();

	for (size_t i = 0; i < manifest->program_count; i++)
		cov_json_set(object, manifest->programs[i].name,
			     text_json(manifest->programs[i].version));
	return object;
}

static json_t *number_or_null(long long number, long long none)
{
	return number == none ? json_null() : cov_json_integer(number);
}

static json_t *trial_json(const struct cov_manifest *manifest)
{
	return cov_json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:o}", "host",
	    text_json(manifest->host), "platform", text_json(manifest->platform), "driver",
	    text_json(manifest->driver), "workload", text_json(manifest->workload), "baseline",
	    text_json(manifest->baseline), "kind", text_json(manifest->kind), "phase",
	    text_json(manifest->phase), "number", manifest->number, "seed",
	    number_or_null(manifest->seed, 0), "position", number_or_null(manifest->position, 0),
	    "groups", texts_json(manifest->groups, manifest->group_count));
}

static json_t *settings_json(const struct cov_manifest_settings *settings)
{
	if (!settings->network)
		return json_null();
	return cov_json_pack("{s:o, s:b, s:o, s:o, s:o, s:o}", "network",
			     text_json(settings->network), "overlay", (int)settings->has_overlay,
			     "memory_mib", number_or_null(settings->memory_mib, 0), "cpus",
			     number_or_null(settings->cpu_count, 0), "arguments",
			     texts_json(settings->arguments, settings->argument_count), "seccomp",
			     text_json(settings->seccomp));
}

/* Each says so itself if it was measured under emulation: rows get torn from their context. */
static json_t *metrics_json(const struct cov_manifest *manifest)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < manifest->metric_count; i++) {
		const struct cov_metric *metric = &manifest->metrics[i];
		json_t *labels = json_loads(metric->labels, 0, NULL);

		cov_json_append(list, cov_json_pack("{s:o, s:f, s:o, s:o, s:b}", "metric",
						    text_json(metric->name), "value", metric->value,
						    "unit", text_json(metric->unit), "labels",
						    labels ? labels : cov_json_object(), "emulated",
						    (int)manifest->kernel.is_emulated));
	}
	return list;
}

int cov_manifest_write(const struct cov_manifest *manifest, const char *path, struct cov_error *err)
{
	json_t *output = manifest->output ? cov_json_text(manifest->output, manifest->output_bytes)
					  : json_null();
	COV_AUTO(json_decref)
	json_t *root = cov_json_pack(
	    "{s:s, s:i, s:o, s:o, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
	    "s:o, s:o, s:o, s:b}",
	    "format", format_name, "version", COV_MANIFEST_VERSION, "trial", trial_json(manifest),
	    "settings", settings_json(&manifest->settings), "status",
	    manifest->is_ok ? "ok" : "failed", "failure", text_json(manifest->failure),
	    "exit_status", number_or_null(manifest->exit_status, -1), "signal",
	    number_or_null(manifest->signal, 0), "duration_ns", (json_int_t)manifest->duration_ns,
	    "started_at", text_json(manifest->started_at), "steps", steps_json(manifest), "capture",
	    capture_json(&manifest->capture), "snapshot", snapshot_json(&manifest->snapshot),
	    "profile", profile_json(manifest), "syscalls", syscalls_json(manifest), "kernel",
	    kernel_json(&manifest->kernel), "versions", programs_json(manifest), "command",
	    texts_json(manifest->command, manifest->command_count), "metrics",
	    metrics_json(manifest), "output", output, "output_truncated",
	    (int)manifest->is_output_truncated);
	COV_AUTO(free) char *json = cov_json_format(root, JSON_INDENT(2));
	COV_AUTO(free) char *text = cov_format("%s\n", json);
	return cov_file_replace(path, text, strlen(text), err);
}

/* Reads members of objects; the first one that is wrong sets @result and the message. */
struct reader {
	const char *path;
	struct cov_arena *arena;
	struct cov_error *err;
	int result;
};

enum nullness { NEVER_NULL, MAYBE_NULL };

static void fail(struct reader *reader, const char *section, const char *key, const char *expected)
{
	if (reader->result == 0)
		reader->result =
		    cov_fail(reader->err, COV_ERR_FORMAT, "%s: '%s%s%s' is not %s", reader->path,
			     section, *section ? "." : "", key, expected);
}

static const char *text_of(struct reader *reader, const json_t *value)
{
	return cov_arena_text(reader->arena, json_string_value(value), json_string_length(value));
}

static const char *read_text(struct reader *reader, const json_t *object, const char *section,
			     const char *key, enum nullness nullness)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_string(value))
		return text_of(reader, value);
	if (nullness == NEVER_NULL || !(value == NULL || json_is_null(value)))
		fail(reader, section, key, "a text");
	return NULL;
}

/* Names are printed, and are parts of paths and of lists on the command line. */
static const char *read_name(struct reader *reader, const json_t *object, const char *section,
			     const char *key, enum nullness nullness)
{
	const char *name = read_text(reader, object, section, key, nullness);

	if (name && !cov_is_name(name))
		fail(reader, section, key, "a name: at most 64 letters, digits, '.', '_' and '-'");
	return name;
}

static long long read_number(struct reader *reader, const json_t *object, const char *section,
			     const char *key, long long max)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value) && json_integer_value(value) >= 0 &&
	    json_integer_value(value) <= max)
		return json_integer_value(value);
	fail(reader, section, key, "a number in its range");
	return 0;
}

static long long read_optional_number(struct reader *reader, const json_t *object,
				      const char *section, const char *key, long long none,
				      long long max)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return none;
	return read_number(reader, object, section, key, max);
}

static bool read_flag(struct reader *reader, const json_t *object, const char *section,
		      const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value))
		fail(reader, section, key, "true or false");
	return json_is_true(value);
}

static const char **read_list(struct reader *reader, const json_t *object, const char *section,
			      const char *key, size_t *count)
{
	const json_t *list = json_object_get(object, key);
	const char **texts =
	    cov_arena_alloc(reader->arena, json_array_size(list) + 1, sizeof(*texts));

	*count = json_array_size(list);
	if (!json_is_array(list))
		fail(reader, section, key, "a list");
	for (size_t i = 0; i < *count; i++) {
		const json_t *value = json_array_get(list, i);

		texts[i] = json_is_string(value) ? text_of(reader, value) : "";
		if (!json_is_string(value))
			fail(reader, section, key, "a list of texts");
	}
	return texts;
}

static const json_t *read_object(struct reader *reader, const json_t *root, const char *key)
{
	const json_t *object = json_object_get(root, key);

	if (!json_is_object(object))
		fail(reader, "", key, "an object");
	return object;
}

static void read_trial(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "trial";
	const json_t *object = read_object(reader, root, section);

	manifest->host = read_name(reader, object, section, "host", MAYBE_NULL);
	manifest->platform = read_name(reader, object, section, "platform", NEVER_NULL);
	manifest->driver = read_name(reader, object, section, "driver", NEVER_NULL);
	manifest->workload = read_name(reader, object, section, "workload", MAYBE_NULL);
	manifest->baseline = read_name(reader, object, section, "baseline", MAYBE_NULL);
	manifest->number = (int)read_number(reader, object, section, "number", INT_MAX);
	manifest->kind = read_name(reader, object, section, "kind", MAYBE_NULL);
	manifest->phase = read_name(reader, object, section, "phase", MAYBE_NULL);
	manifest->seed = read_optional_number(reader, object, section, "seed", 0, LLONG_MAX);
	manifest->position =
	    read_optional_number(reader, object, section, "position", 0, LLONG_MAX);
	if (!manifest->workload == !manifest->baseline)
		fail(reader, section, "workload", "given without 'trial.baseline', or the reverse");
	/* Older manifests have none. */
	if (json_object_get(object, "groups"))
		manifest->groups =
		    read_list(reader, object, section, "groups", &manifest->group_count);
	for (size_t i = 0; i < manifest->group_count; i++) {
		if (!cov_is_name(manifest->groups[i]))
			fail(reader, section, "groups", "a list of names");
	}
}

static void read_steps(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "steps";
	const json_t *list = json_object_get(root, section);

	if (!json_is_array(list) || json_array_size(list) > COV_MANIFEST_STEPS_MAX) {
		fail(reader, "", section, "a list of at most 16 steps");
		return;
	}
	manifest->step_count = json_array_size(list);
	for (size_t i = 0; i < manifest->step_count; i++) {
		const json_t *object = json_array_get(list, i);
		struct cov_manifest_step *step = &manifest->steps[i];

		step->name = read_text(reader, object, section, "step", NEVER_NULL);
		step->start_ns = read_number(reader, object, section, "start_ns", LLONG_MAX);
		step->end_ns = read_number(reader, object, section, "end_ns", LLONG_MAX);
	}
}

static bool has_step(const struct cov_manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->step_count; i++) {
		if (manifest->steps[i].name && strcmp(manifest->steps[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Older manifests have none. What they are follows from the phase and the steps. */
static void read_capture(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "capture";
	struct cov_manifest_capture *capture = &manifest->capture;

	if (!json_object_get(root, section)) {
		capture->way = manifest->phase ? COV_MANIFEST_DIFFERENCE : COV_MANIFEST_RESET;
		capture->within =
		    !manifest->phase && has_step(manifest, "start") ? WITHIN_BEFORE : 0;
		return;
	}
	const json_t *object = read_object(reader, root, section);
	const char *way = read_text(reader, object, section, "way", NEVER_NULL);
	capture->within = (int)read_number(reader, object, section, "within", WITHIN_MAX);
	if (!way)
		return;
	if (strcmp(way, cov_manifest_way_names[COV_MANIFEST_DIFFERENCE]) == 0)
		capture->way = COV_MANIFEST_DIFFERENCE;
	else if (strcmp(way, cov_manifest_way_names[COV_MANIFEST_RESET]) != 0)
		fail(reader, section, "way", "'reset' or 'difference'");
}

static void read_snapshot(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "snapshot";
	struct cov_manifest_snapshot *snapshot = &manifest->snapshot;

	if (json_is_null(json_object_get(root, section)))
		return;
	const json_t *object = read_object(reader, root, section);
	snapshot->file = read_text(reader, object, section, "file", NEVER_NULL);
	snapshot->file_count = read_number(reader, object, section, "files", LLONG_MAX);
	snapshot->total_bytes = read_number(reader, object, section, "bytes", LLONG_MAX);
	snapshot->unreadable =
	    read_list(reader, object, section, "unreadable", &snapshot->unreadable_count);
	if (snapshot->file && strchr(snapshot->file, '/'))
		fail(reader, section, "file", "a name without a folder");
}

/* Older manifests have none. */
static void read_profile(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "profile";
	struct cov_manifest_profile *profile = &manifest->profile;
	const json_t *object = json_object_get(root, section);

	if (!object || json_is_null(object))
		return;
	object = read_object(reader, root, section);
	profile->file = read_text(reader, object, section, "file", NEVER_NULL);
	profile->event = read_text(reader, object, section, "event", NEVER_NULL);
	profile->frequency_hz = read_number(reader, object, section, "frequency_hz", LLONG_MAX);
	profile->samples = read_number(reader, object, section, "samples", LLONG_MAX);
	profile->lost = read_number(reader, object, section, "lost", LLONG_MAX);
	if (profile->file && strchr(profile->file, '/'))
		fail(reader, section, "file", "a name without a folder");
}

static void read_syscalls(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "syscalls";
	const json_t *object = json_object_get(root, section);

	if (!object || json_is_null(object))
		return;
	object = read_object(reader, root, section);
	manifest->syscalls.file = read_text(reader, object, section, "file", NEVER_NULL);
	if (manifest->syscalls.file && strchr(manifest->syscalls.file, '/'))
		fail(reader, section, "file", "a name without a folder");
}

static void read_kernel(struct reader *reader, const json_t *root,
			struct cov_manifest_kernel *kernel)
{
	static const char section[] = "kernel";
	const json_t *object = read_object(reader, root, section);

	kernel->release = read_text(reader, object, section, "release", NEVER_NULL);
	kernel->version = read_text(reader, object, section, "version", MAYBE_NULL);
	kernel->build_id = read_text(reader, object, section, "build_id", MAYBE_NULL);
	kernel->config_sha256 = read_text(reader, object, section, "config_sha256", MAYBE_NULL);
	kernel->compiler = read_text(reader, object, section, "compiler", MAYBE_NULL);
	kernel->cpu_count = (int)read_number(reader, object, section, "cpus", INT_MAX);
	kernel->boot_parameters = read_text(reader, object, section, "boot_parameters", MAYBE_NULL);
	kernel->clock_source = read_text(reader, object, section, "clock_source", MAYBE_NULL);
	kernel->is_emulated = read_flag(reader, object, section, "emulated");
	kernel->profile_update = read_text(reader, object, section, "profile_update", MAYBE_NULL);
	kernel->is_gcov_persistent = read_flag(reader, object, section, "gcov_persist");
	kernel->source = read_text(reader, object, section, "source", MAYBE_NULL);
}

static void read_programs(struct reader *reader, json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "versions";
	json_t *object = json_object_get(root, section), *value;
	const char *name;

	if (!json_is_object(object) || json_object_size(object) > COV_MANIFEST_VERSIONS_MAX)
		fail(reader, "", section, "an object of at most 16 versions");
	json_object_foreach(object, name, value)
	{
		if (reader->result != 0)
			return;
		struct cov_manifest_program *program =
		    &manifest->programs[manifest->program_count++];

		program->name = cov_arena_text(reader->arena, name, strlen(name));
		program->version = read_text(reader, object, section, name, MAYBE_NULL);
	}
}

static void read_settings(struct reader *reader, const json_t *root,
			  struct cov_manifest_settings *settings)
{
	static const char section[] = "settings";
	const json_t *value = json_object_get(root, section);

	if (!value || json_is_null(value))
		return;
	const json_t *object = read_object(reader, root, section);
	settings->network = read_text(reader, object, section, "network", NEVER_NULL);
	settings->has_overlay = read_flag(reader, object, section, "overlay");
	settings->memory_mib =
	    read_optional_number(reader, object, section, "memory_mib", 0, LLONG_MAX);
	settings->cpu_count = read_optional_number(reader, object, section, "cpus", 0, INT_MAX);
	settings->arguments =
	    read_list(reader, object, section, "arguments", &settings->argument_count);
	/* Older manifests have none. */
	if (json_object_get(object, "seccomp"))
		settings->seccomp = read_text(reader, object, section, "seccomp", MAYBE_NULL);
}

static void read_metric(struct reader *reader, const json_t *object, struct cov_metric *metric)
{
	static const char section[] = "metrics";
	const json_t *value = json_object_get(object, "value");
	const json_t *given = json_object_get(object, "labels");
	COV_AUTO(free)
	char *labels =
	    json_is_object(given) ? cov_json_format(given, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	metric->name = read_text(reader, object, section, "metric", NEVER_NULL);
	metric->unit = read_text(reader, object, section, "unit", NEVER_NULL);
	metric->value = json_number_value(value);
	if (!json_is_number(value))
		fail(reader, section, "value", "a number");
	if (!labels)
		fail(reader, section, "labels", "an object");
	metric->labels = labels ? cov_arena_text(reader->arena, labels, strlen(labels)) : "{}";
}

static void read_metrics(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	static const char section[] = "metrics";
	const json_t *list = json_object_get(root, section);
	size_t count = json_array_size(list);

	if (!list)
		return;
	if (!json_is_array(list) || count > COV_METRICS_MAX) {
		fail(reader, "", section, "a list of at most 4096 metrics");
		return;
	}
	struct cov_metric *metrics = cov_arena_alloc(reader->arena, count + 1, sizeof(*metrics));
	for (size_t i = 0; i < count; i++)
		read_metric(reader, json_array_get(list, i), &metrics[i]);
	manifest->metrics = metrics;
	manifest->metric_count = count;
}

static void read_outcome(struct reader *reader, const json_t *root, struct cov_manifest *manifest)
{
	const char *status = read_text(reader, root, "", "status", NEVER_NULL);

	if (status && strcmp(status, "ok") != 0 && strcmp(status, "failed") != 0)
		fail(reader, "", "status", "'ok' or 'failed'");
	manifest->is_ok = status && strcmp(status, "ok") == 0;
	manifest->failure = read_text(reader, root, "", "failure", MAYBE_NULL);
	manifest->exit_status =
	    (int)read_optional_number(reader, root, "", "exit_status", -1, INT_MAX);
	manifest->signal = (int)read_optional_number(reader, root, "", "signal", 0, INT_MAX);
	manifest->duration_ns = read_number(reader, root, "", "duration_ns", LLONG_MAX);
	if (manifest->is_ok && manifest->duration_ns <= 0)
		fail(reader, "", "duration_ns", "above 0");
	manifest->started_at = read_text(reader, root, "", "started_at", MAYBE_NULL);
	manifest->command = read_list(reader, root, "", "command", &manifest->command_count);
	manifest->output = read_text(reader, root, "", "output", MAYBE_NULL);
	manifest->output_bytes = manifest->output ? strlen(manifest->output) : 0;
	manifest->is_output_truncated = read_flag(reader, root, "", "output_truncated");
}

int cov_manifest_parse(const char *path, const char *text, size_t size, struct cov_manifest *ret,
		       struct cov_error *err)
{
	COV_AUTO(json_decref) json_t *root = NULL;
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct reader reader = { .path = path, .arena = &manifest.arena, .err = err };
	int result = cov_json_parse(path, text, size, &root, err);

	if (result)
		return result;
	const char *format = json_string_value(json_object_get(root, "format"));
	if (!format || strcmp(format, format_name) != 0)
		fail(&reader, "", "format", "'covdb-trial'");
	if (json_integer_value(json_object_get(root, "version")) != COV_MANIFEST_VERSION)
		fail(&reader, "", "version", "1, the only one that this covdb reads");
	read_trial(&reader, root, &manifest);
	read_outcome(&reader, root, &manifest);
	read_settings(&reader, root, &manifest.settings);
	read_metrics(&reader, root, &manifest);
	read_steps(&reader, root, &manifest);
	read_capture(&reader, root, &manifest);
	read_snapshot(&reader, root, &manifest);
	read_profile(&reader, root, &manifest);
	read_syscalls(&reader, root, &manifest);
	read_kernel(&reader, root, &manifest.kernel);
	read_programs(&reader, root, &manifest);
	if (reader.result)
		return reader.result;
	*ret = manifest;
	memset(&manifest, 0, sizeof(manifest)); /* now the caller's */
	return 0;
}

int cov_manifest_read(const char *path, struct cov_manifest *ret, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	return result ? result : cov_manifest_parse(path, text, size, ret, err);
}

void cov_manifest_deinit(struct cov_manifest *manifest)
{
	cov_arena_deinit(&manifest->arena);
	memset(manifest, 0, sizeof(*manifest));
}
