/* cmd_diff.c - covdb diff: the footprints, and what was subtracted to get them. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/screen.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/analysis/analysis.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_workload.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "rule", 0, "RULE",
	  "rate: keep a line whose hit rate is above the baseline's; poisson, "
	  "permutation: test (default: permutation with 5 or more trials of each, else "
	  "rate)" },
	{ "fdr", 0, "SHARE",
	  "for rules that test: accept this share of false discoveries (default: 0.05)" },
	{ "baseline", 0, "NAME",
	  "NAME or PLATFORM/NAME; own: each platform's own idle baseline (default: the "
	  "previous one, else the idle host)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static void print_analysis(const struct analysis *analysis, const char *kernel,
			   enum rows_format format)
{
	const char *rule = cov_rule_name(analysis->rule);
	static const struct rows_column columns[] = {
		{ "RULE", "rule", ROWS_WORD },
		{ "BASELINE", "baseline", ROWS_WORD },
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "WORKLOAD", "workload", ROWS_WORD },
		{ "KIND", "kind", ROWS_WORD },
		{ "TRIALS", "trials", ROWS_COUNT },
		{ "SECONDS", "seconds", ROWS_SECONDS },
		{ "FOUND", "found", ROWS_COUNT },
		{ "HIT", "hit", ROWS_COUNT },
		{ "REMOVED", "removed", ROWS_COUNT },
		{ "KEPT", "kept", ROWS_COUNT },
		{ "LEFT OUT", "objects_left_out", ROWS_COUNT },
		{ "OBSERVED", "trials_observed", ROWS_COUNT },
		{ "BELOW", "functions_below", ROWS_COUNT },
		{ "NEEDED", "share_needed", ROWS_SHARE },
	};
	enum { COLUMN_COUNT = 15, SHARED_COUNT = 2 }; /* in text the first two are the head line */
	/* In text: what the rule did on the way to KEPT, what is the same of all, and how long. */
	static const unsigned char leave[COLUMN_COUNT - SHARED_COUNT] = { 0,  0,  0, 0,          18,
									  20, 0,  0, ROWS_STAYS, 0,
									  21, 23, 22 };
	bool is_text = format == ROWS_TEXT;
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = is_text ? columns + SHARED_COUNT : columns,
			     .column_count = is_text ? COLUMN_COUNT - SHARED_COUNT : COLUMN_COUNT,
			     .leave = is_text ? leave : NULL };

	for (size_t i = 0; i < analysis->pairs.count; i++) {
		const struct store_footprint *footprint = &analysis->pairs.footprints[i];

		if (!is_text) {
			rows_word(&rows, rule);
			rows_word(&rows, analysis->pairs.baseline);
		}
		rows_word(&rows, footprint->group->platform);
		rows_word(&rows, footprint->group->workload);
		rows_word(&rows, store_workload_kind_name(footprint->group->kind));
		rows_count(&rows, footprint->group->trial_count);
		rows_number(&rows, (double)footprint->group->duration_ns / 1e9);
		rows_count(&rows, (int64_t)footprint->totals.found);
		rows_count(&rows, (int64_t)footprint->totals.hit);
		rows_count(&rows, (int64_t)footprint->totals.removed);
		rows_count(&rows, (int64_t)footprint->totals.kept);
		rows_count(&rows, (int64_t)footprint->objects_left_out);
		rows_count(&rows, (int64_t)footprint->trials_observed);
		rows_count(&rows, (int64_t)footprint->functions_below);
		double needed =
		    pair_share_needed(analysis->rule, analysis->false_discovery_rate, footprint);
		if (needed > 0)
			rows_number(&rows, needed);
		else
			rows_missing(&rows);
	}
	if (is_text)
		cov_screen_print(
		    0,
		    "rule %s against baseline %s; lines, objects left out, trials from which "
		    "the observer is taken off, functions with less than it, and the share of "
		    "blocks needed for a discovery\n\n",
		    rule, analysis->pairs.baseline);
	rows.about = question_about("diff", kernel, NULL);
	cov_json_set(rows.about, "rule", cov_json_name(rule));
	cov_json_set(rows.about, "baseline", cov_json_name(analysis->pairs.baseline));
	question_print_rows(&rows, format);
}

/*
 * What is asked for; without a baseline, the one that the rule, or any rule if none is named, was
 * last set against. @baseline: holds the text that the answer borrows; free() it
 */
static int find_options(struct store *store, int64_t kernel_id,
			const struct cov_arguments *arguments, struct analysis_options *ret,
			char **baseline, struct cov_error *err)
{
	struct store_choice choice = { .kernel_id = kernel_id,
				       .rule = cov_option_value(arguments, "rule") };
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	enum cov_rule rule = COV_RULE_COUNT;
	int result = options_rule(arguments, &rule, err);

	ret->false_discovery_rate = analysis_false_discovery_rate;
	if (result == 0)
		result = cov_option_share(arguments, "fdr", &ret->false_discovery_rate, err);
	ret->rule = rule;
	ret->baseline = cov_option_value(arguments, "baseline");
	if (result || ret->baseline)
		return result;
	result = store_analysis_list(store, &choice, &list, err);
	if (result || !list.count)
		return result;
	*baseline = cov_xstrdup(list.items[list.count - 1].baseline);
	ret->baseline = *baseline;
	return 0;
}

static int diff_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	enum rows_format format;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(analysis_deinit) struct analysis analysis = { 0 };
	COV_AUTO(free) char *baseline = NULL;
	struct analysis_options analysis_options = { .is_newest = true };
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_store(arguments, STORE_WRITE, &store, &about, err);
	if (result == 0)
		result =
		    find_options(store, about.id, arguments, &analysis_options, &baseline, err);
	if (result == 0)
		result = store_load_kernel(store, about.id, &kernel, err);
	if (result == 0)
		result = analysis_run(store, about.id, &kernel, &analysis_options, &analysis, err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	print_analysis(&analysis, about.name, format);
	analysis_print_notes(&analysis);
	return 0;
}

const struct cov_command cmd_diff = {
	.name = "diff",
	.operands = "",
	.summary = "recompute the footprints: each trial's hit rates beyond its baseline's",
	.details = "HIT lines were executed in the trial; REMOVED of them are taken for idle "
		   "activity, KEPT are the footprint. Trials of one platform and workload count "
		   "as one: their counters are added.\n\n"
		   "First of all what capturing itself executes is taken off: the counters of the "
		   "observers that were captured the same way, from OBSERVED trials. BELOW is in "
		   "how many functions less was counted than that, or counters contradict each "
		   "other.\n\n"
		   "The rules poisson and permutation test each basic block that ran and keep the "
		   "lines of those that are discoveries, by Benjamini and Hochberg, of which on "
		   "average at most the share --fdr is false. poisson compares two rates; code "
		   "that runs in bursts misleads it. permutation compares single trials, assumes "
		   "nothing about their distribution, and needs 5 of each. With few "
		   "trials no p-value is small, so that a discovery takes many at once: NEEDED is "
		   "the share of the blocks that ran. Phases of which it can tell nothing have no "
		   "footprint by it.\n\n"
		   "Footprints by other rules and against other baselines stay; commands that ask "
		   "for none use the ones made last.\n\n"
		   "A baseline is a trial of nothing: the idle host, a platform that is up and "
		   "idle, or the observer, captured right after the reset. The others get "
		   "footprints as well: against the idle host that of an idle platform is what "
		   "the platform costs by being there, and against 'own' a workload's is what the "
		   "workload adds to that.\n\n"
		   "Examples:\n"
		   "  $ covdb diff --baseline host/idle\n"
		   "  $ covdb diff --baseline own",
	.options = options,
	.run = diff_run,
};
