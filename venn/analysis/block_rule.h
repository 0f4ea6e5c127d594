/* block_rule.h - decision rules that test basic blocks over the trials of a group. */
#ifndef VENN_ANALYSIS_BLOCK_RULE_H
#define VENN_ANALYSIS_BLOCK_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_group.h"

struct cov_error;

/* What was asked of many blocks at once. */
struct block_verdict {
	size_t tested_count;     /* blocks on a line that ran in a trial or in the baseline */
	size_t discovered_count; /* of them, with a p-value up to the limit */
	double limit;            /* the largest p-value that is a discovery; -1 if none is */
	double *line_p; /* [kernel->line_count], the smallest of its blocks; 1: none; owned */
};

void block_rule_verdict_deinit(struct block_verdict *verdict);
COV_DEFINE_AUTO_STRUCT(struct block_verdict, block_rule_verdict_deinit)

/**
 * block_rule_p_min() - the smallest p-value that a rule can give with so many trials.
 *
 * A group whose smallest p-value is above the rate asked for discovers nothing, whatever it
 * executes.
 */
double block_rule_p_min(enum cov_rule rule, size_t trial_count, size_t baseline_count);

/**
 * block_rule_is_sampled() - whether a rule only estimates p-values of so many trials, see
 * cov_permutation_p().
 */
bool block_rule_is_sampled(enum cov_rule rule, size_t trial_count, size_t baseline_count);

/** block_rule_say_sampled() - say on stderr that it does. */
void block_rule_say_sampled(void);

/* COV_RULE_POISSON or COV_RULE_PERMUTATION, and the share of false discoveries that is accepted. */
struct block_rule {
	enum cov_rule rule;
	double rate; /* on average */
};

/**
 * block_rule_test() - test every block on a line that ran, in a trial or in the baseline.
 * @trials: at least one, as in @idle; both with counters times one scale
 * @ret:    filled on success; free with block_rule_verdict_deinit()
 *
 * A block counts as one test, however many lines are on it; lines of one block rise and fall
 * together. What is in @ret.line_p up to @ret.limit belongs to the footprint. Objects that are bad
 * in any trial are not looked at.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int block_rule_test(const struct cov_kernel *kernel, const struct block_rule *rule,
		    const struct store_snapshots *trials, const struct store_snapshots *idle,
		    struct block_verdict *ret, struct cov_error *err);

#endif
