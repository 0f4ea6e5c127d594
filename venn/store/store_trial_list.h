/* store_trial_list.h - which trials there are, and what they are called. */
#ifndef VENN_STORE_STORE_TRIAL_LIST_H
#define VENN_STORE_STORE_TRIAL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

struct store_listed_trial {
	int64_t id;
	char *name; /* PLATFORM/WORKLOAD/NUMBER; owned, as all texts here */
	char *platform;
	char *workload; /* or the baseline's name */
	char *kind;     /* of the workload */
	int64_t number;
	char *status; /* "ok" or "failed" */
	int64_t duration_ns;
	char *started_at; /* "" when it is not known */
	char *snapshot;   /* where it was imported from; "" without one */
	bool is_emulated;
	bool has_counters; /* else it is in no footprint */
};

struct store_listed_trials {
	struct store_listed_trial *items; /* [count], as they were imported; owned */
	size_t count;
	size_t capacity;
};

void store_trial_list_deinit(struct store_listed_trials *trials);
COV_DEFINE_AUTO_STRUCT(struct store_listed_trials, store_trial_list_deinit)

/** store_trial_list_read() - all trials of a kernel. */
int store_trial_list_read(struct store *store, int64_t kernel_id, struct store_listed_trials *ret,
			  struct cov_error *err);

#endif
