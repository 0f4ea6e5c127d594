/* store_trial.h - trials, and what became of their objects. */
#ifndef VENN_STORE_STORE_TRIAL_H
#define VENN_STORE_STORE_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_results.h"
#include "venn/store/store_workload.h"
#include "venn/store/tile.h"

struct cov_error;
struct store;

/* One trial, as it is written. Texts are borrowed. */
struct store_trial {
	int64_t kernel_id;
	const char *platform;
	const char *driver;   /* of the platform, or NULL when it is not known */
	const char *workload; /* or the baseline's name */
	enum store_kind kind;
	int64_t duration_ns;
	const char *status;      /* "ok" or "failed" */
	const char *failure;     /* why, or NULL */
	const char *started_at;  /* UTC, ISO 8601; or NULL when not known */
	const char *snapshot;    /* where it was imported from */
	const char *manifest;    /* JSON as the collector wrote it, or NULL */
	const bool *is_emulated; /* the processor was emulated; NULL when it is not known */
	const struct cov_metric *metrics; /* [metric_count], that the workload printed */
	size_t metric_count;
	int64_t number; /* 0: the next free one of platform and workload */
	const struct cov_manifest_capture *capture; /* NULL when it is not known */
	const char *const *groups; /* [group_count], of workloads, that its workload belongs to */
	size_t group_count;
};

/**
 * store_trial_has() - whether the same trial was imported before.
 *
 * It is the same if kernel, platform, workload, start and duration agree.
 */
int store_trial_has(struct store *store, const struct store_trial *trial, bool *ret,
		    struct cov_error *err);

/* What a trial's results are stored as. */
struct store_trial_packed {
	struct tiles lines, functions;
	void *counters, *states; /* compressed; owned */
	size_t counters_bytes, states_bytes;
};

/** store_trial_pack_counters() - what is stored of counters. No database is needed. @ret: zeroed */
void store_trial_pack_counters(const struct cov_kernel *kernel, const struct cov_counters *counters,
			       struct store_trial_packed *ret);

/** store_trial_pack_counts() - what is stored of counts; no database is needed, or packed results.
 */
void store_trial_pack_counts(const struct store_results *results, struct store_trial_packed *ret);

void store_trial_packed_deinit(struct store_trial_packed *packed);
COV_DEFINE_AUTO_STRUCT(struct store_trial_packed, store_trial_packed_deinit)

/**
 * store_trial_add() - write a trial with its counters and counts.
 * @results: packed; NULL for a trial without a snapshot
 *
 * Lines of objects that no trial had before join the kernel's universe.
 *
 * Return: 0; COV_ERR_MISMATCH if the number is taken, or the workload's name by another kind;
 *         COV_ERR_FORMAT if it lasted longer than store_limits.h allows; COV_ERR_STORE.
 */
int store_trial_add(struct store *store, const struct store_trial *trial,
		    const struct store_results *results, struct cov_error *err);

/* How many objects of a trial are in one state, or one such object. */
struct store_object_state {
	char *platform; /* owned, as all texts here */
	char *workload; /* or the baseline's name */
	int64_t number; /* of the trial */
	char *state;    /* "decoded", "not linked", or the kind of a problem */
	int64_t count;  /* objects */
	char *path;     /* of the object; "" in a count */
	char *message;  /* why it is not decoded; "" in a count */
};

struct store_object_states {
	struct store_object_state *items; /* [count], by trial; owned */
	size_t count;
	size_t capacity;
};

void store_trial_object_states_deinit(struct store_object_states *states);
COV_DEFINE_AUTO_STRUCT(struct store_object_states, store_trial_object_states_deinit)

/**
 * store_trial_object_states() - what became of the objects of each trial.
 * @is_listed: each object that was not decoded, instead of how many there are of each state
 */
int store_trial_object_states(struct store *store, int64_t kernel_id, bool is_listed,
			      struct store_object_states *ret, struct cov_error *err);

#endif
