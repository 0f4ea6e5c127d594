/* place.h - where a trial's files go that need room: below $TMPDIR, else /var/tmp. */
#ifndef COLLECTOR_PLATFORM_PLACE_H
#define COLLECTOR_PLATFORM_PLACE_H

#include <stdbool.h>

struct cov_error;

/**
 * place_find() - the folder in which others are made.
 * @ret: its path, without links; free() it
 *
 * As root, nobody else may be able to replace what is made there: see trust.h.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int place_find(char **ret, struct cov_error *err);

/** place_make() - a fresh folder in there, covdb-XXXXXX, for this user alone. free() @ret. */
int place_make(char **ret, struct cov_error *err);

/** place_is_path() - whether place_make() could have returned @path. */
bool place_is_path(const char *path);

#endif
