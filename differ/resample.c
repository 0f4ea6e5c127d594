/* resample.c - how large regions would be in studies of one trial each. */
#include "differ/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "differ/random.h"
#include "differ/stability.h"

/*
 * Lines that the same trials of the same footprints executed are one row: the word of their
 * footprints, then a word per footprint with its trials.
 */
struct sample {
	const struct cov_resample_trials *trials; /* borrowed */
	size_t width;                             /* of a row, in words */
	uint64_t *rows;                           /* [row_count][width]; owned */
	int64_t *lines;                           /* [row_count]; owned */
	size_t row_count;
};

static void sample_deinit(struct sample *sample)
{
	free(sample->rows);
	free(sample->lines);
}

COV_DEFINE_AUTO_STRUCT(struct sample, sample_deinit)

static int compare_rows(const void *a, const void *b, void *size_bytes)
{
	return memcmp(a, b, *(const size_t *)size_bytes);
}

/* Lines that are in some footprint: few are. */
static size_t count_kept(const struct cov_resample_trials *trials)
{
	size_t count = 0;

	for (size_t i = 0; i < trials->line_count; i++)
		count += trials->words[i] != 0;
	return count;
}

/* Make rows of what is known of each line. */
static void fill_sample(struct sample *sample)
{
	const struct cov_resample_trials *trials = sample->trials;
	size_t width = sample->width, row_bytes = width * sizeof(uint64_t);
	size_t kept_count = count_kept(trials), count = 0;

	sample->rows = cov_xcalloc(kept_count * width, sizeof(uint64_t));
	sample->lines = cov_xcalloc(kept_count, sizeof(int64_t));
	for (size_t i = 0; i < trials->line_count; i++) {
		for (size_t j = 0; trials->words[i] && j < width; j++)
			sample->rows[count * width + j] = trials->words[j * trials->line_count + i];
		count += trials->words[i] != 0;
	}
	qsort_r(sample->rows, count, row_bytes, compare_rows, &row_bytes);
	for (size_t i = 0; i < count; i++) {
		const uint64_t *row = sample->rows + i * width;

		if (!i || memcmp(row - width, row, row_bytes) != 0)
			sample->row_count++;
		sample->lines[sample->row_count - 1]++;
		memmove(sample->rows + (sample->row_count - 1) * width, row, row_bytes);
	}
}

static int compare_regions(const void *a, const void *b)
{
	const struct cov_resample_region *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

/* Index of the region of @mask, or their number. */
static size_t find_region(const struct cov_resample *resample, uint64_t mask)
{
	size_t place = 0;

	while (place < resample->region_count && resample->regions[place].mask != mask)
		place++;
	return place;
}

/* The regions as they are. */
static void list_regions(const struct sample *sample, struct cov_resample *resample)
{
	size_t capacity = 0;

	for (size_t i = 0; i < sample->row_count; i++) {
		uint64_t mask = sample->rows[i * sample->width];
		size_t place = find_region(resample, mask);

		if (place == resample->region_count) {
			resample->regions = cov_grow(resample->regions, place, &capacity,
						     sizeof(*resample->regions));
			resample->regions[resample->region_count++] =
			    (struct cov_resample_region){ .mask = mask, .low = NAN, .high = NAN };
		}
		resample->regions[place].lines += sample->lines[i];
	}
	if (resample->region_count)
		qsort(resample->regions, resample->region_count, sizeof(*resample->regions),
		      compare_regions);
}

/* The footprints of a row that executed its lines in all of the @wanted trials. */
static uint64_t row_mask(const struct sample *sample, const uint64_t *row, const uint64_t *wanted)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < sample->trials->footprint_count; i++) {
		if (row[0] >> i & 1 && (row[i + 1] & wanted[i]) == wanted[i])
			mask |= (uint64_t)1 << i;
	}
	return mask;
}

/* Lines that all footprints of their region executed in all trials. */
static void count_agreed(const struct sample *sample, struct cov_resample *resample)
{
	uint64_t all[COV_RESAMPLE_FOOTPRINTS_MAX];

	for (size_t i = 0; i < sample->trials->footprint_count; i++)
		all[i] = ((uint64_t)1 << sample->trials->trial_counts[i]) - 1;
	for (size_t i = 0; i < sample->row_count; i++) {
		const uint64_t *row = sample->rows + i * sample->width;

		if (row_mask(sample, row, all) == row[0])
			resample->regions[find_region(resample, row[0])].agreed += sample->lines[i];
	}
}

/* One study. @sizes: [region_count][COV_RESAMPLE_DRAWS], of which column @draw is filled */
static void draw_study(const struct sample *sample, const struct cov_resample *resample,
		       size_t draw, uint64_t *seed, int64_t *sizes)
{
	uint64_t wanted[COV_RESAMPLE_FOOTPRINTS_MAX];

	for (size_t i = 0; i < sample->trials->footprint_count; i++)
		wanted[i] = (uint64_t)1 << cov_random_next(seed) % sample->trials->trial_counts[i];
	for (size_t i = 0; i < sample->row_count; i++) {
		const uint64_t *row = sample->rows + i * sample->width;
		size_t place = find_region(resample, row_mask(sample, row, wanted));

		if (place < resample->region_count)
			sizes[place * COV_RESAMPLE_DRAWS + draw] += sample->lines[i];
	}
}

static int compare_sizes(const void *a, const void *b)
{
	const int64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

static void range_regions(const struct sample *sample, uint64_t seed, struct cov_resample *resample)
{
	/* With few trials all that was drawn, with more the middle 95 %. */
	size_t cut =
	    resample->trial_count_min < COV_RESAMPLE_INTERVAL_TRIALS ? 0 : COV_RESAMPLE_DRAWS / 40;
	COV_AUTO(free)
	int64_t *sizes = cov_xcalloc(resample->region_count, COV_RESAMPLE_DRAWS * sizeof(*sizes));

	for (size_t draw = 0; draw < COV_RESAMPLE_DRAWS; draw++)
		draw_study(sample, resample, draw, &seed, sizes);
	for (size_t i = 0; i < resample->region_count; i++) {
		int64_t *drawn = sizes + i * COV_RESAMPLE_DRAWS;

		qsort(drawn, COV_RESAMPLE_DRAWS, sizeof(*drawn), compare_sizes);
		resample->regions[i].low = (double)drawn[cut];
		resample->regions[i].high = (double)drawn[COV_RESAMPLE_DRAWS - 1 - cut];
	}
}

void cov_resample_of(const struct cov_resample_trials *trials, uint64_t seed,
		     struct cov_resample *ret)
{
	COV_AUTO(sample_deinit)
	struct sample sample = { .trials = trials, .width = trials->footprint_count + 1 };

	*ret = (struct cov_resample){ .trial_count_min = COV_STABILITY_TRIALS_MAX };
	for (size_t i = 0; i < trials->footprint_count; i++) {
		if (trials->trial_counts[i] < ret->trial_count_min)
			ret->trial_count_min = trials->trial_counts[i];
	}
	fill_sample(&sample);
	list_regions(&sample, ret);
	count_agreed(&sample, ret);
	if (ret->trial_count_min > 1)
		range_regions(&sample, seed, ret);
}

void cov_resample_deinit(struct cov_resample *resample)
{
	free(resample->regions);
	memset(resample, 0, sizeof(*resample));
}
