/*
 * rule.h - the decision rules: is a line executed because of the workload, or anyway?
 */
#ifndef DIFFER_RULE_H
#define DIFFER_RULE_H

#include <stdbool.h>
#include <stdint.h>

/* What was observed of one line: how often it ran in how much time. */
struct cov_observation {
	int64_t count;       /* executions; negative if the counters contradict each other */
	int64_t duration_ns; /* above 0 */
};

/* All rules are kept side by side in the database under their names. */
enum cov_rule {
	COV_RULE_RATE, /* the paper's: hit rate above that of the baseline */
	/* Tests of basic blocks, with a bounded rate of false discoveries: */
	COV_RULE_POISSON,     /* poisson.h */
	COV_RULE_PERMUTATION, /* permutation.h */
	COV_RULE_COUNT,
};

/** cov_rule_name() - "rate"; as in the database and for --rule. */
const char *cov_rule_name(enum cov_rule rule);

/** cov_rule_find() - the rule of a name; COV_RULE_COUNT if there is none. */
enum cov_rule cov_rule_find(const char *name);

/** cov_rule_names() - all names, NULL at the end, in the order of the enum. */
const char *const *cov_rule_names(void);

/** cov_rule_is_test() - whether a rule tests blocks instead of comparing lines. */
static inline bool cov_rule_is_test(enum cov_rule rule)
{
	return rule == COV_RULE_POISSON || rule == COV_RULE_PERMUTATION;
}

/**
 * cov_rule_is_kept() - whether a line belongs to the footprint by the rule rate.
 * @trial:    what was observed while the workload ran
 * @baseline: what was observed while nothing ran
 *
 * Rates are compared exactly, as products of integers.
 *
 * Source: VEE '20 paper, section 3: lines with a higher hit rate than on the idle host.
 */
bool cov_rule_is_kept(struct cov_observation trial, struct cov_observation baseline);

#endif
