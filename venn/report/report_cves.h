/* report_cves.h - known vulnerabilities, and who executes them in a view, as parts of the report.
 */
#ifndef VENN_REPORT_REPORT_CVES_H
#define VENN_REPORT_REPORT_CVES_H

#include "venn/exposure/exposure.h"
#include "venn/report/report_code.h"
#include "venn/report/report_study.h"

/**
 * report_cves_read() - the records that apply to the kernel's version, for all views.
 * @ret: without records where there are none, or the version is not known; free with
 *       exposure_records_deinit()
 */
int report_cves_read(struct store *store, const struct report_study *study,
		     struct exposure_records *ret, struct cov_error *err);

/**
 * report_cves_json() - who executes which of them in a view; no database is needed.
 * @view:     index into study->views
 * @code:     of that view
 * @executed: the records in its footprints, and by whom; null where there are no records
 * @all:      the records themselves, as covdb cve has them: what is not compiled is a number;
 *            null as above; NULL: they are not wanted
 */
void report_cves_json(const struct exposure_records *records, const struct report_study *study,
		      size_t view, const struct report_code *code, struct cov_text *executed,
		      struct cov_text *all);

#endif
