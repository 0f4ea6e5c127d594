/* store_forget.h - what was made of trials goes when there are others; all else stays. */
#ifndef VENN_STORE_STORE_FORGET_H
#define VENN_STORE_STORE_FORGET_H

#include <stdint.h>

struct cov_error;
struct store;

/**
 * store_forget_group() - the footprints that the trials of a platform and workload have part in.
 *
 * Those are their own, united ones, and, if it is a baseline, those that are set against it; all of
 * the kernel if it is the observer. The regions of these workloads go as well. Analyses of the
 * kernel are not current any more: who runs one makes what is not there. To be called within the
 * transaction that adds or removes a trial.
 */
int store_forget_group(struct store *store, int64_t kernel_id, int64_t platform_id,
		       int64_t workload_id, struct cov_error *err);

/** store_forget_union() - what is known of a group of workloads, of which there are others now. */
int store_forget_union(struct store *store, int64_t group_id, struct cov_error *err);

#endif
