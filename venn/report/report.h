/* report.h - a study as a page that opens from disk. */
#ifndef VENN_REPORT_REPORT_H
#define VENN_REPORT_REPORT_H

#include <stddef.h>

#include "venn/report/report_changes.h"
#include "venn/report/report_patch.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_kernel.h"

struct cov_error;
struct store;

/* What is asked for. All borrowed. */
struct report_asked {
	struct store_choice choice;
	const struct store_kernel *kernel;
	const char *directory;  /* where the page goes; made when missing */
	const char *kernel_src; /* the kernel's source tree; NULL: a page without sources */
	const char *claims;     /* a file of claims that the page sets beside the study */
	struct report_changes_asked changes;
	struct report_patch_asked patch;
};

struct report_written {
	size_t file_count;
	size_t size_bytes;     /* of all files */
	size_t source_count;   /* source files that it shows */
	size_t source_missing; /* that the tree does not have */
};

/**
 * report_write() - write the page and all its data.
 * @ret: filled on success
 *
 * An existing report is replaced at the end: see report_folder.h; other files stay. Progress is
 * shown on stderr, and what of the older report could not be removed.
 *
 * Return: 0; COV_ERR_MISMATCH if the directory has other things and is no report's, if there is no
 *         such analysis, or more platforms than a page can show; COV_ERR_SYSTEM, COV_ERR_STORE.
 */
int report_write(struct store *store, const struct report_asked *asked, struct report_written *ret,
		 struct cov_error *err);

#endif
