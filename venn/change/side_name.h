/* side_name.h - what a side of a comparison is called, and which trials that means. */
#ifndef VENN_CHANGE_SIDE_NAME_H
#define VENN_CHANGE_SIDE_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_group.h"

struct cov_error;
struct store;
struct store_kernel;

/* Some trials of a platform. */
struct side_name_part {
	char *platform; /* owned, as is the next */
	char *workload; /* or a phase, a baseline, a group; NULL: all workloads */
	int64_t number; /* of a trial; 0: all trials */
};

/* What was named: all texts are owned. */
struct side_name {
	char *database;               /* NULL: the one of --db */
	char *kernel;                 /* NULL: the only one */
	struct side_name_part *parts; /* [part_count]; owned */
	size_t part_count, part_capacity;
	char *tracefile; /* NULL: it is in a database */
};

void side_name_deinit(struct side_name *name);
COV_DEFINE_AUTO_STRUCT(struct side_name, side_name_deinit)

/**
 * side_name_parse() - what "[DATABASE:][KERNEL:]PLATFORM[/WORKLOAD[/NUMBER]],..." or a file's name
 * means. DATABASE is a file that begins as SQLite's do: others may be named as a kernel is.
 * @ret: free with side_name_deinit(), also on failure
 *
 * Return: 0; COV_ERR_USAGE.
 */
int side_name_parse(const char *text, struct side_name *ret, struct cov_error *err);

/**
 * side_name_kernel() - the kernel that was named, or the only one.
 * @store: of the database that was named, or else of --db
 * @ret:   free with store_kernel_deinit()
 *
 * Return: 0; what store_kernel_find() returns.
 */
int side_name_kernel(const struct side_name *name, struct store *store, struct store_kernel *ret,
		     struct cov_error *err);

/* The trials of one platform and workload that were named. */
struct side_name_member {
	const struct store_group *group; /* borrowed */
	int64_t number;                  /* of the only one; 0: all its good trials */
};

struct side_name_members {
	struct side_name_member *items; /* [count], in the order of the names; owned */
	size_t count, capacity;
};

void side_name_members_deinit(struct side_name_members *members);
COV_DEFINE_AUTO_STRUCT(struct side_name_members, side_name_members_deinit)

/**
 * side_name_find() - which groups of trials the parts of a name are.
 * @groups: all of the kernel; borrowed by @ret
 * @ret:    free with side_name_members_deinit(), also on failure
 *
 * Return: 0; COV_ERR_MISMATCH if a part has no good trials, or one is named twice; COV_ERR_STORE.
 */
int side_name_find(const struct side_name *name, struct store *store,
		   const struct store_groups *groups, struct side_name_members *ret,
		   struct cov_error *err);

#endif
