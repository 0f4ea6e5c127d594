/* block_rule.h - decision rules that test basic blocks over the trials of a group. */
#ifndef VENN_ANALYSIS_BLOCK_RULE_H
#define VENN_ANALYSIS_BLOCK_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_group.h"

struct cov_error;

/* Which side of a split a trial is on. */
enum block_side { BLOCK_LEFT_OUT, BLOCK_TRIAL, BLOCK_IDLE };

/* Trials, and the ways in which some of them are set against others. All borrowed. */
struct block_splits {
	const struct cov_few_counters *trials; /* [trial_count], with counters times the scale */
	const int64_t *durations_ns;           /* [trial_count] */
	size_t trial_count;
	int64_t scale;
	const unsigned char
	    *sides; /* [count][trial_count], enum block_side; one of each at least */
	size_t count;
	double p_most; /* p-values above it may be given as 1; below 1 */
};

/* What was found of all blocks, for every split. */
struct block_findings;

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

/* A set of rules that test. */
enum {
	BLOCK_RULE_POISSON = 1 << COV_RULE_POISSON,
	BLOCK_RULE_PERMUTATION = 1 << COV_RULE_PERMUTATION,
};

/* COV_RULE_POISSON or COV_RULE_PERMUTATION, and the share of false discoveries that is accepted. */
struct block_rule {
	enum cov_rule rule;
	double rate; /* on average */
};

/**
 * block_rule_test() - test every block on a line that ran, for all splits in one pass.
 * @rules: BLOCK_RULE_*, or'ed
 * @ret: release with block_rule_findings_free()
 *
 * A block counts as one test, however many lines are on it; lines of one block rise and fall
 * together. In a split objects are not looked at that are bad in any of its trials.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int block_rule_test(const struct cov_kernel *kernel, unsigned rules,
		    const struct block_splits *splits, struct block_findings **ret,
		    struct cov_error *err);

void block_rule_findings_free(struct block_findings *findings);
COV_DEFINE_AUTO(struct block_findings *, block_rule_findings_free)

/**
 * block_rule_conclude() - what the tests of one split say together.
 * @rule: one of those that the tests were made by
 * @rate: the share of false discoveries that is accepted
 * @ret:  free with block_rule_verdict_deinit(); what is in its line_p up to its limit belongs to
 *        the footprint
 */
void block_rule_conclude(const struct block_findings *findings, enum cov_rule rule, size_t split,
			 double rate, struct block_verdict *ret);

/**
 * block_rule_discoveries() - which lines have a block that is a discovery, in each split.
 * @rate: at most the splits' p_most
 * @ret:  [kernel->line_count][splits count], all 0; 1 is written
 */
void block_rule_discoveries(const struct block_findings *findings, enum cov_rule rule, double rate,
			    unsigned char *ret);

#endif
