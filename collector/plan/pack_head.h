/* pack_head.h - what a packed plan begins with, and what is asked of it without its functions. */
#ifndef COLLECTOR_PLAN_PACK_HEAD_H
#define COLLECTOR_PLAN_PACK_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/narrow.h"
#include "collector/plan/plan.h"

struct cov_error;

enum {
	PACK_HEAD_BYTES_MIN = 12,    /* magic, checksum of what follows, that of the body */
	PACK_HEAD_CHECKSUMS = 8,     /* bytes that a function begins with */
	PACK_HEAD_FIRST_NUMBERS = 5, /* then its ident, source, first and last line, flags */
	PACK_HEAD_SMALL_NUMBERS = 8, /* then these, of which the first is its counters */
	PACK_HEAD_FUNCTION_BYTES_MIN =
	    PACK_HEAD_CHECKSUMS + PACK_HEAD_FIRST_NUMBERS + PACK_HEAD_SMALL_NUMBERS,
	PACK_HEAD_ARC_BYTES_MIN = 2, /* of the body */
	PACK_HEAD_IS_ARTIFICIAL = 1, /* flags of a function */
	PACK_HEAD_IS_UNSOLVABLE = 2,
};

/** pack_head_checksum() - of the bytes of a body, or of a head's. */
uint32_t pack_head_checksum(const void *data, size_t size);

/** pack_head_seal() - write what a head begins with. @size: at least PACK_HEAD_BYTES_MIN */
void pack_head_seal(void *head, size_t size, uint32_t body_checksum);

/** pack_head_fail() - COV_ERR_FORMAT: it is damaged. */
int pack_head_fail(struct cov_error *err);

/**
 * pack_head_open() - what stands before the functions of a head.
 * @from: then at the first of them; ends where the texts begin
 * @ret:  zeroed; numbers are filled in
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_head_open(const void *head, size_t size, size_t body_bytes, struct cov_narrow *from,
		   struct plan *ret, struct cov_error *err);

/**
 * pack_head_count() - how many counters an object has; of its functions nothing else is looked at.
 * @body_bytes: as for pack_read_head(), which may still find damage
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int pack_head_count(const void *head, size_t size, size_t body_bytes, uint32_t *ret,
		    struct cov_error *err);

/* The functions of a head, one after the other. */
struct pack_head_walk {
	struct cov_narrow from;
	uint32_t left; /* functions */
	/* Of the one that pack_head_next() found. */
	uint32_t source, start_line, end_line; /* as in struct plan_function */
	bool is_artificial;
};

/** pack_head_walk() - before the first function. Return: as pack_head_open(). */
int pack_head_walk(const void *head, size_t size, size_t body_bytes, struct pack_head_walk *ret,
		   struct cov_error *err);

/** pack_head_next() - the next function, or what is not one: then from.is_short is set. Return:
 * whether there is one. */
bool pack_head_next(struct pack_head_walk *walk);

#endif
