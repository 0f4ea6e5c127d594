/* store_line.h - the lines of a file: who executes each, and how often. */
#ifndef VENN_STORE_STORE_LINE_H
#define VENN_STORE_STORE_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/* An instrumented line; bits of masks are places of platforms. */
struct store_line {
	int64_t line;
	uint64_t executed; /* at all, in some trial */
	uint64_t kept;     /* in a footprint */
	int64_t *counts;   /* [platform_count], in all trials together; see store_line_list() */
};

struct store_lines {
	struct store_line *items; /* [count], in order; owned */
	size_t count;
	int64_t *counts; /* [count][platform_count]; owned */
};

void store_line_list_deinit(struct store_lines *lines);
COV_DEFINE_AUTO_STRUCT(struct store_lines, store_line_list_deinit)

/**
 * store_line_list() - the instrumented lines of the query, which is of a file.
 *
 * Counts are those of the footprints: a line that was executed counts at least 1, one that was not
 * counts 0, even where counters contradict each other.
 */
int store_line_list(struct store *store, const struct store_query *query, struct store_lines *ret,
		    struct cov_error *err);

#endif
