/* output.c - what a workload says in its output: events and metrics. */
#include "collector/run/output.h"

#include <math.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"

/* NULL if the line is not a JSON object. */
static json_t *object_of(const char *line, size_t length)
{
	while (length && (line[length - 1] == '\r' || line[length - 1] == ' '))
		length--;
	if (!length || line[0] != '{' || line[length - 1] != '}')
		return NULL;
	return json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
}

enum output_event output_event(const char *line, int *status)
{
	static const struct {
		const char *name;
		enum output_event event;
	} events[] = {
		{ "ready", OUTPUT_READY },
		{ "done", OUTPUT_DONE },
		{ "drop_caches", OUTPUT_DROP_CACHES },
		{ "exit", OUTPUT_EXIT },
	};
	COV_AUTO(json_decref) json_t *object = object_of(line, strlen(line));
	const char *name = json_string_value(json_object_get(object, "event"));

	for (size_t i = 0; name && i < sizeof(events) / sizeof(events[0]); i++) {
		const json_t *value = json_object_get(object, "status");

		if (strcmp(events[i].name, name) != 0)
			continue;
		if (events[i].event == OUTPUT_EXIT && !json_is_integer(value))
			return OUTPUT_NONE;
		if (events[i].event == OUTPUT_EXIT && status)
			*status = (int)json_integer_value(value);
		return events[i].event;
	}
	return OUTPUT_NONE;
}

static const char *keep(struct cov_arena *arena, const json_t *text)
{
	return cov_arena_text(arena, json_string_value(text), json_string_length(text));
}

/* Labels as one text of JSON: their names are the workload's. */
static const char *labels_of(json_t *labels, struct cov_arena *arena)
{
	COV_AUTO(free)
	char *text =
	    json_is_object(labels) ? cov_json_format(labels, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	return text ? cov_arena_text(arena, text, strlen(text)) : "{}";
}

static bool read_metric(const char *line, size_t length, struct cov_arena *arena,
			struct cov_metric *ret)
{
	COV_AUTO(json_decref) json_t *object = object_of(line, length);
	const json_t *name = json_object_get(object, "metric");
	const json_t *value = json_object_get(object, "value");
	const json_t *unit = json_object_get(object, "unit");

	if (!json_is_string(name) || !json_is_number(value) || !json_is_string(unit) ||
	    !isfinite(json_number_value(value)))
		return false;
	*ret = (struct cov_metric){
		.name = keep(arena, name),
		.value = json_number_value(value),
		.unit = keep(arena, unit),
		.labels = labels_of(json_object_get(object, "labels"), arena),
	};
	return true;
}

struct cov_metric *output_metrics(const char *output, size_t size, struct cov_arena *arena,
				  size_t *count)
{
	struct cov_metric *metrics = NULL, metric;
	size_t capacity = 0;

	*count = 0;
	for (const char *line = output, *end = output + size; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline : end) - line);

		if (*count < COV_METRICS_MAX && read_metric(line, length, arena, &metric)) {
			metrics = cov_grow(metrics, *count, &capacity, sizeof(*metrics));
			metrics[(*count)++] = metric;
		}
		line += length + 1;
	}
	struct cov_metric *kept = cov_arena_alloc(arena, *count + 1, sizeof(*kept));
	if (*count)
		memcpy(kept, metrics, *count * sizeof(*kept));
	free(metrics);
	return kept;
}
