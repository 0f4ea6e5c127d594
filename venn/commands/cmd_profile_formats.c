/* cmd_profile_formats.c - a tree of functions as other programs read it. */
#include "venn/commands/cmd_profile_formats.h"

#include <string.h>

#include "collector/base/json.h"
#include "collector/base/text.h"

const char cmd_profile_formats_emulated[] = "[emulated processor]";

/* Samples in the function itself, in none that it called. */
static int64_t self(const struct flame_node *node, size_t side)
{
	int64_t samples = node->samples[side];

	for (const struct flame_node *child = node->child; child; child = child->next)
		samples -= child->samples[side];
	return samples;
}

static void add_frames(const struct flame_node *node, struct cov_text *line)
{
	if (!node->depth)
		return;
	add_frames(node->parent, line);
	cov_text_print(line, "%s%s%s", line->length ? ";" : "", node->name,
		       node->is_kernel ? "_[k]" : "");
}

char *cmd_profile_formats_folded(const struct flame *flame, bool is_emulated)
{
	struct cov_text ret = { 0 };

	cov_text_add(&ret, "", 0);
	for (const struct flame_node *node = flame_next(&flame->root); node;
	     node = flame_next(node)) {
		COV_AUTO(cov_text_deinit) struct cov_text line = { 0 };

		if (self(node, 0) <= 0 && self(node, 1) <= 0)
			continue;
		if (is_emulated)
			cov_text_print(&line, "%s", cmd_profile_formats_emulated);
		add_frames(node, &line);
		cov_text_print(&ret, "%s %lld", line.data, (long long)self(node, 0));
		if (flame->side_count == FLAME_SIDES_MAX)
			cov_text_print(&ret, " %lld", (long long)self(node, 1));
		cov_text_print(&ret, "\n");
	}
	return ret.data;
}

/* A frame is a function, or the file of one without a name; it is told apart by its mark. */
static json_t *frame_json(const struct flame_node *node)
{
	COV_AUTO(free)
	char *name = cov_format("%s%s", node->name, node->is_kernel ? "_[k]" : "");

	return cov_json_pack("{s:o}", "name", cov_json_text(name, strlen(name)));
}

/* Each name once, by its place. */
static json_int_t place_of(json_t *places, json_t *frames, const struct flame_node *node)
{
	COV_AUTO(free)
	char *key = cov_format("%s%s", node->is_kernel ? "k" : "u", node->name);
	json_t *known = json_object_get(places, key);

	if (known)
		return json_integer_value(known);
	json_int_t place = (json_int_t)json_array_size(frames);
	cov_json_append(frames, frame_json(node));
	cov_json_set(places, key, cov_json_integer(place));
	return place;
}

static void add_sample(const struct flame_node *node, json_t *places, json_t *frames, json_t *ret)
{
	if (!node->depth)
		return;
	add_sample(node->parent, places, frames, ret);
	cov_json_append(ret, cov_json_integer(place_of(places, frames, node)));
}

static json_t *side_json(const struct flame *flame, size_t side, const char *name, json_t *places,
			 json_t *frames)
{
	json_t *samples = cov_json_array(), *weights = cov_json_array();

	for (const struct flame_node *node = &flame->root; node; node = flame_next(node)) {
		int64_t weight = node->depth ? self(node, side) : 0;

		if (weight <= 0)
			continue;
		json_t *stack = cov_json_array();
		add_sample(node, places, frames, stack);
		cov_json_append(samples, stack);
		cov_json_append(weights, cov_json_integer(weight));
	}
	return cov_json_pack("{s:s, s:o, s:s, s:i, s:I, s:o, s:o}", "type", "sampled", "name",
			     cov_json_text(name, strlen(name)), "unit", "none", "startValue", 0,
			     "endValue", (json_int_t)flame->root.samples[side], "samples", samples,
			     "weights", weights);
}

char *cmd_profile_formats_speedscope(const struct flame *flame, const char *const *names)
{
	COV_AUTO(json_decref) json_t *places = cov_json_object();
	json_t *frames = cov_json_array(), *profiles = cov_json_array();

	for (size_t i = 0; i < (flame->side_count ? flame->side_count : 1); i++)
		cov_json_append(profiles, side_json(flame, i, names[i], places, frames));
	COV_AUTO(json_decref)
	json_t *file = cov_json_pack("{s:s, s:{s:o}, s:o, s:o, s:s, s:i}", "$schema",
				     "https://www.speedscope.app/file-format-schema.json", "shared",
				     "frames", frames, "profiles", profiles, "name",
				     cov_json_text(names[0], strlen(names[0])), "exporter",
				     "covdb " COVDB_VERSION, "activeProfileIndex", 0);
	COV_AUTO(free) char *json = cov_json_format(file, JSON_COMPACT);

	return cov_format("%s\n", json);
}
