/* history_renames.h - which files of one tree are which of another under a new name. */
#ifndef VENN_HISTORY_HISTORY_RENAMES_H
#define VENN_HISTORY_HISTORY_RENAMES_H

#include <stddef.h>

#include "venn/history/history_lines.h"

struct cov_error;

/* Files of a tree: paths relative to it, without "." and "..". All borrowed. */
struct history_files {
	const char *const *paths;         /* [count] */
	const struct history_text *texts; /* [count] */
	size_t count;
};

/**
 * history_renames() - find files again that have another path, as git diff -M does.
 * @old: files that the new tree does not have under their path
 * @new: the other way round
 * @ret: [old->count], index into @new; SIZE_MAX: it is none of them
 *
 * At least half of such a file is the same in both, and no new one is found twice.
 *
 * Return: 0; COV_ERR_FORMAT if libgit2 refuses.
 */
int history_renames(const struct history_files *old, const struct history_files *new, size_t *ret,
		    struct cov_error *err);

#endif
