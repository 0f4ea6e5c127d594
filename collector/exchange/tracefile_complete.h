/* tracefile_complete.h - lines that ran because others of their block did. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_COMPLETE_H
#define COLLECTOR_EXCHANGE_TRACEFILE_COMPLETE_H

#include <stddef.h>

struct cov_error;
struct cov_kernel;
struct cov_tracefile_match;

/**
 * tracefile_complete() - add what follows from lines that ran, where only some of those are known.
 * @match: of a tracefile without counts; lines and functions are added, which then count 1
 * @added: how many lines
 *
 * What traces addresses sees one place of each block of a program as it was optimised: KCOV the
 * first statement. Of a line that one block of one function has alone, that block ran; so did the
 * blocks before it and behind it that are its only way in and out, if calls come back; and so did
 * all lines of these, but for those that are said not to have run. Where a function has copies in
 * several objects, as one of a header has, nobody knows which ran, so it must follow in all. A
 * function ran if a line did that only it has.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int tracefile_complete(const struct cov_kernel *kernel, struct cov_tracefile_match *match,
		       size_t *added, struct cov_error *err);

#endif
