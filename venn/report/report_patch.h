/* report_patch.h - what executed a patch, as a part of the report. */
#ifndef VENN_REPORT_REPORT_PATCH_H
#define VENN_REPORT_REPORT_PATCH_H

#include "venn/report/report_study.h"

struct cov_error;

/* Which patch; all borrowed. */
struct report_patch_asked {
	const char *patch;      /* a diff in a file, or REVISION..REVISION; NULL: none */
	const char *repository; /* of the range; NULL: the working directory's */
	const char *kernel_src; /* as struct patch_asked has it */
};

/** report_patch_json() - as 'covdb patch --format json' prints it, and the diff; null: none. */
int report_patch_json(struct store *store, const struct report_study *study,
		      const struct report_patch_asked *asked, struct cov_text *ret,
		      struct cov_error *err);

#endif
