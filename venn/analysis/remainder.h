/*
 * remainder.h - what is left of an observer when the others are taken off it: the noise of what is
 * subtracted from every trial.
 */
#ifndef VENN_ANALYSIS_REMAINDER_H
#define VENN_ANALYSIS_REMAINDER_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_range.h"

struct cov_error;

/* A directory. */
struct remainder_part {
	char *directory; /* canonical; owned */
	int64_t lines;   /* that any of the observers executed */
	double left;     /* of these, those still executed without the others: mean over observers;
			    NAN of a single one */
};

/* The observers of one way, in a directory and those right below it that they executed. */
struct remainder {
	struct store_capture capture;
	int64_t observers;
	double
	    below; /* functions with less than the others have: mean; of the whole kernel; or NAN */
	struct remainder_part *parts; /* [part_count], by path; owned */
	size_t part_count;
};

void remainder_deinit(struct remainder *remainder);
COV_DEFINE_AUTO_STRUCT(struct remainder, remainder_deinit)

/* Of what lines are counted: a directory, then those right below it, by their lines. */
struct remainder_places {
	const char **directories;   /* [count], canonical; borrowed; the array is owned */
	struct store_range *ranges; /* [count], their lines; owned */
	size_t count;
};

void remainder_places_deinit(struct remainder_places *places);
COV_DEFINE_AUTO_STRUCT(struct remainder_places, remainder_places_deinit)

/**
 * remainder_places_find() - the directories of which lines are counted.
 * @all:       of the kernel; their names are borrowed
 * @directory: canonical; borrowed
 * @range:     its lines
 * @ret:       free with remainder_places_deinit()
 */
void remainder_places_find(const struct store_directories *all, const char *directory,
			   const struct store_range *range, struct remainder_places *ret);

/**
 * remainder_measure() - take off each observer of a set, one after the other, the mean of the rest.
 * @kernel: has what kernel_part_init() asks for of the set's items
 * @set:    with its items
 * @ret:    free with remainder_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int remainder_measure(const struct cov_kernel *kernel, const struct store_observer_set *set,
		      const struct remainder_places *places, struct remainder *ret,
		      struct cov_error *err);

#endif
