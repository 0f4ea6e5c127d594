/* tracefile_match.h - the lines and functions of a tracefile in a kernel. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_MATCH_H
#define COLLECTOR_EXCHANGE_TRACEFILE_MATCH_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/decode/branches.h"
#include "collector/decode/counts.h"

struct cov_error;
struct cov_kernel;
struct cov_tracefile;

/* The counts of a tracefile by the line and function ids of a kernel. */
struct cov_tracefile_match {
	struct cov_counts counts;
	unsigned char *is_listed; /* [kernel->function_count], functions of the tracefile; owned */
	struct cov_branches branches; /* settled, by line id */
	size_t files_unknown;         /* not in the kernel; their lines are not counted below */
	size_t lines_unknown;         /* not in the kernel, in files that are */
	size_t functions_unknown;     /* the same */
	size_t branches_unknown;      /* of such lines, or of lines without a count */
	const char *unknown; /* the first such file, or file with such a line; NULL: none */
};

/** tracefile_match_deinit() - free what @match owns; a zeroed struct is fine. */
void tracefile_match_deinit(struct cov_tracefile_match *match);

COV_DEFINE_AUTO_STRUCT(struct cov_tracefile_match, tracefile_match_deinit)

/**
 * tracefile_match() - find the lines and functions of a tracefile in a kernel.
 * @ret: filled on success, borrowing from @tracefile; free with tracefile_match_deinit()
 *
 * The directory that the kernel's files lay in when the tracefile was made is found automatically:
 * below it most files have the path of one of the kernel's. A function with a copy in several
 * objects gets all its calls in the first. One whose line is not known is the only one of its name
 * in the file.
 *
 * Return: 0; COV_ERR_MISMATCH if no line is in the kernel.
 */
int tracefile_match(const struct cov_kernel *kernel, const struct cov_tracefile *tracefile,
		    struct cov_tracefile_match *ret, struct cov_error *err);

#endif
