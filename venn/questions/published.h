/* published.h - numbers that others publish of platforms, of the same trials side by side. */
#ifndef VENN_QUESTIONS_PUBLISHED_H
#define VENN_QUESTIONS_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "venn/store/store_query.h"

struct cov_error;
struct store;

/* Of one platform; docs/rules.md says where each is from. */
struct published {
	int64_t functions;     /* of which the footprint has a line */
	int64_t calls_seen;    /* system calls */
	int64_t calls_allowed; /* for some arguments, to the filtered role that may make most */
	bool has_seen;         /* the kernel has functions that are known for system calls */
	bool has_allowed;      /* a trial of system calls has the filters of some role */
};

/**
 * published_read() - the numbers of a query's platforms, within its directory.
 * @ret: [query->platform_count], by place
 *
 * Return: 0; COV_ERR_STORE.
 */
int published_read(struct store *store, const struct store_query *query, struct published *ret,
		   struct cov_error *err);

#endif
