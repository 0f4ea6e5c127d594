/* cmd_diff.c - covdb diff: the footprints, and what was subtracted to get them. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/analysis.h"
#include "venn/commands.h"
#include "venn/load.h"
#include "venn/rows.h"
#include "venn/store.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "rule", 0, "RULE", "rate (default): keep a line whose hit rate is above the baseline's" },
	{ "baseline", 0, "NAME", "which baseline to subtract, when several were imported" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "format", 0, "text|json|csv", "how to print (default: text)" },
	{ 0 },
};

static void print_analysis(const struct analysis *analysis, const char *rule,
			   enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "RULE", "rule", ROWS_WORD },
		{ "BASELINE", "baseline", ROWS_WORD },
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "WORKLOAD", "workload", ROWS_WORD },
		{ "TRIALS", "trials", ROWS_COUNT },
		{ "SECONDS", "seconds", ROWS_SECONDS },
		{ "FOUND", "found", ROWS_COUNT },
		{ "HIT", "hit", ROWS_COUNT },
		{ "REMOVED", "removed", ROWS_COUNT },
		{ "KEPT", "kept", ROWS_COUNT },
		{ "LEFT OUT", "objects_left_out", ROWS_COUNT },
	};
	enum { COLUMN_COUNT = 11, SHARED_COUNT = 2 }; /* in text the first two are the head line */
	bool is_text = format == ROWS_TEXT;
	COV_AUTO(free)
	char *baseline =
	    cov_format("%s/%s", analysis->baseline->platform, analysis->baseline->workload);
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = is_text ? columns + SHARED_COUNT : columns,
			     .column_count = is_text ? COLUMN_COUNT - SHARED_COUNT : COLUMN_COUNT };

	for (size_t i = 0; i < analysis->groups.count; i++) {
		const struct store_footprint *footprint = &analysis->footprints[i];

		if (!is_text) {
			rows_word(&rows, rule);
			rows_word(&rows, baseline);
		}
		rows_word(&rows, footprint->group->platform);
		rows_word(&rows, footprint->group->workload);
		rows_count(&rows, footprint->group->trial_count);
		rows_number(&rows, (double)footprint->group->duration_ns / 1e9);
		rows_count(&rows, (int64_t)footprint->totals.found);
		rows_count(&rows, (int64_t)footprint->totals.hit);
		rows_count(&rows, (int64_t)footprint->totals.removed);
		rows_count(&rows, (int64_t)footprint->totals.kept);
		rows_count(&rows, (int64_t)footprint->objects_left_out);
	}
	if (is_text)
		printf("rule %s against baseline %s, %.3f s; lines, and objects left out\n\n", rule,
		       baseline, (double)analysis->baseline->duration_ns / 1e9);
	rows_print(&rows, format);
}

static int diff_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	int rule = COV_RULE_RATE;
	enum rows_format format;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(analysis_deinit) struct analysis analysis = { 0 };
	int result = rows_format_option(arguments, &format, err);

	if (result == 0)
		result = cov_option_choice(arguments, "rule", cov_rule_names(), &rule, err);
	if (result == 0)
		result = load_store(arguments, STORE_WRITE, &store, &about, err);
	if (result == 0)
		result = store_kernel_load(store, about.id, &kernel, err);
	if (result == 0)
		result = store_begin(store, err);
	if (result == 0)
		result = analysis_run(store, about.id, &kernel, (enum cov_rule)rule,
				      cov_option_value(arguments, "baseline"), &analysis, err);
	if (result == 0)
		result = store_commit(store, err);
	if (result)
		return result;
	print_analysis(&analysis, cov_rule_name((enum cov_rule)rule), format);
	analysis_print_left_out(&analysis);
	return 0;
}

const struct cov_command cmd_diff = {
	.name = "diff",
	.operands = "",
	.summary = "recompute the footprints: each trial's hit rates beyond its baseline's",
	.details =
	    "HIT lines were executed in the trial; REMOVED of them are taken for idle activity, "
	    "KEPT are the footprint. Trials of one platform and workload count as one: their "
	    "counters are added.\n\n"
	    "Example:\n"
	    "  $ covdb diff --rule rate --baseline idle",
	.options = options,
	.run = diff_run,
};
