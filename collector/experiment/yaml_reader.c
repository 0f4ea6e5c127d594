/* yaml_reader.c - fill structs from the mappings of a YAML document. */
#include "collector/experiment/yaml_reader.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml_late.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	ENTRIES_MAX = 100,
	SECONDS_MAX = 24 * 3600,
	/*
	 * libyaml 0.2.5 looks at every open bracket for each token, and at every anchor or tag
	 * directive for each new one: time grows with the square of their number.
	 */
	DOCUMENT_BYTES_MAX = 1 << 20,
	DEPTH_MAX = 32,
	ANCHORS_MAX = 100,
	DIRECTIVES_MAX = 100,
	/* Each stands for all that its anchor has, again and again if that has aliases, too. */
	ALIASES_MAX = 100,
};

int yaml_reader_line(const yaml_node_t *node)
{
	return (int)node->start_mark.line + 1;
}

int yaml_reader_fail(struct yaml_reader *reader, int line, const char *format, ...)
{
	char what[COV_ERROR_MESSAGE_BYTES / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return cov_fail(reader->err, COV_ERR_FORMAT, "%s:%d: %s", reader->path, line, what);
}

static yaml_node_t *node_at(struct yaml_reader *reader, int index)
{
	return yaml_document_get_node(reader->document, index);
}

static void yaml_parser_delete_auto(yaml_parser_t *parser)
{
	yaml_parser_delete(parser);
}

static void yaml_document_delete_auto(yaml_document_t *document)
{
	yaml_document_delete(document);
}

static void yaml_token_delete_auto(yaml_token_t *token)
{
	yaml_token_delete(token);
}

/* What of a text is open or was met so far. */
struct extent {
	int depth, anchor_count, alias_count, directive_count;
};

static int check_token(struct yaml_reader *reader, const yaml_token_t *token, struct extent *extent)
{
	int line = (int)token->start_mark.line + 1;

	switch (token->type) {
	case YAML_ALIAS_TOKEN:
		extent->alias_count++;
		break;
	case YAML_ANCHOR_TOKEN:
		extent->anchor_count++;
		break;
	case YAML_TAG_DIRECTIVE_TOKEN:
		extent->directive_count++;
		break;
	case YAML_BLOCK_SEQUENCE_START_TOKEN:
	case YAML_BLOCK_MAPPING_START_TOKEN:
	case YAML_FLOW_SEQUENCE_START_TOKEN:
	case YAML_FLOW_MAPPING_START_TOKEN:
		extent->depth++;
		break;
	case YAML_BLOCK_END_TOKEN:
	case YAML_FLOW_SEQUENCE_END_TOKEN:
	case YAML_FLOW_MAPPING_END_TOKEN:
		extent->depth--;
		break;
	default:
		break;
	}
	if (extent->depth > DEPTH_MAX)
		return yaml_reader_fail(reader, line, "nested deeper than %d levels", DEPTH_MAX);
	if (extent->anchor_count > ANCHORS_MAX)
		return yaml_reader_fail(reader, line, "more than %d anchors", ANCHORS_MAX);
	if (extent->alias_count > ALIASES_MAX)
		return yaml_reader_fail(reader, line, "more than %d aliases", ALIASES_MAX);
	if (extent->directive_count > DIRECTIVES_MAX)
		return yaml_reader_fail(reader, line, "more than %d directives", DIRECTIVES_MAX);
	return 0;
}

/* Refuse what would take long to load. What is no YAML is left for loading to say. */
static int check_extent(struct yaml_reader *reader, const char *text, size_t size)
{
	COV_AUTO(yaml_parser_delete) yaml_parser_t parser = { 0 };
	struct extent extent = { 0 };
	bool is_end = false;
	int result = 0;

	if (size > DOCUMENT_BYTES_MAX)
		return cov_fail(reader->err, COV_ERR_FORMAT, "%s: larger than %d bytes",
				reader->path, DOCUMENT_BYTES_MAX);
	if (!yaml_parser_initialize(&parser))
		cov_out_of_memory();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	while (result == 0 && !is_end) {
		COV_AUTO(yaml_token_delete) yaml_token_t token = { 0 };

		is_end = !yaml_parser_scan(&parser, &token) || token.type == YAML_STREAM_END_TOKEN;
		if (!is_end)
			result = check_token(reader, &token, &extent);
	}
	return result;
}

static int load_document(struct yaml_reader *reader, yaml_parser_t *parser, yaml_document_t *ret)
{
	const char *problem = "not YAML";

	if (yaml_parser_load(parser, ret))
		return 0;
	/* Not every place of libyaml that has no memory says so. */
	if (parser->error == YAML_MEMORY_ERROR || parser->error == YAML_NO_ERROR)
		cov_out_of_memory();
	/* libyaml leaves a half-made document behind; a zeroed one can be deleted. */
	memset(ret, 0, sizeof(*ret));
	if (parser->problem)
		problem = parser->problem;
	return yaml_reader_fail(reader, (int)parser->problem_mark.line + 1, "%s", problem);
}

int yaml_reader_open(const char *text, size_t size, const char *path, struct cov_arena *arena,
		     struct yaml_reader *ret, struct cov_error *err)
{
	*ret = (struct yaml_reader){
		.path = cov_arena_text(arena, path, strlen(path)),
		.arena = arena,
		.err = err,
	};
	int result = yaml_late_open(err);
	if (result == 0)
		result = check_extent(ret, text, size);
	if (result)
		return result;
	COV_AUTO(yaml_parser_delete) yaml_parser_t parser = { 0 };
	COV_AUTO(yaml_document_delete) yaml_document_t second = { 0 };
	ret->document = cov_xcalloc(1, sizeof(yaml_document_t));
	if (!yaml_parser_initialize(&parser))
		cov_out_of_memory();
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	result = load_document(ret, &parser, ret->document);
	if (result == 0 && !yaml_reader_root(ret))
		result = yaml_reader_fail(ret, 1, "the file is empty");
	if (result == 0)
		result = load_document(ret, &parser, &second);
	if (result == 0 && yaml_document_get_root_node(&second))
		result =
		    yaml_reader_fail(ret, yaml_reader_line(yaml_document_get_root_node(&second)),
				     "a second document begins here");
	return result;
}

void yaml_reader_close(struct yaml_reader *reader)
{
	if (reader->document)
		yaml_document_delete(reader->document);
	free(reader->document);
	memset(reader, 0, sizeof(*reader));
}

yaml_node_t *yaml_reader_root(struct yaml_reader *reader)
{
	return yaml_document_get_root_node(reader->document);
}

/* Index in @fields of the key @node, or -1 after a message. */
static int find_field(struct yaml_reader *reader, const char *what, const yaml_node_t *node,
		      const struct yaml_field *fields)
{
	COV_AUTO(cov_text_deinit) struct cov_text known = { 0 };
	const char *key =
	    node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "?";

	for (int i = 0; fields[i].key; i++) {
		if (strcmp(fields[i].key, key) == 0)
			return i;
		cov_text_print(&known, "%s%s", i ? ", " : "", fields[i].key);
	}
	yaml_reader_fail(reader, yaml_reader_line(node), "%s has no key '%s'; there are: %s", what,
			 key, known.data);
	return -1;
}

bool yaml_reader_is_map(const yaml_node_t *node)
{
	return node->type == YAML_MAPPING_NODE;
}

bool yaml_reader_map_next(struct yaml_reader *reader, yaml_node_t *map, size_t index,
			  yaml_node_t **key, yaml_node_t **value)
{
	yaml_node_pair_t *pair = map->data.mapping.pairs.start + index;

	if (!yaml_reader_is_map(map) || pair >= map->data.mapping.pairs.top)
		return false;
	*key = node_at(reader, pair->key);
	*value = node_at(reader, pair->value);
	return true;
}

yaml_node_t *yaml_reader_map_find(struct yaml_reader *reader, yaml_node_t *map, const char *name)
{
	yaml_node_t *key, *value;

	for (size_t i = 0; yaml_reader_map_next(reader, map, i, &key, &value); i++) {
		if (key->type == YAML_SCALAR_NODE &&
		    strcmp((const char *)key->data.scalar.value, name) == 0)
			return value;
	}
	return NULL;
}

int yaml_reader_fields(struct yaml_reader *reader, const char *what, yaml_node_t *node,
		       const struct yaml_field *fields, void *target)
{
	uint64_t seen = 0;
	yaml_node_t *key, *value;

	if (!yaml_reader_is_map(node))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"%s is not in the form 'key: value'", what);
	for (size_t i = 0; yaml_reader_map_next(reader, node, i, &key, &value); i++) {
		int index = find_field(reader, what, key, fields);

		if (index < 0)
			return COV_ERR_FORMAT;
		if (seen >> index & 1)
			return yaml_reader_fail(reader, yaml_reader_line(key), "duplicate key '%s'",
						fields[index].key);
		seen |= UINT64_C(1) << index;
		int result = fields[index].read(reader, fields[index].key, value,
						(char *)target + fields[index].offset);
		if (result != 0)
			return result;
	}
	for (int i = 0; fields[i].key; i++) {
		if (fields[i].is_required && !(seen >> i & 1))
			return yaml_reader_fail(reader, yaml_reader_line(node),
						"%s needs the key '%s'", what, fields[i].key);
	}
	return 0;
}

static size_t item_count(const yaml_node_t *list)
{
	return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

yaml_node_t *yaml_reader_list_item(struct yaml_reader *reader, yaml_node_t *list, size_t index)
{
	return node_at(reader, list->data.sequence.items.start[index]);
}

void *yaml_reader_list(struct yaml_reader *reader, const char *key, yaml_node_t *node,
		       size_t item_bytes,
		       int (*read)(struct yaml_reader *reader, yaml_node_t *node, void *item),
		       size_t *count)
{
	if (yaml_reader_list_count(reader, key, node, count) != 0)
		return NULL;
	char *items = cov_arena_alloc(reader->arena, *count + 1, item_bytes);
	for (size_t i = 0; i < *count; i++) {
		if (read(reader, yaml_reader_list_item(reader, node, i), items + i * item_bytes))
			return NULL;
	}
	return items;
}

int yaml_reader_list_count(struct yaml_reader *reader, const char *key, yaml_node_t *node,
			   size_t *ret)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a list of '- name: ...'", key);
	if (item_count(node) > ENTRIES_MAX)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' has more than %d entries", key, ENTRIES_MAX);
	*ret = item_count(node);
	return 0;
}

int yaml_reader_text(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *text)
{
	const char *value = (const char *)node->data.scalar.value;
	size_t length = node->data.scalar.length;

	if (node->type != YAML_SCALAR_NODE)
		return yaml_reader_fail(reader, yaml_reader_line(node), "'%s' is not a text", key);
	if (!length || strlen(value) != length || strpbrk(value, "\r\n"))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a text of one line", key);
	*(const char **)text = cov_arena_text(reader->arena, value, length);
	return 0;
}

int yaml_reader_name(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *text)
{
	const char *name = NULL;
	int result = yaml_reader_text(reader, key, node, &name);

	if (result != 0)
		return result;
	if (!cov_is_name(name))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a name: at most %d letters, digits, '.', '_' "
					"and '-'",
					name, COV_NAME_BYTES_MAX);
	*(const char **)text = name;
	return 0;
}

int yaml_reader_absolute(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *text)
{
	const char *path = NULL;
	int result = yaml_reader_text(reader, key, node, &path);

	if (result == 0 && *path != '/')
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"%s is not an absolute path: '%s'", key, path);
	if (result == 0)
		*(const char **)text = path;
	return result;
}

int yaml_reader_flag(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *flag)
{
	const char *text = NULL;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result != 0)
		return result;
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not true or false: '%s'", key, text);
	*(bool *)flag = *text == 't';
	return 0;
}

int yaml_reader_seconds(struct yaml_reader *reader, const char *key, yaml_node_t *node,
			void *long_long_ns)
{
	const char *text = NULL;
	char *end;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result != 0)
		return result;
	errno = 0;
	double seconds = strtod(text, &end);
	if (errno || *end || !isdigit(*text))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a number of seconds: '%s'", key, text);
	if (!(seconds <= SECONDS_MAX))
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is more than a day: '%s'", key, text);
	*(long long *)long_long_ns = llround(seconds * (double)COV_NS_PER_S);
	return 0;
}

int yaml_reader_positive_seconds(struct yaml_reader *reader, const char *key, yaml_node_t *node,
				 void *long_long_ns)
{
	int result = yaml_reader_seconds(reader, key, node, long_long_ns);

	if (result == 0 && *(long long *)long_long_ns == 0)
		return yaml_reader_fail(reader, yaml_reader_line(node), "'%s' is 0 seconds", key);
	return result;
}

int yaml_reader_number(struct yaml_reader *reader, const char *key, yaml_node_t *node,
		       long long min, long long max, long long *ret)
{
	const char *text = NULL;
	char *end;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result != 0)
		return result;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (errno || *end || !isdigit(*text) || number < min || number > max)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a number from %lld to %lld: '%s'", key, min,
					max, text);
	*ret = number;
	return 0;
}

int yaml_reader_words(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *words)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not a list: [%s, ...]", key, key);

	struct yaml_words read = { .count = item_count(node) };
	read.texts = cov_arena_alloc(reader->arena, read.count + 1, sizeof(*read.texts));
	for (size_t i = 0; i < read.count; i++) {
		yaml_node_t *item = yaml_reader_list_item(reader, node, i);
		const char *value = (const char *)item->data.scalar.value;

		if (item->type != YAML_SCALAR_NODE || strlen(value) != item->data.scalar.length)
			return yaml_reader_fail(reader, yaml_reader_line(item),
						"'%s' is not a list of texts", key);
		read.texts[i] = cov_arena_text(reader->arena, value, strlen(value));
	}
	memcpy(words, &read, sizeof(read));
	return 0;
}

int yaml_reader_command(struct yaml_reader *reader, const char *key, yaml_node_t *node, void *words)
{
	struct yaml_words read = { 0 };
	int result = yaml_reader_words(reader, key, node, &read);

	if (result != 0)
		return result;
	if (!read.count || !*read.texts[0])
		return yaml_reader_fail(reader, yaml_reader_line(node), "'%s' names no program",
					key);
	memcpy(words, &read, sizeof(read));
	return 0;
}

int yaml_reader_named_lists(struct yaml_reader *reader, const char *key, yaml_node_t *node,
			    void *lists)
{
	struct yaml_named_lists read = { 0 };
	yaml_node_t *name, *words;
	int result = 0;

	while (yaml_reader_map_next(reader, node, read.count, &name, &words))
		read.count++;
	if (!read.count)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not in the form {name: [a, b], ...}", key);
	read.items = cov_arena_alloc(reader->arena, read.count, sizeof(*read.items));
	for (size_t i = 0; result == 0 && yaml_reader_map_next(reader, node, i, &name, &words);
	     i++) {
		struct yaml_named_words *item = &read.items[i];

		item->line = yaml_reader_line(name);
		result = yaml_reader_name(reader, key, name, &item->name);
		if (result == 0)
			result = yaml_reader_words(reader, key, words, &item->words);
	}
	memcpy(lists, &read, sizeof(read));
	return result;
}
