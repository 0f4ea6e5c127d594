/* sources.h - the source text of a kernel's instrumented files. */
#ifndef VENN_CHANGE_SOURCES_H
#define VENN_CHANGE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/history/history_lines.h"

struct cov_error;
struct store;

struct sources {
	struct history_text *texts; /* [file_count], by the kernel's file; bytes NULL: there is
				       none; owned, as are the bytes */
	size_t file_count;
	size_t missing_count; /* files without a text, of those that were wanted */
};

void sources_deinit(struct sources *sources);
COV_DEFINE_AUTO_STRUCT(struct sources, sources_deinit)

/* Where sources are looked for. All borrowed. */
struct sources_from {
	const char *where;   /* NULL: those kept in the database, else where the kernel was built */
	struct store *store; /* NULL: nothing is kept */
	int64_t kernel_id;   /* in it */
	const bool *is_wanted; /* [kernel->file_count], the files that are read; NULL: all */
};

/**
 * sources_read() - read the sources of a kernel.
 * @from: its where is a source tree, or a git repository and a revision with an at sign between
 * @ret:   free with sources_deinit(), also on failure
 *
 * Files outside of the tree are looked for by their absolute names, but not in a repository.
 *
 * Return: 0, also where files are missing; COV_ERR_MISMATCH if a file that is given has fewer lines
 *         than the kernel has code on, or if all are missing where they were said to be;
 * COV_ERR_SYSTEM.
 */
int sources_read(const struct cov_kernel *kernel, const struct sources_from *from,
		 struct sources *ret, struct cov_error *err);

/**
 * sources_load_kernel() - a registered kernel and its sources.
 * @name:    of the kernel
 * @where:   as in struct sources_from
 * @kernel:  free with kernel_deinit(), also on failure
 * @sources: free with sources_deinit(), also on failure
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such kernel; what sources_read() returns;
 *         COV_ERR_STORE, COV_ERR_FORMAT.
 */
int sources_load_kernel(struct store *store, const char *name, const char *where,
			struct cov_kernel *kernel, struct sources *sources, struct cov_error *err);

#endif
