/*
 * branches.h - how often each way out of a block was taken, line by line, as lcov has it.
 *
 * What leaves the blocks of a line in one object is one block of branches here. Its signature is
 * how many branches it has and of which kinds. Blocks of a line that come from different objects or
 * trials are added branch by branch if their signatures agree, the first such to the first, the
 * second to the second; others are kept side by side.
 *
 * Source: geninfo and lcovutil.pm of LCOV 2.5, where gcov's JSON is read and traces are merged.
 */
#ifndef COLLECTOR_DECODE_BRANCHES_H
#define COLLECTOR_DECODE_BRANCHES_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_counters;
struct cov_error;
struct cov_kernel;

enum { COV_BRANCH_NOT_EVALUATED = -1 };

struct cov_branch {
	uint32_t line;   /* line id; in a tracefile the line's number */
	uint32_t source; /* what it comes from; branches of a block have one; 0 when settled */
	uint32_t block;  /* of the line and source; from 0 on when settled */
	uint32_t flags;  /* PLAN_BRANCH_* */
	int64_t taken;   /* or COV_BRANCH_NOT_EVALUATED */
};

/* A zeroed struct is empty. */
struct cov_branches {
	struct cov_branch *items; /* [count], branches of a block in order; owned */
	size_t count, capacity;
};

/** branches_deinit() - free what @branches owns; a zeroed struct is fine. */
void branches_deinit(struct cov_branches *branches);

COV_DEFINE_AUTO_STRUCT(struct cov_branches, branches_deinit)

/** branches_add() - one more; those of a block one after the other. */
void branches_add(struct cov_branches *branches, struct cov_branch branch);

/** branches_next_source() - a number for a source that no branch in @branches has. */
uint32_t branches_next_source(const struct cov_branches *branches);

/** branches_settle() - sort by line and add up the blocks that agree, as said above. */
void branches_settle(struct cov_branches *branches);

/**
 * branches_from_counters() - add the branches of all decoded objects; not settled.
 *
 * Those of a line with a count of 0 in an object are not evaluated there.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int branches_from_counters(const struct cov_kernel *kernel, const struct cov_counters *counters,
			   struct cov_branches *branches, struct cov_error *err);

#endif
