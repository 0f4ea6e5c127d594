/*
 * kernel_cache.h - kernels read from notes, kept in the user's cache for the next time.
 *
 * $XDG_CACHE_HOME/covdb/notes, or ~/.cache/covdb/notes, has a file for each folder of notes. It
 * must be this user's alone, and all above it root's or this user's; else there is no cache. The
 * files together have at most 256 MiB: those that were used longest ago go first. With
 * COVDB_CACHE=off nothing is read from it and nothing written.
 */
#ifndef COLLECTOR_DECODE_KERNEL_CACHE_H
#define COLLECTOR_DECODE_KERNEL_CACHE_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct cov_kernel;
struct cov_problems;

/* What is to be kept once the answer is out. A zeroed struct is nothing. */
struct kernel_cache {
	char *file;  /* owned */
	char *image; /* [image_bytes]; owned */
	size_t image_bytes;
};

/**
 * kernel_cache_read() - kernel_read_notes() to evaluate one snapshot, from the cache where it has
 * the notes as they are now.
 * @ret: filled on success; kernel_cache_keep() writes what the cache does not have yet
 */
int kernel_cache_read(const char *notes, struct cov_kernel *out, struct cov_problems *problems,
		      struct kernel_cache *ret, struct cov_error *err);

/** kernel_cache_keep() - write it; where that is not possible, the next time takes as long. */
void kernel_cache_keep(const struct kernel_cache *cache);

/** kernel_cache_deinit() - free what @cache owns; a zeroed struct is fine. */
void kernel_cache_deinit(struct kernel_cache *cache);

COV_DEFINE_AUTO_STRUCT(struct kernel_cache, kernel_cache_deinit)

#endif
