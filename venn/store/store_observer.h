/*
 * store_observer.h - what capturing itself executes, taken off the trials before any rate.
 *
 * Reading the counters costs the same in every trial, whether it lasts a second or ten minutes. An
 * observer is a trial of that alone. Of n trials, from which N observers that were captured the
 * same way are taken off, N times the sum of the trials' counters minus n times the sum of the
 * observers' is evaluated: whole multiples keep what flows into each block equal to what flows out.
 * So that trials of several ways can be added up and compared, all counters of an analysis are
 * taken times one scale. What comes out below zero is noise of the observers; functions in which it
 * does contradict themselves, see collector/plan/evidence.h.
 */
#ifndef VENN_STORE_STORE_OBSERVER_H
#define VENN_STORE_STORE_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_group.h"

struct cov_error;
struct store;

/* Observers that were captured the same way, of the same objects. */
struct store_observer_set {
	struct store_capture capture;
	struct cov_few_counters sum; /* states: of each of them; owned */
	int64_t count;
	struct cov_few_counters *items; /* [count], if they were asked for; else NULL; owned */
};

struct store_observers {
	struct store_observer_set *sets; /* [count]; owned */
	size_t count;
	int64_t scale; /* times which counters are taken; 1 without observers */
	/* [(kernel->counter_count + 7) / 8], whether any of eight counters is not 0 in a sum;
	 * owned */
	unsigned char *marks;
};

void store_observer_deinit(struct store_observers *observers);
COV_DEFINE_AUTO_STRUCT(struct store_observers, store_observer_deinit)

/**
 * store_observer_read() - the observers of a kernel. One with a damaged object is not used.
 * @is_apart: keep each of them, besides their sum
 * @ret:      free with store_observer_deinit()
 */
int store_observer_read(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			bool is_apart, struct store_observers *ret, struct cov_error *err);

/** store_observer_mark() - fill @observers->marks, of sums that are there. */
void store_observer_mark(struct store_observers *observers, size_t counter_count);

/* What became of the trials of a group. */
struct store_observed {
	size_t trials;    /* from which observers were taken off */
	size_t too_large; /* objects whose counters have no such multiples in 64 bits, left out */
};

/**
 * store_observer_add() - the counters of trials added up, times the scale, without the observers'.
 * @ret: free with counters_deinit()
 *
 * A trial by reset with captures within its time for which there is no observer gets one by reset
 * and, for each of these captures, one by difference, if there are both. From a trial for which
 * there is none, or none of the same objects, nothing is taken off.
 *
 * Return: 0; COV_ERR_STORE if the counters of a trial are damaged.
 */
int store_observer_add(const struct store_observers *observers,
		       const struct store_packed_trials *trials, const struct cov_kernel *kernel,
		       struct cov_counters *ret, struct store_observed *observed,
		       struct cov_error *err);

/* Trials of a group added up, that a resample lacks together. */
struct store_part {
	struct cov_few_counters counters; /* as they are; owned, as is the next */
	int64_t *needed;                  /* [observers->count], observers that belong to them */
	size_t observed;                  /* trials from which observers are taken off */
};

/* All trials of a group. */
struct store_parts {
	struct store_part items[COV_RESAMPLE_MAX]; /* [count] */
	size_t count; /* as cov_resample_count() gives it; 1 if there are no resamples */
};

/**
 * store_observer_part() - add up the trials that each resample lacks; each trial is read once.
 * @resample_count: 0: all trials are one part
 * @ret:            free with store_observer_parts_deinit()
 *
 * Return: 0; COV_ERR_STORE if the counters of a trial are damaged.
 */
int store_observer_part(const struct store_observers *observers,
			const struct store_packed_trials *trials, const struct cov_kernel *kernel,
			size_t resample_count, struct store_parts *ret, struct cov_error *err);

void store_observer_parts_deinit(struct store_parts *parts);
COV_DEFINE_AUTO_STRUCT(struct store_parts, store_observer_parts_deinit)

/**
 * store_observer_sum() - store_observer_add() of all parts but one.
 * @without: the part that is left out; parts->count: none is
 * @ret:     free with counters_deinit()
 */
struct store_observed store_observer_sum(const struct store_observers *observers,
					 const struct store_parts *parts,
					 const struct cov_kernel *kernel, size_t without,
					 struct cov_counters *ret);

/** store_observer_open() - the same of each trial. @ret: free with store_group_snapshots_deinit()
 */
int store_observer_open(const struct store_observers *observers,
			const struct store_packed_trials *trials, const struct cov_kernel *kernel,
			struct store_snapshots *ret, struct cov_error *err);

/** store_observer_divide() - a count of what was taken times the scale, rounded; above 0 at
 * least 1. */
static inline int64_t store_observer_divide(int64_t count, int64_t scale)
{
	if (scale == 1 || count == 0)
		return count;
	int64_t half = count > 0 ? scale / 2 : -(scale / 2);
	int64_t divided = count / scale + (count % scale + half) / scale;
	return count > 0 && divided == 0 ? 1 : divided;
}

#endif
