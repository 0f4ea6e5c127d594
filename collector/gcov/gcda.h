/*
 * gcda.h - reader of .gcda (data) files: the counters of one object.
 *
 * Format: gcc/gcov-io.h, in the layouts of gcov_format.h; written by libgcov or by the kernel.
 */
#ifndef COLLECTOR_GCOV_GCDA_H
#define COLLECTOR_GCOV_GCDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

/* One function record with its arc counters. */
struct gcda_function {
	uint32_t ident;
	uint32_t lineno_checksum;
	uint32_t cfg_checksum;
	bool has_counters;      /* an arc counter record followed */
	bool is_zero;           /* all its counters are 0 and not in gcda.counters */
	uint32_t counter_first; /* index into gcda.counters */
	uint32_t counter_count;
};

struct gcda {
	uint32_t version;
	uint32_t stamp;                  /* equals the stamp of the matching .gcno */
	bool has_end_marker;             /* libgcov writes one, the kernel does not */
	struct gcda_function *functions; /* [function_count], in file order; owned */
	uint32_t function_count;
	int64_t *counters; /* [counter_count]; owned */
	uint32_t counter_count;
	size_t function_capacity, counter_capacity;
};

/**
 * gcda_parse() - decode a whole .gcda file that is in memory.
 * @data: file content; not kept after the call
 * @size: length of @data in bytes
 * @out:  zeroed, or of another file, whose memory is used again; filled on success, without
 *        anything on failure; free with gcda_deinit()
 * @err:  what was wrong, and at which byte offset
 *
 * Return: 0; COV_ERR_FORMAT if a record is malformed; COV_ERR_TRUNCATED if it ends within one;
 *         COV_ERR_MISMATCH if no known compiler wrote it.
 * Source: gcc/gcov-io.h, records of the data file.
 */
int gcda_parse(const void *data, size_t size, struct gcda *out, struct cov_error *err);

/** gcda_deinit() - free what @gcda owns; a zeroed struct is fine. */
void gcda_deinit(struct gcda *gcda);

COV_DEFINE_AUTO_STRUCT(struct gcda, gcda_deinit)

#endif
