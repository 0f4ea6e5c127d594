/* store_names.h - the names that a database knows: of platforms, workloads, files, functions... */
#ifndef VENN_STORE_STORE_NAMES_H
#define VENN_STORE_STORE_NAMES_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

enum store_names_kind {
	STORE_NAMES_PLATFORMS, /* in the order of import */
	STORE_NAMES_WORKLOADS, /* groups, too */
	STORE_NAMES_KERNELS,
	STORE_NAMES_TRIALS, /* platform/workload/number */
	STORE_NAMES_PATHS,  /* of directories, with a slash at their end, and of files */
	STORE_NAMES_FUNCTIONS,
};

struct store_names {
	char **items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

/**
 * store_names_read() - names of a kind that begin with @prefix, each once.
 * @most: so many at most; 0: all
 * @ret:  release with store_names_deinit()
 *
 * Of paths those one level below @prefix: "net/", and for "net/" "net/core/".
 *
 * Return: 0; COV_ERR_STORE.
 */
int store_names_read(struct store *store, enum store_names_kind kind, const char *prefix,
		     size_t most, struct store_names *ret, struct cov_error *err);

void store_names_deinit(struct store_names *names);
COV_DEFINE_AUTO_STRUCT(struct store_names, store_names_deinit)

#endif
