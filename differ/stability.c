/* stability.c - how far repeated trials agree on what was executed. */
#include "differ/stability.h"

#include <math.h>

static double jaccard_of_pair(const struct cov_trial_class *classes, size_t class_count,
			      uint64_t first, uint64_t second)
{
	int64_t common = 0, either = 0;

	for (size_t i = 0; i < class_count; i++) {
		common +=
		    classes[i].mask & first && classes[i].mask & second ? classes[i].lines : 0;
		either += classes[i].mask & (first | second) ? classes[i].lines : 0;
	}
	return either ? (double)common / (double)either : 1;
}

static double mean_jaccard(const struct cov_trial_class *classes, size_t class_count,
			   size_t trial_count)
{
	double sum = 0;

	for (size_t i = 0; i < trial_count; i++) {
		for (size_t j = i + 1; j < trial_count; j++)
			sum += jaccard_of_pair(classes, class_count, (uint64_t)1 << i,
					       (uint64_t)1 << j);
	}
	return sum / ((double)trial_count * (double)(trial_count - 1) / 2); /* NAN for one trial */
}

double cov_stability_chao2(struct cov_trial_counts lines, size_t trial_count)
{
	double once = (double)lines.once, twice = (double)lines.twice, trials = (double)trial_count;
	double unseen = twice > 0 ? once * once / (2 * twice) : once * (once - 1) / 2;

	return trials > 1 ? (double)lines.any + (trials - 1) / trials * unseen : NAN;
}

struct cov_stability cov_stability_of(const struct cov_trial_class *classes, size_t class_count,
				      size_t trial_count)
{
	struct cov_stability stability = { 0 };
	int64_t once = 0, twice = 0;

	for (size_t i = 0; i < class_count; i++) {
		size_t seen = (size_t)__builtin_popcountll(classes[i].mask);
		int64_t lines = classes[i].lines;

		stability.any += lines;
		stability.most += seen + 1 >= trial_count ? lines : 0;
		stability.all += seen == trial_count ? lines : 0;
		once += seen == 1 ? lines : 0;
		twice += seen == 2 ? lines : 0;
	}
	stability.jaccard = mean_jaccard(classes, class_count, trial_count);
	stability.chao2 = cov_stability_chao2(
	    (struct cov_trial_counts){ stability.any, once, twice }, trial_count);
	return stability;
}
