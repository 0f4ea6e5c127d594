/* import_folder.c - all trials that collect left in a folder. */
#include "venn/commands/import_folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/pipeline.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/commands/import_profile.h"
#include "venn/commands/import_syscalls.h"
#include "venn/commands/import_trial.h"
#include "venn/store/store.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_workload.h"

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

/* One trial on its way into the database. */
struct item {
	struct cov_manifest manifest; /* owned, as is all that follows */
	char *text;                   /* the manifest as it is written */
	char *snapshot;               /* its path; NULL: there is none */
	struct import_trial_loaded loaded;
	bool is_known;  /* it is there already */
	bool is_loaded; /* or was tried to */
	int result;     /* what failed so far; 0: nothing */
	struct cov_error err;
};

static void item_deinit(struct item *item)
{
	cov_manifest_deinit(&item->manifest);
	free(item->text);
	free(item->snapshot);
	import_trial_loaded_deinit(&item->loaded);
	memset(item, 0, sizeof(*item));
}

/* What the steps of a pipeline share. */
struct folder {
	struct import *import;
	const char *trials; /* path */
	const char *kernel; /* name, or NULL */
	struct names names;
	struct item *items; /* [names.count]; owned */
};

static void folder_deinit(struct folder *folder)
{
	for (size_t i = 0; folder->items && i < folder->names.count; i++)
		item_deinit(&folder->items[i]);
	free(folder->items);
	names_deinit(&folder->names);
}

COV_DEFINE_AUTO_STRUCT(struct folder, folder_deinit)

static struct store_trial trial_of(const struct import *import, const struct item *item)
{
	struct store_trial trial = load_trial(&item->manifest, item->snapshot, item->text);

	trial.kernel_id = import->about.id;
	return trial;
}

static int read_manifest(const struct folder *folder, const char *name, struct item *item)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", folder->trials, name);
	size_t size;
	int result = cov_manifest_read(path, &item->manifest, &item->err);

	if (result == 0)
		result = cov_file_read_text(path, &item->text, &size, &item->err);
	if (result)
		return result;
	if (!item->manifest.kernel.build_id)
		return cov_fail(&item->err, COV_ERR_MISMATCH,
				"%s: the kernel had no build id; import its snapshots one by one",
				path);
	if (item->manifest.snapshot.file)
		item->snapshot = cov_format("%s/%s", folder->trials, item->manifest.snapshot.file);
	return 0;
}

/* Look up what is known of a trial, and its kernel. Return: as prepare_trial() */
static int look_up_trial(struct folder *folder, struct item *item, bool is_alone)
{
	struct import *import = folder->import;
	const char *build_id = item->manifest.kernel.build_id;
	bool is_loaded = true;

	/* While others are being decoded with the kernel that is loaded, it stays. */
	item->result =
	    is_alone ? import_choose_kernel(import, build_id, folder->kernel, &item->err)
		     : import_has_kernel(import, build_id, folder->kernel, &is_loaded, &item->err);
	if (item->result)
		return 0;
	if (!is_loaded)
		return COV_PIPELINE_LATER;
	if (import_profile_is(&item->manifest)) {
		item->result =
		    import_profile_has(import, &item->manifest, &item->is_known, &item->err);
		return 0;
	}
	if (import_syscalls_is(&item->manifest)) {
		item->result =
		    import_syscalls_has(import, &item->manifest, &item->is_known, &item->err);
		return 0;
	}
	const struct store_trial trial = trial_of(import, item);
	item->result = store_trial_has(import->store, &trial, &item->is_known, &item->err);
	return 0;
}

/* What fails is told in the trial's turn, when it is finished. */
static int prepare_trial(void *context, size_t index, bool is_alone, struct cov_error *err)
{
	struct folder *folder = context;
	struct item *item = &folder->items[index];

	(void)err;
	if (!item->text)
		item->result =
		    read_manifest(folder, strchr(folder->names.items[index], '\n') + 1, item);
	return item->result ? 0 : look_up_trial(folder, item, is_alone);
}

/* A tracefile has something to say, so it waits for its turn. */
static void load_item(void *context, size_t index)
{
	struct folder *folder = context;
	struct item *item = &folder->items[index];

	item->is_loaded = !item->result && !item->is_known && item->snapshot &&
			  !tracefile_read_is_for(item->snapshot);
	if (item->is_loaded)
		item->result =
		    import_trial_load(folder->import, item->snapshot, &item->loaded, &item->err);
}

static int write_item(struct folder *folder, struct item *item, struct cov_error *err)
{
	struct import *import = folder->import;

	if (item->result) {
		*err = item->err;
		return item->result;
	}
	if (item->is_known) {
		import->known_count++;
		return 0;
	}
	if (import_profile_is(&item->manifest))
		return import_profile_add(import, &item->manifest, folder->trials, err);
	if (import_syscalls_is(&item->manifest))
		return import_syscalls_add(import, &item->manifest, item->text, folder->trials,
					   err);
	const struct store_trial trial = trial_of(import, item);
	if (!item->is_loaded)
		return import_trial_add(import, &trial, item->snapshot, err);
	return import_trial_write(import, &trial, &item->loaded, err);
}

static int finish_trial(void *context, size_t index, struct cov_error *err)
{
	struct folder *folder = context;
	struct item *item = &folder->items[index];
	int result = write_item(folder, item, err);

	item_deinit(item);
	/* The trials after a broken one are still good. */
	if (result && result != COV_ERR_STORE) {
		cov_say("not imported: %s", err->message);
		folder->import->refused_count++;
		result = 0;
	}
	return result;
}

int import_folder(struct import *import, const char *directory, const char *kernel,
		  struct cov_error *err)
{
	COV_AUTO(free) char *trials = cov_format("%s/trials", directory);
	COV_AUTO(folder_deinit)
	struct folder folder = { .import = import, .trials = trials, .kernel = kernel };

	if (cov_is_missing(directory))
		return cov_fail_errno(err, "cannot open %s", directory);
	if (cov_is_missing(trials))
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "%s: not a folder that 'covdb collect' wrote; for a single snapshot give "
		    "--platform, --workload and --seconds",
		    directory);
	int result = list_manifests(import, trials, &folder.names, err);
	if (result == 0)
		result = add_experiment(import, directory, err);
	if (result)
		return result;
	const struct cov_pipeline pipeline = { folder.names.count, prepare_trial, load_item,
					       finish_trial };
	folder.items = cov_xcalloc(folder.names.count, sizeof(*folder.items));
	return cov_pipeline_run(&pipeline, &folder, err);
}
