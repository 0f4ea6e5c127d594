/* cmd_import.c - covdb import: trials into the database. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/analysis/analysis.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_group.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_results.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_trial.h"
#include "venn/store/store_workload.h"

enum { OPERANDS_MAX = 1 << 16, TRIAL_NUMBER_MAX = 1000000 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, for a single snapshot, when several are registered" },
	{ "platform", 'p', "NAME", "of a single snapshot: what ran the workload" },
	{ "workload", 'w', "NAME", "of a single snapshot: what was run; with --baseline its name" },
	{ "seconds", 's', "SECONDS", "of a single snapshot: from reset to capture" },
	{ "trial", 't', "N", "of a single snapshot: its number (default: the next)" },
	{ "baseline", 0, NULL, "a single snapshot is a baseline: nothing was run" },
	{ 0 },
};

/* What goes on over several trials. */
struct import {
	struct store *store;
	struct store_kernel about; /* the kernel that is loaded; id 0 for none; owned */
	struct cov_kernel kernel;  /* owned */
	size_t imported_count;
	size_t known_count;   /* imported before */
	size_t failed_count;  /* imported, but the trial itself had failed */
	size_t bad_count;     /* imported with objects that were not decoded */
	size_t refused_count; /* could not be imported */
	size_t stale_count;   /* kernels with trials, but without the footprints of them */
	int64_t refreshed_id; /* of a kernel whose footprints came with its trial */
	bool is_incomplete;   /* a folder could not be listed to its end, or the like */
};

static void import_deinit(struct import *import)
{
	store_kernel_deinit(&import->about);
	kernel_deinit(&import->kernel);
	store_close(import->store);
}

COV_DEFINE_AUTO_STRUCT(struct import, import_deinit)

/*
 * Make @import's kernel the one with that build id, or that name, or the only one. A kernel that
 * was registered without a build id fits any: the stamps of its objects decide. Within a
 * transaction, so that what is loaded is of one moment.
 */
static int find_kernel(struct import *import, const char *build_id, const char *name,
		       struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	struct cov_error other_err;
	bool is_loaded = false;
	int result = store_kernel_find(import->store, build_id, name, &about, err);

	if (result == COV_ERR_MISMATCH && build_id &&
	    store_kernel_find(import->store, "", name, &about, &other_err) == 0)
		result = 0;
	if (result == 0 && about.id == import->about.id)
		result = store_load_is_current(import->store, about.id, &import->kernel, &is_loaded,
					       err);
	if (result)
		return result;
	store_kernel_deinit(&import->about);
	if (!is_loaded) {
		kernel_deinit(&import->kernel);
		result = store_load_kernel(import->store, about.id, &import->kernel, err);
		if (result)
			return result;
	}
	import->about = about;
	memset(&about, 0, sizeof(about));
	return 0;
}

/* The same, in a transaction of its own: decoding is done outside of any. */
static int choose_kernel(struct import *import, const char *build_id, const char *name,
			 struct cov_error *err)
{
	int result = store_transaction_read(import->store, err);

	if (result == 0)
		result = find_kernel(import, build_id, name, err);
	store_transaction_end(import->store);
	return result;
}

/* Names are asked for in lists and stand in tables. */
static int check_name(const char *option, const char *name, struct cov_error *err)
{
	if (!name || cov_is_name(name))
		return 0;
	return cov_fail(err, COV_ERR_USAGE,
			"--%s takes at most %d letters, digits, '.', '_' and '-', not '%s'", option,
			COV_NAME_BYTES_MAX, name);
}

/* Whether there are trials of a workload and a baseline, so that footprints are to be expected. */
static int find_comparable(struct store *store, int64_t kernel_id, bool *ret, struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	bool has_baseline = false, has_workload = false;
	int result = store_group_list(store, kernel_id, &groups, err);

	for (size_t i = 0; i < groups.count; i++) {
		has_baseline |= store_workload_is_baseline(groups.items[i].kind);
		has_workload |= groups.items[i].kind == STORE_WORKLOAD;
	}
	*ret = has_baseline && has_workload;
	return result;
}

/* Make the footprints of @import's kernel, or say why there are none yet; within a transaction. */
static int refresh_analysis(struct import *import, const struct analysis_options *wanted,
			    struct cov_error *err)
{
	COV_AUTO(analysis_deinit) struct analysis analysis = { 0 };
	bool is_comparable = false;
	int result = store_transaction_mark(import->store, err);

	if (result == 0)
		result = analysis_run(import->store, import->about.id, &import->kernel, wanted,
				      &analysis, err);
	if (result == 0)
		analysis_print_notes(&analysis);
	if (result != COV_ERR_MISMATCH)
		return result;
	/* What was imported stays. */
	COV_AUTO(free) char *reason = cov_xstrdup(err->message);
	result = store_transaction_undo(import->store, err);
	if (result == 0)
		result = find_comparable(import->store, import->about.id, &is_comparable, err);
	if (result)
		return result;
	cov_say("kernel %s: %s: %s", import->about.name,
		is_comparable ? "footprints were not made" : "no footprints yet", reason);
	import->stale_count += is_comparable;
	return 0;
}

/*
 * The first analysis after @last that lacks trials; without any analysis the usual one, which is
 * that of the paper. @ret: borrows from @list. Return: whether there is something to do.
 */
static bool find_outdated(const struct store_analyses *list, int64_t *last,
			  const struct store_analysis **ret)
{
	*ret = NULL;
	for (size_t i = 0; i < list->count && !*ret; i++) {
		if (!list->items[i].is_current && list->items[i].id > *last)
			*ret = &list->items[i];
	}
	bool is_first = !list->count && !*last;
	*last = *ret ? (*ret)->id : 1;
	return *ret || is_first;
}

/*
 * Bring the next footprints of a kernel up to date: what there is to do is looked up within the
 * transaction, because another program may have done it by now.
 * @last: id of the analysis done before; 0: none
 */
static int refresh_next(struct import *import, const char *name, int64_t *last, bool *is_done,
			struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	struct analysis_options wanted = { COV_RULE_COUNT, NULL, analysis_false_discovery_rate };
	const struct store_analysis *old = NULL;
	int result = store_kernel_find(import->store, NULL, name, &about, err);

	/* Removed meanwhile, or there is nothing to compare. */
	*is_done = result == COV_ERR_MISMATCH || (result == 0 && !about.trial_count);
	if (*is_done)
		return 0;
	if (result == 0)
		result = store_analysis_list(
		    import->store, &(struct store_choice){ .kernel_id = about.id }, &list, err);
	*is_done = result == 0 && !find_outdated(&list, last, &old);
	if (result || *is_done)
		return result;
	if (old) {
		wanted = (struct analysis_options){ cov_rule_find(old->rule), old->baseline,
						    old->false_discovery_rate };
		if (wanted.rule == COV_RULE_COUNT)
			return cov_fail(
			    err, COV_ERR_STORE,
			    "kernel %s: footprints against baseline %s are by the rule '%s', which this covdb does not know",
			    name, old->baseline, old->rule);
	}
	result = find_kernel(import, NULL, name, err);
	return result ? result : refresh_analysis(import, &wanted, err);
}

/* Each analysis in a transaction of its own, or all @is_within that of a single snapshot. */
static int refresh_kernel(struct import *import, const char *name, bool is_within,
			  struct cov_error *err)
{
	int64_t last = 0;
	bool is_done = false;
	int result = 0;

	while (result == 0 && !is_done) {
		if (!is_within)
			result = store_transaction_write(import->store, err);
		if (result == 0)
			result = refresh_next(import, name, &last, &is_done, err);
		if (result == 0 && !is_within)
			result = store_transaction_commit(import->store, err);
		if (!is_within)
			store_transaction_end(import->store);
	}
	return result;
}

/* Bring all footprints up to date. */
static int refresh(struct import *import, struct cov_error *err)
{
	COV_AUTO(store_kernel_list_deinit) struct store_kernels kernels = { 0 };
	int result = store_kernel_list(import->store, &kernels, err);

	for (size_t i = 0; result == 0 && i < kernels.count; i++) {
		if (kernels.items[i].id != import->refreshed_id)
			result = refresh_kernel(import, kernels.items[i].name, false, err);
	}
	return result;
}

/*
 * Write a trial. What was seen before it was decoded may be different by now: another import may
 * have written it, another program may have removed the kernel.
 */
static int write_trial(struct import *import, const struct store_trial *trial,
		       const struct store_results *results, bool *is_known, struct cov_error *err)
{
	struct store *store = import->store;
	bool is_current = false;
	int result = store_transaction_write(store, err);

	*is_known = false;
	if (result == 0)
		result = store_load_is_current(store, import->about.id, &import->kernel,
					       &is_current, err);
	if (result == 0 && !is_current)
		result =
		    cov_fail(err, COV_ERR_MISMATCH,
			     "%s: kernel %s was removed or replaced meanwhile; import it again",
			     trial->snapshot, import->about.name);
	if (result == 0 && trial->manifest)
		result = store_trial_has(store, trial, is_known, err);
	if (result == 0 && !*is_known)
		result = store_trial_add(store, trial, results, err);
	/* A single snapshot is not known when it comes again: nothing would complete it. */
	if (result == 0 && !trial->manifest) {
		COV_AUTO(free) char *name = cov_xstrdup(import->about.name);

		result = refresh_kernel(import, name, true, err);
		import->refreshed_id = import->about.id;
	}
	if (result == 0)
		result = store_transaction_commit(store, err);
	store_transaction_end(store);
	return result;
}

/* One trial with its snapshot, in a transaction of its own. */
static int add_trial(struct import *import, const struct store_trial *trial, const char *snapshot,
		     struct cov_error *err)
{
	COV_AUTO(load_snapshot_deinit) struct load_snapshot loaded = { 0 };
	struct store_results results = {
		&import->kernel, &loaded.counters, &loaded.counts, &loaded.problems, NULL,
		&loaded.branches
	};
	bool is_known = false;
	int result = 0;

	if (snapshot && tracefile_read_is_for(snapshot))
		result = load_tracefile(&import->kernel, snapshot, &loaded, err);
	else if (snapshot)
		result =
		    load_snapshot(&import->kernel, import->about.build_id, snapshot, &loaded, err);
	results.is_listed = loaded.is_listed;
	if (result == 0 && snapshot)
		result = cov_problems_check_readable(&loaded.problems, snapshot, err);
	if (result == 0)
		result = write_trial(import, trial, snapshot ? &results : NULL, &is_known, err);
	if (result)
		return result;
	if (is_known) {
		import->known_count++;
		return 0;
	}
	import->imported_count++;
	import->failed_count += strcmp(trial->status, "ok") != 0;
	import->bad_count += loaded.problems.count > 0 || loaded.unknown;
	COV_AUTO(free)
	char *description =
	    snapshot ? load_describe(&import->kernel, &loaded) : cov_xstrdup("no snapshot");
	cov_problems_print(&loaded.problems);
	cov_say("%s %s: %s; %s", trial->platform, trial->workload, trial->status, description);
	return 0;
}

static int import_manifest(struct import *import, const char *directory, const char *name,
			   const char *kernel, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", directory, name);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	COV_AUTO(free) char *text = NULL;
	size_t size;
	bool is_known = false;
	int result = cov_manifest_read(path, &manifest, err);

	if (result == 0)
		result = cov_file_read_text(path, &text, &size, err);
	if (result == 0 && !manifest.kernel.build_id)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s: the kernel had no build id; import its snapshots one by one",
				  path);
	if (result == 0)
		result = choose_kernel(import, manifest.kernel.build_id, kernel, err);
	if (result)
		return result;

	COV_AUTO(free)
	char *snapshot =
	    manifest.snapshot.file ? cov_format("%s/%s", directory, manifest.snapshot.file) : NULL;
	struct store_trial trial = load_trial(&manifest, snapshot, text);
	trial.kernel_id = import->about.id;
	result = store_trial_has(import->store, &trial, &is_known, err);
	if (result)
		return result;
	if (is_known) {
		import->known_count++;
		return 0;
	}
	return add_trial(import, &trial, snapshot, err);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **items; /* [count]; owned */
	size_t count, capacity;
};

static void names_deinit(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

COV_DEFINE_AUTO_STRUCT(struct names, names_deinit)

/* The manifests of a folder by their start; those before a failure count. */
static int list_manifests(struct import *import, const char *directory, struct names *names,
			  struct cov_error *err)
{
	COV_AUTO(closedir) DIR *listing = opendir(directory);
	const struct dirent *entry;
	int result;

	if (!listing)
		return cov_fail_errno(err, "cannot open %s", directory);
	while ((result = cov_directory_next(listing, directory, &entry, err)) > 0) {
		struct cov_error ignored; /* it is read again, and then reported */
		COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

		if (!cov_has_suffix(entry->d_name, ".json"))
			continue;
		COV_AUTO(free) char *path = cov_format("%s/%s", directory, entry->d_name);
		const char *started_at = "";
		if (cov_manifest_read(path, &manifest, &ignored) == 0 && manifest.started_at)
			started_at = manifest.started_at;
		names->items =
		    cov_grow(names->items, names->count, &names->capacity, sizeof(*names->items));
		/* The start leads, so that names sort by it. */
		names->items[names->count++] = cov_format("%s\n%s", started_at, entry->d_name);
	}
	if (result < 0 && !names->count)
		return result;
	if (!names->count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no trial in it", directory);
	if (result < 0) {
		cov_say("not all trials imported: %s", err->message);
		import->is_incomplete = true;
	}
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return 0;
}

/*
 * Trials come in a shuffled order; platforms and workloads are to stand in that of the experiment
 * file, of which collect keeps a copy beside them. Without it the order is that of the trials.
 */
static int add_experiment(struct import *import, const char *directory, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/experiment.yaml", directory);
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	COV_AUTO(free) char *text = NULL;
	struct cov_error ignored;
	int64_t id; /* not asked for: what counts is the order */
	size_t size;

	if (cov_is_missing(path))
		return 0;
	if (cov_file_read_text(path, &text, &size, &ignored) != 0) {
		cov_say("platforms are in the order of their trials: %s", ignored.message);
		import->is_incomplete = true;
		return 0;
	}
	if (experiment_parse(text, size, path, &experiment, &ignored) != 0)
		return 0;
	int result = store_transaction_write(import->store, err);
	for (size_t i = 0; result == 0 && i < experiment.platform_count; i++)
		result = store_platform_add(import->store, experiment.platforms[i].name,
					    experiment.platforms[i].driver, &id, err);
	for (size_t i = 0; result == 0 && i < experiment.workload_count; i++)
		result = store_workload_add(import->store, experiment.workloads[i].name,
					    STORE_WORKLOAD, &id, err);
	if (result == 0)
		result = store_transaction_commit(import->store, err);
	store_transaction_end(import->store);
	return result;
}

static int import_directory(struct import *import, const char *directory, const char *kernel,
			    struct cov_error *err)
{
	COV_AUTO(free) char *trials = cov_format("%s/trials", directory);
	COV_AUTO(names_deinit) struct names names = { 0 };

	if (cov_is_missing(trials))
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "%s: not a folder that 'covdb collect' wrote; for a single snapshot give "
		    "--platform, --workload and --seconds",
		    directory);
	int result = list_manifests(import, trials, &names, err);
	if (result == 0)
		result = add_experiment(import, directory, err);
	for (size_t i = 0; result == 0 && i < names.count; i++) {
		result =
		    import_manifest(import, trials, strchr(names.items[i], '\n') + 1, kernel, err);
		/* The trials after a broken one are still good. */
		if (result && result != COV_ERR_STORE) {
			cov_say("not imported: %s", err->message);
			import->refused_count++;
			result = 0;
		}
	}
	return result;
}

static int import_single(struct import *import, const struct cov_arguments *arguments,
			 struct cov_error *err)
{
	const char *workload = cov_option_value(arguments, "workload");
	uint64_t number = 0;
	bool is_baseline = cov_option_value(arguments, "baseline") != NULL;
	long long duration_ns = 0;
	struct store_trial trial = {
		.platform = cov_option_value(arguments, "platform"),
		.workload = workload || !is_baseline ? workload : "idle",
		.kind = is_baseline ? STORE_IDLE : STORE_WORKLOAD,
		.status = "ok",
		.snapshot = arguments->operands[0],
	};
	int result = cov_option_seconds(arguments, "seconds", &duration_ns, err);

	if (result == 0)
		result = cov_option_number(arguments, "trial", 1, TRIAL_NUMBER_MAX, &number, err);
	trial.number = (int64_t)number;
	if (result == 0)
		result = check_name("platform", trial.platform, err);
	if (result == 0)
		result = check_name("workload", workload, err);
	if (result)
		return result;
	trial.duration_ns = duration_ns;
	if (!trial.platform || !trial.workload || !duration_ns || arguments->operand_count != 1)
		return cov_fail(err, COV_ERR_USAGE,
				"a single snapshot needs --platform, --workload or --baseline, and "
				"--seconds");
	result = choose_kernel(import, NULL, cov_option_value(arguments, "kernel"), err);
	if (result)
		return result;
	trial.kernel_id = import->about.id;
	return add_trial(import, &trial, trial.snapshot, err);
}

static int import_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(import_deinit) struct import import = { 0 };
	bool is_single =
	    cov_option_value(arguments, "platform") || cov_option_value(arguments, "workload") ||
	    cov_option_value(arguments, "seconds") || cov_option_value(arguments, "trial") ||
	    cov_option_value(arguments, "baseline");
	int result = store_open(store_path(cov_option_value(arguments, "db")), STORE_WRITE,
				&import.store, err);

	if (result == 0 && is_single)
		result = import_single(&import, arguments, err);
	for (size_t i = 0; result == 0 && !is_single && i < arguments->operand_count; i++)
		result = import_directory(&import, arguments->operands[i],
					  cov_option_value(arguments, "kernel"), err);
	if (result == 0)
		result = refresh(&import, err);
	if (result)
		return result;
	printf("%zu %s imported", import.imported_count,
	       import.imported_count == 1 ? "trial" : "trials");
	if (import.failed_count)
		printf(", %zu of them failed", import.failed_count);
	if (import.known_count)
		printf(", %zu known before", import.known_count);
	if (import.refused_count)
		printf(", %zu not imported", import.refused_count);
	putchar('\n');
	return import.bad_count || import.refused_count || import.stale_count ||
	       import.is_incomplete;
}

const struct cov_command cmd_import = {
	.name = "import",
	.operands = "DIR...\nSNAPSHOT --platform P --workload W --seconds S",
	.summary = "import all trials that collect left in DIR, or a single snapshot from "
		   "elsewhere",
	.details =
	    "A trial that was imported before is passed over. A failed trial is kept, but "
	    "no footprint is made of it. Afterwards all footprints are brought up to date; "
	    "the first are made by rule 'rate' against the idle host.\n\n"
	    "SNAPSHOT is a directory or a tar of .gcda files; or a tracefile of lcov, or "
	    "what 'gcov --json-format' wrote: a file, told by its content, or a folder of "
	    "them. They have counts of lines but no counters, so several such "
	    "trials add up line by line. Whatever does not belong to the kernel is "
	    "reported, and the exit status is 1. A snapshot of which a file cannot be read "
	    "is not imported; one with damaged files is. The status is 1 as well if there are "
	    "trials and baselines, but footprints of them cannot be made.\n\n"
	    "Examples:\n"
	    "  $ covdb import results/\n"
	    "  $ covdb import lcov.info --platform lxc --workload cpu --seconds 60\n"
	    "  $ covdb import idle.tar.gz --platform host --baseline --seconds 600\n"
	    "  $ covdb import net.tar.gz --platform lxc --workload network --seconds 600",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = OPERANDS_MAX,
	.run = import_run,
};
