/* noise.h - what rules keep where there is nothing to keep: idle trials set against idle trials. */
#ifndef VENN_ANALYSIS_NOISE_H
#define VENN_ANALYSIS_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_group.h"

struct cov_error;

enum {
	NOISE_SPLITS_MAX = 252, /* all halves of ten trials */
	NOISE_TRIALS_ALL = 10,  /* up to so many, all halves are set against the others */
};

/* What one rule made of several ways to split the trials in two halves. */
struct noise {
	enum cov_rule rule;
	bool can_tell;     /* enough trials for the rule to discover anything at all */
	size_t splits;     /* made */
	size_t false_ones; /* of them, in which it kept anything */
	double hit;        /* lines executed in the half that stands for a workload; mean */
	double kept;       /* of them, by the rule; mean */
};

/** noise_check() - COV_ERR_MISMATCH if a baseline has fewer than two trials, or too many. */
int noise_check(const struct store_group *baseline, struct cov_error *err);

/**
 * noise_measure() - apply each rule to halves of a baseline's trials, one against the other.
 * @trials: of a baseline that noise_check() accepts
 * @rate:   false discovery rate asked of rules that test
 * @seed:   of the splits, if there are more than NOISE_TRIALS_ALL trials
 * @ret:    [COV_RULE_COUNT]
 *
 * All that is kept is false. Where nothing is true, the false discovery rate is the share of splits
 * that have any discovery.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int noise_measure(const struct cov_kernel *kernel, const struct store_snapshots *trials,
		  double rate, uint64_t seed, struct noise *ret, struct cov_error *err);

#endif
