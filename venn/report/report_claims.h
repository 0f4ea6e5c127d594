/* report_claims.h - a file of claims, and what a study says about each, as a part of the report. */
#ifndef VENN_REPORT_REPORT_CLAIMS_H
#define VENN_REPORT_REPORT_CLAIMS_H

#include "collector/base/text.h"
#include "venn/report/report_study.h"

struct cov_error;
struct store;

/** report_claims_json() - what the file @path says, and what this study says about each claim. */
int report_claims_json(struct store *store, const struct report_study *study, const char *path,
		       struct cov_text *ret, struct cov_error *err);

#endif
