/* pack_old.h - plans as databases before schema version 7 have them, which are migrated. */
#ifndef COLLECTOR_PLAN_PACK_OLD_H
#define COLLECTOR_PLAN_PACK_OLD_H

#include <stddef.h>

#include "collector/plan/plan.h"

struct cov_error;

/* Not compressed. */
struct pack_old {
	const void *head; /* [head_bytes] */
	size_t head_bytes;
	const void *body; /* [body_bytes] */
	size_t body_bytes;
};

/**
 * pack_old_read() - the whole plan, to be packed anew.
 * @out: filled on success; its functions' sources are files of the kernel; free with plan_deinit()
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_old_read(const struct pack_old *packed, struct plan *out, struct cov_error *err);

#endif
