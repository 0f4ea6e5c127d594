/* cmd_patch.c - covdb patch: what executed the lines that a patch adds or changes. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/change/patch.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"
#include "venn/commands/options.h"
#include "venn/commands/patch_print.h"
#include "venn/questions/selection.h"
#include "venn/store/store.h"
#include "venn/store/store_group.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
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

static int read_changes(const struct cov_arguments *arguments, struct patch *patch,
			struct cov_error *err)
{
	const char *operand = arguments->operands[0];
	const char *repository = cov_option_value(arguments, "git");
	/* A file may have two dots in its name; a revision is no file. */
	bool is_file = !cov_is_missing(operand) || !strstr(operand, "..");

	if (is_file && repository)
		return cov_fail(err, COV_ERR_USAGE, "--git goes with a range of revisions");
	return is_file ? history_changes_read(operand, &patch->changes, err)
		       : history_changes_range(repository ? repository : ".", operand,
					       &patch->changes, err);
}

/* Whether a list of names, separated by commas, has one; NULL has all. */
static bool is_named(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *item = list; item;) {
		size_t item_length = strcspn(item, ",");

		if (item_length == length && strncmp(item, name, length) == 0)
			return true;
		item = item[item_length] ? item + item_length + 1 : NULL;
	}
	return false;
}

static int take_group(const struct selection_source *source, const struct store_group *group,
		      const char *name, struct patch *patch, struct cov_error *err)
{
	COV_AUTO(selection_deinit) struct selection selection = { 0 };
	int result = selection_trials(source, name, &selection, err);

	if (result)
		return result;
	const struct patch_counts counts = {
		.name = name,
		.is_baseline = group->kind == STORE_IDLE || group->kind == STORE_OBSERVER,
		.duration_ns = group->duration_ns,
		.counts = &selection.counts,
		.branches = &selection.branches,
	};
	patch_take(patch, &counts);
	return 0;
}

/* All trials that are asked for, group by group. */
static int take_groups(const struct selection_source *source, const char *names,
		       struct patch *patch, struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	int result = store_group_list(source->store, source->kernel_id, &groups, err);

	for (size_t i = 0; result == 0 && i < groups.count; i++) {
		const struct store_group *group = &groups.items[i];
		COV_AUTO(free) char *name = cov_format("%s/%s", group->platform, group->workload);

		if (names ? is_named(names, name) : group->kind != STORE_PHASE)
			result = take_group(source, group, name, patch, err);
	}
	if (result == 0 && !patch->source_count)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s: there are no such trials; 'covdb trial list' has them",
				  names ? names : "the database");
	return result;
}

/* The kernel and what was measured on it, out of a database. */
static int ask_database(const struct cov_arguments *arguments, struct patch *patch,
			struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = options_store(arguments, STORE_READ, &store, &about, err);

	if (result == 0)
		result = store_load_kernel(store, about.id, kernel, err);
	const struct sources_from from = { .where = cov_option_value(arguments, "kernel-src"),
					   .store = store,
					   .kernel_id = about.id };
	if (result == 0)
		result = patch_locate(patch, kernel, &from, err);
	if (result)
		return result;
	const struct selection_source source = {
		.store = store,
		.kernel_id = about.id,
		.kernel = kernel,
		.has_branches = true,
		.is_wanted = patch->is_wanted,
	};
	result = take_groups(&source, cov_option_value(arguments, "trial"), patch, err);
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
	int result = kernel_read_notes(cov_option_value(arguments, "notes"), KERNEL_PLANS, kernel,
				       &problems, err);

	cov_problems_print(&problems);
	const struct sources_from from = { .where = cov_option_value(arguments, "kernel-src") };
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
		result = read_changes(arguments, &patch, err);
	if (result == 0)
		result = cov_option_value(arguments, "snapshot")
			     ? ask_snapshot(arguments, &patch, &kernel, err)
			     : ask_database(arguments, &patch, &kernel, err);
	if (result)
		return result;
	patch_conclude(&patch);
	if (patch.missing_count)
		cov_say("covdb patch: of %zu files there is no source of the measured kernel: its "
			"lines are taken for those of the patch; --kernel-src says where it is",
			patch.missing_count);
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
