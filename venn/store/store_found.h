/* store_found.h - which lines, and how many of each file, are of linked objects. */
#ifndef VENN_STORE_STORE_FOUND_H
#define VENN_STORE_STORE_FOUND_H

#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/**
 * store_found_list() - how many lines of each file are of linked objects.
 * @found: [kernel->file_count]; set for files within the query's range
 */
int store_found_list(struct store *store, const struct store_query *query,
		     const struct cov_kernel *kernel, int64_t *found, struct cov_error *err);

/** store_found_lines() - which lines of a kernel are of linked objects. @ret: [line_count] */
int store_found_lines(struct store *store, int64_t kernel_id, size_t line_count, unsigned char *ret,
		      struct cov_error *err);

#endif
