/* footprint.h - the set of lines that a platform executes because of a workload. */
#ifndef DIFFER_FOOTPRINT_H
#define DIFFER_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "differ/rule.h"

/* A set of line ids. */
struct cov_footprint {
	size_t line_count; /* of the universe */
	uint64_t *words;   /* [(line_count + 63) / 64], bit per line id; owned */
};

/* What one comparison found, in lines. */
struct cov_footprint_totals {
	size_t found;   /* instrumented */
	size_t hit;     /* executed at all in the trial */
	size_t removed; /* executed, but taken for idle activity by the rule */
	size_t kept;    /* in the footprint: hit - removed */
};

/* The counts of all lines over a period. */
struct cov_observations {
	const int64_t *counts; /* [line_count], by line id */
	int64_t duration_ns;
};

/** cov_footprint_init() - the empty footprint of a universe; free with cov_footprint_deinit(). */
void cov_footprint_init(struct cov_footprint *footprint, size_t line_count);

/** cov_footprint_deinit() - free what @footprint owns; a zeroed struct is fine. */
void cov_footprint_deinit(struct cov_footprint *footprint);

COV_DEFINE_AUTO_STRUCT(struct cov_footprint, cov_footprint_deinit)

/** cov_footprint_add() - put a line in. */
static inline void cov_footprint_add(struct cov_footprint *footprint, size_t line_id)
{
	footprint->words[line_id / 64] |= (uint64_t)1 << line_id % 64;
}

/** cov_footprint_has() - whether a line is in. */
static inline bool cov_footprint_has(const struct cov_footprint *footprint, size_t line_id)
{
	return footprint->words[line_id / 64] >> line_id % 64 & 1;
}

/** cov_footprint_count() - how many lines are in. */
size_t cov_footprint_count(const struct cov_footprint *footprint);

/** cov_footprint_count_within() - how many of @line_count lines from @line_first on are in. */
size_t cov_footprint_count_within(const struct cov_footprint *footprint, size_t line_first,
				  size_t line_count);

/* The lines of which two footprints of one universe differ. */
struct cov_footprint_changes {
	uint32_t *lines; /* [count], growing; owned */
	size_t count;
};

/** cov_footprint_compare() - where @other differs from @footprint; free @ret->lines. */
void cov_footprint_compare(const struct cov_footprint *footprint, const struct cov_footprint *other,
			   struct cov_footprint_changes *ret);

/** cov_footprint_change() - make of a footprint the other one that it was compared with. */
void cov_footprint_change(struct cov_footprint *footprint,
			  const struct cov_footprint_changes *changes);

/** cov_footprint_copy() - make @copy, initialised for the same universe, equal to @footprint. */
void cov_footprint_copy(const struct cov_footprint *footprint, struct cov_footprint *copy);

/** cov_footprint_unite() - add all lines of @more, of the same universe. */
void cov_footprint_unite(struct cov_footprint *footprint, const struct cov_footprint *more);

/** cov_footprint_mark() - put @bit into the masks of its lines. @masks: [line_count] */
void cov_footprint_mark(const struct cov_footprint *footprint, uint64_t bit, uint64_t *masks);

/**
 * cov_footprint_decide() - apply the rule rate to every line.
 * @is_found: [footprint->line_count], not 0 where the kernel that ran is instrumented
 * @footprint: initialised; the lines kept are added
 *
 * Return: what was found, hit, removed and kept.
 */
struct cov_footprint_totals cov_footprint_decide(const unsigned char *is_found,
						 struct cov_observations trial,
						 struct cov_observations baseline,
						 struct cov_footprint *footprint);

/* P-values of lines; those that are not among the ids have 1. All borrowed. */
struct cov_line_p {
	const uint32_t *ids; /* [count], growing; NULL: 0, 1, 2 ... */
	const double *p;     /* [count] */
	size_t count;
};

/** cov_line_p_next() - the p-value of a line. @rest: those of lines before it are dropped */
static inline double cov_line_p_next(struct cov_line_p *rest, uint32_t line)
{
	if (!rest->ids)
		return rest->p[line];
	while (rest->count && *rest->ids < line) {
		rest->ids++;
		rest->p++;
		rest->count--;
	}
	return rest->count && *rest->ids == line ? *rest->p : 1;
}

/**
 * cov_footprint_take() - the lines that ran and of which a test made a discovery.
 * @counts: [footprint->line_count], of the trials
 * @limit:  the largest p-value that is a discovery
 *
 * Return: as cov_footprint_decide().
 */
struct cov_footprint_totals cov_footprint_take(const unsigned char *is_found, const int64_t *counts,
					       struct cov_line_p line_p, double limit,
					       struct cov_footprint *footprint);

#endif
