/* import.h - what the parts of covdb import share. */
#ifndef VENN_COMMANDS_IMPORT_H
#define VENN_COMMANDS_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/commands/load.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_trial.h"

struct cov_error;
struct store;

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

void import_deinit(struct import *import);
COV_DEFINE_AUTO_STRUCT(struct import, import_deinit)

/**
 * import_choose_kernel() - make the kernel the one with that build id, or that name, or the only
 * one.
 * @build_id: a kernel that was registered without one fits any: the stamps of its objects decide
 */
int import_choose_kernel(struct import *import, const char *build_id, const char *name,
			 struct cov_error *err);

/**
 * import_has_kernel() - whether import_choose_kernel() would leave all as it is.
 *
 * Return: 0, even if there is no such kernel; COV_ERR_STORE.
 */
int import_has_kernel(struct import *import, const char *build_id, const char *name, bool *ret,
		      struct cov_error *err);

/* A snapshot, decoded and packed for the database. */
struct import_loaded {
	struct load_snapshot snapshot;
	struct store_trial_packed packed;
};

void import_loaded_deinit(struct import_loaded *loaded);
COV_DEFINE_AUTO_STRUCT(struct import_loaded, import_loaded_deinit)

/** import_load() - read a snapshot or tracefile; no database is needed, and any thread will do. */
int import_load(const struct import *import, const char *snapshot, struct import_loaded *ret,
		struct cov_error *err);

/**
 * import_write() - store a trial in a transaction of its own, unless it is there, and say so.
 * @loaded: its problems get sorted; NULL: the trial has no snapshot
 */
int import_write(struct import *import, const struct store_trial *trial,
		 struct import_loaded *loaded, struct cov_error *err);

/** import_trial() - import_load() and import_write(). @snapshot: NULL: there is none */
int import_trial(struct import *import, const struct store_trial *trial, const char *snapshot,
		 struct cov_error *err);

/** import_refresh() - bring all footprints up to date. */
int import_refresh(struct import *import, struct cov_error *err);

/** import_refresh_kernel() - those of one kernel. @is_within: a transaction that is open */
int import_refresh_kernel(struct import *import, const char *name, bool is_within,
			  struct cov_error *err);

/**
 * import_folder() - all trials of a folder that collect wrote, as many at once as there are
 * processors.
 * @kernel: name, or NULL
 *
 * Return: 0, even if some could not be imported, which is said; COV_ERR_FORMAT, COV_ERR_STORE.
 */
int import_folder(struct import *import, const char *directory, const char *kernel,
		  struct cov_error *err);

#endif
