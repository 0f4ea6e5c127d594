/* store_region.h - exclusive regions: written for each directory, read for a Venn diagram. */
#ifndef VENN_STORE_STORE_REGION_H
#define VENN_STORE_STORE_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"

struct cov_error;

/* Lines of a directory that belong to exactly the platforms of a mask. */
struct store_region {
	int64_t directory_id;
	int64_t workload_id; /* 0: all workloads united */
	uint64_t mask;       /* bit: platform.bit */
	int64_t lines;
};

/** store_region_add() - write one region of one directory. */
int store_region_add(struct store *store, int64_t analysis_id, const struct store_region *region,
		     struct cov_error *err);

/* What a Venn diagram is drawn from. */
struct store_venn {
	struct store_analysis analysis;
	int64_t found;            /* lines of the directory */
	bool is_file;             /* the directory is a file */
	int64_t objects_left_out; /* of the footprint that lacks most */
	struct {
		char *name; /* owned */
		int bit;
	} platforms[STORE_PLATFORMS_MAX]; /* [platform_count], as imported */
	size_t platform_count;
	struct store_region *regions; /* [region_count], exact masks over all platforms; owned */
	size_t region_count;
};

void store_venn_deinit(struct store_venn *venn);
COV_DEFINE_AUTO_STRUCT(struct store_venn, store_venn_deinit)

/**
 * store_venn_read() - the regions of one directory.
 * @directory: canonical: "net", "net/core/dev.c", "." for the whole kernel
 * @workload:  or a phase's or baseline's name; NULL for all workloads united
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such directory, workload or analysis; COV_ERR_STORE.
 */
int store_venn_read(struct store *store, const struct store_choice *choice, const char *directory,
		    const char *workload, struct store_venn *ret, struct cov_error *err);

/* One directory among several. */
struct store_part {
	char *path; /* canonical; owned */
	int64_t found;
	struct store_region *regions; /* [region_count], exact masks over all platforms; owned */
	size_t region_count;
	size_t region_capacity;
};

struct store_parts {
	struct store_part *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_parts_deinit(struct store_parts *parts);
COV_DEFINE_AUTO_STRUCT(struct store_parts, store_parts_deinit)

/**
 * store_part_list() - the regions of the directories below one.
 * @directory: canonical; not itself among them
 * @workload:  as for store_venn_read()
 * @depth:     how far below
 */
int store_part_list(struct store *store, int64_t kernel_id, int64_t analysis_id,
		    const char *directory, const char *workload, size_t depth,
		    struct store_parts *ret, struct cov_error *err);

#endif
