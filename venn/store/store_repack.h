/* store_repack.h - kernels as databases before schema version 7 have them, packed anew. */
#ifndef VENN_STORE_STORE_REPACK_H
#define VENN_STORE_STORE_REPACK_H

struct cov_error;
struct store;

/**
 * store_repack() - bring the packed columns of kernel and object to the current form.
 *
 * Within a transaction of the caller. Return: 0; COV_ERR_STORE, also if one of them is damaged.
 */
int store_repack(struct store *store, struct cov_error *err);

#endif
