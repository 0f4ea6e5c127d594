/* paper_book.c - what a paper prints in its tables and figures, as data. */
#include "venn/paper/paper_book.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

static const char *const kind_names[] = {
	[PAPER_LINES] = "lines",     [PAPER_COVERAGE] = "coverage",
	[PAPER_REGIONS] = "regions", [PAPER_METRIC] = "metric",
	[PAPER_HITS] = "hits",       [PAPER_PROFILE] = "profile",
	[PAPER_CALLS] = "calls",     [PAPER_UNMEASURED] = "unmeasured",
};

static const double factor_usual = 2;

static int read_number(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	const char *text;
	char *end;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result)
		return result;
	double number = strtod(text, &end);
	if (end == text || *end || !isfinite(number) || number < 0)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is a number from 0 on, not %s", key, text);
	memcpy(member, &number, sizeof(number));
	return 0;
}

static int read_kind(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	const char *text;
	int result = yaml_reader_text(reader, key, node, &text);

	for (int i = 0; result == 0 && i <= PAPER_UNMEASURED; i++) {
		if (strcmp(kind_names[i], text) == 0) {
			*(int *)member = i;
			return 0;
		}
	}
	return result ? result
		      : yaml_reader_fail(
			    reader, yaml_reader_line(node),
			    "'%s' is lines, coverage, regions, metric, hits, profile, calls "
			    "or unmeasured, not %s",
			    key, text);
}

#define VALUE(name) offsetof(struct paper_value, name)

static int read_value(struct yaml_reader *reader, struct yaml_node_s *node, void *item)
{
	static const struct yaml_field fields[] = {
		{ "platform", yaml_reader_name, VALUE(platform), false },
		{ "only", yaml_reader_words, VALUE(only), false },
		{ "shared", yaml_reader_words, VALUE(shared), false },
		{ "at", yaml_reader_text, VALUE(at), false },
		{ "threads", yaml_reader_words, VALUE(threads), false },
		{ "network", yaml_reader_name, VALUE(network), false },
		{ "value", read_number, VALUE(value), true },
		{ 0 },
	};
	const struct paper_value *value = item;
	int result = yaml_reader_fields(reader, "a value", node, fields, item);

	if (result == 0 && !value->platform + !value->only.count + !value->shared.count != 2)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"a value is of a platform, of only or of shared");
	return result;
}

static int read_values(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	struct paper_panel *panel = member;

	panel->values = yaml_reader_list(reader, key, node, sizeof(*panel->values), read_value,
					 &panel->value_count);
	return panel->values ? 0 : COV_ERR_FORMAT;
}

#define PANEL(name) offsetof(struct paper_panel, name)

/* What a kind cannot do without. */
static const char *missing_key(const struct paper_panel *panel)
{
	bool is_of_code = panel->kind == PAPER_LINES || panel->kind == PAPER_COVERAGE ||
			  panel->kind == PAPER_REGIONS || panel->kind == PAPER_HITS;

	if (panel->kind == PAPER_UNMEASURED)
		return panel->reason ? NULL : "reason";
	if (panel->kind == PAPER_CALLS) {
		for (size_t i = 0; i < panel->value_count; i++) {
			if (!panel->values[i].threads.count)
				return "threads";
		}
		return NULL;
	}
	if (!panel->workload)
		return "workload";
	if (is_of_code && !panel->directory)
		return "directory";
	if ((panel->kind == PAPER_HITS || panel->kind == PAPER_PROFILE) && !panel->function)
		return "function";
	if (panel->kind == PAPER_PROFILE && !panel->platform)
		return "platform";
	return panel->kind == PAPER_METRIC && !panel->metric ? "metric" : NULL;
}

static int read_panel(struct yaml_reader *reader, struct yaml_node_s *node, void *item)
{
	static const struct yaml_field fields[] = {
		{ "name", yaml_reader_name, PANEL(name), true },
		{ "title", yaml_reader_text, PANEL(title), true },
		{ "place", yaml_reader_text, PANEL(place), true },
		{ "kind", read_kind, PANEL(kind), true },
		{ "unit", yaml_reader_text, PANEL(unit), true },
		{ "workload", yaml_reader_name, PANEL(workload), false },
		{ "directory", yaml_reader_text, PANEL(directory), false },
		{ "function", yaml_reader_text, PANEL(function), false },
		{ "platform", yaml_reader_name, PANEL(platform), false },
		{ "metric", yaml_reader_text, PANEL(metric), false },
		{ "by", yaml_reader_text, PANEL(by), false },
		{ "where", yaml_reader_words, PANEL(where), false },
		{ "factor", read_number, PANEL(factor), false },
		{ "says", yaml_reader_text, PANEL(says), false },
		{ "reason", yaml_reader_text, PANEL(reason), false },
		{ "values", read_values, 0, false },
		{ 0 },
	};
	struct paper_panel *panel = item;

	panel->factor = factor_usual;
	int result = yaml_reader_fields(reader, "a panel", node, fields, panel);
	if (result)
		return result;
	const char *missing = missing_key(panel);
	if (missing)
		return yaml_reader_fail(reader, yaml_reader_line(node), "panel %s has no '%s'",
					panel->name, missing);
	if (panel->factor < 1)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'factor' of panel %s is below 1", panel->name);
	if (panel->where.count && panel->where.count != 2)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'where' of panel %s is not [label, value]", panel->name);
	return 0;
}

static int read_panels(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	struct paper_book *book = member;

	book->panels = yaml_reader_list(reader, key, node, sizeof(*book->panels), read_panel,
					&book->panel_count);
	return book->panels ? 0 : COV_ERR_FORMAT;
}

static int read_labels(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	struct paper_book *book = member;
	struct yaml_node_s *role, *label;
	size_t count = 0;
	int result = 0;

	while (yaml_reader_map_next(reader, node, count, &role, &label))
		count++;
	book->labels = cov_arena_alloc(reader->arena, count ? count : 1, sizeof(*book->labels));
	for (size_t i = 0; result == 0 && yaml_reader_map_next(reader, node, i, &role, &label);
	     i++) {
		struct paper_label *item = &book->labels[book->label_count++];

		result = yaml_reader_name(reader, key, role, &item->role);
		if (result == 0)
			result = yaml_reader_text(reader, key, label, &item->label);
	}
	return result;
}

int paper_book_read(const char *path, struct paper_book *ret, struct cov_error *err)
{
	static const struct yaml_field fields[] = {
		{ "name", yaml_reader_name, offsetof(struct paper_book, name), true },
		{ "title", yaml_reader_text, offsetof(struct paper_book, title), true },
		{ "citation", yaml_reader_text, offsetof(struct paper_book, citation), true },
		{ "drawings", yaml_reader_text, offsetof(struct paper_book, drawings), true },
		{ "labels", read_labels, 0, true },
		{ "circles", yaml_reader_words, offsetof(struct paper_book, circles), true },
		{ "panels", read_panels, 0, true },
		{ 0 },
	};
	COV_AUTO(paper_book_deinit) struct paper_book book = { 0 };
	COV_AUTO(yaml_reader_close) struct yaml_reader reader = { 0 };
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	if (result == 0)
		result = yaml_reader_open(text, size, path, &book.arena, &reader, err);
	if (result == 0)
		result = yaml_reader_fields(&reader, "a paper", yaml_reader_root(&reader), fields,
					    &book);
	if (result)
		return result;
	*ret = book;
	memset(&book, 0, sizeof(book));
	return 0;
}

void paper_book_deinit(struct paper_book *book)
{
	cov_arena_deinit(&book->arena);
	memset(book, 0, sizeof(*book));
}

char *paper_book_exhibit(const struct paper_panel *panel)
{
	size_t length = strcspn(panel->name, "0123456789");

	length += strspn(panel->name + length, "0123456789");
	return cov_format("%.*s", (int)length, panel->name);
}
