/*
 * program.h - find a program as a shell would, but none that others could have put there.
 *
 * For every user, elements of PATH that are empty or no absolute path are passed over: what they
 * lead to depends on where covdb was started. For root, so are folders in which others may make
 * programs, and programs which others may write to: see trust.h. What is named by its path is taken
 * as it is: whoever named it decides.
 */
#ifndef COLLECTOR_BASE_PROGRAM_H
#define COLLECTOR_BASE_PROGRAM_H

/**
 * cov_program_trust_path() - from now on PATH has only folders that programs are taken from, for
 * covdb and for what it starts.
 */
void cov_program_trust_path(void);

/**
 * cov_program_find() - path of a program.
 * @name: a name to look up in PATH, or a path, which is itself if it can be executed
 * @more: further directories after those of PATH, joined by ':', or NULL
 *
 * Return: the path, absolute if @name is only a name; free() it. NULL if there is none.
 */
char *cov_program_find(const char *name, const char *more);

/**
 * cov_program_passed_over() - why a program that is in PATH was not found.
 *
 * Return: such as "/srv/bin/runc is passed over: others may write to /srv/bin"; free() it. NULL if
 *         there is none to pass over.
 */
char *cov_program_passed_over(const char *name);

/**
 * cov_program_missing() - for a message: "there is no program 'runc' in PATH", and what was passed
 * over. free() it.
 */
char *cov_program_missing(const char *name);

#endif
