/* counts_write.h - the counts of a snapshot as rows, as a tracefile or as JSON. */
#ifndef COLLECTOR_EXCHANGE_COUNTS_WRITE_H
#define COLLECTOR_EXCHANGE_COUNTS_WRITE_H

#include <stdio.h>

struct cov_counters;
struct cov_counts;
struct cov_kernel;

/**
 * counts_write_tsv() - rows file<TAB>line<TAB>count of every line found, by file and line.
 *
 * Errors of the stream are left for the caller's ferror().
 */
void counts_write_tsv(const struct cov_kernel *kernel, const struct cov_counts *counts, FILE *out);

/**
 * counts_write_hits() - rows line id<TAB>count<TAB>state, enum cov_line_state, of every line that
 * was executed or has a count; by line id. Errors of the stream are left for the caller's ferror().
 */
void counts_write_hits(const struct cov_kernel *kernel, const struct cov_counts *counts, FILE *out);

/** counts_write_info() - an lcov tracefile, functions in the old style; see tracefile.h. */
void counts_write_info(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out);

/** counts_write_json() - {"files": [{"file", "lines": [{"line", "count"}], "functions": [...]}]}.
 */
void counts_write_json(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out);

#endif
