/* experiment.c - the experiment file: baselines, platforms, workloads, how long, how often. */
#include "collector/experiment.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "collector/base/error.h"
#include "collector/base/text.h"

enum { NAME_LENGTH_MAX = 64, TRIALS_MAX = 1000, ENTRIES_MAX = 100, SECONDS_MAX = 24 * 3600 };

static const long long ns_per_s = 1000000000;

struct reader {
	yaml_document_t *document;
	struct experiment *experiment;
	struct cov_error *err;
};

static int line_of(const yaml_node_t *node)
{
	return (int)node->start_mark.line + 1;
}

static int fail_at(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail_at(struct reader *reader, int line, const char *format, ...)
{
	char what[COV_ERROR_MESSAGE_BYTES / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return cov_fail(reader->err, COV_ERR_FORMAT, "%s:%d: %s", reader->experiment->path, line,
			what);
}

/* How the value of a key becomes a member of a struct. */
typedef int (*read_value)(struct reader *reader, const char *key, yaml_node_t *node, void *member);

struct field {
	const char *key;
	read_value read;
	size_t offset; /* of the member */
	bool is_required;
};

static int read_text(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	const char *value = (const char *)node->data.scalar.value;
	size_t length = node->data.scalar.length;

	if (node->type != YAML_SCALAR_NODE)
		return fail_at(reader, line_of(node), "'%s' is not a text", key);
	if (!length || strlen(value) != length || strpbrk(value, "\r\n"))
		return fail_at(reader, line_of(node), "'%s' is not a text of one line", key);
	*(const char **)member = cov_arena_text(&reader->experiment->arena, value, length);
	return 0;
}

static int read_name(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	const char *name = NULL;
	int result = read_text(reader, key, node, &name);

	if (result != 0)
		return result;
	for (const char *c = name; *c; c++) {
		if (!isascii(*c) || (!isalnum(*c) && !strchr("._-", *c)))
			return fail_at(reader, line_of(node),
				       "'%s' is not a name: letters, digits, "
				       "'.', '_' and '-' only",
				       name);
	}
	if (strlen(name) > NAME_LENGTH_MAX)
		return fail_at(reader, line_of(node), "'%s' is longer than %d characters", name,
			       NAME_LENGTH_MAX);
	*(const char **)member = name;
	return 0;
}

static int read_seconds(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	const char *text = NULL;
	char *end;
	int result = read_text(reader, key, node, &text);

	if (result != 0)
		return result;
	errno = 0;
	double seconds = strtod(text, &end);
	if (errno || *end || !isdigit(*text))
		return fail_at(reader, line_of(node), "'%s' is not a number of seconds: '%s'", key,
			       text);
	if (!(seconds <= SECONDS_MAX))
		return fail_at(reader, line_of(node), "'%s' is more than a day: '%s'", key, text);
	*(long long *)member = llround(seconds * (double)ns_per_s);
	return 0;
}

static int read_positive_seconds(struct reader *reader, const char *key, yaml_node_t *node,
				 void *member)
{
	int result = read_seconds(reader, key, node, member);

	if (result == 0 && *(long long *)member == 0)
		return fail_at(reader, line_of(node), "'%s' is 0 seconds", key);
	return result;
}

static int read_trial_count(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	const char *text = NULL;
	char *end;
	int result = read_text(reader, key, node, &text);

	if (result != 0)
		return result;
	unsigned long count = strtoul(text, &end, 10);
	if (*end || !isdigit(*text) || count < 1 || count > TRIALS_MAX)
		return fail_at(reader, line_of(node), "'%s' is not a number from 1 to %d: '%s'",
			       key, TRIALS_MAX, text);
	*(size_t *)member = count;
	return 0;
}

/* An array of words and its length stand side by side in the structs. */
struct words {
	const char **texts;
	size_t count;
};

_Static_assert(offsetof(struct experiment_platform, argument_count) -
		       offsetof(struct experiment_platform, arguments) ==
		   offsetof(struct words, count),
	       "arguments are words");
_Static_assert(offsetof(struct experiment_workload, command_count) -
		       offsetof(struct experiment_workload, command) ==
		   offsetof(struct words, count),
	       "a command is words");

static size_t item_count(const yaml_node_t *list)
{
	return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

static yaml_node_t *item_at(struct reader *reader, const yaml_node_t *list, size_t index)
{
	return yaml_document_get_node(reader->document, list->data.sequence.items.start[index]);
}

static int read_words(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return fail_at(reader, line_of(node), "'%s' is not a list: [%s, ...]", key, key);

	struct words words = { .count = item_count(node) };
	words.texts =
	    cov_arena_alloc(&reader->experiment->arena, words.count + 1, sizeof(*words.texts));
	for (size_t i = 0; i < words.count; i++) {
		yaml_node_t *item = item_at(reader, node, i);
		const char *value = (const char *)item->data.scalar.value;

		if (item->type != YAML_SCALAR_NODE || strlen(value) != item->data.scalar.length)
			return fail_at(reader, line_of(item), "'%s' is not a list of texts", key);
		words.texts[i] = cov_arena_text(&reader->experiment->arena, value, strlen(value));
	}
	memcpy(member, &words, sizeof(words));
	return 0;
}

static int read_command(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	struct words words = { 0 };
	int result = read_words(reader, key, node, &words);

	if (result != 0)
		return result;
	if (!words.count || !*words.texts[0])
		return fail_at(reader, line_of(node), "'%s' names no program", key);
	memcpy(member, &words, sizeof(words));
	return 0;
}

/* Index in @fields of the key @node, or -1 after a message. */
static int find_field(struct reader *reader, const char *what, const yaml_node_t *node,
		      const struct field *fields)
{
	COV_AUTO(cov_text_deinit) struct cov_text known = { 0 };
	const char *key =
	    node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "?";

	for (int i = 0; fields[i].key; i++) {
		if (strcmp(fields[i].key, key) == 0)
			return i;
		cov_text_print(&known, "%s%s", i ? ", " : "", fields[i].key);
	}
	fail_at(reader, line_of(node), "%s has no key '%s'; there are: %s", what, key, known.data);
	return -1;
}

/* Fill the struct at @target from the keys of @node. @what is for messages: "a platform". */
static int read_fields(struct reader *reader, const char *what, yaml_node_t *node,
		       const struct field *fields, void *target)
{
	uint64_t seen = 0;

	if (node->type != YAML_MAPPING_NODE)
		return fail_at(reader, line_of(node), "%s is not in the form 'key: value'", what);
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
		yaml_node_t *value = yaml_document_get_node(reader->document, pair->value);
		int index = find_field(reader, what, key, fields);

		if (index < 0)
			return COV_ERR_FORMAT;
		if (seen >> index & 1)
			return fail_at(reader, line_of(key), "'%s' stands here twice",
				       fields[index].key);
		seen |= UINT64_C(1) << index;
		int result = fields[index].read(reader, fields[index].key, value,
						(char *)target + fields[index].offset);
		if (result != 0)
			return result;
	}
	for (int i = 0; fields[i].key; i++) {
		if (fields[i].is_required && !(seen >> i & 1))
			return fail_at(reader, line_of(node), "%s needs the key '%s'", what,
				       fields[i].key);
	}
	return 0;
}

static int check_list(struct reader *reader, const char *key, const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return fail_at(reader, line_of(node), "'%s' is not a list of '- name: ...'", key);
	if (item_count(node) > ENTRIES_MAX)
		return fail_at(reader, line_of(node), "'%s' has more than %d entries", key,
			       ENTRIES_MAX);
	return 0;
}

static int read_baselines(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	static const struct field fields[] = {
		{ "name", read_name, offsetof(struct experiment_baseline, name), true },
		{ "platform", read_name, offsetof(struct experiment_baseline, platform), false },
		{ "duration", read_positive_seconds,
		  offsetof(struct experiment_baseline, duration_ns), true },
		{ 0 },
	};
	struct experiment *experiment = member;
	int result = check_list(reader, key, node);

	if (result != 0)
		return result;
	experiment->baseline_count = item_count(node);
	experiment->baselines = cov_arena_alloc(&experiment->arena, experiment->baseline_count + 1,
						sizeof(*experiment->baselines));
	for (size_t i = 0; result == 0 && i < experiment->baseline_count; i++) {
		struct experiment_baseline *baseline = &experiment->baselines[i];
		yaml_node_t *item = item_at(reader, node, i);

		baseline->platform = "host";
		baseline->line = line_of(item);
		result = read_fields(reader, "a baseline", item, fields, baseline);
	}
	return result;
}

static int read_platforms(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	static const struct field fields[] = {
		{ "name", read_name, offsetof(struct experiment_platform, name), true },
		{ "driver", read_name, offsetof(struct experiment_platform, driver), true },
		{ "runtime", read_text, offsetof(struct experiment_platform, runtime), false },
		{ "arguments", read_words, offsetof(struct experiment_platform, arguments), false },
		{ "rootfs", read_text, offsetof(struct experiment_platform, rootfs), false },
		{ 0 },
	};
	struct experiment *experiment = member;
	int result = check_list(reader, key, node);

	if (result != 0)
		return result;
	experiment->platform_count = item_count(node);
	experiment->platforms = cov_arena_alloc(&experiment->arena, experiment->platform_count + 1,
						sizeof(*experiment->platforms));
	for (size_t i = 0; result == 0 && i < experiment->platform_count; i++) {
		yaml_node_t *item = item_at(reader, node, i);

		experiment->platforms[i].line = line_of(item);
		result = read_fields(reader, "a platform", item, fields, &experiment->platforms[i]);
	}
	return result;
}

static int read_workloads(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	static const struct field fields[] = {
		{ "name", read_name, offsetof(struct experiment_workload, name), true },
		{ "command", read_command, offsetof(struct experiment_workload, command), true },
		{ "duration", read_positive_seconds,
		  offsetof(struct experiment_workload, duration_ns), true },
		{ "limit", read_positive_seconds, offsetof(struct experiment_workload, limit_ns),
		  false },
		{ 0 },
	};
	struct experiment *experiment = member;
	int result = check_list(reader, key, node);

	if (result != 0)
		return result;
	experiment->workload_count = item_count(node);
	experiment->workloads = cov_arena_alloc(&experiment->arena, experiment->workload_count + 1,
						sizeof(*experiment->workloads));
	for (size_t i = 0; result == 0 && i < experiment->workload_count; i++) {
		struct experiment_workload *workload = &experiment->workloads[i];
		yaml_node_t *item = item_at(reader, node, i);

		workload->line = line_of(item);
		result = read_fields(reader, "a workload", item, fields, workload);
		if (!workload->limit_ns)
			workload->limit_ns = 3 * workload->duration_ns + 30 * ns_per_s;
	}
	return result;
}

static int read_kernel(struct reader *reader, const char *key, yaml_node_t *node, void *member)
{
	static const struct field fields[] = {
		{ "release", read_text, offsetof(struct experiment, kernel_release), false },
		{ "build_id", read_text, offsetof(struct experiment, kernel_build_id), false },
		{ 0 },
	};

	(void)key;
	return read_fields(reader, "'kernel'", node, fields, member);
}

static const struct field top_fields[] = {
	{ "name", read_name, offsetof(struct experiment, name), true },
	{ "kernel", read_kernel, 0, false },
	{ "settle", read_seconds, offsetof(struct experiment, settle_ns), false },
	{ "trials", read_trial_count, offsetof(struct experiment, trial_count), false },
	{ "baselines", read_baselines, 0, false },
	{ "platforms", read_platforms, 0, false },
	{ "workloads", read_workloads, 0, false },
	{ 0 },
};

static int check_platform(struct reader *reader, const struct experiment_platform *platform)
{
	bool is_host = strcmp(platform->driver, "host") == 0;

	if (!is_host && strcmp(platform->driver, "oci") != 0)
		return fail_at(reader, platform->line,
			       "platform %s: there is no driver '%s', only "
			       "host and oci",
			       platform->name, platform->driver);
	if (is_host && (platform->runtime || platform->arguments || platform->rootfs))
		return fail_at(reader, platform->line,
			       "platform %s: runtime, arguments and rootfs are "
			       "not for the driver host",
			       platform->name);
	if (!is_host && (!platform->runtime || !platform->rootfs))
		return fail_at(reader, platform->line, "platform %s needs the key '%s'",
			       platform->name, platform->runtime ? "rootfs" : "runtime");
	if (!is_host && *platform->rootfs != '/')
		return fail_at(reader, platform->line,
			       "platform %s: rootfs is not an absolute path: "
			       "'%s'",
			       platform->name, platform->rootfs);
	return 0;
}

/* A baseline idles on the host, under that name or the one of a platform with the driver host. */
static int check_baseline(struct reader *reader, const struct experiment_baseline *baseline)
{
	const struct experiment *experiment = reader->experiment;

	for (size_t i = 0; i < experiment->platform_count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];

		if (strcmp(platform->name, baseline->platform) != 0)
			continue;
		if (strcmp(platform->driver, "host") == 0)
			return 0;
		return fail_at(reader, baseline->line,
			       "baseline %s: platform %s is not the host; only "
			       "the host can idle",
			       baseline->name, platform->name);
	}
	if (strcmp(baseline->platform, "host") == 0)
		return 0;
	return fail_at(reader, baseline->line, "baseline %s: there is no platform '%s'",
		       baseline->name, baseline->platform);
}

/* A trial and the name that its files have. */
struct named_trial {
	const char *name;
	struct experiment_trial trial;
};

static int compare_names(const void *a, const void *b)
{
	const struct named_trial *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int fail_duplicate(struct reader *reader, const struct named_trial *one,
			  const struct named_trial *other)
{
	const struct experiment_trial *a = &one->trial, *b = &other->trial;

	if (a->baseline && b->baseline)
		return fail_at(reader, b->baseline->line, "there are two baselines of the name %s",
			       b->baseline->name);
	if (!a->baseline && !b->baseline && a->platform != b->platform &&
	    strcmp(a->platform->name, b->platform->name) == 0)
		return fail_at(reader, b->platform->line, "there are two platforms of the name %s",
			       b->platform->name);
	if (!a->baseline && !b->baseline && a->workload != b->workload &&
	    strcmp(a->workload->name, b->workload->name) == 0)
		return fail_at(reader, b->workload->line, "there are two workloads of the name %s",
			       b->workload->name);
	return fail_at(reader, b->baseline ? b->baseline->line : b->workload->line,
		       "two trials would have the name %s: rename one", other->name);
}

/*
 * Two trials of one name would share their files: two entries of one name, but also platform a-b
 * with workload c beside platform a with workload b-c.
 */
static int check_trial_names(struct reader *reader)
{
	struct cov_arena *arena = &reader->experiment->arena;
	size_t planned_count = experiment_planned_count(reader->experiment), count = 0;
	struct named_trial *trials = cov_arena_alloc(arena, planned_count + 1, sizeof(*trials));

	for (size_t i = 0; i < planned_count; i++) {
		struct experiment_trial trial = experiment_planned_trial(reader->experiment, i);

		if (trial.number > 1)
			continue;
		COV_AUTO(free) char *name = experiment_trial_name(&trial);
		trials[count].name = cov_arena_text(arena, name, strlen(name));
		trials[count++].trial = trial;
	}
	if (count)
		qsort(trials, count, sizeof(*trials), compare_names);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(trials[i - 1].name, trials[i].name) == 0)
			return fail_duplicate(reader, &trials[i - 1], &trials[i]);
	}
	return 0;
}

static int check_entries(struct reader *reader)
{
	const struct experiment *experiment = reader->experiment;
	int result = 0;

	for (size_t i = 0; result == 0 && i < experiment->platform_count; i++)
		result = check_platform(reader, &experiment->platforms[i]);
	for (size_t i = 0; result == 0 && i < experiment->baseline_count; i++)
		result = check_baseline(reader, &experiment->baselines[i]);
	for (size_t i = 0; result == 0 && i < experiment->workload_count; i++) {
		const struct experiment_workload *workload = &experiment->workloads[i];

		if (workload->limit_ns < workload->duration_ns)
			result = fail_at(reader, workload->line,
					 "workload %s: its limit is shorter "
					 "than its duration",
					 workload->name);
	}
	if (result != 0)
		return result;
	if (!experiment->platform_count != !experiment->workload_count)
		return fail_at(reader, 1, "there are %s but no %s",
			       experiment->platform_count ? "platforms" : "workloads",
			       experiment->platform_count ? "workloads" : "platforms");
	if (experiment_planned_count(experiment) == 0)
		return fail_at(reader, 1, "there is nothing to do: no baseline, no workload");
	return check_trial_names(reader);
}

static int read_root(struct reader *reader)
{
	yaml_node_t *root = yaml_document_get_root_node(reader->document);

	if (!root)
		return fail_at(reader, 1, "the file is empty");
	int result = read_fields(reader, "an experiment", root, top_fields, reader->experiment);
	return result == 0 ? check_entries(reader) : result;
}

static void yaml_parser_delete_auto(yaml_parser_t *parser)
{
	yaml_parser_delete(parser);
}

static void yaml_document_delete_auto(yaml_document_t *document)
{
	yaml_document_delete(document);
}

static int load_document(struct reader *reader, yaml_parser_t *parser)
{
	const char *problem = "not YAML";

	if (yaml_parser_load(parser, reader->document))
		return 0;
	/* libyaml leaves a half-made document behind; a zeroed one can be deleted. */
	memset(reader->document, 0, sizeof(*reader->document));
	if (parser->problem)
		problem = parser->problem;
	return fail_at(reader, (int)parser->problem_mark.line + 1, "%s", problem);
}

int experiment_parse(const char *text, size_t size, const char *path, struct experiment *ret,
		     struct cov_error *err)
{
	COV_AUTO(experiment_deinit)
	struct experiment experiment = {
		.settle_ns = ns_per_s,
		.trial_count = 1,
	};
	COV_AUTO(yaml_parser_delete) yaml_parser_t parser = { 0 };
	COV_AUTO(yaml_document_delete) yaml_document_t document = { 0 };
	COV_AUTO(yaml_document_delete) yaml_document_t second = { 0 };
	struct reader reader = { &document, &experiment, err };

	experiment.path = cov_arena_text(&experiment.arena, path, strlen(path));
	if (!yaml_parser_initialize(&parser))
		return cov_fail(err, COV_ERR_SYSTEM, "%s: no memory", path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	int result = load_document(&reader, &parser);
	if (result == 0)
		result = read_root(&reader);
	if (result != 0)
		return result;

	reader.document = &second;
	result = load_document(&reader, &parser);
	if (result == 0 && yaml_document_get_root_node(&second))
		result = fail_at(&reader, line_of(yaml_document_get_root_node(&second)),
				 "a second document begins here");
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

size_t experiment_planned_count(const struct experiment *experiment)
{
	return experiment->trial_count * (experiment->baseline_count +
					  experiment->platform_count * experiment->workload_count);
}

struct experiment_trial experiment_planned_trial(const struct experiment *experiment, size_t index)
{
	size_t baseline_trial_count = experiment->baseline_count * experiment->trial_count;

	if (index < baseline_trial_count)
		return (struct experiment_trial){
			.baseline = &experiment->baselines[index % experiment->baseline_count],
			.number = index / experiment->baseline_count + 1,
		};

	size_t rest = index - baseline_trial_count;
	size_t pair_count = experiment->platform_count * experiment->workload_count;
	return (struct experiment_trial){
		.platform = &experiment->platforms[rest % pair_count / experiment->workload_count],
		.workload = &experiment->workloads[rest % experiment->workload_count],
		.number = rest / pair_count + 1,
	};
}

char *experiment_trial_name(const struct experiment_trial *trial)
{
	if (trial->baseline)
		return cov_format("baseline-%s-%zu", trial->baseline->name, trial->number);
	return cov_format("%s-%s-%zu", trial->platform->name, trial->workload->name, trial->number);
}

long long experiment_trial_ns(const struct experiment *experiment,
			      const struct experiment_trial *trial)
{
	return experiment->settle_ns +
	       (trial->baseline ? trial->baseline->duration_ns : trial->workload->duration_ns);
}

long long experiment_trial_ns_max(const struct experiment *experiment,
				  const struct experiment_trial *trial)
{
	return experiment->settle_ns +
	       (trial->baseline ? trial->baseline->duration_ns : trial->workload->limit_ns);
}
