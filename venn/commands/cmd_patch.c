/* cmd_patch.c - covdb patch: what executed the lines that a patch adds or changes. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/change/patch.h"
#include "venn/change/patch_ask.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"
#include "venn/commands/options.h"
#include "venn/commands/patch_print.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "trial", 't', "PLATFORM/WORKLOAD,...",
	  "these trials (default: all but phases, of every platform)" },
	{ "snapshot", 0, "DIR", "instead of a database: a directory or tar of .gcda files" },
	{ "notes", 0, "DIR", "with --snapshot: the directory of the .gcno files" },
	{ "git", 0, "DIR", "the repository of a range (default: .)" },
	{ "kernel-src", 0, "DIR[@REVISION]",
	  "the measured kernel's sources (default: where it was built)" },
	{ "format", 0, "text|json|info", "the diff itself (default), JSON, an lcov tracefile" },
	{ 0 },
};

enum patch_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_INFO };

/* The kernel and what was measured on it, out of a database. */
static int ask_database(const struct cov_arguments *arguments, struct patch *patch,
			struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = options_store(arguments, STORE_READ, &store, &about, err);

	const struct patch_asked asked = {
		.store = store,
		.kernel_id = about.id,
		.kernel_src = options_kernel_src(arguments),
		.trials = cov_option_value(arguments, "trial"),
	};
	if (result)
		return result;
	result = patch_ask(&asked, patch, kernel, err);
	store_transaction_end(store);
	return result;
}

/* The same of plain gcov data, without a database. */
static int ask_snapshot(const struct cov_arguments *arguments, struct patch *patch,
			struct cov_kernel *kernel, struct cov_error *err)
{
	const char *path = cov_option_value(arguments, "snapshot");
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	COV_AUTO(branches_deinit) struct cov_branches branches = { 0 };

	cov_memory_by_thread();
	int result = kernel_read_notes(cov_option_value(arguments, "notes"), KERNEL_PLANS, kernel,
				       &problems, err);

	cov_problems_print(&problems);
	const struct sources_from from = { .where = options_kernel_src(arguments) };
	if (result == 0)
		result = patch_locate(patch, kernel, &from, err);
	if (result == 0)
		result = load_snapshot(kernel, "", path, &snapshot, err);
	if (result == 0)
		result = branches_from_counters(kernel, &snapshot.counters, &branches, err);
	if (result)
		return result;
	cov_problems_print(&snapshot.problems);
	branches_settle(&branches);
	counts_apply_evidence(kernel, &snapshot.counts);
	const struct patch_counts counts = { .name = path,
					     .counts = &snapshot.counts,
					     .branches = &branches };
	patch_take(patch, &counts);
	return 0;
}

static int check_options(const struct cov_arguments *arguments, int *format, struct cov_error *err)
{
	static const char *const formats[] = { "text", "json", "info", NULL };
	bool has_snapshot = cov_option_value(arguments, "snapshot") != NULL;

	if (has_snapshot != (cov_option_value(arguments, "notes") != NULL))
		return cov_fail(err, COV_ERR_USAGE, "--snapshot and --notes need each other");
	if (has_snapshot &&
	    (cov_option_value(arguments, "db") || cov_option_value(arguments, "kernel") ||
	     cov_option_value(arguments, "trial")))
		return cov_fail(err, COV_ERR_USAGE,
				"--snapshot does not go with --db, --kernel and --trial");
	return cov_option_choice(arguments, "format", formats, format, err);
}

static int patch_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(patch_deinit) struct patch patch = { 0 };
	int format = FORMAT_TEXT;
	int result = check_options(arguments, &format, err);

	if (result == 0)
		result = patch_ask_changes(arguments->operands[0],
					   cov_option_value(arguments, "git"), &patch.changes, err);
	if (result == 0)
		result = cov_option_value(arguments, "snapshot")
			     ? ask_snapshot(arguments, &patch, &kernel, err)
			     : ask_database(arguments, &patch, &kernel, err);
	if (result)
		return result;
	patch_conclude(&patch);
	patch_ask_warn(&patch);
	if (format == FORMAT_TEXT)
		patch_print_text(&patch);
	else if (format == FORMAT_JSON)
		patch_print_json(&patch, &kernel);
	else
		patch_print_info(&patch, &kernel);
	return 0;
}

const struct cov_command cmd_patch = {
	.name = "patch",
	.operands = "REVISION..REVISION\nFILE",
	.summary = "what executed each line that a patch series or a diff adds or changes",
	.details =
	    "The kernel that was measured has the patch. Each added line is looked for in its "
	    "source, so that commits on top of the series do no harm; a line of a diff in FILE, as git writes it, is "
	    "there if the source has it under its number.\n\n"
	    "Text is the diff with what is known before each added line: 'x' executed, '~' partly "
	    "executed (some block of it was not), '!' not executed, '.' not instrumented; how "
	    "often a second, and by whom most often, with how many others; how many of its "
	    "branches nothing took. Commits and functions follow. JSON says of each line what "
	    "every platform and workload executed, and why a line is not instrumented. Counts are "
	    "those of the trials, with what capturing executes.\n\n"
	    "Examples:\n"
	    "  $ covdb patch main..HEAD --git linux\n"
	    "  $ covdb patch fix.diff --kernel-src linux --trial runc/stream,gvisor/stream\n"
	    "  $ covdb patch --snapshot gcda --notes build main..HEAD --format json\n"
	    "  $ covdb patch main..HEAD --git linux --format info >patch.info",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = patch_run,
};
