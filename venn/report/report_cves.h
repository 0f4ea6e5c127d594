/* report_cves.h - known vulnerabilities in the footprints of a view, as a part of the report. */
#ifndef VENN_REPORT_REPORT_CVES_H
#define VENN_REPORT_REPORT_CVES_H

#include "venn/report/report_study.h"

/**
 * report_cves_json() - the records that apply to the kernel's version, as covdb cve has them; null
 * where there are none, or the version is not known. What is not compiled is a number.
 * @view: index into study->views
 */
int report_cves_json(struct store *store, const struct report_study *study, size_t view,
		     struct cov_text *ret, struct cov_error *err);

#endif
