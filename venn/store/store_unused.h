/* store_unused.h - patterns of tiles that nothing has any more. */
#ifndef VENN_STORE_STORE_UNUSED_H
#define VENN_STORE_STORE_UNUSED_H

#include <stdint.h>

struct cov_error;
struct store;

/**
 * store_unused_delete() - delete the patterns of a kernel that no trial and no footprint has.
 *
 * All tiles are read, which takes longer than to make a few footprints.
 */
int store_unused_delete(struct store *store, int64_t kernel_id, struct cov_error *err);

#endif
