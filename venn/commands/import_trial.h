/* import_trial.h - one trial, from its snapshot into the database. */
#ifndef VENN_COMMANDS_IMPORT_TRIAL_H
#define VENN_COMMANDS_IMPORT_TRIAL_H

#include "collector/base/cleanup.h"
#include "venn/commands/import.h"
#include "venn/commands/load.h"
#include "venn/store/store_trial.h"

struct cov_error;

/* A snapshot, decoded and packed for the database. */
struct import_trial_loaded {
	struct load_snapshot snapshot;
	struct store_trial_packed packed;
};

void import_trial_loaded_deinit(struct import_trial_loaded *loaded);
COV_DEFINE_AUTO_STRUCT(struct import_trial_loaded, import_trial_loaded_deinit)

/** import_trial_load() - read a snapshot or tracefile; no database is needed, and any thread will
 * do. */
int import_trial_load(const struct import *import, const char *snapshot,
		      struct import_trial_loaded *ret, struct cov_error *err);

/**
 * import_trial_read() - the first half of the same: the counters, packed, which take a hundredth of
 * a snapshot.
 * @tree: of a snapshot that was opened, which is dropped; NULL: @file is one of counters
 */
int import_trial_read(const struct import *import, const struct import_file *file,
		      struct tree *tree, struct import_trial_loaded *ret, struct cov_error *err);

/** import_trial_evaluate() - the second half, with the same kernel. */
int import_trial_evaluate(const struct import *import, struct import_trial_loaded *loaded,
			  struct cov_error *err);

/**
 * import_trial_write() - store a trial in a transaction of its own, unless it is there, and say so.
 * @loaded: its problems get sorted; NULL: the trial has no snapshot
 */
int import_trial_write(struct import *import, const struct store_trial *trial,
		       struct import_trial_loaded *loaded, struct cov_error *err);

/** import_trial_add() - import_trial_load() and import_trial_write(). @snapshot: NULL: there is
 * none */
int import_trial_add(struct import *import, const struct store_trial *trial, const char *snapshot,
		     struct cov_error *err);

#endif
