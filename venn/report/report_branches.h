/* report_branches.h - the branches that decide whether the most executed conditional code runs. */
#ifndef VENN_REPORT_REPORT_BRANCHES_H
#define VENN_REPORT_REPORT_BRANCHES_H

#include <stddef.h>

#include "collector/base/text.h"
#include "venn/report/report_code.h"
#include "venn/report/report_study.h"

struct cov_error;
struct store;

/**
 * report_branches_json() - the branches that decide whether the most executed conditional code of
 * a view runs, where all of its platforms are compared.
 * @code: of the view; objects come and go in its kernel
 */
int report_branches_json(struct store *store, const struct report_study *study, size_t view,
			 struct report_code *code, struct cov_text *ret, struct cov_error *err);

#endif
