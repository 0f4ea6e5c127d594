/* program.h - find a program as a shell would. */
#ifndef COLLECTOR_BASE_PROGRAM_H
#define COLLECTOR_BASE_PROGRAM_H

/**
 * cov_program_find() - path of a program.
 * @name: a name to look up in PATH, or a path, which is itself if it can be executed
 * @more: further directories after those of PATH, joined by ':', or NULL
 *
 * Return: the path; free() it. NULL if there is none.
 */
char *cov_program_find(const char *name, const char *more);

#endif
