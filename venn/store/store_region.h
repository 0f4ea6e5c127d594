/* store_region.h - exclusive regions: written for each directory, read for a Venn diagram. */
#ifndef VENN_STORE_STORE_REGION_H
#define VENN_STORE_STORE_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "differ/differ.h"
#include "venn/sets/regions.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/* Lines of a directory that belong to exactly the platforms of a mask. */
struct store_region {
	uint64_t mask;                     /* bit: platform.bit */
	int64_t lines;                     /* 0 of one that there is in a resample only */
	int64_t without[COV_RESAMPLE_MAX]; /* the same in each resample; those that there are not
					      are as the whole */
};

/**
 * store_region_has() - whether there are regions of a workload, or of all united.
 *
 * Without any, they may not have been counted yet, or there are no lines.
 */
int store_region_has(struct store *store, int64_t analysis_id, int64_t workload_id, bool *ret,
		     struct cov_error *err);

struct store_regions {
	struct store_region *items; /* [count], exact masks over all platforms; owned */
	size_t count;
	size_t capacity;
};

void store_region_list_deinit(struct store_regions *regions);
COV_DEFINE_AUTO_STRUCT(struct store_regions, store_region_list_deinit)

/**
 * store_region_count() - add the regions of some lines to those counted before.
 * @counted:  of the lines
 * @resample: from 0; COV_RESAMPLE_MAX: the whole
 */
void store_region_count(const struct regions *counted, size_t resample,
			struct store_regions *regions);

/* Which regions are written. */
struct store_region_place {
	int64_t analysis_id;
	int64_t directory_id;
	int64_t workload_id;   /* 0: all workloads united */
	size_t resample_count; /* of the platform that has most */
	bool can_tell;         /* every platform has some */
};

/** store_region_add() - write the regions of a directory. */
int store_region_add(struct store *store, const struct store_region_place *place,
		     const struct store_regions *regions, struct cov_error *err);

/** store_region_list() - the regions of a query's directory or file, over all platforms. */
int store_region_list(struct store *store, const struct store_query *query,
		      struct store_regions *ret, struct cov_error *err);

/* One directory among several. */
struct store_part {
	char *path; /* canonical; owned */
	int64_t found;
	struct store_regions regions;
};

struct store_parts {
	struct store_part *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_region_parts_deinit(struct store_parts *parts);
COV_DEFINE_AUTO_STRUCT(struct store_parts, store_region_parts_deinit)

/**
 * store_region_parts() - the regions of the directories below a query's; not its own.
 * @depth: how far below
 */
int store_region_parts(struct store *store, const struct store_query *query, size_t depth,
		       struct store_parts *ret, struct cov_error *err);

#endif
