/* report_patch.c - what executed a patch, as a part of the report. */
#include "venn/report/report_patch.h"

#include <jansson.h>

#include "collector/base/json.h"
#include "venn/change/patch_ask.h"
#include "venn/change/patch_json.h"
#include "venn/report/report_json.h"

/* Lines of a hunk: [origin, text, index among the answer's rows or null]. */
static void hunk_json(const struct patch *patch, const struct history_hunk *hunk, size_t *row,
		      struct cov_text *ret)
{
	static const char *const origins[] = {
		[HISTORY_CONTEXT] = " ", [HISTORY_ADDED] = "+", [HISTORY_REMOVED] = "-"
	};

	report_json_begin(ret, '[');
	report_json_value(ret, cov_json_name(hunk->header));
	for (size_t i = hunk->line_first; i < hunk->line_first + hunk->line_count; i++) {
		const struct history_line *line = &patch->changes.lines[i];
		bool is_row = *row < patch->line_count && patch->lines[*row].place == i;

		report_json_begin(ret, '[');
		report_json_value(ret, cov_json_name(origins[line->origin]));
		report_json_value(ret, cov_json_text(line->text, line->text_bytes));
		report_json_value(ret, is_row ? cov_json_integer((int64_t)*row) : json_null());
		report_json_end(ret, ']');
		*row += is_row;
	}
	report_json_end(ret, ']');
}

static void diff_json(const struct patch *patch, struct cov_text *ret)
{
	size_t row = 0;

	report_json_begin(ret, '[');
	for (size_t i = 0; i < patch->changes.file_count; i++) {
		const struct history_file *file = &patch->changes.files[i];

		report_json_begin(ret, '{');
		report_json_set(ret, "old", cov_json_name(file->old_path));
		report_json_set(ret, "new", cov_json_name(file->new_path));
		report_json_key(ret, "hunks");
		report_json_begin(ret, '[');
		for (size_t j = file->hunk_first; j < file->hunk_first + file->hunk_count; j++)
			hunk_json(patch, &patch->changes.hunks[j], &row, ret);
		report_json_end(ret, ']');
		report_json_end(ret, '}');
	}
	report_json_end(ret, ']');
}

int report_patch_json(struct store *store, const struct report_study *study,
		      const struct report_patch_asked *asked, struct cov_text *ret,
		      struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(patch_deinit) struct patch patch = { 0 };
	const struct patch_asked question = { .store = store,
					      .kernel_id = study->kernel->id,
					      .kernel_src = asked->kernel_src };

	if (!asked->patch) {
		report_json_value(ret, json_null());
		return 0;
	}
	int result = patch_ask_changes(asked->patch, asked->repository, &patch.changes, err);
	if (result == 0)
		result = patch_ask(&question, &patch, &kernel, err);
	if (result)
		return result;
	patch_conclude(&patch);
	patch_ask_warn(&patch);
	report_json_begin(ret, '{');
	report_json_set(ret, "asked", cov_json_name(asked->patch));
	report_json_set(ret, "answer", patch_json(&patch, &kernel));
	report_json_key(ret, "diff");
	diff_json(&patch, ret);
	report_json_end(ret, '}');
	return 0;
}
