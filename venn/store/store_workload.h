/* store_workload.h - the names of workloads and baselines, and what kind each is. */
#ifndef VENN_STORE_STORE_WORKLOAD_H
#define VENN_STORE_STORE_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/*
 * What ran in a trial. Only the first kind counts where workloads are united: a phase is part of a
 * whole trial, the next two are baselines, and a group is the name of several others.
 */
enum store_kind {
	STORE_WORKLOAD,
	STORE_PHASE,          /* "cpu.steady": part of a trial of cpu */
	STORE_IDLE,           /* nothing, on the host or in a platform */
	STORE_OBSERVER,       /* not even that: captured right after the reset */
	STORE_WORKLOAD_GROUP, /* no trials of its own: the union of its members */
};

/** store_workload_kind_name() - "workload", "phase", "idle", "observer" or "group". */
const char *store_workload_kind_name(enum store_kind kind);

/**
 * store_workload_kind_find() - the kind of a name that stands in the database.
 *
 * Return: 0; COV_ERR_STORE if there is none.
 */
int store_workload_kind_find(struct store *store, const char *name, enum store_kind *ret,
			     struct cov_error *err);

/** store_workload_is_baseline() - whether trials of @kind are there to be subtracted. */
static inline bool store_workload_is_baseline(enum store_kind kind)
{
	return kind == STORE_IDLE || kind == STORE_OBSERVER;
}

/**
 * store_workload_add() - give a workload or baseline an id, if it is new.
 * @ret: its id
 *
 * Return: 0; COV_ERR_MISMATCH if it is of another kind; COV_ERR_STORE.
 */
int store_workload_add(struct store *store, const char *name, enum store_kind kind, int64_t *ret,
		       struct cov_error *err);

/**
 * store_workload_join() - make a workload a member of a group, which is made if it is new.
 *
 * Return: 0; COV_ERR_MISMATCH if the group's name is that of something else; COV_ERR_STORE.
 */
int store_workload_join(struct store *store, const char *group, int64_t workload_id,
			struct cov_error *err);

/* A workload that is part of a group. */
struct store_member {
	int64_t group_id;
	int64_t workload_id;
};

struct store_members {
	struct store_member *items; /* [count], by group; owned */
	size_t count;
	size_t capacity;
};

void store_workload_members_deinit(struct store_members *members);
COV_DEFINE_AUTO_STRUCT(struct store_members, store_workload_members_deinit)

/**
 * store_workload_members() - of all groups, or of one.
 * @group: its name; NULL: of all
 * @ret:   empty if no group has that name; free with store_workload_members_deinit()
 */
int store_workload_members(struct store *store, const char *group, struct store_members *ret,
			   struct cov_error *err);

#endif
