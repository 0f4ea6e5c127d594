/* source_path.h - one spelling for each source file. */
#ifndef COLLECTOR_GCOV_SOURCE_PATH_H
#define COLLECTOR_GCOV_SOURCE_PATH_H

#include <stddef.h>

/**
 * source_path_canonical() - drop '.' components and resolve 'directory/..' textually.
 * @path: relative or absolute; a '..' at the beginning of a relative one stays
 *
 * gcov resolves 'directory/..' only where the directory exists at the time; a kernel's build tree
 * has all the directories that its notes name, so there the two agree.
 *
 * Return: the canonical path; free() it.
 */
char *source_path_canonical(const char *path);

enum { SOURCE_PATH_MORE_BYTES = 2 };

/**
 * source_path_write() - the same into memory of the caller.
 * @out: [strlen(path) + SOURCE_PATH_MORE_BYTES]
 *
 * Return: the length of the text in @out.
 */
size_t source_path_write(const char *path, char *out);

/**
 * source_path_relative() - the spelling of a source file that covdb shows.
 * @path:  as the notes spell it
 * @cwd:   directory of the compilation, or "" when the notes do not say
 * @roots: [root_count], absolute; the kernel's build and source trees
 *
 * Return: relative to the root that holds it, else absolute; relative to nothing if @cwd is
 * unknown. free() it.
 */
char *source_path_relative(const char *path, const char *cwd, const char *const *roots,
			   size_t root_count);

#endif
