/* report_trust.c - how far a study's figures can be trusted, as a part of the report. */
#include "venn/report/report_trust.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "venn/report/report_json.h"
#include "venn/report/report_table.h"
#include "venn/store/store_stability.h"

void report_trust_removed_deinit(struct report_removed *removed)
{
	store_directory_list_deinit(&removed->directories);
	free(removed->lines);
	memset(removed, 0, sizeof(*removed));
}

int report_trust_open(struct store *store, const struct report_study *study,
		      struct report_removed *ret, struct cov_error *err)
{
	int result = store_directory_list(store, study->kernel->id, &ret->directories, err);

	if (result == 0)
		ret->lines =
		    cov_xcalloc(ret->directories.count,
				study->view_count * study->platforms.count * sizeof(*ret->lines));
	return result;
}

/* Whether it is of the top level, as "." is. */
static bool is_top(const struct store_directory *directory)
{
	return !strchr(directory->path, '/');
}

static int64_t *lines_of(const struct report_study *study, const struct report_removed *removed,
			 size_t directory, size_t view)
{
	return removed->lines + (directory * study->view_count + view) * study->platforms.count;
}

void report_trust_count(const struct report_study *study, size_t index,
			const struct report_code *code, struct report_removed *removed)
{
	const struct report_view *view = &study->views[index];

	for (size_t i = 0; i < removed->directories.count; i++) {
		const struct store_directory *directory = &removed->directories.items[i];
		int64_t *lines = lines_of(study, removed, i, index);
		size_t end = directory->line_first + directory->line_count;

		if (!is_top(directory))
			continue;
		for (size_t j = directory->line_first; j < end; j++) {
			const struct store_code_line *line =
			    store_code_line(&code->lines, (int64_t)j);
			uint64_t mask = line ? line->executed & ~line->kept : 0;

			for (; mask; mask &= mask - 1)
				lines[view->places[__builtin_ctzll(mask)]]++;
		}
	}
}

/* Lists: directory, platform, workload or null, lines. */
static void add_removed(const struct report_study *study, const struct report_removed *removed,
			struct cov_text *ret)
{
	size_t platform_count = study->platforms.count;

	for (size_t i = 0; i < removed->directories.count * platform_count * study->view_count;
	     i++) {
		size_t index = i / study->view_count / platform_count;
		size_t platform = i / study->view_count % platform_count;
		size_t view = i % study->view_count;
		const struct store_directory *directory = &removed->directories.items[index];

		if (!is_top(directory) || report_study_place(&study->views[view], platform) < 0)
			continue;
		report_json_begin(ret, '[');
		report_json_value(ret, cov_json_name(directory->path));
		report_json_value(ret, cov_json_name(study->platforms.items[platform].name));
		report_json_value(ret, view ? cov_json_name(study->workloads.items[view - 1].name)
					    : json_null());
		report_json_number(ret, lines_of(study, removed, index, view)[platform]);
		report_json_end(ret, ']');
	}
}

static int add_contradictions(struct store *store, const struct report_study *study,
			      struct cov_text *ret, struct cov_error *err)
{
	COV_AUTO(store_stability_contradictions_deinit) struct store_contradictions list = { 0 };
	int result = store_stability_contradictions(store, study->kernel->id, 0,
						    (int64_t)study->files.line_count, &list, err);

	for (size_t i = 0; i < list.count; i++) {
		const struct store_contradiction *item = &list.items[i];

		report_json_value(ret, cov_json_pack("{so, so, sI, sI, sI}", "function",
						     cov_json_name(item->function), "file",
						     cov_json_name(item->file), "line",
						     (json_int_t)item->start_line, "trials",
						     (json_int_t)item->trial_count, "missing",
						     (json_int_t)item->missing_max));
	}
	return result;
}

int report_trust_json(struct store *store, const struct report_study *study,
		      const struct report_removed *removed, struct cov_text *ret,
		      struct cov_error *err)
{
	static const struct report_table items[] = {
		{ "analyses", STORE_REPORT_ANALYSES },
		{ "problems", STORE_REPORT_PROBLEMS },
		{ "agreement", STORE_REPORT_AGREEMENT },
	};
	const struct report_tables tables = {
		.items = items,
		.count = sizeof(items) / sizeof(*items),
		.kernel_id = study->kernel->id,
		.analysis_id = study->analysis.id,
	};

	report_json_begin(ret, '{');
	int result = report_table_add(store, &tables, ret, err);
	if (result)
		return result;
	report_json_key(ret, "removed");
	report_json_begin(ret, '[');
	add_removed(study, removed, ret);
	report_json_end(ret, ']');
	report_json_key(ret, "contradictions");
	report_json_begin(ret, '[');
	result = add_contradictions(store, study, ret, err);
	report_json_end(ret, ']');
	report_json_end(ret, '}');
	return result;
}
