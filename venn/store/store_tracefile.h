/* store_tracefile.h - what trials imported from tracefiles have instead of counters. */
#ifndef VENN_STORE_STORE_TRACEFILE_H
#define VENN_STORE_STORE_TRACEFILE_H

#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_group.h"
#include "venn/store/store_results.h"

struct cov_error;
struct store;

/** store_tracefile_insert() - which lines and functions the tracefile of a trial lists. */
int store_tracefile_insert(struct store *store, int64_t trial_id,
			   const struct store_results *results, struct cov_error *err);

/**
 * store_tracefile_mark() - the lines that tracefiles of a kernel's trials list.
 * @states: [kernel->line_count]; a listed line's becomes at least COV_LINE_NOT_EXECUTED
 */
int store_tracefile_mark(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			 unsigned char *states, struct cov_error *err);

/* What counts are added to. All borrowed. */
struct store_tracefile_sums {
	struct cov_counts *counts; /* lines, states and functions; a line's state is the highest */
	unsigned char *is_listed;  /* [kernel->function_count], set for those listed; or NULL */
	struct cov_branches *branches; /* theirs are added, not settled; or NULL */
	int64_t scale;                 /* of the counts: lines and functions are added times this */
};

/**
 * store_tracefile_add() - add the counts of a group's trials that were imported from tracefiles.
 *
 * Such trials have no counters, so what is summed here is line counts.
 */
int store_tracefile_add(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			const struct store_group *group, const struct store_tracefile_sums *sums,
			struct cov_error *err);

#endif
