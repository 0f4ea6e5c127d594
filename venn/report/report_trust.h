/* report_trust.h - how far a study's figures can be trusted, as a part of the report. */
#ifndef VENN_REPORT_REPORT_TRUST_H
#define VENN_REPORT_REPORT_TRUST_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "venn/report/report_code.h"
#include "venn/report/report_study.h"
#include "venn/store/store_directory.h"

struct cov_error;
struct store;

/* Lines taken for idle activity, by directory of the top level. */
struct report_removed {
	struct store_directories directories; /* all there are; owned */
	int64_t *lines; /* [directories.count][view_count][platform_count], by place in the
			   study; owned */
};

void report_trust_removed_deinit(struct report_removed *removed);
COV_DEFINE_AUTO_STRUCT(struct report_removed, report_trust_removed_deinit)

/** report_trust_open() - the directories; no line is removed yet. */
int report_trust_open(struct store *store, const struct report_study *study,
		      struct report_removed *ret, struct cov_error *err);

/** report_trust_count() - the lines of view @view; views may be counted at the same time. */
void report_trust_count(const struct report_study *study, size_t view,
			const struct report_code *code, struct report_removed *removed);

/** report_trust_json() - rules, problems, agreement, what was removed, what contradicts itself. */
int report_trust_json(struct store *store, const struct report_study *study,
		      const struct report_removed *removed, struct cov_text *ret,
		      struct cov_error *err);

#endif
