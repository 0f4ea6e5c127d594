/* report_profiles.h - profiles and their stacks, as a part of the report. */
#ifndef VENN_REPORT_REPORT_PROFILES_H
#define VENN_REPORT_REPORT_PROFILES_H

#include "collector/base/text.h"
#include "venn/report/report_study.h"

struct cov_error;
struct store;

/** report_profiles_json() - all profiles of the study's kernel; an empty list if there are none. */
int report_profiles_json(struct store *store, const struct report_study *study,
			 struct cov_text *ret, struct cov_error *err);

#endif
