/* rule.c - the decision rules: is a line executed because of the workload, or anyway? */
#include "differ/rule.h"

#include <stddef.h>
#include <string.h>

static const char *const rule_names[COV_RULE_COUNT + 1] = {
	[COV_RULE_RATE] = "rate",
	[COV_RULE_POISSON] = "poisson",
	[COV_RULE_PERMUTATION] = "permutation",
	[COV_RULE_COUNT] = NULL,
};

const char *cov_rule_name(enum cov_rule rule)
{
	return rule_names[rule];
}

enum cov_rule cov_rule_find(const char *name)
{
	enum cov_rule rule = COV_RULE_RATE;

	while (rule < COV_RULE_COUNT && strcmp(rule_names[rule], name) != 0)
		rule++;
	return rule;
}

const char *const *cov_rule_names(void)
{
	return rule_names;
}

bool cov_rule_is_kept(struct cov_observation trial, struct cov_observation baseline)
{
	if (trial.count <= 0)
		return false;
	/* count / duration > count / duration, without rounding */
	return (__int128)trial.count * baseline.duration_ns >
	       (__int128)baseline.count * trial.duration_ns;
}
