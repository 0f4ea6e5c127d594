/* pack.h - a plan as bytes, as the database keeps it, and back. */
#ifndef COLLECTOR_PLAN_PACK_H
#define COLLECTOR_PLAN_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/plan.h"

struct cov_error;

/*
 * A plan as bytes of this machine's order, in two parts: the head has what a snapshot is joined
 * with, the body what evaluates it. Few functions run in a trial, so the body stays compressed
 * until one of them did.
 */
struct plan_packed {
	void *head; /* [head_bytes]; owned */
	size_t head_bytes;
	void *body; /* [body_bytes]; owned */
	size_t body_bytes;
};

/** plan_packed_deinit() - free what @packed owns; a zeroed struct is fine. */
void plan_packed_deinit(struct plan_packed *packed);

COV_DEFINE_AUTO_STRUCT(struct plan_packed, plan_packed_deinit)

/**
 * plan_pack() - the plan as bytes; its sources and its list of lines are not among them.
 * @source_files: [plan->source_count], what stands for each source; NULL: its own index
 * @ret:          free with plan_packed_deinit()
 */
void plan_pack(const struct plan *plan, const uint32_t *source_files, struct plan_packed *ret);

/**
 * pack_read_head() - a plan from its head.
 * @body_bytes: length of the body, which bounds what the head may claim
 * @out: filled on success, without arcs, steps, entries, blocks and branches; free with
 *       plan_deinit()
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_read_head(const void *head, size_t size, size_t body_bytes, struct plan *out,
		   struct cov_error *err);

/**
 * pack_open_body() - the body of a plan, to evaluate @counters.
 * @plan:     of pack_read_head()
 * @body:     [body_bytes of pack_read_head()], aligned as malloc() does, must outlive @view
 * @counters: [plan->counter_count]
 * @view:     a copy of @plan whose arrays are in @body; it owns nothing
 *
 * Every index of the functions that ran is checked, so that a damaged database gives an error and
 * not a crash; what others have is not looked at, and plan_evaluate() does not either.
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_open_body(const struct plan *plan, const void *body, const int64_t *counters,
		   struct plan *view, struct cov_error *err);

#endif
