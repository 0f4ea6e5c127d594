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
struct store;

enum { NOISE_SPLITS_MAX = 20 };

/* What one rule made of several ways to split the trials in two halves. */
struct noise {
	enum cov_rule rule;
	bool can_tell;     /* enough trials for the rule to discover anything at all */
	size_t splits;     /* made */
	size_t false_ones; /* of them, in which it kept anything */
	double hit;        /* lines executed in the half that stands for a workload; mean */
	double kept;       /* of them, by the rule; mean */
};

/**
 * noise_measure() - apply each rule to halves of a baseline's trials, one against the other.
 * @rate: false discovery rate asked of rules that test
 * @seed: of the splits, if there are more than NOISE_SPLITS_MAX
 * @ret:  [COV_RULE_COUNT]
 *
 * All that is kept is false. Where nothing is true, the rate of false discoveries among all is the
 * share of splits that have any.
 *
 * Return: 0; COV_ERR_MISMATCH if there are fewer than two trials; COV_ERR_STORE, COV_ERR_FORMAT.
 */
int noise_measure(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
		  const struct store_group *baseline, double rate, uint64_t seed, struct noise *ret,
		  struct cov_error *err);

#endif
