/* paper_code.c - panels about code: lines of footprints, what they share, hits of a function. */
#include "venn/paper/paper_code.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/picture/picture.h"
#include "venn/questions/diagram.h"
#include "venn/store/store_find.h"
#include "venn/store/store_line.h"

enum { ROLES_MAX = 16 };

/* The platforms of a panel that the study has trials of; bits of masks are their places here. */
struct present {
	const struct paper_label *labels[ROLES_MAX]; /* [count] */
	const char *names[ROLES_MAX];                /* in the study; NULL: no trials */
	int places[ROLES_MAX];                       /* in a query; -1: no trials */
	int64_t trials[ROLES_MAX];
	size_t count;
	struct cov_text list; /* "runc,gvisor"; owned */
};

static void present_deinit(struct present *present)
{
	cov_text_deinit(&present->list);
}

COV_DEFINE_AUTO_STRUCT(struct present, present_deinit)

static bool has_word(const struct yaml_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->texts[i], word) == 0)
			return true;
	}
	return false;
}

static int find_present(const struct paper_study *study, struct paper_answer *answer,
			struct present *present, struct cov_error *err)
{
	struct store_union_asked asked = { paper_answer_name(study, answer->panel->workload),
					   NULL };
	COV_AUTO(store_union_deinit) struct store_union set = { 0 };
	int place = 0;
	int result = store_union_find(study->store, &asked, &set, err);

	if (result)
		return result;
	for (size_t i = 0; i < study->book->label_count && present->count < ROLES_MAX; i++) {
		const struct paper_label *label = &study->book->labels[i];
		const char *name = paper_answer_name(study, label->role);
		size_t at = present->count;

		if (answer->panel->kind == PAPER_REGIONS &&
		    !has_word(&study->book->circles, label->role))
			continue;
		present->count++;
		present->labels[at] = label;
		present->places[at] = -1;
		present->trials[at] =
		    name ? paper_answer_trials(study, &set, name, &answer->is_emulated) : 0;
		if (!present->trials[at])
			continue;
		present->names[at] = name;
		present->places[at] = place++;
		cov_text_print(&present->list, "%s%s", present->list.length ? "," : "", name);
	}
	if (!place)
		return cov_fail(err, COV_ERR_MISMATCH, "no trial of %s",
				asked.names ? asked.names : "any workload");
	return 0;
}

/* How a row follows from a diagram. */
struct rule {
	enum { TOTAL, ONLY, SHARED } what;
	uint64_t mask; /* of present platforms, or one of them */
};

static uint64_t words_mask(const struct present *present, const struct yaml_words *words)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < present->count; i++)
		mask |= (uint64_t)has_word(words, present->labels[i]->role) << i;
	return mask;
}

static double paper_value(const struct paper_panel *panel, const struct present *present,
			  const struct rule *rule)
{
	for (size_t i = 0; i < panel->value_count; i++) {
		const struct paper_value *value = &panel->values[i];
		uint64_t only = words_mask(present, &value->only),
			 shared = words_mask(present, &value->shared), of = 0;

		for (size_t j = 0; value->platform && j < present->count; j++)
			of |= (uint64_t)(strcmp(present->labels[j]->role, value->platform) == 0)
			      << j;
		if (rule->mask == (rule->what == TOTAL ? of : rule->what == ONLY ? only : shared))
			return value->value;
	}
	return NAN;
}

/* In the masks of a query; 0 if a platform of @mask is not there. */
static uint64_t query_mask(const struct present *present, uint64_t mask)
{
	uint64_t found = 0;

	for (size_t i = 0; i < present->count; i++) {
		if (!(mask >> i & 1))
			continue;
		if (present->places[i] < 0)
			return 0;
		found |= (uint64_t)1 << present->places[i];
	}
	return found;
}

static double row_value(const struct diagram *diagram, const struct present *present,
			const struct rule *rule, bool is_share)
{
	const struct diagram_row *row = &diagram->rows[0];
	uint64_t mask = query_mask(present, rule->mask);
	int64_t lines = 0;

	/* What only some execute is another number where one of the others was not measured. */
	if (!mask || (rule->what == ONLY && diagram->query.platform_count != present->count))
		return NAN;
	for (size_t i = 0; i < row->region_count; i++) {
		uint64_t region = row->regions[i].mask;

		if (rule->what == ONLY ? region == mask : (region & mask) == mask)
			lines += row->regions[i].lines;
	}
	if (!is_share)
		return (double)lines;
	return row->found ? 100 * (double)lines / (double)row->found : NAN;
}

static char *mask_label(const struct present *present, uint64_t mask, const char *before)
{
	struct cov_text text = { 0 };

	cov_text_print(&text, "%s", before);
	for (size_t i = 0; i < present->count; i++) {
		if (mask >> i & 1)
			cov_text_print(&text, "%s %s", text.length > strlen(before) ? "," : "",
				       present->labels[i]->label);
	}
	return text.data;
}

struct table {
	const struct present *present;
	struct rule *rules; /* [count], of the rows of an answer; owned */
	size_t count;
	size_t capacity;
};

static void add_row(struct table *table, struct paper_answer *answer, struct rule rule)
{
	const struct present *present = table->present;
	struct paper_row *row;

	table->rules =
	    cov_grow(table->rules, table->count, &table->capacity, sizeof(*table->rules));
	table->rules[table->count++] = rule;
	if (rule.what == TOTAL) {
		size_t at = (size_t)__builtin_ctzll(rule.mask);

		row = paper_answer_add(answer, cov_xstrdup(""), present->labels[at]->label,
				       present->names[at]);
		row->trials = present->trials[at];
	} else {
		row = paper_answer_add(
		    answer,
		    mask_label(present, rule.mask, rule.what == ONLY ? "only" : "shared by"), "",
		    NULL);
		for (size_t i = 0; i < present->count; i++)
			row->trials += present->trials[i];
	}
	row->paper = paper_value(answer->panel, present, &rule);
}

static void list_rows(struct table *table, struct paper_answer *answer)
{
	size_t count = table->present->count;
	const struct paper_panel *panel = answer->panel;

	for (size_t i = 0; i < count; i++)
		add_row(table, answer, (struct rule){ TOTAL, (uint64_t)1 << i });
	if (panel->kind != PAPER_REGIONS)
		return;
	for (uint64_t mask = 1; mask < (uint64_t)1 << count; mask++)
		add_row(table, answer, (struct rule){ ONLY, mask });
	for (size_t i = 0; i < panel->value_count; i++) {
		uint64_t mask = words_mask(table->present, &panel->values[i].shared);

		if (mask)
			add_row(table, answer, (struct rule){ SHARED, mask });
	}
}

/* One column of the answer: @member of its rows, where the study has it. */
static int fill(const struct paper_study *study, const struct table *table,
		struct paper_answer *answer, const struct store_asked *asked, size_t member,
		struct cov_error *err)
{
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	int result = diagram_read_alone(study->store, asked, 0, &diagram, err);

	if (result)
		return result;
	for (size_t i = 0; i < table->count; i++) {
		double value = row_value(&diagram, table->present, &table->rules[i],
					 answer->panel->kind == PAPER_COVERAGE);

		memcpy((char *)&answer->rows[i] + member, &value, sizeof(value));
	}
	if (!answer->svg && answer->panel->kind == PAPER_REGIONS)
		answer->svg = picture_svg(&diagram);
	return 0;
}

/* What is only there in some studies. */
static int fill_others(const struct paper_study *study, const struct table *table,
		       struct paper_answer *answer, const struct store_asked *asked,
		       struct cov_error *err)
{
	struct store_asked other = *asked;
	int result = 0;

	other.workloads.phase = "steady";
	result = fill(study, table, answer, &other, offsetof(struct paper_row, steady), err);
	other = *asked;
	other.choice.rule = "rate";
	if ((result == 0 || result == COV_ERR_MISMATCH) &&
	    strcmp(study->analysis.rule, other.choice.rule) != 0)
		result =
		    fill(study, table, answer, &other, offsetof(struct paper_row, by_rate), err);
	return result == COV_ERR_MISMATCH ? 0 : result;
}

int paper_code_lines(const struct paper_study *study, struct paper_answer *answer,
		     struct cov_error *err)
{
	const struct paper_panel *panel = answer->panel;
	COV_AUTO(present_deinit) struct present present = { 0 };
	struct table table = { .present = &present };
	COV_AUTO(free) char *scope = paper_answer_scope(study);
	int result = find_present(study, answer, &present, err);

	if (result)
		return result;
	struct store_asked asked = {
		.choice = study->choice,
		.directory = panel->directory,
		.workloads.names = paper_answer_name(study, panel->workload),
		.platforms = present.list.data,
	};
	list_rows(&table, answer);
	result = fill(study, &table, answer, &asked, offsetof(struct paper_row, here), err);
	if (result == 0)
		result = fill_others(study, &table, answer, &asked, err);
	free(table.rules);
	if (panel->kind == PAPER_REGIONS)
		answer->command =
		    cov_format("covdb venn --dir %s --workload %s --platforms %s%s",
			       panel->directory, asked.workloads.names, asked.platforms, scope);
	else
		answer->command =
		    cov_format("covdb summary%s%s%s", asked.workloads.names ? " --workload " : "",
			       asked.workloads.names ? asked.workloads.names : "", scope);
	if (!asked.workloads.names)
		answer->note = cov_xstrdup("all workloads of the study united");
	return result;
}

/* Where a function is in this kernel; the first of its name. */
static int find_function(const struct paper_study *study, const struct store_query *query,
			 const char *name, int64_t *from, int64_t *to, struct cov_error *err)
{
	COV_AUTO(store_find_deinit) struct store_find_hits hits = { 0 };
	int result =
	    store_find_named(study->store, query->kernel_id, query->directory, name, &hits, err);

	if (result)
		return result;
	if (!hits.count)
		return cov_fail(err, COV_ERR_MISMATCH, "this kernel has no function %s in %s", name,
				query->directory);
	*from = hits.items[0].start_line;
	*to = hits.items[0].end_line;
	return 0;
}

static double rate(const struct store_query *query, const struct store_line *line, size_t place)
{
	int64_t duration_ns = query->platforms[place].duration_ns;

	return duration_ns ? (double)line->counts[place] * 1e9 / (double)duration_ns : 0;
}

static void add_hits(struct paper_answer *answer, const struct present *present,
		     const struct store_query *query, const struct store_lines *lines, int64_t from,
		     int64_t to)
{
	for (size_t i = 0; i < present->count; i++) {
		struct rule rule = { TOTAL, (uint64_t)1 << i };
		struct paper_row *row = paper_answer_add(
		    answer, cov_xstrdup(""), present->labels[i]->label, present->names[i]);

		row->paper = paper_value(answer->panel, present, &rule);
		row->trials = present->trials[i];
		for (size_t j = 0; present->places[i] >= 0 && j < lines->count; j++) {
			const struct store_line *line = &lines->items[j];

			if (line->line >= from && line->line <= to)
				row->here =
				    fmax(row->here, rate(query, line, (size_t)present->places[i]));
		}
	}
	for (size_t j = 0; j < lines->count; j++) {
		const struct store_line *line = &lines->items[j];

		for (size_t i = 0; line->line >= from && line->line <= to && i < present->count;
		     i++) {
			if (present->places[i] < 0)
				continue;
			struct paper_row *row =
			    paper_answer_add(answer, cov_format("line %" PRId64, line->line),
					     present->labels[i]->label, present->names[i]);

			row->here = rate(query, line, (size_t)present->places[i]);
			row->trials = present->trials[i];
		}
	}
}

int paper_code_hits(const struct paper_study *study, struct paper_answer *answer,
		    struct cov_error *err)
{
	const struct paper_panel *panel = answer->panel;
	COV_AUTO(present_deinit) struct present present = { 0 };
	COV_AUTO(store_query_deinit) struct store_query query = { 0 };
	COV_AUTO(store_line_list_deinit) struct store_lines lines = { 0 };
	COV_AUTO(free) char *scope = paper_answer_scope(study);
	int64_t from = 0, to = 0;
	int result = find_present(study, answer, &present, err);

	if (result)
		return result;
	struct store_asked asked = {
		.choice = study->choice,
		.directory = panel->directory,
		.workloads.names = paper_answer_name(study, panel->workload),
		.platforms = present.list.data,
	};
	result = store_query_open(study->store, &asked, &query, err);
	if (result == 0)
		result = find_function(study, &query, panel->function, &from, &to, err);
	if (result == 0)
		result = store_line_list(study->store, &query, &lines, err);
	if (result)
		return result;
	add_hits(answer, &present, &query, &lines, from, to);
	answer->command = cov_format(
	    "covdb annotate %s:%" PRId64 "-%" PRId64 " --hits rate --workload %s --platforms %s%s",
	    panel->directory, from, to, asked.workloads.names, asked.platforms, scope);
	return 0;
}
