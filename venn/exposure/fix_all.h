/* fix_all.h - the fixes of all records that concern a kernel, by a git. */
#ifndef VENN_EXPOSURE_FIX_ALL_H
#define VENN_EXPOSURE_FIX_ALL_H

#include <stddef.h>

struct cov_error;
struct fix_git;
struct store;
struct store_kernel;

struct fix_all_counts {
	size_t records;   /* that name an instrumented file, and a fix */
	size_t found;     /* whose fix is in the git */
	size_t in_source; /* of these, whose fix the source has */
};

/**
 * fix_all() - store which lines of a kernel the fixes of all records are about, in place of what
 * was there. Within a transaction.
 */
int fix_all(struct store *store, const struct store_kernel *kernel, struct fix_git *git,
	    struct fix_all_counts *ret, struct cov_error *err);

#endif
