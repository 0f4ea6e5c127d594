/* store_load.h - a kernel out of the database. */
#ifndef VENN_STORE_STORE_LOAD_H
#define VENN_STORE_STORE_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/collector.h"

struct cov_error;
struct store;

/** store_load_kernel() - plans and universe of a registered kernel; free with kernel_deinit(). */
int store_load_kernel(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		      struct cov_error *err);

/**
 * store_load_outline() - what the counters of trials are read by: how many each object has.
 * @ret: has lines, but neither their files nor their numbers, and objects without path and plan;
 *       free with kernel_deinit()
 */
int store_load_outline(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		       struct cov_error *err);

/**
 * store_load_ran() - the objects of an outline that ran, as store_load_kernel() has them.
 * @ran:    [kernel->object_count], as counters_mark_ran() has it
 * @kernel: of store_load_outline(), for kernel_part_init() of these trials
 */
int store_load_ran(struct store *store, int64_t kernel_id, const unsigned char *ran,
		   struct cov_kernel *kernel, struct cov_error *err);

/** store_load_universe() - files and lines of a registered kernel, without its objects. */
int store_load_universe(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
			struct cov_error *err);

/**
 * store_load_object() - put one object into a kernel of store_load_universe().
 * @kernel: the object becomes its only one
 */
int store_load_object(struct store *store, int64_t kernel_id, int64_t object_id,
		      struct cov_kernel *kernel, struct cov_error *err);

/**
 * store_load_is_current() - whether a kernel is still the one that was loaded.
 * @kernel: what store_load_kernel() gave last
 *
 * Another program may have removed it since, and have registered another under its id.
 */
int store_load_is_current(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  bool *ret, struct cov_error *err);

#endif
