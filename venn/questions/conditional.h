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

/* When a platform is said to execute a function. */
enum conditional_shared {
	CONDITIONAL_FOOTPRINT, /* a line of it is in its footprint */
	CONDITIONAL_EXECUTED,  /* it executes a line of it at all */
};

/* What is looked for. */
struct conditional_search {
	const struct store_query *query; /* borrowed, as is the next */
	const struct store_code *code;
	enum conditional_shared shared;
	uint64_t only; /* code of exactly these platforms, by place; 0: any */
};

/**
 * conditional_find() - all of it in the query's range, in the order of conditional_compare().
 * @ret: free with conditional_hunks_deinit()
 */
void conditional_find(const struct conditional_search *search, struct conditional_hunks *ret);

/** conditional_compare() - for qsort(): the highest rate first, then the longest. */
int conditional_compare(const void *a, const void *b);

/** conditional_rate() - executions per second of the line that a platform executes most; or 0. */
double conditional_rate(const struct store_query *query, const struct store_code *code,
			const struct conditional_hunk *hunk, size_t place);

/** conditional_is_shared() - whether a line belongs to a function that platforms execute.
 * @platforms: by place; all of them
 */
bool conditional_is_shared(const struct store_code *code, const struct store_code_line *line,
			   enum conditional_shared shared, uint64_t platforms);

/* Lines that a platform adds to what another executes: of its footprint, not of the other's. */
struct conditional_added {
	int64_t lines;     /* the sum of: */
	int64_t shared[2]; /* by enum conditional_shared: in functions that the other executes */
	int64_t fresh[2];  /* the same: in functions that it does not */
	int64_t unknown;   /* in no function */
};

/** conditional_added() - by the platform at @place to the one at @against. */
struct conditional_added conditional_added(const struct store_code *code, size_t place,
					   size_t against);

#endif
