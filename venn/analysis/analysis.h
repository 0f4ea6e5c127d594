/* analysis.h - from stored trials to stored footprints and regions. */
#ifndef VENN_ANALYSIS_ANALYSIS_H
#define VENN_ANALYSIS_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/analysis/pair.h"
#include "venn/store/store_group.h"

struct cov_error;
struct store;

struct analysis_options {
	enum cov_rule rule;          /* COV_RULE_COUNT: the default */
	const char *baseline;        /* or NULL: the default */
	double false_discovery_rate; /* of rules that test; above 0, below 1 */
	bool is_newest;              /* commands use it from now on */
};

static const double analysis_false_discovery_rate = 0.05; /* unless another is asked for */

/* What an analysis found; one row per footprint. */
struct analysis {
	enum cov_rule rule;
	double false_discovery_rate;
	enum cov_rule usual_rule;   /* the default for these trials */
	struct store_groups groups; /* of trials, baselines included; owned */
	struct pairs pairs;         /* their footprints; owned */
	size_t observer_count;      /* ways of capturing of which there are observers */
};

void analysis_deinit(struct analysis *analysis);
COV_DEFINE_AUTO_STRUCT(struct analysis, analysis_deinit)

/**
 * analysis_run() - apply a rule to all trials of a kernel and store the result. Footprints that are
 * there already, see store_forget.h, are not made again.
 * @options:  its rule: by default permutation if there are five trials of each workload and of the
 *            baseline, else rate. Its baseline: the name of the one to subtract, "idle" or
 *            "host/idle"; "own": each platform's own idle one; platforms that have none are left
 *            out and named on stderr; NULL: the only one there is, or the only idle one on a host
 * @ret:      filled on success; free with analysis_deinit()
 *
 * Trials of the same platform and workload are taken as one: their counters are added before lines
 * are counted. Other baselines get footprints too: that of a platform's own idle baseline against
 * the host's is what the platform costs just by being there. Must be called within a transaction.
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such baseline, or several, or no trial, or too few
 *         trials for the rule.
 */
int analysis_run(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
		 const struct analysis_options *options, struct analysis *ret,
		 struct cov_error *err);

/**
 * analysis_print_notes() - on stderr, how many objects were too damaged to compare, and from how
 * many trials no observer was taken off.
 */
void analysis_print_notes(const struct analysis *analysis);

#endif
