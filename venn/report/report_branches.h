/* report_branches.h - the branches that decide whether the most executed conditional code runs. */
#ifndef VENN_REPORT_REPORT_BRANCHES_H
#define VENN_REPORT_REPORT_BRANCHES_H

#include <jansson.h>

#include "venn/report/report_study.h"

struct cov_error;
struct store;

/**
 * report_branches_json() - the branches that decide whether the most executed conditional code of
 * each view runs, where all of its platforms are compared.
 */
int report_branches_json(struct store *store, struct report_study *study, json_t **ret,
			 struct cov_error *err);

#endif
