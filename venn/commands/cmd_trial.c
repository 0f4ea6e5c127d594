/* cmd_trial.c - covdb trial list, covdb trial remove: the trials that were imported. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "venn/commands/commands.h"
#include "venn/commands/named.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_remove.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_trial_list.h"

enum { TRIALS_MAX = 1 << 16 };

static const struct cov_option list_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static const struct cov_option remove_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ 0 },
};

static int list_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "TRIAL", "trial", ROWS_WORD },        { "KIND", "kind", ROWS_WORD },
		{ "STATUS", "status", ROWS_WORD },      { "SECONDS", "seconds", ROWS_SECONDS },
		{ "STARTED", "started_at", ROWS_WORD }, { "SNAPSHOT", "snapshot", ROWS_WORD },
	};
	static const unsigned char leave[] = { ROWS_STAYS, 0, 0, 0, 9, 10 };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials trials = { 0 };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 6, .leave = leave };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_trial_list_read(store, kernel.id, &trials, err);
	if (result)
		return result;
	store_transaction_end(store);
	for (size_t i = 0; i < trials.count; i++) {
		const struct store_listed_trial *trial = &trials.items[i];

		rows_word(&rows, trial->name);
		rows_word(&rows, trial->kind);
		rows_word(&rows, trial->status);
		rows_number(&rows, (double)trial->duration_ns / 1e9);
		rows_word(&rows, *trial->started_at ? trial->started_at : NULL);
		rows_word(&rows, *trial->snapshot ? trial->snapshot : NULL);
	}
	rows.none = cov_xstrdup("no trial was imported: 'covdb import' does");
	rows.about = question_about("trial list", kernel.name, NULL);
	question_print_rows(&rows, format);
	return 0;
}

/* The ids of the trials that are named, each once. @ids: [trials->count] */
static int find_trials(const struct cov_arguments *arguments, const struct store_kernel *kernel,
		       const struct store_listed_trials *trials, int64_t *ids, size_t *count,
		       struct cov_error *err)
{
	COV_AUTO(free) unsigned char *is_named = cov_xcalloc(trials->count, 1);
	COV_AUTO(free) const char **names = cov_xcalloc(trials->count, sizeof(*names));
	const struct named named = { "trial", "trial list", kernel->name, names, trials->count };

	for (size_t i = 0; i < trials->count; i++)
		names[i] = trials->items[i].name;
	int result = named_find(arguments, &named, is_named, err);
	for (size_t i = 0; result == 0 && i < trials->count; i++) {
		if (is_named[i])
			ids[(*count)++] = trials->items[i].id;
	}
	return result;
}

static int remove_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials trials = { 0 };
	COV_AUTO(store_analysis_list_deinit) struct store_analyses analyses = { 0 };
	COV_AUTO(free) int64_t *ids = NULL;
	size_t count = 0;
	int result = options_store(arguments, STORE_WRITE, &store, &kernel, err);

	if (result == 0)
		result = store_trial_list_read(store, kernel.id, &trials, err);
	ids = cov_xcalloc(trials.count, sizeof(*ids));
	if (result == 0)
		result = find_trials(arguments, &kernel, &trials, ids, &count, err);
	if (result == 0)
		result = store_remove_trials(store, kernel.id, ids, count, err);
	if (result == 0)
		result = store_analysis_list(
		    store, &(struct store_choice){ .kernel_id = kernel.id }, &analyses, err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	printf("%zu %s removed\n", count, count == 1 ? "trial" : "trials");
	for (size_t i = 0; i < analyses.count; i++) {
		if (analyses.items[i].is_current)
			continue; /* no trial of it is gone */
		cov_say(
		    "kernel %s: the footprints by rule %s against baseline %s lack those "
		    "that had the trials; 'covdb diff --rule %s --baseline %s' makes them again",
		    kernel.name, analyses.items[i].rule, analyses.items[i].baseline,
		    analyses.items[i].rule, analyses.items[i].baseline);
	}
	return 0;
}

const struct cov_command cmd_trial_list = {
	.name = "trial list",
	.operands = "",
	.summary = "the trials that were imported",
	.details =
	    "TRIAL is the name by which 'covdb trial remove' and 'covdb export --trial' know "
	    "it: PLATFORM/WORKLOAD/NUMBER. NUMBER counts the trials of that platform and workload "
	    "as they were imported, which of a folder of 'covdb collect' is the order in which they ran. "
	    "The number in the name of SNAPSHOT is that of the repetition; a shuffled experiment runs "
	    "repetitions in another order.\n\n"
	    "Example:\n  $ covdb trial list --format csv",
	.options = list_options,
	.is_paged = true,
	.run = list_run,
};

const struct cov_command cmd_trial_remove = {
	.name = "trial remove",
	.operands = "PLATFORM/WORKLOAD/NUMBER...",
	.summary = "remove trials that were imported",
	.details =
	    "All that are named go, or none if there is no such trial. Footprints that were made "
	    "with them go as well, and 'covdb diff' makes them again; so does the next 'covdb "
	    "import'. Footprints against a baseline of which no trial is left are "
	    "forgotten. A trial that is removed can be imported again.\n\n"
	    "Examples:\n"
	    "  $ covdb trial remove runc/cpu/3 gvisor/cpu/3\n"
	    "  $ covdb trial remove $(covdb trial list --format csv | grep '^runc/' | cut -d, -f1)",
	.options = remove_options,
	.operand_count_min = 1,
	.operand_count_max = TRIALS_MAX,
	.run = remove_run,
};
