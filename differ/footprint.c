/* footprint.c - the set of lines that a platform executes because of a workload. */
#include "differ/footprint.h"

#include <string.h>

#include "collector/base/memory.h"

void cov_footprint_init(struct cov_footprint *footprint, size_t line_count)
{
	footprint->line_count = line_count;
	footprint->words = cov_xcalloc((line_count + 63) / 64, sizeof(uint64_t));
}

void cov_footprint_deinit(struct cov_footprint *footprint)
{
	free(footprint->words);
	memset(footprint, 0, sizeof(*footprint));
}

size_t cov_footprint_count(const struct cov_footprint *footprint)
{
	size_t count = 0;

	for (size_t i = 0; i < (footprint->line_count + 63) / 64; i++)
		count += (size_t)__builtin_popcountll(footprint->words[i]);
	return count;
}

struct cov_footprint_totals cov_footprint_decide(const unsigned char *is_found,
						 struct cov_observations trial,
						 struct cov_observations baseline,
						 struct cov_footprint *footprint)
{
	struct cov_footprint_totals totals = { 0 };

	for (size_t i = 0; i < footprint->line_count; i++) {
		struct cov_observation line = { trial.counts[i], trial.duration_ns };
		struct cov_observation idle = { baseline.counts[i], baseline.duration_ns };

		totals.found += is_found[i] != 0;
		if (trial.counts[i] <= 0)
			continue;
		totals.hit++;
		if (cov_rule_is_kept(line, idle)) {
			cov_footprint_add(footprint, i);
			totals.kept++;
		} else {
			totals.removed++;
		}
	}
	return totals;
}

struct cov_footprint_totals cov_footprint_take(const unsigned char *is_found, const int64_t *counts,
					       const double *line_p, double limit,
					       struct cov_footprint *footprint)
{
	struct cov_footprint_totals totals = { 0 };

	for (size_t i = 0; i < footprint->line_count; i++) {
		totals.found += is_found[i] != 0;
		totals.hit += counts[i] > 0;
		if (counts[i] <= 0 || line_p[i] > limit)
			continue;
		cov_footprint_add(footprint, i);
		totals.kept++;
	}
	totals.removed = totals.hit - totals.kept;
	return totals;
}
