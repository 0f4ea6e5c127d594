/*
 * narrow.h - numbers in as few bytes as hold them: seven bits a byte, the lowest first; the last
 * byte is below 128.
 *
 * Numbers that may be negative are folded, so that those near 0 are small: 0, -1, 1, -2 are 0, 1,
 * 2, 3. A read beyond the end sets is_short and gives 0: a reader checks once, not per number.
 *
 * Format: LEB128 of DWARF 5, section 7.6, unsigned; folding is that of protocol buffers' sint64.
 */
#ifndef COLLECTOR_BASE_NARROW_H
#define COLLECTOR_BASE_NARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cov_text;

enum { COV_NARROW_BYTES_MAX = 10 }; /* of one number */

struct cov_narrow {
	const unsigned char *next;
	const unsigned char *end;
	bool is_short; /* something was read beyond the end, or was no number */
};

/** cov_narrow_long() - cov_narrow_number() of one that has several bytes. */
uint64_t cov_narrow_long(struct cov_narrow *from);

/** cov_narrow_number() - the next number. */
static inline uint64_t cov_narrow_number(struct cov_narrow *from)
{
	if (from->next != from->end && *from->next < 0x80)
		return *from->next++;
	return cov_narrow_long(from);
}

/** cov_narrow_u32() - the next number, which has at most 32 bits. */
static inline uint32_t cov_narrow_u32(struct cov_narrow *from)
{
	uint64_t number = cov_narrow_number(from);

	from->is_short |= number > UINT32_MAX;
	return (uint32_t)number;
}

/** cov_narrow_skip() - pass over numbers. */
static inline void cov_narrow_skip(struct cov_narrow *from, size_t count)
{
	while (count && from->next != from->end)
		count -= *from->next++ < 0x80;
	from->is_short |= count != 0;
}

/** cov_narrow_fold() - what may be negative as a number to be written. */
static inline uint64_t cov_narrow_fold(int64_t number)
{
	return (uint64_t)number << 1 ^ (uint64_t) - (number < 0);
}

/** cov_narrow_unfold() - what cov_narrow_fold() was given. */
static inline int64_t cov_narrow_unfold(uint64_t folded)
{
	return (int64_t)(folded >> 1 ^ -(folded & 1));
}

/** cov_narrow_after() - @before and a folded difference; what is beyond 32 bits wraps around. */
static inline uint32_t cov_narrow_after(uint32_t before, uint64_t folded)
{
	return before + (uint32_t)cov_narrow_unfold(folded);
}

/** cov_narrow_from() - @number as its folded difference to @before, for cov_narrow_after(). */
static inline uint64_t cov_narrow_from(uint32_t before, uint32_t number)
{
	return cov_narrow_fold((int64_t)number - (int64_t)before);
}

/** cov_narrow_text() - the text that is next, ended by NUL; "" and is_short if none ends there. */
const char *cov_narrow_text(struct cov_narrow *from);

/** cov_narrow_add() - append @number to @out. */
void cov_narrow_add(struct cov_text *out, uint64_t number);

#endif
