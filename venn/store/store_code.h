/* store_code.h - footprints side by side: who executes each line, and in which function it is. */
#ifndef VENN_STORE_STORE_CODE_H
#define VENN_STORE_STORE_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

enum { STORE_NO_FUNCTION = UINT32_MAX };

/* A function as a range of lines; copies of one are neighbours, of which the first stands for all.
 */
struct store_code_function {
	int64_t id;
	int64_t file_id; /* place in kernel.files */
	int64_t start_line;
	int64_t end_line;
	uint64_t kept;     /* bit: place of a platform whose footprint has a line of it */
	uint64_t executed; /* of one that executes a line of it at all, as often as when idle */
};

/* A line that some platform executed. Bits of masks are places of platforms. */
struct store_code_line {
	uint64_t kept;     /* in whose footprint it is */
	uint64_t executed; /* by whom it is executed at all */
	uint32_t function; /* index of the innermost around it, or STORE_NO_FUNCTION: an inline one
			      without a copy of its own */
};

/* The lines of a query's range. */
struct store_code {
	bool is_of_lines; /* given: functions are not asked for, and no line is in one */
	const struct cov_kernel *universe; /* given: files and lines that are known; NULL: they are
					      read; borrowed */
	struct cov_kernel kernel;          /* its files and lines, no objects */
	/* [function_count], of the range's files, by file and line; owned */
	struct store_code_function *functions;
	size_t function_count;
	uint32_t
	    *line_of; /* [query->line_count], 1 + index into lines; 0: executed by none; owned */
	struct store_code_line *lines; /* [line_count], in no order; owned */
	size_t line_count;
	size_t line_capacity;
	int64_t *counts; /* [line_count][platform_count], also of lines removed; owned */
	size_t count_capacity;
};

void store_code_deinit(struct store_code *code);
COV_DEFINE_AUTO_STRUCT(struct store_code, store_code_deinit)

/** store_code_line() - line @place of the query's range; NULL if no platform executed it. */
static inline const struct store_code_line *store_code_line(const struct store_code *code,
							    int64_t place)
{
	return code->line_of[place] ? &code->lines[code->line_of[place] - 1] : NULL;
}

/** store_code_count() - how often a platform executed line @place of the query's range; 0 if never.
 */
static inline int64_t store_code_count(const struct store_code *code,
				       const struct store_query *query, int64_t place,
				       size_t platform)
{
	uint32_t line = code->line_of[place];

	return line ? code->counts[(line - 1) * query->platform_count + platform] : 0;
}

/**
 * store_code_read() - the lines of the query's range, with who executes them.
 * @ret: zeroed, but for what is given; or what was read before of a query of the same kernel and
 *       range, whose files, functions and memory are used again
 *
 * Return: 0; otherwise free @ret, which may have anything.
 */
int store_code_read(struct store *store, const struct store_query *query, struct store_code *ret,
		    struct cov_error *err);

/**
 * store_code_of_masks() - the same of other masks, those of trials, say; counts are 0.
 * @masks: [query->line_count]
 */
int store_code_of_masks(struct store *store, const struct store_query *query, const uint64_t *masks,
			struct store_code *ret, struct cov_error *err);

#endif
