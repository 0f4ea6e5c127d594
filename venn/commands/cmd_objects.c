/* cmd_objects.c - covdb objects: which objects of each trial were decoded, or why not. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_trial.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "list", 'l', NULL, "each object that was not decoded, with the reason" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

/* Counts have the number of objects where a list has the object and the reason. */
static void print_states(const char *kernel, const struct store_object_states *states,
			 bool is_listed, enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "TRIAL", "trial", ROWS_COUNT },      { "STATE", "state", ROWS_WORD },
		{ "OBJECTS", "objects", ROWS_COUNT },
	};
	static const struct rows_column list_columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "TRIAL", "trial", ROWS_COUNT },      { "STATE", "state", ROWS_WORD },
		{ "OBJECT", "object", ROWS_WORD },     { "REASON", "reason", ROWS_WORD },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = {
		.columns = is_listed ? list_columns : columns,
		.column_count = is_listed ? 6 : 5,
	};

	for (size_t i = 0; i < states->count; i++) {
		const struct store_object_state *state = &states->items[i];

		rows_word(&rows, state->platform);
		rows_word(&rows, state->workload);
		rows_count(&rows, state->number);
		rows_word(&rows, state->state);
		if (is_listed) {
			rows_word(&rows, state->path);
			rows_word(&rows, state->message);
		} else {
			rows_count(&rows, state->count);
		}
	}
	rows.none = cov_xstrdup(is_listed ? "no object: all of all trials were decoded"
					  : "no trial was imported: 'covdb import' does");
	rows.about = question_about("objects", kernel, NULL);
	question_print_rows(&rows, format);
}

static int objects_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	bool is_listed = cov_option_value(arguments, "list") != NULL;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_trial_object_states_deinit) struct store_object_states states = { 0 };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_trial_object_states(store, kernel.id, is_listed, &states, err);
	if (result)
		return result;
	store_transaction_end(store);
	print_states(kernel.name, &states, is_listed, format);
	return 0;
}

const struct cov_command cmd_objects = {
	.name = "objects",
	.operands = "",
	.summary = "which objects of each trial were decoded, and why others were not",
	.details =
	    "An object is decoded, not linked (the snapshot has no .gcda of it), without notes, "
	    "unreadable, damaged, truncated, of another version, or has a stamp or checksum "
	    "mismatch.\n\n"
	    "Examples:\n"
	    "  $ covdb objects\n"
	    "  $ covdb objects --list --format csv",
	.options = options,
	.is_paged = true,
	.run = objects_run,
};
