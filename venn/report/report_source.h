/* report_source.h - the sources of a kernel as parts of the report. */
#ifndef VENN_REPORT_REPORT_SOURCE_H
#define VENN_REPORT_REPORT_SOURCE_H

#include <stddef.h>

#include "collector/base/text.h"
#include "venn/report/report_study.h"

/**
 * report_source_json() - the sources of a chunk's files.
 * @count:   those that are there are added
 * @missing: those that are not, and have linked code, are added
 */
void report_source_json(const struct report_study *study, const char *directory, size_t chunk,
			size_t *count, size_t *missing, struct cov_text *ret);

#endif
