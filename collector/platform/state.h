/*
 * state.h - the folder that has what the next collect must know if this one is killed.
 *
 * Root's is /run/covdb, mode 0700: made where it is not there, refused where it is anything else.
 * As another user, or where others may write to /run, it is a fresh private folder, and what a
 * killed collect leaves behind is not found again. Files are opened relative to its descriptor.
 *
 * A kernel has one set of counters, so there is one collect at a time: whoever has the locks of
 * this folder, and of that of the counters.
 */
#ifndef COLLECTOR_PLATFORM_STATE_H
#define COLLECTOR_PLATFORM_STATE_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;

/**
 * state_open() - become the only collect.
 * @counters: path of the folder of the counters
 *
 * Return: 0, also if it is open already; COV_ERR_SYSTEM if another collect is running.
 */
int state_open(const char *counters, struct cov_error *err);

/** state_close() - let others be that; a private folder is removed. */
void state_close(void);

/** state_path() - of the folder, for messages; valid while it is open. */
const char *state_path(void);

/** state_is_kept() - whether the next collect finds what is in the folder. */
bool state_is_kept(void);

/** state_create() - a new file in place of an older one. Return: a descriptor; COV_ERR_SYSTEM. */
int state_create(const char *name, struct cov_error *err);

/** state_append() - a file, made if there is none. Return: a descriptor; COV_ERR_SYSTEM. */
int state_append(const char *name, struct cov_error *err);

/**
 * state_read() - a file.
 * @data: NULL if there is none; else with a NUL after it; free() it
 *
 * Return: 0; COV_ERR_SYSTEM, also if it is too large to be one of ours.
 */
int state_read(const char *name, char **data, size_t *size, struct cov_error *err);

/** state_remove() - remove a file, if it is there. */
void state_remove(const char *name);

#endif
