/*
 * flame.h - folded stacks as a tree of functions: what is called, and how many samples are in it.
 *
 * A tree has one or two sides, platforms whose shares are compared. A share is of the samples of
 * its side that are in the tree, and has a 95 % interval of its own: Wilson's, of a binomial
 * proportion. Of fewer than FLAME_SAMPLES_MIN samples nothing is said: the interval of a half is
 * wider than 20 points.
 */
#ifndef VENN_QUESTIONS_FLAME_H
#define VENN_QUESTIONS_FLAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

enum { FLAME_SIDES_MAX = 2, FLAME_SAMPLES_MIN = 100, FLAME_DEPTH_MAX = 512 };

struct flame_node {
	const char *name; /* without the mark of the kernel's */
	bool is_kernel;
	size_t depth;                     /* 0: the root, which has no name */
	int64_t samples[FLAME_SIDES_MAX]; /* in it and in all that it called */
	struct flame_node *child;         /* the first; by share after flame_sort() */
	struct flame_node *next;          /* of the same caller */
	struct flame_node *parent;
};

/* A zeroed struct is an empty tree of one side. */
struct flame {
	const char
	    *functions; /* "a,b": the tree begins at these; NULL: at the processes; borrowed */
	struct flame_node root;
	size_t side_count;                  /* 0 stands for 1 */
	int64_t all[FLAME_SIDES_MAX];       /* samples of the profiles, in the tree or not */
	int64_t recording[FLAME_SIDES_MAX]; /* of them perf's own, which are in no tree */
	struct cov_arena arena;
};

/** flame_add() - a stack. Frames beyond FLAME_DEPTH_MAX are left out. */
void flame_add(struct flame *flame, size_t side, const char *frames, int64_t samples);

/** flame_sort() - what has most is first, of both sides together. */
void flame_sort(struct flame *flame);

/** flame_next() - the node after @node, callers before what they call; NULL after the last. */
const struct flame_node *flame_next(const struct flame_node *node);

/* A share with its 95 % interval; all from 0 to 1, NAN of no samples. */
struct flame_share {
	double share;
	double low;
	double high;
};

/** flame_share() - of @count among @total. */
struct flame_share flame_share(int64_t count, int64_t total);

/** flame_share_of() - of a node on a side. */
struct flame_share flame_share_of(const struct flame *flame, const struct flame_node *node,
				  size_t side);

/**
 * flame_differs() - whether the shares of both sides differ by more than chance: the 95 % interval
 * of the difference (Newcombe 1998, method 10) does not contain 0, and neither side is too small.
 */
bool flame_differs(const struct flame *flame, const struct flame_node *node);

/** flame_is_small() - whether a side has too few samples to say anything. */
bool flame_is_small(const struct flame *flame, size_t side);

/* A function of the kernel, wherever it stands in a tree. */
struct flame_function {
	const char *name; /* of a node */
	int64_t samples;  /* of stacks that have it, each once */
};

struct flame_functions {
	struct flame_function *items; /* [count], those with most samples first; owned */
	size_t count;
	size_t capacity;
};

/** flame_functions_of() - the kernel's functions of a side, which refer to the tree. */
void flame_functions_of(const struct flame *flame, size_t side, struct flame_functions *ret);

void flame_functions_deinit(struct flame_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct flame_functions, flame_functions_deinit)

/** flame_symbol_length() - of a kernel's symbol without what compilers append: ".isra.0", ".part.1"
 */
size_t flame_symbol_length(const char *symbol, size_t length);

/** flame_frame_is_kernel() - whether it ends with the mark; its length without it is set. */
bool flame_frame_is_kernel(const char *frame, size_t *length);

void flame_deinit(struct flame *flame);
COV_DEFINE_AUTO_STRUCT(struct flame, flame_deinit)

#endif
