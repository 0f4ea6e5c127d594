/* conditional.h - code that only some platforms execute, in functions that all of them execute. */
#ifndef VENN_QUESTIONS_CONDITIONAL_H
#define VENN_QUESTIONS_CONDITIONAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "venn/store/store_code.h"
#include "venn/store/store_query.h"

/* Successive lines of one function that the same platforms execute. */
struct conditional_hunk {
	int64_t first; /* place in the query's range */
	int64_t count;
	uint32_t function; /* index into code.functions */
	uint64_t mask;     /* of places */
	double rate;       /* of the line and platform that has the highest */
};

struct conditional_hunks {
	struct conditional_hunk *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void conditional_hunks_deinit(struct conditional_hunks *hunks);
COV_DEFINE_AUTO_STRUCT(struct conditional_hunks, conditional_hunks_deinit)

/**
 * conditional_find() - all of it in the query's range, in the order of conditional_compare().
 * @only: mask of places; 0: any platforms
 * @ret:  free with conditional_hunks_deinit()
 */
void conditional_find(const struct store_query *query, const struct store_code *code, uint64_t only,
		      struct conditional_hunks *ret);

/** conditional_compare() - for qsort(): the highest rate first, then the longest. */
int conditional_compare(const void *a, const void *b);

/** conditional_rate() - executions per second of the line that a platform executes most; or 0. */
double conditional_rate(const struct store_query *query, const struct store_code *code,
			const struct conditional_hunk *hunk, size_t place);

/** conditional_is_shared() - whether a line belongs to a function that all platforms execute. */
bool conditional_is_shared(const struct store_query *query, const struct store_code *code,
			   const struct store_code_line *line);

#endif
