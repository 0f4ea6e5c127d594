/* store_kernel.h - registered kernels. */
#ifndef VENN_STORE_STORE_KERNEL_H
#define VENN_STORE_STORE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"

struct cov_error;
struct store;

/* A registered kernel. All texts are owned. */
struct store_kernel {
	int64_t id;
	char *name;
	char *release;        /* "6.1.192" or "" */
	char *build_id;       /* hexadecimal, or "" when it was not known */
	char *profile_update; /* how counters are updated: "atomic", "prefer-atomic", "single" or
				 "unknown" */
	char *build_root;     /* directories that source paths are relative to */
	char *source_root;
	int64_t object_count;
	int64_t line_count;  /* of all notes, linked or not */
	int64_t trial_count; /* imported so far */
};

void store_kernel_deinit(struct store_kernel *kernel);
COV_DEFINE_AUTO_STRUCT(struct store_kernel, store_kernel_deinit)

/**
 * store_kernel_add() - register a kernel.
 * @about:  name, release, build id and profile_update; its id is filled in
 * @kernel: plans and universe
 *
 * Return: 0; COV_ERR_MISMATCH if the name or build id is taken; COV_ERR_FORMAT if it is larger than
 *         store_limits.h allows; COV_ERR_STORE.
 */
int store_kernel_add(struct store *store, struct store_kernel *about,
		     const struct cov_kernel *kernel, struct cov_error *err);

/**
 * store_kernel_find() - a registered kernel by build id, or by name, or the only one.
 * @build_id: or NULL
 * @name:     or NULL
 * @ret:      free with store_kernel_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH with what is registered instead; COV_ERR_STORE.
 */
int store_kernel_find(struct store *store, const char *build_id, const char *name,
		      struct store_kernel *ret, struct cov_error *err);

struct store_kernels {
	struct store_kernel *items; /* [count], as they were added; owned */
	size_t count;
	size_t capacity;
};

void store_kernel_list_deinit(struct store_kernels *kernels);
COV_DEFINE_AUTO_STRUCT(struct store_kernels, store_kernel_list_deinit)

/** store_kernel_list() - all registered kernels. */
int store_kernel_list(struct store *store, struct store_kernels *ret, struct cov_error *err);

#endif
