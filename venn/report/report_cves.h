/* report_cves.h - known vulnerabilities, and who executes them in a view, as parts of the report.
 */
#ifndef VENN_REPORT_REPORT_CVES_H
#define VENN_REPORT_REPORT_CVES_H

#include "venn/report/report_study.h"

/**
 * report_cves_records() - the records that apply to the kernel's version, as covdb cve has them;
 * null where there are none, or the version is not known. What is not compiled is a number.
 */
int report_cves_records(struct store *store, const struct report_study *study, struct cov_text *ret,
			struct cov_error *err);

/**
 * report_cves_executed() - who executes which of them in a view; null as above.
 * @view: index into study->views
 */
int report_cves_executed(struct store *store, const struct report_study *study, size_t view,
			 struct cov_text *ret, struct cov_error *err);

#endif
