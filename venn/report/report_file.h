/* report_file.h - instrumented lines and functions of consecutive files, as a part of the report.
 */
#ifndef VENN_REPORT_REPORT_FILE_H
#define VENN_REPORT_REPORT_FILE_H

#include <stddef.h>

#include "collector/base/text.h"
#include "venn/report/report_study.h"

/** report_file_json() - instrumented lines and functions of the files of a chunk. */
void report_file_json(const struct report_study *study, size_t chunk, struct cov_text *ret);

#endif
