/* report_changes.h - what changed since another kernel or study, as parts of the report. */
#ifndef VENN_REPORT_REPORT_CHANGES_H
#define VENN_REPORT_REPORT_CHANGES_H

#include <stddef.h>

#include "venn/report/report_study.h"

struct cov_error;

/* What the study is compared with; all borrowed. */
struct report_changes_asked {
	const char *before; /* "[DATABASE:]KERNEL", or a database of one kernel; NULL: nothing */
	const char *old_source, *new_source; /* as struct sides_asked has them */
	const char *database;                /* of the study */
};

/* One comparison: what a platform executes in one workload, or in all that both sides have. */
struct report_changes_pair {
	char *platform; /* owned, as are the next two */
	char *workload; /* NULL: all of them */
	char *side;     /* "runc/cpu,runc/stream" */
};

struct report_changes {
	struct report_changes_pair *pairs; /* [count]; owned */
	size_t count, capacity;
};

void report_changes_deinit(struct report_changes *changes);
COV_DEFINE_AUTO_STRUCT(struct report_changes, report_changes_deinit)

/**
 * report_changes_open() - which comparisons there are, and the part that lists them.
 * @ret:  free with report_changes_deinit(), also on failure
 * @json: null if nothing was asked for
 *
 * Return: 0; COV_ERR_MISMATCH if the sides have no platform and workload in common; COV_ERR_STORE.
 */
int report_changes_open(struct store *store, const struct report_study *study,
			const struct report_changes_asked *asked, struct report_changes *ret,
			struct cov_text *json, struct cov_error *err);

/** report_changes_json() - one comparison, as 'covdb compare' has it. */
int report_changes_json(const struct report_study *study, const struct report_changes_asked *asked,
			const struct report_changes_pair *pair, struct cov_text *ret,
			struct cov_error *err);

#endif
