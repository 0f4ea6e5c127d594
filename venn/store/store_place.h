/* store_place.h - directories and files of a kernel, by name. */
#ifndef VENN_STORE_STORE_PLACE_H
#define VENN_STORE_STORE_PLACE_H

#include <stdint.h>

struct cov_error;
struct store;

/**
 * store_place_check() - whether a kernel has an instrumented directory or file.
 * @path: canonical, or of a file; "." for the whole kernel
 *
 * Return: 0; what store_place_fail() returns.
 */
int store_place_check(struct store *store, int64_t kernel_id, const char *path,
		      struct cov_error *err);

/**
 * store_place_fail() - say that a kernel has no directory or file of a name, and which it may have
 * been.
 *
 * Return: COV_ERR_MISMATCH; COV_ERR_STORE.
 */
int store_place_fail(struct store *store, int64_t kernel_id, const char *path,
		     struct cov_error *err);

#endif
