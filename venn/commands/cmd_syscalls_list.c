/* cmd_syscalls_list.c - covdb syscalls list: the trials of system calls that were imported. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_syscalls.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static void add_row(struct rows *rows, const struct store_syscalls *trial)
{
	COV_AUTO(free)
	char *name =
	    cov_format("%s/%s/%lld", trial->platform, trial->workload, (long long)trial->number);
	int64_t threads = 0, calls = 0;

	for (size_t i = 0; i < trial->file.thread_count; i++)
		threads += trial->file.threads[i].count;
	for (size_t i = 0; i < trial->file.call_count; i++)
		calls += trial->file.calls[i].calls;
	rows_word(rows, name);
	rows_number(rows, (double)trial->duration_ns / 1e9);
	rows_word(rows, trial->started_at);
	rows_count(rows, threads);
	rows_count(rows, (int64_t)trial->file.program_count);
	rows_count(rows, calls);
	rows_count(rows, trial->file.lost);
}

static int list_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "TRIAL", "trial", ROWS_WORD },        { "SECONDS", "seconds", ROWS_SECONDS },
		{ "STARTED", "started_at", ROWS_WORD }, { "THREADS", "threads", ROWS_COUNT },
		{ "FILTERS", "filters", ROWS_COUNT },   { "CALLS", "calls", ROWS_COUNT },
		{ "LOST", "lost", ROWS_COUNT },
	};
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials trials = { 0 };
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 7 };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_syscalls_list(store, kernel.id, &trials, err);
	if (result)
		return result;
	store_transaction_end(store);
	for (size_t i = 0; i < trials.count; i++)
		add_row(&rows, &trials.items[i]);
	rows.none = cov_xstrdup("no trial of system calls was imported: 'syscalls: 1' in an "
				"experiment makes them, 'covdb import' imports them");
	rows.about = question_about("syscalls list", kernel.name, NULL);
	question_print_rows(&rows, format);
	return 0;
}

const struct cov_command cmd_syscalls_list = {
	.name = "syscalls list",
	.operands = "",
	.summary = "the trials of system calls that were imported",
	.details =
	    "TRIAL is the name by which 'covdb syscalls remove' knows it: "
	    "PLATFORM/WORKLOAD/NUMBER. FILTERS are different programs, each counted once.\n\n"
	    "Example:\n  $ covdb syscalls list --format csv",
	.options = options,
	.is_paged = true,
	.run = list_run,
};
