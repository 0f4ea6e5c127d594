/* report_code.h - lines, counts and calls of a study as parts of the report. */
#ifndef VENN_REPORT_REPORT_CODE_H
#define VENN_REPORT_REPORT_CODE_H

#include <jansson.h>
#include <stddef.h>

#include "venn/report/report_study.h"

/** report_code_functions() - all functions: names and places. */
json_t *report_code_functions(const struct report_study *study);

/** report_code_lines() - who executed which line, of view @view. */
json_t *report_code_lines(const struct report_study *study, size_t view);

/** report_code_counts() - how often, line by line of report_code_lines(). */
json_t *report_code_counts(const struct report_study *study, size_t view);

/** report_code_calls() - how often functions were called, of view @view. */
json_t *report_code_calls(const struct report_study *study, size_t view);

/** report_code_chunk() - instrumented lines and all counts of a chunk's files. */
json_t *report_code_chunk(const struct report_study *study, size_t chunk);

#endif
