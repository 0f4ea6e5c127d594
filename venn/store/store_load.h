/* store_load.h - a kernel out of the database. */
#ifndef VENN_STORE_STORE_LOAD_H
#define VENN_STORE_STORE_LOAD_H

#include <stdint.h>

#include "collector/collector.h"

struct cov_error;
struct store;

/** store_kernel_load() - plans and universe of a registered kernel; free with kernel_deinit(). */
int store_kernel_load(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		      struct cov_error *err);

/** store_universe_load() - files and lines of a registered kernel, without its objects. */
int store_universe_load(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
			struct cov_error *err);

/**
 * store_object_load() - put one object into a kernel of store_universe_load().
 * @kernel: the object becomes its only one
 */
int store_object_load(struct store *store, int64_t kernel_id, int64_t object_id,
		      struct cov_kernel *kernel, struct cov_error *err);

#endif
