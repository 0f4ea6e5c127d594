/* import_items.h - the trials of a study on their way into the database, wherever they come from.
 */
#ifndef VENN_COMMANDS_IMPORT_ITEMS_H
#define VENN_COMMANDS_IMPORT_ITEMS_H

#include "collector/base/cleanup.h"
#include "venn/commands/import.h"
#include "venn/commands/import_trial.h"

struct cov_error;

/* What an experiment file says, which comes before its trials. */
struct import_items_experiment {
	char *path; /* what messages call it; owned */
	char *text; /* [size]; owned */
	size_t size;
	struct experiment_descriptions beside; /* that are in memory; the list is owned */
};

void import_items_experiment_deinit(struct import_items_experiment *experiment);
COV_DEFINE_AUTO_STRUCT(struct import_items_experiment, import_items_experiment_deinit)

/* One trial. All is owned. */
struct import_item {
	char *manifest_path; /* what messages call it, too */
	char *text;          /* the manifest as it is written; NULL: not read yet */
	struct cov_manifest manifest;
	char *file;                /* that the manifest names, as messages call it; NULL: none */
	struct tree tree;          /* of the snapshot, if it is read from an archive */
	struct member_bytes bytes; /* of another file from there */
	struct import_trial_loaded loaded;
	const struct import_items_experiment
	    *experiment;  /* to be added before it, or NULL; borrowed */
	bool is_archived; /* its file is in an archive, not at a path */
	bool is_prepared;
	bool is_known;   /* it is there already */
	bool is_fetched; /* from the archive */
	bool is_loaded;  /* or was tried to */
	int result;      /* what failed so far; 0: nothing */
	struct cov_error err;
};

struct import_items {
	struct import *import;
	const char *kernel;        /* name, or NULL */
	struct import_item *items; /* [count], in the order in which they are written; owned */
	size_t count;
};

void import_items_deinit(struct import_items *items);
COV_DEFINE_AUTO_STRUCT(struct import_items, import_items_deinit)

/** import_items_is_snapshot() - whether the file of a manifest that was read is a snapshot. */
bool import_items_is_snapshot(const struct import_item *item);

/** import_items_item_deinit() - free what is left of an item; a zeroed struct is fine. */
void import_items_item_deinit(struct import_item *item);

/** import_items_started_at() - of a manifest; "" if it is none or does not say. free() it */
char *import_items_started_at(const char *path, const char *text, size_t size);

/**
 * import_items_prepare() - read the manifest of an item, unless it was, and look up what is known.
 * @is_alone: no other is under way, so that another kernel may be loaded
 *
 * What fails is told in the trial's turn, when it is written. Return: 0; COV_PIPELINE_LATER: it is
 * of another kernel, and not alone.
 */
int import_items_prepare(struct import_items *items, size_t index, bool is_alone);

/**
 * import_items_write() - decode the items from @first to before @limit, as many at once as there
 * are processors, and write them in their order.
 *
 * Return: 0, even if some could not be imported, which is said; COV_ERR_STORE.
 */
int import_items_write(struct import_items *items, size_t first, size_t limit,
		       struct cov_error *err);

#endif
