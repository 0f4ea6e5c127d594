/*
 * compare.h - what one side executes that the other does not, or more or less often; tested against
 * the noise of repeated trials.
 *
 * Two questions are asked of each line that is in both kernels, by the permutation test over single
 * trials: whether trials of one side execute it rather than those of the other, and whether they do
 * so more often per second. Lines that follow each other and have the same rates in every trial are
 * one test, as the lines of a block are. Of the first question those lines are tests that some
 * trials, but not all, executed, and enough of them that there could be a discovery; of the second
 * all that were executed. Both are two-sided, and of each the false discovery rate is controlled
 * (differ/discovery.h).
 */
#ifndef VENN_CHANGE_COMPARE_H
#define VENN_CHANGE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "differ/differ.h"
#include "venn/change/join.h"
#include "venn/change/side.h"

/* What became of an executed line. */
enum compare_class {
	COMPARE_ALIKE,     /* no more different than trials are */
	COMPARE_GAINED,    /* no trial of the old side executed it, but the new side does */
	COMPARE_LOST,      /* the other way round */
	COMPARE_MORE,      /* more often per second on the new side */
	COMPARE_LESS,      /* less often */
	COMPARE_NEW,       /* executed code that only the new kernel has */
	COMPARE_GONE,      /* executed code that only the old kernel has */
	COMPARE_UNCARRIED, /* executed, but without a source its line in the other is unknown */
	COMPARE_LEFT_OUT,  /* of an object that is damaged in a trial */
	COMPARE_CLASS_COUNT
};

/** compare_class_name() - "gained", "lost", ... */
const char *compare_class_name(enum compare_class class);

/** compare_class_key() - what a column of such lines is called: "gained", "more", "new_code". */
const char *compare_class_key(enum compare_class class);

/* A line that some trial of either side executed. */
struct compare_line {
	uint32_t old, new;               /* line ids; JOIN_NONE: not in that kernel */
	uint32_t test;                   /* of the lines that are in both */
	double old_rate, new_rate;       /* executions per second, or of a trial, on average */
	uint32_t old_trials, new_trials; /* that executed it */
	/* [resample_count + 1], enum compare_class in each resample, then in the whole; an index
	 * into the comparison's classes */
	size_t classes;
};

struct compare {
	struct compare_line *lines; /* [line_count], by line of the new kernel, those of the old
				       alone behind; owned */
	size_t line_count, line_capacity;
	unsigned char *classes; /* [line_count][resample_count + 1]; owned */
	bool is_tested;         /* false: too few trials to tell noise from change */
	size_t resample_count;  /* 0: too few trials to say how far it hangs on one of them */
	double p_min;           /* the smallest p-value that there can be */
	size_t presence_tests, rate_tests;             /* of the whole, how many */
	size_t presence_discoveries, rate_discoveries; /* likewise */
	double ratio; /* median of new by old rate, of lines that both execute; NAN: there are none
		       */
};

void compare_deinit(struct compare *compare);
COV_DEFINE_AUTO_STRUCT(struct compare, compare_deinit)

/**
 * compare_sides() - compare two sides.
 * @fdr: the share of false discoveries that is accepted
 * @ret: free with compare_deinit()
 */
void compare_sides(const struct side *old, const struct side *new, const struct join *join,
		   double fdr, struct compare *ret);

/**
 * compare_p_min() - the smallest p-value of so many trials against so many: twice that of one side,
 * since tests are two-sided.
 */
double compare_p_min(size_t old_count, size_t new_count);

/** compare_class_of() - what became of a line, in all trials together. */
static inline enum compare_class compare_class_of(const struct compare *compare,
						  const struct compare_line *line)
{
	return (enum compare_class)compare->classes[line->classes + compare->resample_count];
}

#endif
