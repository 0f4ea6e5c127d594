/* import_trial.c - one trial, from its snapshot into the database. */
#include "venn/commands/import_trial.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/store.h"
#include "venn/store/store_load.h"
#include "venn/store/store_results.h"
#include "venn/store/store_transaction.h"

void import_trial_loaded_deinit(struct import_trial_loaded *loaded)
{
	load_snapshot_deinit(&loaded->snapshot);
	store_trial_packed_deinit(&loaded->packed);
	memset(loaded, 0, sizeof(*loaded));
}

static struct store_results results_of(const struct import *import,
				       const struct import_trial_loaded *loaded)
{
	return (struct store_results){
		.kernel = &import->kernel,
		.counters = &loaded->snapshot.counters,
		.counts = &loaded->snapshot.counts,
		.problems = &loaded->snapshot.problems,
		.is_listed = loaded->snapshot.is_listed,
		.branches = &loaded->snapshot.branches,
		.packed = &loaded->packed,
	};
}

/* The numbers, which are packed: until the trial has its turn only those packed are in memory. */
static void drop_numbers(struct load_snapshot *snapshot)
{
	cov_block_give(snapshot->counters.values);
	cov_block_give(snapshot->counts.lines);
	free(snapshot->counts.functions);
	free(snapshot->counts.contradictions);
	snapshot->counters.values = NULL;
	snapshot->counts.lines = NULL;
	snapshot->counts.functions = NULL;
	snapshot->counts.contradictions = NULL;
}

/* The counters are packed already. */
static void pack_counts(const struct import *import, struct import_trial_loaded *loaded)
{
	const struct store_results results = results_of(import, loaded);

	store_trial_pack_counts(&results, &loaded->packed);
	drop_numbers(&loaded->snapshot);
}

/* Of the kernel's addresses, that of its own build unless another is taken for it. */
static int load_lines(const struct import *import, const char *path, struct load_snapshot *ret,
		      struct cov_error *err)
{
	const struct image image = {
		.path = import->vmlinux,
		.build_id = import->is_same_source ? "" : import->about.build_id,
	};
	int result =
	    load_tracefile(&import->kernel, path, import->vmlinux ? &image : NULL, ret, err);

	if (result || import->is_set || !ret->has_no_counts)
		return result;
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: it says which lines ran, not how often: import it with --set NAME",
			path);
}

int import_trial_load(const struct import *import, const char *snapshot,
		      struct import_trial_loaded *ret, struct cov_error *err)
{
	COV_AUTO(import_trial_loaded_deinit) struct import_trial_loaded loaded = { 0 };
	int result = tracefile_read_is_for(snapshot)
			 ? load_lines(import, snapshot, &loaded.snapshot, err)
			 : load_snapshot(&import->kernel, import->about.build_id, snapshot,
					 &loaded.snapshot, err);

	if (result == 0)
		result = cov_problems_check_readable(&loaded.snapshot.problems, snapshot, err);
	if (result)
		return result;
	store_trial_pack_counters(&import->kernel, &loaded.snapshot.counters, &loaded.packed);
	pack_counts(import, &loaded);
	*ret = loaded;
	memset(&loaded, 0, sizeof(loaded));
	return 0;
}

int import_trial_read(const struct import *import, const struct import_file *file,
		      struct tree *tree, struct import_trial_loaded *ret, struct cov_error *err)
{
	COV_AUTO(import_trial_loaded_deinit) struct import_trial_loaded loaded = { 0 };
	struct cov_counters *counters = &loaded.snapshot.counters;
	const struct counters_file_of of = { &import->kernel, import->about.build_id, file->path };
	int result = load_counters(&of, tree, file->bytes, &loaded.snapshot, err);

	if (result == 0)
		result = cov_problems_check_readable(&loaded.snapshot.problems, file->path, err);
	if (result)
		return result;
	store_trial_pack_counters(&import->kernel, counters, &loaded.packed);
	/* What is left is what takes no room. */
	unsigned char *states = counters->states;
	counters->states = NULL;
	size_t decoded_count = counters->decoded_count;
	counters_deinit(counters);
	counters->states = states;
	counters->decoded_count = decoded_count;
	*ret = loaded;
	memset(&loaded, 0, sizeof(loaded));
	return 0;
}

int import_trial_evaluate(const struct import *import, struct import_trial_loaded *loaded,
			  struct cov_error *err)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	struct load_snapshot *snapshot = &loaded->snapshot;
	size_t count = import->kernel.counter_count;

	snapshot->counters.values = cov_block_take(count * sizeof(*snapshot->counters.values));
	/* They were packed by this program. */
	bool is_whole = cov_decompress_to(&decompressor, loaded->packed.counters,
					  loaded->packed.counters_bytes, snapshot->counters.values,
					  count * sizeof(*snapshot->counters.values));
	assert(is_whole);
	(void)is_whole;
	int result = counts_evaluate(&import->kernel, &snapshot->counters, &snapshot->counts, err);
	if (result == 0)
		pack_counts(import, loaded);
	return result;
}

/*
 * Write a trial. What was seen before it was decoded may be different by now: another import may
 * have written it, another program may have removed the kernel.
 */
static int write_trial(struct import *import, const struct store_trial *trial,
		       const struct import_trial_loaded *loaded, bool *is_known,
		       struct cov_error *err)
{
	struct store *store = import->store;
	struct store_results results = { 0 };
	bool is_current = false;
	int result = store_transaction_write(store, err);

	if (loaded)
		results = results_of(import, loaded);
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
		result = store_trial_add(store, trial, loaded ? &results : NULL, err);
	/* A single snapshot is not known when it comes again: nothing would complete it. */
	if (result == 0 && !trial->manifest) {
		COV_AUTO(free) char *name = cov_xstrdup(import->about.name);

		result = import_refresh_kernel(import, name, true, err);
		import->refreshed_id = import->about.id;
	}
	if (result == 0)
		result = store_transaction_commit(store, err);
	store_transaction_end(store);
	return result;
}

int import_trial_write(struct import *import, const struct store_trial *trial,
		       struct import_trial_loaded *loaded, struct cov_error *err)
{
	bool is_known = false;
	int result = write_trial(import, trial, loaded, &is_known, err);

	if (result)
		return result;
	if (is_known) {
		import->known_count++;
		return 0;
	}
	bool is_ok = strcmp(trial->status, "ok") == 0;

	import->imported_count++;
	import->failed_count += !is_ok;
	import->uncounted_count += is_ok && !loaded;
	if (loaded) {
		struct load_snapshot *snapshot = &loaded->snapshot;

		/* A set may be of another configuration. */
		import->bad_count +=
		    snapshot->problems.count > 0 || (snapshot->unknown && !import->is_set);
		cov_problems_print(&snapshot->problems);
	}
	COV_AUTO(free)
	char *description = loaded  ? load_describe(&import->kernel, &loaded->snapshot)
			    : is_ok ? cov_format("no snapshot, %zu metrics", trial->metric_count)
				    : cov_xstrdup("no snapshot");
	cov_say("%s %s: %s; %s", trial->platform, trial->workload, trial->status, description);
	return 0;
}

int import_trial_add(struct import *import, const struct store_trial *trial, const char *snapshot,
		     struct cov_error *err)
{
	COV_AUTO(import_trial_loaded_deinit) struct import_trial_loaded loaded = { 0 };
	int result = snapshot ? import_trial_load(import, snapshot, &loaded, err) : 0;

	return result ? result : import_trial_write(import, trial, snapshot ? &loaded : NULL, err);
}
