/* store_analysis.h - analyses: the footprints of a kernel by one rule against one baseline. */
#ifndef VENN_STORE_STORE_ANALYSIS_H
#define VENN_STORE_STORE_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/* Which analysis of a kernel: the newest that fits. */
struct store_choice {
	int64_t kernel_id;
	const char *rule;     /* or NULL: any */
	const char *baseline; /* "host/idle", "idle", "own"; or NULL: any */
};

struct store_analysis {
	int64_t id;
	char *rule;                  /* owned */
	char *baseline;              /* "host/idle", or "own": each platform's own; owned */
	double false_discovery_rate; /* that was asked of a rule that tests; else 0 */
	bool is_current;             /* it takes in all trials */
	int64_t scale;               /* its counters are those of the trials times this */
};

struct store_analyses {
	struct store_analysis *items; /* [count], the newest last; owned */
	size_t count;
	size_t capacity;
};

void store_analysis_list_deinit(struct store_analyses *analyses);
COV_DEFINE_AUTO_STRUCT(struct store_analyses, store_analysis_list_deinit)

/**
 * store_analysis_open() - begin or go on with the analysis of a kernel by a rule and a baseline.
 * @about:     its id is filled in
 * @is_newest: it becomes the one that commands use by default
 * @is_known:  whether there was one
 *
 * Footprints and regions stay if they were made by this version of covdb, asked for the same rate
 * and with the same scale; else there are none any more.
 */
int store_analysis_open(struct store *store, int64_t kernel_id, struct store_analysis *about,
			bool is_newest, bool *is_known, struct cov_error *err);

/** store_analysis_list() - all analyses that fit; there may be none. */
int store_analysis_list(struct store *store, const struct store_choice *choice,
			struct store_analyses *ret, struct cov_error *err);

/**
 * store_analysis_find() - the newest analysis that fits, to ask questions of.
 * @ret: free its texts with store_analysis_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if there is none, or if it lacks trials; COV_ERR_STORE.
 */
int store_analysis_find(struct store *store, const struct store_choice *choice,
			struct store_analysis *ret, struct cov_error *err);

void store_analysis_deinit(struct store_analysis *analysis);
COV_DEFINE_AUTO_STRUCT(struct store_analysis, store_analysis_deinit)

#endif
