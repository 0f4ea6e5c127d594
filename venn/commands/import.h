/* import.h - what covdb import does with kernels, before and after trials. */
#ifndef VENN_COMMANDS_IMPORT_H
#define VENN_COMMANDS_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_kernel.h"

struct cov_error;
struct store;

/* What goes on over several trials. */
struct import {
	struct store *store;
	struct store_kernel about; /* the kernel that is loaded; id 0 for none; owned */
	struct cov_kernel kernel;  /* owned */
	size_t imported_count;
	size_t profile_count;   /* profiles, which are no trials */
	size_t syscalls_count;  /* trials of system calls, which are none of these either */
	size_t uncounted_count; /* imported, ok, without a snapshot: they have metrics alone */
	size_t known_count;     /* imported before */
	size_t failed_count;    /* imported, but the trial itself had failed */
	size_t bad_count;       /* imported with objects that were not decoded */
	size_t refused_count;   /* could not be imported */
	size_t stale_count;     /* kernels with trials, but without the footprints of them */
	int64_t refreshed_id;   /* of a kernel whose footprints came with its trial */
	bool is_incomplete;     /* a folder could not be listed to its end, or the like */
	bool is_set;            /* what is imported is lines, kept whole: no time, no baseline */
	const char *vmlinux;    /* that addresses are of, or NULL; borrowed */
	bool is_same_source;    /* it may be of another build than the kernel */
};

/* A file that a manifest names. */
struct import_file {
	const char *path;                 /* what messages call it; NULL: the manifest names none */
	const struct member_bytes *bytes; /* of it; NULL: they are to be read from the path */
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

/** import_refresh() - bring all footprints up to date. */
int import_refresh(struct import *import, struct cov_error *err);

/** import_refresh_kernel() - those of one kernel. @is_within: a transaction that is open */
int import_refresh_kernel(struct import *import, const char *name, bool is_within,
			  struct cov_error *err);

#endif
