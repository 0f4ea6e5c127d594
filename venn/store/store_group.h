/* store_group.h - trials of one platform and workload together, and their counters. */
#ifndef VENN_STORE_STORE_GROUP_H
#define VENN_STORE_STORE_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_workload.h"

struct cov_error;
struct store;

/* Trials whose counters belong together. */
struct store_group {
	int64_t platform_id;
	int64_t workload_id;
	enum store_kind kind;
	int64_t trial_count;
	int64_t duration_ns;     /* of all trials */
	int64_t tracefile_count; /* trials that came as tracefiles, without counters */
	bool is_on_host;         /* the platform's driver is "host" */
	bool is_set;             /* lines from elsewhere: nothing is taken off, all are kept */
	int64_t number;          /* 0: all its trials; else only the one of this number */
	char *platform;          /* owned */
	char *workload;          /* owned */
};

struct store_groups {
	struct store_group *items; /* [count], by platform, then workload; owned */
	size_t count;
	size_t capacity;
};

void store_group_list_deinit(struct store_groups *groups);
COV_DEFINE_AUTO_STRUCT(struct store_groups, store_group_list_deinit)

/** store_group_list() - all groups of ok trials, baselines included. */
int store_group_list(struct store *store, int64_t kernel_id, struct store_groups *ret,
		     struct cov_error *err);

/* The trials of a group, one by one. */
struct store_snapshots {
	struct cov_few_counters *items; /* [count]; owned */
	int64_t *durations_ns;          /* [count]; owned */
	size_t count;
	int64_t scale;         /* their counters are those of the trials times this */
	size_t observed_count; /* trials from which observers were taken off */
};

void store_group_snapshots_deinit(struct store_snapshots *snapshots);
COV_DEFINE_AUTO_STRUCT(struct store_snapshots, store_group_snapshots_deinit)

/* How the counters of a trial were captured. */
struct store_capture {
	bool is_known; /* not of a snapshot from elsewhere */
	enum cov_manifest_way way;
	int64_t within; /* captures within its time, besides the last */
};

/* The trials of a group as they are stored, compressed. */
struct store_packed_trial {
	struct store_capture capture;
	void *counters; /* [counters_bytes]; owned */
	size_t counters_bytes;
	void *states; /* [states_bytes]; owned */
	size_t states_bytes;
	int64_t duration_ns;
};

struct store_packed_trials {
	struct store_packed_trial *items; /* [count], in the order of import; owned */
	size_t count;
	bool is_raw; /* no observer is taken off: they are observers themselves, or a set */
	char *path;  /* of the database; owned */
};

void store_group_packed_deinit(struct store_packed_trials *trials);
COV_DEFINE_AUTO_STRUCT(struct store_packed_trials, store_group_packed_deinit)

/**
 * store_group_fetch() - what store_group_open_trial() needs of the database.
 *
 * Return: 0; COV_ERR_MISMATCH if the group has no such trial; COV_ERR_STORE.
 */
int store_group_fetch(struct store *store, int64_t kernel_id, const struct store_group *group,
		      struct store_packed_trials *ret, struct cov_error *err);

/**
 * store_group_open_trial() - one of the trials.
 * @ret: zeroed, or what an earlier call gave of the same kernel, which is written over; free with
 *       counters_deinit(), also on failure
 */
int store_group_open_trial(const struct store_packed_trials *trials, size_t index,
			   const struct cov_kernel *kernel, struct cov_counters *ret,
			   struct cov_error *err);

#endif
