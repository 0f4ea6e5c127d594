/* pack.h - a plan as bytes, as the database keeps it, and back. */
#ifndef COLLECTOR_PLAN_PACK_H
#define COLLECTOR_PLAN_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/pack_head.h"
#include "collector/plan/plan.h"

struct cov_error;
struct cov_text;

/*
 * A plan as narrow numbers, in two parts: the head has what a snapshot is joined with, the body
 * what evaluates it. Few functions run in a trial, and only what those have is unpacked.
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
 * pack_body() - the body of a plan, whose functions and body_checksum then are those of its head.
 * @body: empty; what is added is the body
 */
void pack_body(struct plan *plan, struct cov_text *body);

/**
 * pack_head() - the head of a plan that pack_body() was given; its arrays may be gone by now.
 * @source_files: as for plan_pack()
 * @head:         empty; what is added is the head
 */
void pack_head(const struct plan *plan, const uint32_t *source_files, struct cov_text *head);

/**
 * pack_seal() - make the checksums in @head, which plan_pack() made, fit what was changed since.
 * @size: of the head; at least PACK_HEAD_BYTES_MIN
 */
void pack_seal(void *head, size_t size, const void *body, size_t body_bytes);

/**
 * pack_read_head() - a plan from its head.
 * @body_bytes: length of the body, which bounds what the head may claim
 * @out: filled on success, without arcs, steps, entries, blocks and branches; free with
 *       plan_deinit(). Where it has no counters, nothing but its list of lines bounds line_count.
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_read_head(const void *head, size_t size, size_t body_bytes, struct plan *out,
		   struct cov_error *err);

/** pack_is_whole() - whether @body is the one that the head of @plan was packed with. */
bool pack_is_whole(const struct plan *plan, const void *body);

/* What bodies are unpacked into, one after the other. A zeroed struct is empty. */
struct pack_room {
	void *memory; /* [size_bytes]; owned */
	size_t size_bytes;
};

/** pack_room_deinit() - free what @room owns; a zeroed struct is fine. */
void pack_room_deinit(struct pack_room *room);

COV_DEFINE_AUTO_STRUCT(struct pack_room, pack_room_deinit)

/**
 * pack_open_body() - the body of a plan, to evaluate @counters.
 * @plan:     of pack_read_head()
 * @body:     [body_bytes of pack_read_head()]
 * @counters: [plan->counter_count]; functions whose counters are all 0 have no arcs, entries and
 *            branches in @view; NULL: all have
 * @room:     what was opened into it before is gone
 * @view:     a copy of @plan, whose functions and arrays are in @room; it owns nothing. Where a
 *            function's part of an array begins is said by @view's functions, not by @plan's.
 *
 * All that is unpacked is checked, so that a damaged database gives an error and not a crash.
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_open_body(const struct plan *plan, const void *body, const int64_t *counters,
		   struct pack_room *room, struct plan *view, struct cov_error *err);

#endif
