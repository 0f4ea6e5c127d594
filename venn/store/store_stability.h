/* store_stability.h - what repeated trials say: of lines, of regions, of rules, of counters. */
#ifndef VENN_STORE_STORE_STABILITY_H
#define VENN_STORE_STORE_STABILITY_H

#include <stddef.h>
#include <stdint.h>

#include "differ/differ.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"
#include "venn/store/store_tile_ids.h"
#include "venn/store/store_union.h"

struct cov_error;
struct store;

/* How far the trials of one platform and workload agree in a directory. */
struct store_agreement {
	char *platform; /* owned */
	char *workload; /* owned */
	int64_t trial_count;
	struct cov_stability stability;
};

struct store_agreements {
	struct store_agreement *items; /* [count], by platform and workload; owned */
	size_t count;
	size_t capacity;
};

void store_stability_agreements_deinit(struct store_agreements *agreements);
COV_DEFINE_AUTO_STRUCT(struct store_agreements, store_stability_agreements_deinit)

/**
 * store_stability_agreements() - of one directory.
 * @directory: canonical
 * @workloads: each of them; of all united all footprints that are not of phases
 */
int store_stability_agreements(struct store *store, int64_t analysis_id, const char *directory,
			       const struct store_union *workloads, struct store_agreements *ret,
			       struct cov_error *err);

/**
 * store_stability_at_least() - how many lines of a directory each platform executes at least,
 * kept by the rule or not, seen in its trials or not (Chao2).
 * @directory: canonical
 * @ret:       [query->platform_count]; NAN where it is not known: of a file, a union that is not
 *             stored, single trials
 */
int store_stability_at_least(struct store *store, const struct store_query *query,
			     const char *directory, double *ret, struct cov_error *err);

/* What a rule removes of what a platform executed. */
struct store_removal {
	char *rule;     /* owned, as the next two */
	char *baseline; /* "host/idle" */
	char *platform;
	int64_t hit; /* lines */
	int64_t removed;
	int64_t kept;
};

struct store_removals {
	struct store_removal *items; /* [count], by rule, baseline and platform; owned */
	size_t count;
	size_t capacity;
};

void store_stability_removals_deinit(struct store_removals *removals);
COV_DEFINE_AUTO_STRUCT(struct store_removals, store_stability_removals_deinit)

/** store_stability_removals() - of all analyses. @workloads: united */
int store_stability_removals(struct store *store, const struct store_kernel *kernel,
			     const struct store_union *workloads, struct store_removals *ret,
			     struct cov_error *err);

/* A function whose counters contradicted each other in some trial. */
struct store_contradiction {
	char *function; /* owned */
	char *file;     /* owned */
	int64_t start_line;
	int64_t trial_count; /* in which they did */
	int64_t missing_max; /* at least so many updates are missing in the worst */
};

struct store_contradictions {
	struct store_contradiction *items; /* [count], the worst first; owned */
	size_t count;
	size_t capacity;
};

void store_stability_contradictions_deinit(struct store_contradictions *contradictions);
COV_DEFINE_AUTO_STRUCT(struct store_contradictions, store_stability_contradictions_deinit)

/** store_stability_contradictions() - of the files in a range of line ids. */
int store_stability_contradictions(struct store *store, int64_t kernel_id, int64_t line_first,
				   int64_t line_count, struct store_contradictions *ret,
				   struct cov_error *err);

/* The trials of one platform and workload. */
struct store_stability_trials {
	int64_t kernel_id;
	int64_t platform_id;
	int64_t workload_id;
};

/* The same with what is known of them. */
struct store_stability_cell {
	struct store_stability_trials trials;
	char *platform; /* owned */
	char *workload; /* owned */
	int64_t trial_count;
	int64_t duration_ns; /* of all of them */
};

struct store_stability_cells {
	struct store_stability_cell *items; /* [count], by platform and workload; owned */
	size_t count;
	size_t capacity;
};

void store_stability_cells_deinit(struct store_stability_cells *cells);
COV_DEFINE_AUTO_STRUCT(struct store_stability_cells, store_stability_cells_deinit)

/** store_stability_cells() - of ok trials. @workloads: as of store_stability_agreements() */
int store_stability_cells(struct store *store, int64_t kernel_id,
			  const struct store_union *workloads, struct store_stability_cells *ret,
			  struct cov_error *err);

/**
 * store_stability_trial_ids() - the trials, in the order of import.
 * @ids:   [COV_STABILITY_TRIALS_MAX]
 * @count: the first ones, if there are more
 */
int store_stability_trial_ids(struct store *store, const struct store_stability_trials *trials,
			      int64_t *ids, size_t *count, struct cov_error *err);

/**
 * store_stability_trial_masks() - which trials executed each line of a range.
 * @tiles: of the range; what it knows of other trials' tiles need not be read again
 * @masks: [tiles->range.line_count], all 0; bit: number of the trial, from 0
 * @count: at most COV_STABILITY_TRIALS_MAX, the first ones
 */
int store_stability_trial_masks(struct store_tile_ids *tiles,
				const struct store_stability_trials *trials, uint64_t *masks,
				size_t *count, struct cov_error *err);

/** store_stability_add_agreement() - of one footprint and directory; numbers that are NAN become
 * NULL. */
int store_stability_add_agreement(struct store *store, int64_t footprint_id, int64_t directory_id,
				  const struct cov_stability *stability, struct cov_error *err);

#endif
