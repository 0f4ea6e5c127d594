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

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/decode/notes_state.h"
#include "collector/decode/tree.h"

struct cov_error;
struct cov_kernel;
struct cov_problems;

/* Notes on their way into a kernel and into the cache. A zeroed struct is nothing. */
struct kernel_cache {
	bool is_found;            /* the cache has them as they are */
	struct tree notes;        /* if not; without files: not listed yet */
	char *root;               /* of notes, if they can be kept, else NULL; owned */
	char *file;               /* where the cache has them; owned */
	struct notes_state state; /* of notes, if they can be kept */
	char *image;              /* [image_bytes], what is to be kept; owned */
	size_t image_bytes;
};

/**
 * kernel_cache_open() - find a kernel in the cache, or its notes.
 * @is_whole: also where nothing is kept, all notes are wanted, not only those of one snapshot
 * @out:      filled if @ret->is_found
 * @ret:      filled on success; free with kernel_cache_deinit(), after the kernel
 *
 * Return: 0; COV_ERR_SYSTEM or COV_ERR_FORMAT if there is nothing to read at @notes.
 */
int kernel_cache_open(const char *notes, bool is_whole, struct cov_kernel *out,
		      struct kernel_cache *ret, struct cov_error *err);

/**
 * kernel_cache_read() - kernel_read_tree() of notes that the cache does not have, to evaluate one
 * snapshot.
 * @snapshot: opened for ".gcda"; NULL, where all notes were wanted: all is compiled
 *
 * What nobody keeps and nobody wants is not looked for: notes of objects that have no file in the
 * snapshot (@out->is_partial). kernel_cache_keep() writes what can be kept.
 *
 * Return: 0; COV_ERR_SYSTEM or COV_ERR_FORMAT if there is nothing to read at the notes.
 */
int kernel_cache_read(struct kernel_cache *cache, const struct tree *snapshot,
		      struct cov_kernel *out, struct cov_problems *problems, struct cov_error *err);

/** kernel_cache_keep() - write it; where that is not possible, the next time takes as long. */
void kernel_cache_keep(const struct kernel_cache *cache);

/** kernel_cache_deinit() - free what @cache owns; a zeroed struct is fine. */
void kernel_cache_deinit(struct kernel_cache *cache);

COV_DEFINE_AUTO_STRUCT(struct kernel_cache, kernel_cache_deinit)

#endif
