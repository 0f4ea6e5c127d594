/*
 * resample.h - how large regions would be in studies of one trial each.
 *
 * Each line has a word with a bit for each footprint that holds it, and a word per footprint with a
 * bit for each trial that executed it. A region is the lines of exactly some of the footprints. Had
 * only one trial of each been made, a footprint would hold those of its lines that this trial
 * executed; such studies are drawn, and the sizes of their regions are the range.
 */
#ifndef DIFFER_RESAMPLE_H
#define DIFFER_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

/*
 * A resample is the whole study once more, of which every group lacks its k-th trial. Where there
 * are more than COV_RESAMPLE_MAX trials it lacks every COV_RESAMPLE_MAX-th from the k-th on, so
 * that each trial is left out once.
 */
enum {
	COV_RESAMPLE_MAX = 10,
	COV_RESAMPLE_TRIALS_MIN = 3, /* of fewer, one without the others is no study to speak of */
};

/** cov_resample_count() - how many resamples so many trials allow; 0: too few trials. */
static inline size_t cov_resample_count(size_t trial_count)
{
	if (trial_count < COV_RESAMPLE_TRIALS_MIN)
		return 0;
	return trial_count < COV_RESAMPLE_MAX ? trial_count : COV_RESAMPLE_MAX;
}

/**
 * cov_resample_has() - whether a trial of a group is in a resample.
 * @trial:    its place in the group, from 0
 * @resample: from 0; the whole study from @count on, which is as if none was left out
 * @count:    as cov_resample_count() gives it of the group
 */
static inline bool cov_resample_has(size_t trial, size_t resample, size_t count)
{
	return resample >= count || trial % count != resample;
}

enum {
	COV_RESAMPLE_DRAWS = 200,
	COV_RESAMPLE_FOOTPRINTS_MAX = 62,
	COV_RESAMPLE_INTERVAL_TRIALS = 5, /* from which on the range is that of the middle 95 % */
};

/* What trials executed. All borrowed. */
struct cov_resample_trials {
	const uint64_t *words; /* [footprint_count + 1][line_count], as above */
	size_t line_count;
	const size_t *trial_counts; /* [footprint_count], at most COV_STABILITY_TRIALS_MAX each */
	size_t footprint_count;     /* at most COV_RESAMPLE_FOOTPRINTS_MAX */
};

struct cov_resample_region {
	uint64_t mask; /* bit: footprint */
	int64_t lines;
	int64_t agreed; /* lines of it that each of its footprints executed in all trials */
	double low;     /* the range of its size in the studies drawn; NAN if a footprint */
	double high;    /* has a single trial */
};

struct cov_resample {
	struct cov_resample_region *regions; /* [region_count], largest first; owned */
	size_t region_count;
	size_t trial_count_min; /* of a footprint */
};

/**
 * cov_resample_of() - regions, and the range of their sizes.
 * @seed: of the studies drawn; the same seed draws the same
 * @ret:  free with cov_resample_deinit()
 */
void cov_resample_of(const struct cov_resample_trials *trials, uint64_t seed,
		     struct cov_resample *ret);

void cov_resample_deinit(struct cov_resample *resample);
COV_DEFINE_AUTO_STRUCT(struct cov_resample, cov_resample_deinit)

#endif
