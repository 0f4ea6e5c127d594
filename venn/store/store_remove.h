/* store_remove.h - what was registered or imported by mistake leaves the database. */
#ifndef VENN_STORE_STORE_REMOVE_H
#define VENN_STORE_STORE_REMOVE_H

#include <stddef.h>
#include <stdint.h>

struct cov_error;
struct store;

/**
 * store_remove_kernel() - remove a kernel that has no trials, in a transaction of its own.
 *
 * Return: 0; COV_ERR_MISMATCH if there is none of that name, or if it has trials; COV_ERR_STORE.
 */
int store_remove_kernel(struct store *store, const char *name, struct cov_error *err);

/**
 * store_remove_trials() - remove trials of a kernel, within a transaction.
 * @ids: [count]
 *
 * The kernel's footprints, which were made with them, go as well; its analyses stay as ones that
 * are not current, except those against a baseline of which no trial is left. Platforms and
 * workloads go with their last trial. Lines that no other trial has leave the universe.
 */
int store_remove_trials(struct store *store, int64_t kernel_id, const int64_t *ids, size_t count,
			struct cov_error *err);

#endif
