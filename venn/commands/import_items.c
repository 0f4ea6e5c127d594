/* import_items.c - the trials of a study on their way into the database. */
#include "venn/commands/import_items.h"

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
#include "venn/store/store.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_workload.h"

/* The first trial of a kernel brings all of its lines; others can be decoded meanwhile. */
enum { AHEAD = 4 };

void import_items_experiment_deinit(struct import_items_experiment *experiment)
{
	free(experiment->path);
	free(experiment->text);
	free(experiment->beside.items);
}

void import_items_item_deinit(struct import_item *item)
{
	cov_manifest_deinit(&item->manifest);
	free(item->manifest_path);
	free(item->text);
	free(item->file);
	tree_deinit(&item->tree);
	free(item->bytes.data);
	import_trial_loaded_deinit(&item->loaded);
	memset(item, 0, sizeof(*item));
}

void import_items_deinit(struct import_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		import_items_item_deinit(&items->items[i]);
	free(items->items);
}

char *import_items_started_at(const char *path, const char *text, size_t size)
{
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error ignored; /* it is read again, and then reported */

	if (cov_manifest_parse(path, text, size, &manifest, &ignored) != 0 || !manifest.started_at)
		return cov_xstrdup("");
	return cov_xstrdup(manifest.started_at);
}

/*
 * Trials come in a shuffled order; platforms and workloads are to stand in that of the experiment
 * file, of which collect keeps a copy beside them. Without it the order is that of the trials.
 */
static int add_experiment(struct import *import, const struct import_items_experiment *from,
			  struct cov_error *err)
{
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	struct cov_error ignored;
	int64_t id; /* not asked for: what counts is the order */

	if (experiment_parse_beside(&from->beside, from->text, from->size, from->path, &experiment,
				    &ignored) != 0)
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

bool import_items_is_snapshot(const struct import_item *item)
{
	return !import_profile_is(&item->manifest) && !import_syscalls_is(&item->manifest);
}

/* The file that a manifest names, or NULL. */
static const char *named_file(const struct import_item *item)
{
	if (import_profile_is(&item->manifest))
		return item->manifest.profile.file;
	if (import_syscalls_is(&item->manifest))
		return item->manifest.syscalls.file;
	return item->manifest.snapshot.file;
}

static int read_manifest(struct import_item *item)
{
	const char *path = item->manifest_path;
	size_t size = item->text ? strlen(item->text) : 0;
	int result = item->text ? 0 : cov_file_read_text(path, &item->text, &size, &item->err);

	if (result == 0)
		result = cov_manifest_parse(path, item->text, size, &item->manifest, &item->err);
	if (result)
		return result;
	if (!item->manifest.kernel.build_id)
		return cov_fail(&item->err, COV_ERR_MISMATCH,
				"%s: the kernel had no build id; import its snapshots one by one",
				path);
	const char *file = named_file(item), *name = strrchr(path, '/');
	if (file)
		item->file = cov_format("%.*s/%s", (int)(name - path), path, file);
	return 0;
}

static const char *snapshot_of(const struct import_item *item)
{
	return import_items_is_snapshot(item) ? item->file : NULL;
}

static struct store_trial trial_of(const struct import *import, const struct import_item *item)
{
	struct store_trial trial = load_trial(&item->manifest, snapshot_of(item), item->text);

	trial.kernel_id = import->about.id;
	return trial;
}

/* Look up what is known of a trial, and its kernel. Return: as import_items_prepare() */
static int look_up(struct import_items *items, struct import_item *item, bool is_alone)
{
	struct import *import = items->import;
	const char *build_id = item->manifest.kernel.build_id;
	bool is_loaded = true;

	/* While others are being decoded with the kernel that is loaded, it stays. */
	item->result =
	    is_alone ? import_choose_kernel(import, build_id, items->kernel, &item->err)
		     : import_has_kernel(import, build_id, items->kernel, &is_loaded, &item->err);
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

int import_items_prepare(struct import_items *items, size_t index, bool is_alone)
{
	struct import_item *item = &items->items[index];
	int result = 0;

	if (item->is_prepared)
		return 0;
	if (!item->manifest.kernel.build_id && !item->result)
		item->result = read_manifest(item);
	if (!item->result)
		result = look_up(items, item, is_alone);
	item->is_prepared = result == 0;
	return result;
}

/* A tracefile has something to say, so it waits for its turn. */
static void load(const struct import *import, struct import_item *item)
{
	const char *snapshot = snapshot_of(item);

	if (item->result || item->is_known || !snapshot)
		return;
	item->is_loaded = item->is_archived || !tracefile_read_is_for(snapshot);
	if (item->is_archived)
		item->result = import_trial_evaluate(import, &item->loaded, &item->err);
	else if (item->is_loaded)
		item->result = import_trial_load(import, snapshot, &item->loaded, &item->err);
}

static int write_item(struct import *import, struct import_item *item, struct cov_error *err)
{
	const struct import_file file = { item->file, item->is_archived ? &item->bytes : NULL };

	if (item->result) {
		*err = item->err;
		return item->result;
	}
	if (item->is_known) {
		import->known_count++;
		return 0;
	}
	if (import_profile_is(&item->manifest))
		return import_profile_add(import, &item->manifest, &file, err);
	if (import_syscalls_is(&item->manifest))
		return import_syscalls_add(import, &item->manifest, item->text, &file, err);
	const struct store_trial trial = trial_of(import, item);
	if (!item->is_loaded)
		return import_trial_add(import, &trial, item->file, err);
	return import_trial_write(import, &trial, &item->loaded, err);
}

/* Some of the items, in a pipeline. */
struct part {
	struct import_items *items;
	size_t first;
};

static int prepare_item(void *context, size_t index, bool is_alone, struct cov_error *err)
{
	const struct part *part = context;
	struct import_item *item = &part->items->items[part->first + index];

	if (item->experiment) {
		if (!is_alone)
			return COV_PIPELINE_LATER;
		int result = add_experiment(part->items->import, item->experiment, err);
		if (result)
			return result;
		item->experiment = NULL;
	}
	return import_items_prepare(part->items, part->first + index, is_alone);
}

static void load_item(void *context, size_t index)
{
	const struct part *part = context;

	load(part->items->import, &part->items->items[part->first + index]);
}

static int finish_item(void *context, size_t index, struct cov_error *err)
{
	const struct part *part = context;
	struct import *import = part->items->import;
	struct import_item *item = &part->items->items[part->first + index];
	int result = write_item(import, item, err);

	import_items_item_deinit(item);
	/* The trials after a broken one are still good. */
	if (result && result != COV_ERR_STORE) {
		cov_say("not imported: %s", err->message);
		import->refused_count++;
		result = 0;
	}
	return result;
}

int import_items_write(struct import_items *items, size_t first, size_t limit,
		       struct cov_error *err)
{
	const struct cov_pipeline pipeline = {
		.count = limit - first,
		.prepare = prepare_item,
		.work = load_item,
		.finish = finish_item,
		.ahead = AHEAD,
	};
	struct part part = { items, first };

	return cov_pipeline_run(&pipeline, &part, err);
}
