/* tree_directory.h - list a directory for tree.c, without a look at each file's inode. */
#ifndef COLLECTOR_DECODE_TREE_DIRECTORY_H
#define COLLECTOR_DECODE_TREE_DIRECTORY_H

#include <stddef.h>

#include "collector/base/error.h"

/* A folder that could not be read: files may be missing. */
struct tree_gap {
	char *name; /* relative; owned */
	struct cov_error err;
};

/* Whoever takes the names and gaps owns them. */
struct tree_directory {
	char **names; /* [name_count], relative, of files */
	size_t name_count, name_capacity;
	char **folders; /* [folder_count], relative, "" for the first, which is @path itself */
	size_t folder_count, folder_capacity;
	struct tree_gap *gaps; /* [gap_count] */
	size_t gap_count, gap_capacity;
};

/**
 * tree_directory_list() - the files below @path whose name ends with @suffix.
 * @ret: filled on success
 *
 * A folder that cannot be read is one of the gaps; all else is listed.
 *
 * Return: 0; COV_ERR_SYSTEM if @path itself cannot be read.
 */
int tree_directory_list(const char *path, const char *suffix, struct tree_directory *ret,
			struct cov_error *err);

#endif
