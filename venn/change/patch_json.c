/* patch_json.c - what executed a patch, as JSON and as rows. */
#include "venn/change/patch_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { COMMIT_SHOWN = 12 };

static struct patch_sum sum_all(const struct patch *patch)
{
	struct patch_sum sum = { 0 };

	for (size_t i = 0; i < patch->line_count; i++)
		patch_add_to(&sum, &patch->lines[i]);
	return sum;
}

char *patch_json_summary(const struct patch *patch)
{
	const struct patch_source *best = patch_best(patch);
	struct patch_sum sum = sum_all(patch);
	size_t with_code = sum.lines - sum.not_instrumented;
	struct cov_text text = { 0 };

	cov_text_print(&text, "patch: %zu changed lines with code", with_code);
	if (best)
		cov_text_print(&text, ", %zu executed by %s", best->executed_count, best->name);
	cov_text_print(&text, ", %zu by none", sum.not_executed);
	return text.data;
}

static void add_sum(struct rows *rows, const struct patch_sum *sum)
{
	const size_t counts[] = { sum->lines, sum->executed, sum->partly, sum->not_executed,
				  sum->not_instrumented };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		rows_count(rows, (int64_t)counts[i]);
}

#define SUM_COLUMNS                                                                                \
	{ "LINES", "lines", ROWS_COUNT }, { "EXECUTED", "executed", ROWS_COUNT },                  \
	    { "PARTLY", "partly", ROWS_COUNT }, { "NOT EXECUTED", "not_executed", ROWS_COUNT },    \
	{                                                                                          \
		"NOT INSTRUMENTED", "not_instrumented", ROWS_COUNT                                 \
	}

void patch_json_commits(const struct patch *patch, bool is_short, struct rows *rows)
{
	static const struct rows_column columns[] = { { "COMMIT", "commit", ROWS_WORD },
						      { "SUBJECT", "subject", ROWS_WORD },
						      SUM_COLUMNS };
	size_t count = patch->changes.commit_count;
	COV_AUTO(free) struct patch_sum *sums = cov_xcalloc(count + 1, sizeof(*sums));

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < patch->line_count; i++) {
		uint32_t commit = patch->changes.lines[patch->lines[i].place].commit;

		patch_add_to(&sums[commit == HISTORY_COMMIT_NONE ? count : commit],
			     &patch->lines[i]);
	}
	for (size_t i = 0; count && i < count + 1; i++) {
		const struct history_commit *commit = &patch->changes.commits[i];

		if (i == count && !sums[i].lines)
			continue;
		COV_AUTO(free)
		char *id = i == count ? cov_xstrdup("")
				      : cov_xstrndup(commit->id,
						     is_short ? COMMIT_SHOWN : strlen(commit->id));
		rows_word(rows, id);
		rows_word(rows, i == count ? "lines older than the range" : commit->subject);
		add_sum(rows, &sums[i]);
	}
}

void patch_json_functions(const struct patch *patch, struct rows *rows)
{
	static const struct rows_column columns[] = { { "FILE", "file", ROWS_WORD },
						      { "FUNCTION", "function", ROWS_WORD },
						      SUM_COLUMNS };
	size_t count = patch->functions.count;
	COV_AUTO(free) struct patch_sum *sums = cov_xcalloc(count, sizeof(*sums));

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < patch->line_count; i++) {
		if (patch->lines[i].function != FUNCTIONS_NONE)
			patch_add_to(&sums[patch->lines[i].function], &patch->lines[i]);
	}
	for (size_t i = 0; i < patch->line_count; i++) {
		uint32_t function = patch->lines[i].function;

		if (function == FUNCTIONS_NONE || !sums[function].lines)
			continue;
		rows_word(rows, patch->changes.files[patch->lines[i].file].new_path);
		rows_word(rows, patch->functions.items[function].name);
		add_sum(rows, &sums[function]);
		sums[function].lines = 0;
	}
}

static json_t *sources_json(const struct patch *patch, size_t line)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < patch->source_count; i++) {
		const struct patch_source *source = &patch->sources[i];

		if (source->states[line] < COV_LINE_PARTLY)
			continue;
		json_t *object = cov_json_object();
		cov_json_set(object, "name", cov_json_name(source->name));
		cov_json_set(object, "baseline", json_boolean(source->is_baseline));
		cov_json_set(
		    object, "state",
		    cov_json_name(cov_line_state_name((enum cov_line_state)source->states[line])));
		cov_json_set(object, "count", cov_json_integer(source->counts[line]));
		cov_json_set(object, "per_s",
			     cov_json_real(source->duration_ns ? patch_rate(source, line) : NAN));
		cov_json_append(list, object);
	}
	return list;
}

static json_t *line_json(const struct patch *patch, size_t index)
{
	const struct patch_line *line = &patch->lines[index];
	const struct history_line *text = &patch->changes.lines[line->place];
	json_t *object = cov_json_object();

	cov_json_set(object, "file", cov_json_name(patch->changes.files[line->file].new_path));
	cov_json_set(object, "line", cov_json_integer(text->new_line));
	cov_json_set(object, "kernel_line",
		     line->kernel_line ? cov_json_integer(line->kernel_line) : json_null());
	cov_json_set(object, "text", cov_json_text(text->text, text->text_bytes));
	cov_json_set(object, "commit",
		     cov_json_name(text->commit == HISTORY_COMMIT_NONE
				       ? NULL
				       : patch->changes.commits[text->commit].id));
	cov_json_set(object, "function",
		     cov_json_name(line->function == FUNCTIONS_NONE
				       ? NULL
				       : patch->functions.items[line->function].name));
	cov_json_set(object, "state", cov_json_name(cov_line_state_name(line->state)));
	cov_json_set(object, "why", cov_json_name(patch_why_name(line->why)));
	cov_json_set(object, "branches", cov_json_integer((int64_t)line->branch_count));
	cov_json_set(object, "branches_never_taken",
		     cov_json_integer((int64_t)line->branch_never_count));
	cov_json_set(object, "executed_by", sources_json(patch, index));
	return object;
}

static json_t *summary_json(const struct patch *patch)
{
	const struct patch_source *best = patch_best(patch);
	struct patch_sum sum = sum_all(patch);
	COV_AUTO(free) char *text = patch_json_summary(patch);
	json_t *object = cov_json_object();

	cov_json_set(object, "text", cov_json_name(text));
	cov_json_set(object, "lines", cov_json_integer((int64_t)sum.lines));
	cov_json_set(object, "executed", cov_json_integer((int64_t)sum.executed));
	cov_json_set(object, "partly", cov_json_integer((int64_t)sum.partly));
	cov_json_set(object, "not_executed", cov_json_integer((int64_t)sum.not_executed));
	cov_json_set(object, "not_instrumented", cov_json_integer((int64_t)sum.not_instrumented));
	cov_json_set(object, "most_executed_by", cov_json_name(best ? best->name : NULL));
	return object;
}

json_t *patch_json(const struct patch *patch, const struct cov_kernel *kernel)
{
	json_t *object = cov_json_answer("patch");
	COV_AUTO(rows_deinit) struct rows commits = { 0 };
	COV_AUTO(rows_deinit) struct rows functions = { 0 };
	json_t *rows = cov_json_array(), *asked = cov_json_array();

	patch_json_commits(patch, false, &commits);
	patch_json_functions(patch, &functions);
	for (size_t i = 0; i < patch->line_count; i++)
		cov_json_append(rows, line_json(patch, i));
	for (size_t i = 0; i < patch->source_count; i++)
		cov_json_append(asked, cov_json_name(patch->sources[i].name));
	cov_json_set(object, "source_root", cov_json_name(kernel->source_root));
	cov_json_set(object, "summary", summary_json(patch));
	cov_json_set(object, "asked", asked);
	cov_json_set(object, "commits", rows_to_json(&commits));
	cov_json_set(object, "functions", rows_to_json(&functions));
	cov_json_set(object, "count", cov_json_integer((int64_t)json_array_size(rows)));
	cov_json_set(object, "rows", rows);
	return object;
}
