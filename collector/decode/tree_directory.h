/* tree_directory.h - list a directory for tree.c, without a look at each file's inode. */
#ifndef COLLECTOR_DECODE_TREE_DIRECTORY_H
#define COLLECTOR_DECODE_TREE_DIRECTORY_H

struct cov_error;
struct tree;

/**
 * tree_list_directory() - add the files below tree->path whose name ends with @suffix.
 *
 * A folder that cannot be read is added to tree->gaps; all else is listed.
 *
 * Return: 0; COV_ERR_SYSTEM if tree->path itself cannot be read.
 */
int tree_list_directory(struct tree *tree, const char *suffix, struct cov_error *err);

#endif
