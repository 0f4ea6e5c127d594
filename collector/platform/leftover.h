/*
 * leftover.h - remove what a trial made, after it, and after a collect that was killed.
 *
 * What there is to remove stands in the ledger: see ledger.h. What runs in a container or a machine
 * is ended before, by its driver: see recover.h for those of a killed collect.
 */
#ifndef COLLECTOR_PLATFORM_LEFTOVER_H
#define COLLECTOR_PLATFORM_LEFTOVER_H

struct cov_error;

/**
 * leftover_note_group() - that processes of the trial will be in the control group.
 *
 * Return: 0; COV_ERR_SYSTEM if there are others in it, or that cannot be told.
 */
int leftover_note_group(struct cov_error *err);

/**
 * leftover_remove() - end processes, unmount, remove control groups, networks and the work folder,
 * as far as the ledger has them.
 *
 * What cannot be removed is said on stderr, and kept for leftover_retry().
 *
 * Return: 0, also then; COV_ERR_SYSTEM or COV_ERR_FORMAT if the ledger cannot be read: it stays,
 * and nothing is removed.
 */
int leftover_remove(struct cov_error *err);

/**
 * leftover_retry() - remove what an earlier collect could not remove. What still cannot be is said
 * on stderr, and kept.
 *
 * Return: 0, also then; COV_ERR_SYSTEM or COV_ERR_FORMAT if it cannot be read what that is.
 */
int leftover_retry(struct cov_error *err);

#endif
