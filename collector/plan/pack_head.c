/* pack_head.c - what a packed plan begins with, and what is asked of it without its functions. */
#include "collector/plan/pack_head.h"

#include <libdeflate.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/gcov/gcov_format.h"

enum {
	PLAN_MAGIC = 0x35504356, /* "VCP5" */
	CHECKED_OFFSET = 8,      /* what the head's checksum is of begins */
	WORDS = PACK_HEAD_BYTES_MIN / sizeof(uint32_t),
};

uint32_t pack_head_checksum(const void *data, size_t size)
{
	return libdeflate_crc32(0, data, size);
}

void pack_head_seal(void *head, size_t size, uint32_t body_checksum)
{
	uint32_t words[WORDS] = { PLAN_MAGIC, 0, body_checksum };

	memcpy(head, words, sizeof(words));
	words[1] = pack_head_checksum((char *)head + CHECKED_OFFSET, size - CHECKED_OFFSET);
	memcpy(head, words, sizeof(words));
}

int pack_head_fail(struct cov_error *err)
{
	return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is damaged");
}

int pack_head_open(const void *head, size_t size, size_t body_bytes, struct cov_narrow *from,
		   struct plan *ret, struct cov_error *err)
{
	uint32_t words[WORDS];

	*from = (struct cov_narrow){ head, (const unsigned char *)head + size, false };
	if (size < sizeof(words))
		return cov_fail(err, COV_ERR_FORMAT, "the plan of an object is cut short");
	memcpy(words, head, sizeof(words));
	from->next += sizeof(words);
	if (words[0] != PLAN_MAGIC)
		return cov_fail(err, COV_ERR_FORMAT,
				"the plan of an object was not written by this version of covdb");
	if (words[1] !=
		pack_head_checksum((const char *)head + CHECKED_OFFSET, size - CHECKED_OFFSET) ||
	    body_bytes > UINT32_MAX)
		return pack_head_fail(err);
	ret->version = cov_narrow_u32(from);
	ret->line_rule = cov_narrow_u32(from);
	ret->stamp = cov_narrow_u32(from);
	ret->line_count = cov_narrow_u32(from);
	ret->function_count = cov_narrow_u32(from);
	ret->text_bytes = cov_narrow_u32(from);
	ret->body_checksum = words[2];
	ret->body_bytes = (uint32_t)body_bytes;
	size_t left = (size_t)(from->end - from->next);
	if (from->is_short || ret->line_rule >= GCOV_LINE_RULE_COUNT || ret->text_bytes > left ||
	    ret->function_count > (left - ret->text_bytes) / PACK_HEAD_FUNCTION_BYTES_MIN)
		return pack_head_fail(err);
	from->end -= ret->text_bytes;
	return 0;
}

int pack_head_count(const void *head, size_t size, size_t body_bytes, uint32_t *ret,
		    struct cov_error *err)
{
	struct plan plan = { 0 };
	struct cov_narrow from;
	uint64_t counters = 0;
	int result = pack_head_open(head, size, body_bytes, &from, &plan, err);

	if (result)
		return result;
	for (uint32_t i = 0; i < plan.function_count; i++) {
		if (from.end - from.next < PACK_HEAD_FUNCTION_BYTES_MIN)
			return pack_head_fail(err);
		from.next += PACK_HEAD_CHECKSUMS;
		cov_narrow_skip(&from, PACK_HEAD_FIRST_NUMBERS);
		counters += cov_narrow_u32(&from);
		cov_narrow_skip(&from, PACK_HEAD_SMALL_NUMBERS - 1);
	}
	/* A counter belongs to an arc. */
	if (from.is_short || from.next != from.end ||
	    counters > body_bytes / PACK_HEAD_ARC_BYTES_MIN)
		return pack_head_fail(err);
	*ret = (uint32_t)counters;
	return 0;
}

int pack_head_walk(const void *head, size_t size, size_t body_bytes, struct pack_head_walk *ret,
		   struct cov_error *err)
{
	struct plan plan = { 0 };

	*ret = (struct pack_head_walk){ 0 };
	int result = pack_head_open(head, size, body_bytes, &ret->from, &plan, err);
	ret->left = plan.function_count;
	return result;
}

bool pack_head_next(struct pack_head_walk *walk)
{
	struct cov_narrow *from = &walk->from;

	if (!walk->left || from->is_short)
		return false;
	walk->left--;
	if (from->end - from->next < PACK_HEAD_FUNCTION_BYTES_MIN) {
		from->is_short = true;
		return false;
	}
	from->next += PACK_HEAD_CHECKSUMS;
	cov_narrow_skip(from, 1); /* ident */
	walk->source = cov_narrow_after(walk->source, cov_narrow_number(from));
	walk->start_line = cov_narrow_after(walk->start_line, cov_narrow_number(from));
	walk->end_line = cov_narrow_after(walk->start_line, cov_narrow_number(from));
	walk->is_artificial = cov_narrow_number(from) & PACK_HEAD_IS_ARTIFICIAL;
	cov_narrow_skip(from, PACK_HEAD_SMALL_NUMBERS);
	/* What the last one ends with is the end. */
	from->is_short |= !walk->left && from->next != from->end;
	return !from->is_short;
}
