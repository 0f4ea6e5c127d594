/* cmd_noise.c - covdb noise: what each rule keeps of nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/screen.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/analysis/noise.h"
#include "venn/store/store_observer.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_group.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_workload.h"

static const double default_rate = 0.05;

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "baseline", 0, "NAME",
	  "PLATFORM/NAME of idle trials or observers (default: the only idle ones)" },
	{ "fdr", 0, "SHARE", "what is asked of rules that test (default: 0.05)" },
	{ "seed", 0, "N", "of the splits, of more than ten trials (default: 1)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static int find_group(const struct store_groups *groups, const char *name,
		      const struct store_group **ret, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	COV_AUTO(cov_suggestion_deinit)
	struct cov_suggestion suggestion = { .word = name ? name : "" };
	size_t count = 0;

	*ret = NULL;
	for (size_t i = 0; i < groups->count; i++) {
		const struct store_group *group = &groups->items[i];
		COV_AUTO(free) char *full = cov_format("%s/%s", group->platform, group->workload);

		if (!store_workload_is_baseline(group->kind))
			continue;
		cov_text_print(&list, "%s%s", list.length ? ", " : "", full);
		cov_suggest(&suggestion, full);
		if (name ? strcmp(name, full) != 0 && strcmp(name, group->workload) != 0
			 : group->kind != STORE_IDLE)
			continue;
		*ret = group;
		count++;
	}
	if (count == 1)
		return 0;
	if (!list.length)
		return cov_fail(err, COV_ERR_MISMATCH, "there are no trials of a baseline");
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	if (name && !count)
		return cov_fail(err, COV_ERR_MISMATCH, "there is no baseline %s%s", name, only);
	return cov_fail(err, COV_ERR_MISMATCH, "choose one with --baseline: %s", list.data);
}

static void print_noise(const struct noise *noise, const char *kernel, const char *baseline,
			enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "RULE", "rule", ROWS_WORD },
		{ "SPLITS", "splits", ROWS_COUNT },
		{ "HIT", "hit", ROWS_FIGURE },
		{ "KEPT", "kept", ROWS_FIGURE },
		{ "OF HIT", "kept_share", ROWS_SHARE },
		{ "FALSE DISCOVERY RATE", "false_discovery_rate", ROWS_SHARE },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(*columns) };

	for (size_t i = 0; i < COV_RULE_COUNT; i++) {
		rows_word(&rows, cov_rule_name(noise[i].rule));
		rows_count(&rows, (int64_t)noise[i].splits);
		rows_number(&rows, noise[i].hit);
		if (noise[i].can_tell) {
			rows_number(&rows, noise[i].kept);
			rows_number(&rows, noise[i].hit > 0 ? noise[i].kept / noise[i].hit : 0);
			rows_number(&rows, (double)noise[i].false_ones / (double)noise[i].splits);
			continue;
		}
		for (size_t j = 0; j < 3; j++) {
			rows_missing(&rows);
			rows_shown_as(&rows, "cannot tell");
		}
	}
	rows.about = question_about("noise", kernel, NULL);
	cov_json_set(rows.about, "baseline", cov_json_name(baseline));
	rows_print(&rows, format);
}

static int noise_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	const struct store_group *baseline = NULL;
	COV_AUTO(store_observer_deinit) struct store_observers observers = { 0 };
	COV_AUTO(store_group_packed_deinit) struct store_packed_trials packed = { 0 };
	COV_AUTO(store_group_snapshots_deinit) struct store_snapshots trials = { 0 };
	COV_AUTO(free) unsigned char *ran = NULL;
	struct noise noise[COV_RULE_COUNT];
	enum rows_format format;
	double rate = default_rate;
	uint64_t seed = 1;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = cov_option_share(arguments, "fdr", &rate, err);
	if (result == 0)
		result = cov_option_number(arguments, "seed", 0, UINT64_MAX, &seed, err);
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &about, err);
	if (result == 0)
		result = store_group_list(store, about.id, &groups, err);
	if (result == 0)
		result =
		    find_group(&groups, cov_option_value(arguments, "baseline"), &baseline, err);
	if (result == 0)
		result = store_load_outline(store, about.id, &kernel, err);
	if (result == 0)
		result = noise_check(baseline, err);
	if (result == 0)
		result = store_observer_read(store, about.id, &kernel, false, &observers, err);
	if (result == 0)
		result = store_group_fetch(store, about.id, baseline, &packed, err);
	if (result == 0)
		result = store_observer_open(&observers, &packed, &kernel, &trials, err);
	if (result)
		return result;
	ran = cov_xcalloc(kernel.object_count, 1);
	counters_mark_ran(&kernel, trials.items, trials.count, ran);
	result = store_load_ran(store, about.id, ran, &kernel, err);
	if (result == 0)
		result = noise_measure(&kernel, &trials, rate, seed, noise, err);
	if (result)
		return result;
	store_transaction_end(store);
	if (format == ROWS_TEXT)
		cov_screen_print(
		    0,
		    "%s/%s: halves of its %lld trials set against each other in %s%zu ways; "
		    "all that is kept is false\n\n",
		    baseline->platform, baseline->workload, (long long)baseline->trial_count,
		    trials.count <= NOISE_TRIALS_ALL ? "all " : "", noise[0].splits);
	COV_AUTO(free) char *name = cov_format("%s/%s", baseline->platform, baseline->workload);
	print_noise(noise, about.name, name, format);
	return 0;
}

const struct cov_command cmd_noise = {
	.name = "noise",
	.operands = "",
	.summary = "what each rule keeps of idle trials set against idle trials: the correct "
		   "answer is none",
	.details =
	    "The trials of a baseline are split in two halves, in all ways, which are 252 of ten "
	    "trials, or of more trials in 252 drawn ones, and one half is taken for a workload. HIT and KEPT are lines, means over the splits. The "
	    "false discovery rate is the share of splits in which a rule kept anything; permutation "
	    "keeps it to what --fdr asks for, and needs about ten trials to be able to discover "
	    "anything.\n\n"
	    "Examples:\n"
	    "  $ covdb noise --baseline host/idle --fdr 0.05\n"
	    "  $ covdb noise --baseline host/observer",
	.options = options,
	.is_paged = true,
	.run = noise_run,
};
