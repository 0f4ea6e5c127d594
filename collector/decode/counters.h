/* counters.h - the raw counters of one snapshot, in the order of a kernel's objects. */
#ifndef COLLECTOR_DECODE_COUNTERS_H
#define COLLECTOR_DECODE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/narrow.h"
#include "collector/base/text.h"
#include "collector/decode/problems.h"

struct cov_error;
struct cov_kernel;
struct gcda;
struct plan;
struct tree;
struct tree_content;

enum cov_object_state {
	COV_OBJECT_ABSENT = 0,  /* no .gcda: not linked into the kernel */
	COV_OBJECT_DECODED = 1, /* its counters are in values */
	COV_OBJECT_BAD = 2,     /* it has a .gcda, which is among the problems */
};

struct cov_counters {
	int64_t *values;       /* [kernel->counter_count]; 0 where not decoded; owned */
	unsigned char *states; /* [kernel->object_count], enum cov_object_state; owned */
	size_t decoded_count;  /* objects in state COV_OBJECT_DECODED */
	/* [object_count], name of the .gcda in the snapshot, NULL where absent; NULL from the
	 * database; owned */
	char **files;
	size_t file_count; /* of files: object_count, or 0 */
};

/**
 * counters_read() - read a snapshot of @kernel.
 * @snapshot: directory or archive of .gcda files, laid out as in debugfs or relative to the build
 *            tree; the prefix that leads to the objects is found automatically, and what was built
 *            outside of the tree by its full name
 * @out:      filled on success; free with counters_deinit()
 * @problems: every .gcda that was not decoded is added
 *
 * Return: 0, also when there are problems; COV_ERR_SYSTEM or COV_ERR_FORMAT if @snapshot cannot be
 *         read as a whole; COV_ERR_MISMATCH if none of its objects is one of @kernel's.
 */
int counters_read(const struct cov_kernel *kernel, const char *snapshot, struct cov_counters *out,
		  struct cov_problems *problems, struct cov_error *err);

/** counters_read_tree() - the same from a snapshot that was opened for ".gcda"; some of its names
 * are taken over. */
int counters_read_tree(const struct cov_kernel *kernel, struct tree *tree, struct cov_counters *out,
		       struct cov_problems *problems, struct cov_error *err);

/**
 * counters_join() - add the counters of one .gcda that is in memory.
 * @plan:    of the object that it should belong to
 * @content: its bytes
 * @gcda:    what it is parsed into, as gcda_parse() does
 * @values:  [plan->counter_count]; added to, or all 0 on failure
 * @kind:    what kind of problem it is, on failure
 *
 * Return: 0; COV_ERR_FORMAT or COV_ERR_TRUNCATED if it is damaged or cut short; COV_ERR_MISMATCH
 *         if it is from another compilation or compiler.
 */
int counters_join(const struct plan *plan, const struct tree_content *content, struct gcda *gcda,
		  int64_t *values, enum cov_problem_kind *kind, struct cov_error *err);

/**
 * counters_add() - add the counters of another snapshot of the same kernel.
 *
 * Counters are additive, line counts are not: sum first, then evaluate. An object that is bad in
 * one of the snapshots is bad in the sum.
 */
void counters_add(const struct cov_kernel *kernel, struct cov_counters *sum,
		  const struct cov_counters *more);

/*
 * The counters of a snapshot that are not 0: nine of ten are. As narrow numbers a counter takes
 * four bytes and not twelve, and hundreds of trials are looked at side by side.
 */
struct cov_few_counters {
	struct cov_text bytes; /* how far a place is behind the last one's, the folded value; owned,
				* as is what follows */
	struct counters_mark *marks; /* [mark_count], where in bytes every so many-th begins */
	size_t mark_count, mark_capacity;
	size_t count;
	unsigned char *states; /* [kernel->object_count], enum cov_object_state */
};

/* Counters one after the other, in the order of their places. */
struct counters_walk {
	struct cov_narrow from;
	size_t place;
	int64_t value;
};

/** counters_walk() - before the first. @few: outlives the walk */
struct counters_walk counters_walk(const struct cov_few_counters *few);

/** counters_walk_next() - the next counter. Return: false if there is none. */
static inline bool counters_walk_next(struct counters_walk *walk)
{
	if (walk->from.next == walk->from.end)
		return false;
	walk->place += cov_narrow_number(&walk->from);
	walk->value = cov_narrow_unfold(cov_narrow_number(&walk->from));
	return true;
}

/** counters_few_add() - a counter behind all others, which is not 0. @last: the place of the last
 * one; 0 before there is one; updated */
void counters_few_add(struct cov_few_counters *few, size_t place, int64_t value, size_t *last);

/** counters_few_end() - nothing more is added: no more memory is kept than it takes. */
void counters_few_end(struct cov_few_counters *few);

/** counters_keep_few() - those that are not 0. @ret: free with counters_few_deinit() */
void counters_keep_few(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       struct cov_few_counters *ret);

/**
 * counters_spread_few() - a range of counters.
 * @ret: [@count], all 0; those that are not are written
 *
 * Return: how many.
 */
size_t counters_spread_few(const struct cov_few_counters *few, size_t first, size_t count,
			   int64_t *ret);

/** counters_add_few() - as counters_add(). */
void counters_add_few(const struct cov_kernel *kernel, struct cov_counters *sum,
		      const struct cov_few_counters *more);

/**
 * counters_few_sum() - the counters of two snapshots that have the same objects, none of them bad.
 * @ret: free with counters_few_deinit()
 */
void counters_few_sum(const struct cov_kernel *kernel, const struct cov_few_counters *a,
		      const struct cov_few_counters *b, struct cov_few_counters *ret);

/**
 * counters_mark_ran() - mark the objects of which a counter is not 0 in some snapshot.
 * @snapshots: [@count]
 * @ran:       [kernel->object_count], 0 or what was marked before
 */
void counters_mark_ran(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		       size_t count, unsigned char *ran);

/** counters_few_deinit() - free what @few owns; a zeroed struct is fine. */
void counters_few_deinit(struct cov_few_counters *few);

/** counters_deinit() - free what @counters owns; a zeroed struct is fine. */
void counters_deinit(struct cov_counters *counters);

COV_DEFINE_AUTO_STRUCT(struct cov_counters, counters_deinit)

#endif
