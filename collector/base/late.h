/* late.h - libraries that are loaded when they are needed; covdb_late() in CMakeLists.txt uses it.
 */
#ifndef COLLECTOR_BASE_LATE_H
#define COLLECTOR_BASE_LATE_H

#include <stddef.h>

struct cov_error;

/**
 * cov_late_load() - load a library, which then stays.
 * @library:   the name that it goes by, libgit2.so.1.5; where the dynamic linker looks
 * @names:     [count], of functions
 * @functions: [count] pointers to functions, of any types, filled on success
 *
 * Return: 0; COV_ERR_SYSTEM if there is no such library, or it has not all of the functions.
 */
int cov_late_load(const char *library, const char *const *names, size_t count, void *functions,
		  struct cov_error *err);

#endif
