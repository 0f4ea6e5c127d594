/* store_union.h - workloads that a question is about, as names on the command line: a union. */
#ifndef VENN_STORE_STORE_UNION_H
#define VENN_STORE_STORE_UNION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/* Workloads as a union. */
struct store_union {
	/* Under which footprints and regions of it are stored: 0 for all united, STORE_NOT_STORED
	 */
	int64_t stored_id;
	char *name;     /* "cpu", "cpu,stream", "paper"; NULL: all united; owned */
	char *ids;      /* "1,3": of those whose trials count, as SQL takes it after IN; owned */
	size_t count;   /* of those */
	char **members; /* [count], their names, in the order of their ids; owned */
};

enum { STORE_NOT_STORED = -1 };

/* Workloads as they are asked for. Texts are borrowed. */
struct store_union_asked {
	const char *names; /* "cpu,stream": workloads, baselines, groups, in any order; NULL: all */
	const char *phase; /* "steady": that part of their trials; NULL: the whole */
};

/** store_union_has() - whether the trials of a workload count. */
bool store_union_has(const struct store_union *set, const char *workload);

void store_union_deinit(struct store_union *set);
COV_DEFINE_AUTO_STRUCT(struct store_union, store_union_deinit)

/**
 * store_union_find() - the workloads that are asked for; a phase of one is a workload, too.
 * @ret: free with store_union_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH with the workloads, or phases, there are; COV_ERR_USAGE if one is
 *         named twice; COV_ERR_STORE.
 */
int store_union_find(struct store *store, const struct store_union_asked *asked,
		     struct store_union *ret, struct cov_error *err);

#endif
