/* experiment_workload.c - the workloads of an experiment file, and the descriptions they refer to.
 */
#include "collector/experiment/experiment_workload.h"

#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/experiment/addresses.h"
#include "collector/experiment/placeholder.h"

enum { PARAMETERS_MAX = 32 };

static struct experiment_parameter *find_parameter(struct experiment_workload *workload,
						   const char *name)
{
	for (size_t i = 0; i < workload->parameter_count; i++) {
		if (strcmp(workload->parameters[i].name, name) == 0)
			return &workload->parameters[i];
	}
	return NULL;
}

/* A description declares parameters; what refers to it may only give them other values. */
static int set_parameter(struct yaml_reader *reader, struct experiment_workload *workload,
			 struct yaml_node_s *key, struct yaml_node_s *value)
{
	const char *name = NULL, *text = NULL;
	bool is_description = !workload->line;
	int result = yaml_reader_name(reader, "parameters", key, &name);

	if (result == 0)
		result = yaml_reader_text(reader, name, value, &text);
	if (result != 0)
		return result;
	struct experiment_parameter *parameter = find_parameter(workload, name);
	if (!parameter && workload->from && !is_description)
		return yaml_reader_fail(reader, yaml_reader_line(key), "%s has no parameter '%s'",
					workload->from, name);
	if (!parameter && workload->parameter_count == PARAMETERS_MAX)
		return yaml_reader_fail(reader, yaml_reader_line(key), "more than %d parameters",
					PARAMETERS_MAX);
	if (!parameter)
		parameter = &workload->parameters[workload->parameter_count++];
	*parameter = (struct experiment_parameter){ name, text };
	return 0;
}

static int read_parameters(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   void *member)
{
	struct experiment_workload *workload = member;
	struct yaml_node_s *name, *value;
	int result = 0;

	if (!yaml_reader_is_map(node))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not in the form {name: value, ...}", key);
	for (size_t i = 0; result == 0 && yaml_reader_map_next(reader, node, i, &name, &value); i++)
		result = set_parameter(reader, workload, name, value);
	return result;
}

#define MEMBER(name) offsetof(struct experiment_workload, name)

static const struct yaml_field description_fields[] = {
	{ "summary", yaml_reader_text, MEMBER(summary), true },
	{ "command", yaml_reader_command, MEMBER(command), true },
	{ "peer", yaml_reader_command, MEMBER(peer), false },
	{ "parameters", read_parameters, 0, false },
	{ "duration", yaml_reader_positive_seconds, MEMBER(duration_ns), true },
	{ "limit", yaml_reader_positive_seconds, MEMBER(limit_ns), false },
	{ "snapshot", yaml_reader_flag, MEMBER(has_snapshot), false },
	{ 0 },
};

static const struct yaml_field fields[] = {
	{ "name", yaml_reader_name, MEMBER(name), true },
	{ "from", yaml_reader_name, MEMBER(from), false },
	{ "summary", yaml_reader_text, MEMBER(summary), false },
	{ "command", yaml_reader_command, MEMBER(command), false },
	{ "peer", yaml_reader_command, MEMBER(peer), false },
	{ "parameters", read_parameters, 0, false },
	{ "duration", yaml_reader_positive_seconds, MEMBER(duration_ns), false },
	{ "limit", yaml_reader_positive_seconds, MEMBER(limit_ns), false },
	{ "snapshot", yaml_reader_flag, MEMBER(has_snapshot), false },
	{ 0 },
};

/* Beside the experiment: in its folder. */
static char *path_of(const struct yaml_reader *reader, const char *name)
{
	const char *slash = strrchr(reader->path, '/');
	int folder_length = slash ? (int)(slash + 1 - reader->path) : 0;

	return cov_format("%.*s%s", folder_length, reader->path, name);
}

/* The text is kept once, however many workloads refer to it. */
static int load_description(struct yaml_reader *reader,
			    struct experiment_descriptions *descriptions, const char *name,
			    int line, const struct experiment_description **ret)
{
	COV_AUTO(free) char *path = path_of(reader, name);
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;
	struct cov_error cause;

	for (size_t i = 0; i < descriptions->count; i++) {
		*ret = &descriptions->items[i];
		if (strcmp((*ret)->name, name) == 0)
			return 0;
	}
	if (cov_file_read_text(path, &text, &size, &cause) != 0)
		return yaml_reader_fail(reader, line, "%s", cause.message);
	struct experiment_description *description = &descriptions->items[descriptions->count++];
	*description = (struct experiment_description){
		.name = name,
		.text = cov_arena_text(reader->arena, text, size),
		.size = size,
	};
	*ret = description;
	return 0;
}

static int read_description(struct yaml_reader *reader,
			    struct experiment_descriptions *descriptions, int line,
			    struct experiment_workload *workload)
{
	static const char ending[] = ".yaml";
	const struct experiment_description *description = NULL;
	COV_AUTO(yaml_reader_close) struct yaml_reader own = { 0 };
	COV_AUTO(free) char *path = path_of(reader, workload->from);
	size_t length = strlen(workload->from);

	/* It is kept beside the results, where experiment.yaml is the experiment. */
	if (length <= strlen(ending) ||
	    strcmp(workload->from + length - strlen(ending), ending) != 0 ||
	    strcmp(workload->from, "experiment.yaml") == 0)
		return yaml_reader_fail(reader, line,
					"'%s' is not the name of a description: NAME.yaml",
					workload->from);
	int result = load_description(reader, descriptions, workload->from, line, &description);
	if (result == 0)
		result = yaml_reader_open(description->text, description->size, path, reader->arena,
					  &own, reader->err);
	if (result == 0)
		result = yaml_reader_fields(&own, "a workload description", yaml_reader_root(&own),
					    description_fields, workload);
	return result;
}

static int fill_words(struct yaml_reader *reader, struct experiment_workload *workload,
		      const struct placeholder *known, const char *key, struct yaml_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *unknown;

		words->texts[i] = placeholder_fill(words->texts[i], known, reader->arena, &unknown);
		/* Without parameters, {x} may be a script's own. */
		if (unknown && workload->parameter_count)
			return yaml_reader_fail(reader, workload->line,
						"workload %s: its %s has {%s}, which is no "
						"parameter",
						workload->name, key, unknown);
	}
	return 0;
}

static int fill_placeholders(struct yaml_reader *reader, long long pause_ns,
			     struct experiment_workload *workload)
{
	COV_AUTO(free) char *pause = cov_format("%g", (double)pause_ns / 1e9);
	struct placeholder known[PARAMETERS_MAX + 3] = {
		{ "peer", address_peer },
		{ "pause", pause },
	};

	for (size_t i = 0; i < workload->parameter_count; i++)
		known[i + 2] = (struct placeholder){ workload->parameters[i].name,
						     workload->parameters[i].value };
	int result = fill_words(reader, workload, known, "command", &workload->command);
	if (result == 0)
		result = fill_words(reader, workload, known, "peer", &workload->peer);
	return result;
}

int experiment_workload_read(struct yaml_reader *reader, struct yaml_node_s *node,
			     struct experiment_descriptions *descriptions, long long pause_ns,
			     struct experiment_workload *ret)
{
	int line = yaml_reader_line(node), result = 0;
	struct yaml_node_s *from = yaml_reader_map_find(reader, node, "from");

	ret->parameters = cov_arena_alloc(reader->arena, PARAMETERS_MAX, sizeof(*ret->parameters));
	if (from) {
		result = yaml_reader_name(reader, "from", from, &ret->from);
		if (result == 0)
			result = read_description(reader, descriptions, line, ret);
		/* A limit goes with its duration. */
		if (yaml_reader_map_find(reader, node, "duration"))
			ret->limit_ns = 0;
	}
	ret->line = line;
	if (result == 0)
		result = yaml_reader_fields(reader, "a workload", node, fields, ret);
	if (result != 0)
		return result;
	if (!ret->command.count || !ret->duration_ns)
		return yaml_reader_fail(reader, line, "a workload needs the key '%s'",
					ret->command.count ? "duration" : "command");
	if (!ret->limit_ns)
		ret->limit_ns = 3 * ret->duration_ns + 30 * COV_NS_PER_S;
	if (ret->limit_ns < ret->duration_ns)
		return yaml_reader_fail(
		    reader, line, "workload %s: its limit is shorter than its duration", ret->name);
	return fill_placeholders(reader, pause_ns, ret);
}
