/* store_universe.h - which lines of a kernel its trials have found. */
#ifndef VENN_STORE_STORE_UNIVERSE_H
#define VENN_STORE_STORE_UNIVERSE_H

#include <stdint.h>

#include "venn/store/store_results.h"

struct cov_error;
struct store;

/** store_universe_grow() - lines of objects that no trial had before join. */
int store_universe_grow(struct store *store, int64_t kernel_id, const struct store_results *results,
			struct cov_error *err);

/**
 * store_universe_shrink() - lines that no trial has any more leave, after trials were removed.
 * @kernel: as store_load_kernel() gives it
 */
int store_universe_shrink(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  struct cov_error *err);

#endif
