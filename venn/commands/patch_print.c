/* patch_print.c - what executed a patch, as its diff, as JSON, as a tracefile. */
#include "venn/commands/patch_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/print/rows.h"

enum { COMMIT_SHOWN = 12 };

static struct patch_sum sum_all(const struct patch *patch)
{
	struct patch_sum sum = { 0 };

	for (size_t i = 0; i < patch->line_count; i++)
		patch_add_to(&sum, &patch->lines[i]);
	return sum;
}

/* "patch: 212 changed lines with code, 148 executed by runc/stream, 31 by none"; free() it. */
static char *summarize(const struct patch *patch)
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

/* The source that executed a line most often a second, and how many did. */
static const struct patch_source *find_busiest(const struct patch *patch, size_t line,
					       size_t *count)
{
	const struct patch_source *busiest = NULL;

	*count = 0;
	for (size_t i = 0; i < patch->source_count; i++) {
		const struct patch_source *source = &patch->sources[i];

		if (source->states[line] < COV_LINE_PARTLY)
			continue;
		++*count;
		if (!busiest || patch_rate(source, line) > patch_rate(busiest, line))
			busiest = source;
	}
	return busiest;
}

/* What stands before an added line; free() it. */
static char *mark_line(const struct patch *patch, size_t index)
{
	const struct patch_line *line = &patch->lines[index];
	struct cov_text text = { 0 };
	size_t count;
	const struct patch_source *busiest = find_busiest(patch, index, &count);

	switch (line->state) {
	case COV_LINE_NOT_INSTRUMENTED:
		cov_text_print(&text, ".");
		return text.data;
	case COV_LINE_NOT_EXECUTED:
		cov_text_print(&text, "!");
		break;
	case COV_LINE_PARTLY:
		cov_text_print(&text, "~");
		break;
	case COV_LINE_EXECUTED:
		cov_text_print(&text, "x");
		break;
	}
	if (busiest)
		cov_text_print(&text, " %.4g%s %s", patch_rate(busiest, index),
			       busiest->duration_ns ? "/s" : "", busiest->name);
	if (count > 1)
		cov_text_print(&text, " +%zu", count - 1);
	if (line->branch_never_count)
		cov_text_print(&text, " %zu of %zu branches never", line->branch_never_count,
			       line->branch_count);
	return text.data;
}

/* A text out of a patch as a terminal may show it, tabs as they are. */
static void print_shown(const char *text, size_t length)
{
	COV_AUTO(cov_text_deinit) struct cov_text shown = { 0 };

	for (size_t begin = 0; begin < length;) {
		const char *tab = memchr(text + begin, '\t', length - begin);
		size_t end = tab ? (size_t)(tab - text) : length;

		cov_text_add_shown(&shown, text + begin, end - begin);
		if (tab)
			cov_text_add(&shown, "\t", 1);
		begin = tab ? end + 1 : end;
	}
	fputs(shown.data ? shown.data : "", stdout);
}

/* What stands before each line of the diff. */
struct margin {
	char **marks; /* [changes.line_count], NULL: nothing; owned */
	size_t count;
	int width;
};

static void margin_deinit(struct margin *margin)
{
	for (size_t i = 0; i < margin->count; i++)
		free(margin->marks[i]);
	free(margin->marks);
}

COV_DEFINE_AUTO_STRUCT(struct margin, margin_deinit)

static void margin_init(const struct patch *patch, struct margin *ret)
{
	ret->count = patch->changes.line_count;
	ret->marks = cov_xcalloc(ret->count, sizeof(*ret->marks));
	for (size_t i = 0; i < patch->line_count; i++) {
		char *mark = mark_line(patch, i);
		int width = (int)strlen(mark);

		ret->marks[patch->lines[i].place] = mark;
		ret->width = width > ret->width ? width : ret->width;
	}
}

static void print_diff(const struct patch *patch)
{
	static const char origins[] = {
		[HISTORY_CONTEXT] = ' ', [HISTORY_ADDED] = '+', [HISTORY_REMOVED] = '-'
	};
	const struct history_changes *changes = &patch->changes;
	COV_AUTO(margin_deinit) struct margin margin = { 0 };

	margin_init(patch, &margin);
	for (size_t i = 0; i < changes->file_count; i++) {
		const struct history_file *file = &changes->files[i];

		fputs("\n--- a/", stdout);
		print_shown(file->old_path, strlen(file->old_path));
		fputs("\n+++ b/", stdout);
		print_shown(file->new_path, strlen(file->new_path));
		for (size_t j = file->hunk_first; j < file->hunk_first + file->hunk_count; j++) {
			const struct history_hunk *hunk = &changes->hunks[j];

			fputs("\n", stdout);
			print_shown(hunk->header, strlen(hunk->header));
			for (size_t k = hunk->line_first; k < hunk->line_first + hunk->line_count;
			     k++) {
				const struct history_line *line = &changes->lines[k];

				printf("\n%-*s |%c", margin.width,
				       margin.marks[k] ? margin.marks[k] : "",
				       origins[line->origin]);
				print_shown(line->text, line->text_bytes);
			}
		}
		fputs("\n", stdout);
	}
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

/* A row for each commit of the range, and one for lines that git blame gives to none of them. */
static void list_commits(const struct patch *patch, bool is_short, struct rows *rows)
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

/* A row for each function that lines were added to, in the order of the diff. */
static void list_functions(const struct patch *patch, struct rows *rows)
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

void patch_print_text(const struct patch *patch)
{
	COV_AUTO(free) char *summary = summarize(patch);
	COV_AUTO(rows_deinit) struct rows commits = { 0 };
	COV_AUTO(rows_deinit) struct rows functions = { 0 };

	print_shown(summary, strlen(summary));
	fputs("\n", stdout);
	print_diff(patch);
	if (patch->changes.commit_count) {
		list_commits(patch, true, &commits);
		fputs("\n", stdout);
		rows_print(&commits, ROWS_TEXT);
	}
	list_functions(patch, &functions);
	if (functions.cell_count) {
		fputs("\n", stdout);
		rows_print(&functions, ROWS_TEXT);
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
	COV_AUTO(free) char *text = summarize(patch);
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

void patch_print_json(const struct patch *patch, const struct cov_kernel *kernel)
{
	COV_AUTO(json_decref) json_t *object = cov_json_answer("patch");
	COV_AUTO(rows_deinit) struct rows commits = { 0 };
	COV_AUTO(rows_deinit) struct rows functions = { 0 };
	json_t *rows = cov_json_array(), *asked = cov_json_array();

	list_commits(patch, false, &commits);
	list_functions(patch, &functions);
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
	cov_json_print(object, JSON_INDENT(2), stdout);
	printf("\n");
}

void patch_print_info(const struct patch *patch, const struct cov_kernel *kernel)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };

	for (size_t i = 0; i < patch->line_count; i++) {
		const struct patch_line *line = &patch->lines[i];
		int64_t count = 0;

		if (line->state == COV_LINE_NOT_INSTRUMENTED)
			continue;
		const char *path = kernel->files[kernel->line_files[line->line_id]];
		struct tracefile_file *file = tracefile_add_file(&tracefile, path, strlen(path));
		for (size_t j = 0; j < patch->source_count; j++)
			count = cov_number_add(count, patch->sources[j].counts[i]);
		tracefile_add_line(file, line->kernel_line, count);
	}
	tracefile_settle(&tracefile);
	tracefile_write_info(&tracefile, kernel->source_root, COV_FUNCTIONS_NEW, stdout);
}
