/* counts.h - what the counters of a snapshot say of each line and function. */
#ifndef COLLECTOR_COUNTS_H
#define COLLECTOR_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "collector/base/cleanup.h"

struct cov_counters;
struct cov_error;
struct cov_kernel;

struct cov_counts {
	int64_t *lines;        /* [kernel->line_count], by line id, summed over objects; owned */
	bool *is_found;        /* [kernel->line_count], some decoded object has the line; owned */
	int64_t *functions;    /* [kernel->function_count], calls; owned */
	size_t found_count;    /* lines found */
	size_t hit_count;      /* lines found with a count above 0 */
	size_t negative_count; /* lines whose counters contradict each other so far */
};

/**
 * counts_evaluate() - decode the counters of a snapshot.
 * @out: filled on success; free with counts_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int counts_evaluate(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    struct cov_counts *out, struct cov_error *err);

/** counts_deinit() - free what @counts owns; a zeroed struct is fine. */
void counts_deinit(struct cov_counts *counts);

COV_DEFINE_AUTO_STRUCT(struct cov_counts, counts_deinit)

/**
 * counts_write_tsv() - rows file<TAB>line<TAB>count of every line found, by file and line.
 *
 * Errors of the stream are left for the caller's ferror().
 */
void counts_write_tsv(const struct cov_kernel *kernel, const struct cov_counts *counts, FILE *out);

/**
 * counts_write_info() - an lcov tracefile: SF, FN, FNDA, DA and their totals.
 *
 * A negative count is written as 0, since the format has no negative counts.
 */
void counts_write_info(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out);

/** counts_write_json() - {"files": [{"file", "lines": [{"line", "count"}], "functions": [...]}]}.
 */
void counts_write_json(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out);

#endif
