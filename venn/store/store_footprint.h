/* store_footprint.h - footprints: the lines that a platform executes beyond its baseline. */
#ifndef VENN_STORE_STORE_FOOTPRINT_H
#define VENN_STORE_STORE_FOOTPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_group.h"
#include "venn/store/store_range.h"
#include "venn/store/tile.h"

struct cov_error;
struct store;

/* The footprint of one platform and workload. */
struct store_footprint {
	const struct store_group *group;    /* borrowed, as is the next */
	const struct store_group *baseline; /* what was subtracted */
	struct cov_footprint_totals totals;
	const struct cov_line_p *line_p; /* if the rule is a test; borrowed, or NULL */
	struct cov_footprint lines;      /* owned */
	/* [resample_count], what each resample decides otherwise; owned. None: it cannot tell */
	struct cov_footprint_changes without[COV_RESAMPLE_MAX];
	size_t resample_count;
	int64_t id;              /* once it is stored */
	size_t objects_left_out; /* bad in a trial or in the baseline, or with too large counts */
	size_t trials_observed;  /* from which observers were taken off */
	size_t functions_below;  /* that have less than the observers, or contradict themselves */
};

/** store_footprint_deinit() - free what @footprint owns. */
void store_footprint_deinit(struct store_footprint *footprint);

/** store_footprint_drop_lines() - forget the lines, those of resamples included; what is counted
 * stays. */
void store_footprint_drop_lines(struct store_footprint *footprint);

/*
 * What a footprint was decided from: all its trials added up, without the observers, times the
 * scale of the analysis. All borrowed.
 */
struct store_sums {
	const struct cov_kernel *kernel;
	int64_t scale;
	const int64_t *counts;         /* [kernel->line_count] */
	const unsigned char *states;   /* [kernel->line_count], enum cov_line_state */
	const int64_t *calls;          /* [kernel->function_count] */
	const int64_t *baseline;       /* [kernel->line_count], of what is subtracted; or NULL */
	const int64_t *baseline_calls; /* [kernel->function_count], likewise */
	double baseline_share;         /* its duration divided by that of the trials */
};

/* A footprint as it is stored. */
struct store_packed {
	void **items; /* [count], by object its counters; NULL: it did not run; owned, as is each */
	size_t *sizes; /* [count]; owned */
	size_t count;
	struct tiles lines, functions;
	double *p_values; /* [p_value_count], growing; owned */
	size_t p_value_count;
	double baseline_share; /* NAN: nothing was subtracted */
	void *found;           /* a bit per line id, those instrumented; compressed; owned */
	size_t found_bytes;    /* 0: of a union */
};

/**
 * store_footprint_pack_counters() - make of a footprint's counters what is stored, before the rest:
 * that takes memory, too.
 * @counters: [kernel->counter_count], times the scale, 0 where an object is left out
 * @ret:      zeroed; free with store_footprint_packed_deinit()
 */
void store_footprint_pack_counters(const struct cov_kernel *kernel, const int64_t *counters,
				   struct store_packed *ret);

/** store_footprint_pack() - add to its counters what else is stored; no database is needed. */
void store_footprint_pack(const struct store_footprint *footprint, const struct store_sums *sums,
			  struct store_packed *ret);

void store_footprint_packed_deinit(struct store_packed *packed);
COV_DEFINE_AUTO_STRUCT(struct store_packed, store_footprint_packed_deinit)

/**
 * store_footprint_add() - write a footprint.
 * @footprint: its id is filled in; a group with workload_id 0 stands for all workloads of its
 *             platform united
 * @packed:    NULL: of a group of workloads there are the totals, its lines are its members'
 */
int store_footprint_add(struct store *store, int64_t kernel_id, int64_t analysis_id,
			struct store_footprint *footprint, const struct store_packed *packed,
			struct cov_error *err);

/* A footprint that is in the database. */
struct store_footprint_stored {
	int64_t id;
	int64_t platform_id;
	int64_t workload_id; /* 0: all workloads united */
	struct cov_footprint_totals totals;
	size_t objects_left_out, trials_observed, functions_below, resample_count;
};

struct store_footprints_stored {
	struct store_footprint_stored *items; /* [count]; owned */
	size_t count, capacity;
};

void store_footprint_list_deinit(struct store_footprints_stored *list);
COV_DEFINE_AUTO_STRUCT(struct store_footprints_stored, store_footprint_list_deinit)

/** store_footprint_list() - the footprints of an analysis, united ones included. */
int store_footprint_list(struct store *store, int64_t analysis_id,
			 struct store_footprints_stored *ret, struct cov_error *err);

/** store_footprint_find() - that of a platform and workload; NULL: there is none. */
const struct store_footprint_stored *
store_footprint_find(const struct store_footprints_stored *list, int64_t platform_id,
		     int64_t workload_id);

/**
 * store_footprint_fetch() - a footprint as the two above made it; without p-values.
 * @ret: free with store_footprint_packed_deinit()
 *
 * Return: 0; COV_ERR_STORE if it is damaged.
 */
int store_footprint_fetch(struct store *store, int64_t kernel_id, int64_t footprint_id,
			  const struct cov_kernel *kernel, struct store_packed *ret,
			  struct cov_error *err);

/** store_footprint_lines() - the lines of a group's footprint are added to @lines. */
int store_footprint_lines(struct store *store, int64_t analysis_id, const struct store_group *group,
			  struct cov_footprint *lines, struct cov_error *err);

/**
 * store_footprint_counters() - add an object's counters, added up over all trials of a footprint.
 * @count: counters of the object
 * @sum:   [@count]; left as it is if the object did not run
 */
int store_footprint_counters(struct store *store, int64_t footprint_id, int64_t object_id,
			     size_t count, int64_t *sum, struct cov_error *err);

/**
 * store_footprint_without() - what each resample of a footprint decides otherwise.
 * @line_count: of the kernel
 * @ret:        [COV_RESAMPLE_MAX], of lines of the kernel; those that the footprint does not have
 *              stay as they are; free the lines of each, also on failure
 *
 * Return: 0; COV_ERR_STORE, also if a list of lines is damaged.
 */
int store_footprint_without(struct store *store, int64_t footprint_id, size_t line_count,
			    struct cov_footprint_changes *ret, struct cov_error *err);

#endif
