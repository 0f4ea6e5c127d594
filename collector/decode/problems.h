/* problems.h - what was wrong with single objects while the others went on. */
#ifndef COLLECTOR_DECODE_PROBLEMS_H
#define COLLECTOR_DECODE_PROBLEMS_H

#include <stddef.h>

#include "collector/base/cleanup.h"

/* Why an object is not decoded. */
enum cov_problem_kind {
	COV_PROBLEM_NO_NOTES,   /* a .gcda without a .gcno */
	COV_PROBLEM_BAD_NOTES,  /* the .gcno is damaged */
	COV_PROBLEM_UNREADABLE, /* the system did not give the .gcda, or the .gcno */
	COV_PROBLEM_DAMAGED,    /* the .gcda is empty, foreign or malformed */
	COV_PROBLEM_TRUNCATED,  /* the .gcda is cut short */
	COV_PROBLEM_VERSION,    /* .gcda and .gcno are from different compiler versions */
	COV_PROBLEM_STAMP,      /* .gcda and .gcno are from different compilations */
	COV_PROBLEM_CHECKSUM,   /* a function's checksum or number of counters differs */
	COV_PROBLEM_KIND_COUNT,
};

struct cov_error;

struct cov_problem {
	enum cov_problem_kind kind;
	char *path;    /* of the file at fault; owned */
	char *message; /* what is wrong with it; owned */
};

/* A zeroed struct is an empty list. */
struct cov_problems {
	struct cov_problem *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

/** cov_problem_kind_name() - "stamp mismatch", for reports. */
const char *cov_problem_kind_name(enum cov_problem_kind kind);

/** cov_problems_add() - note one; @path and @message are copied. Not thread-safe. */
void cov_problems_add(struct cov_problems *problems, enum cov_problem_kind kind, const char *path,
		      const char *message);

/**
 * cov_problems_check_readable() - whether the system gave all files.
 * @path: of what they are in
 * @err:  how many it did not give, and why the first
 *
 * What it does not give today it may give tomorrow, while a file that is damaged stays so: nothing
 * is kept that lacks the former.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_problems_check_readable(const struct cov_problems *problems, const char *path,
				struct cov_error *err);

/** cov_problems_print() - the first 40 on stderr, by path, then how many of each kind. */
void cov_problems_print(struct cov_problems *problems);

/** cov_problems_deinit() - free what @problems owns. */
void cov_problems_deinit(struct cov_problems *problems);

COV_DEFINE_AUTO_STRUCT(struct cov_problems, cov_problems_deinit)

#endif
