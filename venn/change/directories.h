/* directories.h - the directories that a table has a row for: those right below the one asked for.
 */
#ifndef VENN_CHANGE_DIRECTORIES_H
#define VENN_CHANGE_DIRECTORIES_H

#include <stddef.h>

#include "collector/base/cleanup.h"

enum { DIRECTORIES_NONE = -1 };

struct directories {
	char **names; /* [count], as they came; owned */
	size_t count, capacity;
};

void directories_deinit(struct directories *directories);
COV_DEFINE_AUTO_STRUCT(struct directories, directories_deinit)

/**
 * directories_place() - the row of a file; a new one is added.
 * @below: canonical; "." for the whole kernel
 *
 * A file that lies in @below itself is of the row of that name, one outside of the kernel's tree of
 * the row "/".
 *
 * Return: an index into names; DIRECTORIES_NONE if the file is not below.
 */
long directories_place(struct directories *directories, const char *file, const char *below);

/** directories_find() - the row of that name; a new one is added. Return: an index into names. */
long directories_find(struct directories *directories, const char *name);

#endif
