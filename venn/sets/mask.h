/* mask.h - sets of platforms: a bit for each, by its place. */
#ifndef VENN_SETS_MASK_H
#define VENN_SETS_MASK_H

#include <stddef.h>
#include <stdint.h>

enum { MASK_BITS_MAX = 63 };

/** mask_all() - all of @count platforms; at most MASK_BITS_MAX. */
static inline uint64_t mask_all(size_t count)
{
	return ((uint64_t)1 << count) - 1;
}

/**
 * mask_join() - the names of a mask's platforms, joined: "runc+gvisor"; free() it.
 * @names: by place; one for each bit up to the highest in @mask, at least
 *
 * Return: "" for an empty mask.
 */
char *mask_join(uint64_t mask, const char *const *names, const char *separator);

#endif
