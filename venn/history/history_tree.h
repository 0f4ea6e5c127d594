/* history_tree.h - the files of a git repository at one revision. */
#ifndef VENN_HISTORY_HISTORY_TREE_H
#define VENN_HISTORY_HISTORY_TREE_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct history_tree;

/**
 * history_tree_open() - look up a revision.
 * @repository: its work tree, a folder within, or a bare one
 * @revision:   as git rev-parse takes it
 * @ret:        release with history_tree_close()
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such repository or revision; COV_ERR_FORMAT.
 */
int history_tree_open(const char *repository, const char *revision, struct history_tree **ret,
		      struct cov_error *err);

void history_tree_close(struct history_tree *tree);
COV_DEFINE_AUTO(struct history_tree *, history_tree_close)

/**
 * history_tree_read() - the content of a file.
 * @ret: with a NUL after @size_out bytes; NULL: there is no such file; free() it
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int history_tree_read(struct history_tree *tree, const char *path, char **ret, size_t *size_out,
		      struct cov_error *err);

#endif
