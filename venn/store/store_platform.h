/* store_platform.h - the names of platforms, and their place in masks. */
#ifndef VENN_STORE_STORE_PLATFORM_H
#define VENN_STORE_STORE_PLATFORM_H

#include <stdint.h>

struct cov_error;
struct store;

/* The driver of a platform that is a set: lines from elsewhere, kept whole by every rule. */
extern const char store_platform_set[];

/**
 * store_platform_add() - give a platform the first free place, if it is new.
 * @driver: NULL: it stays as it is
 * @ret:    its id
 *
 * Return: 0; COV_ERR_MISMATCH if one of the name is a set and the other is not; COV_ERR_STORE, as
 *         when there are STORE_PLATFORMS_MAX already.
 */
int store_platform_add(struct store *store, const char *name, const char *driver, int64_t *ret,
		       struct cov_error *err);

/** store_platform_bit() - the bit of a platform in masks. */
int store_platform_bit(struct store *store, int64_t platform_id, int *ret, struct cov_error *err);

#endif
