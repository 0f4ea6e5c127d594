/* patch_print.c - what executed a patch, as its diff, as JSON, as a tracefile. */
#include "venn/commands/patch_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/change/patch_json.h"
#include "venn/print/rows.h"

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

void patch_print_text(const struct patch *patch)
{
	COV_AUTO(free) char *summary = patch_json_summary(patch);
	COV_AUTO(rows_deinit) struct rows commits = { 0 };
	COV_AUTO(rows_deinit) struct rows functions = { 0 };

	print_shown(summary, strlen(summary));
	fputs("\n", stdout);
	print_diff(patch);
	if (patch->changes.commit_count) {
		patch_json_commits(patch, true, &commits);
		fputs("\n", stdout);
		rows_print(&commits, ROWS_TEXT);
	}
	patch_json_functions(patch, &functions);
	if (functions.cell_count) {
		fputs("\n", stdout);
		rows_print(&functions, ROWS_TEXT);
	}
}

void patch_print_json(const struct patch *patch, const struct cov_kernel *kernel)
{
	COV_AUTO(json_decref) json_t *object = patch_json(patch, kernel);

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
	tracefile_write_info(&tracefile, kernel->source_root, COV_FUNCTIONS_BOTH, stdout);
}
