/*
 * phases.h - start-up, steady state and tear-down of a trial, as differences of captures.
 *
 *   reset  start   ...   ready   ...   done   ...   end
 *            |  start-up   |   steady    |  tear-down |
 *
 * Counters only grow after the reset, so what happened between two captures is their difference.
 * The workload rests around "ready" and "done", see {pause}, so the captures disturb nothing. Each
 * difference contains one capture's own reading, which an observer captured by difference shows.
 * Between captures nothing is done but waiting: they are subtracted, compressed and written when
 * the last one is taken.
 */
#ifndef COLLECTOR_CAPTURE_PHASES_H
#define COLLECTOR_CAPTURE_PHASES_H

#include <stdbool.h>

#include "collector/capture/snapshot_writer.h"
#include "collector/run/manifest.h"

struct cov_error;

enum phase_mark { PHASE_START, PHASE_READY, PHASE_DONE, PHASE_END, PHASE_MARKS };

/* A zeroed struct is empty. It serves any number of trials, one after the other. */
struct phases {
	struct snapshot_writer writers[PHASE_END]; /* of all captures but the last */
	bool is_taken[PHASE_END];
};

/** phases_prepare() - before the reset. Return: 0; COV_ERR_SYSTEM. */
int phases_prepare(struct phases *phases, const char *gcov_directory, struct cov_error *err);

/** phases_take() - capture now; a mark that was taken before is left alone. */
int phases_take(struct phases *phases, enum phase_mark mark, struct cov_error *err);

/**
 * phases_subtract() - the capture at the start from @last: what one capture executes.
 * @last: a later capture; holds the difference afterwards
 *
 * Return: 0; COV_ERR_FORMAT if a file changed its form between them.
 */
int phases_subtract(const struct phases *phases, struct snapshot_writer *last,
		    struct cov_error *err);

/** phases_check() - whether there is a capture for every mark. Return: 0; COV_ERR_FORMAT. */
int phases_check(const struct phases *phases, struct cov_error *err);

/**
 * phases_save() - a snapshot and a manifest for each phase, below @folder.
 * @last:     the capture at the end; holds a difference afterwards
 * @manifest: of the whole trial
 * @name:     of the trial
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT if a file changed its form between two captures.
 */
int phases_save(struct phases *phases, struct snapshot_writer *last, const char *folder,
		const struct cov_manifest *manifest, const char *name, struct cov_error *err);

/** phases_deinit() - free what @phases owns; a zeroed struct is fine. */
void phases_deinit(struct phases *phases);

#endif
