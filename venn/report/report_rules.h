/* report_rules.h - the whole kernel by each rule and baseline in the database. */
#ifndef VENN_REPORT_REPORT_RULES_H
#define VENN_REPORT_REPORT_RULES_H

#include "collector/base/text.h"
#include "venn/report/report_study.h"

struct cov_error;
struct store;

/**
 * report_rules_json() - regions of the whole kernel in each view, and lower bounds of footprints,
 * by each rule and baseline whose footprints are of all trials.
 */
int report_rules_json(struct store *store, const struct report_study *study, struct cov_text *ret,
		      struct cov_error *err);

#endif
