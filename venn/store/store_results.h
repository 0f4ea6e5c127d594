/* store_results.h - what is known of a trial once its snapshot or tracefile has been read. */
#ifndef VENN_STORE_STORE_RESULTS_H
#define VENN_STORE_STORE_RESULTS_H

#include "collector/collector.h"

struct store_trial_packed;

/* What the snapshot of a trial says, or its tracefile. All borrowed. */
struct store_results {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters; /* of a tracefile: none, all objects absent */
	const struct cov_counts *counts;
	const struct cov_problems *problems;
	const unsigned char *is_listed; /* [kernel->function_count], those that a tracefile lists;
					   NULL for a snapshot */
	const struct cov_branches *branches;     /* of a tracefile, settled */
	const struct store_trial_packed *packed; /* of all these, see store_trial_pack_counters() */
};

#endif
