/*
 * stability.h - how far repeated trials agree on what was executed.
 *
 * A line has a mask with a bit for each trial that executed it. Lines that have the same mask are
 * a class; all that is asked here follows from how many lines are in each class.
 */
#ifndef DIFFER_STABILITY_H
#define DIFFER_STABILITY_H

#include <stddef.h>
#include <stdint.h>

enum { COV_STABILITY_TRIALS_MAX = 63 };

/* The lines of one mask. */
struct cov_trial_class {
	uint64_t mask; /* bit: number of the trial, from 0; not 0 */
	int64_t lines;
};

/* What a platform's trials of one workload say together. */
struct cov_stability {
	int64_t any;    /* lines that some trial executed */
	int64_t most;   /* that all trials executed, or all but one */
	int64_t all;    /* that all trials executed */
	double jaccard; /* mean over all pairs of trials of common / either; NAN for one trial */
	double chao2;   /* so many lines exist at least, seen or not; NAN for one trial */
};

/* In how many trials lines were executed. */
struct cov_trial_counts {
	int64_t any;   /* lines, in at least one */
	int64_t once;  /* in exactly one */
	int64_t twice; /* in exactly two */
};

/**
 * cov_stability_of() - how far trials agree.
 * @classes:     [class_count], of the lines that any of the trials executed
 * @trial_count: from 1 to COV_STABILITY_TRIALS_MAX
 *
 * The Jaccard index of two trials without any line is 1.
 */
struct cov_stability cov_stability_of(const struct cov_trial_class *classes, size_t class_count,
				      size_t trial_count);

/**
 * cov_stability_chao2() - so many lines exist at least, seen or not; NAN for one trial.
 *
 * Source: Chao, "Estimating the Population Size for Capture-Recapture Data with Unequal
 * Catchability", Biometrics 43 (1987), in its bias-corrected form where no line is in two trials.
 * A lower bound: lines of which no trial gives a sign are not in it.
 */
double cov_stability_chao2(struct cov_trial_counts lines, size_t trial_count);

#endif
