/*
 * profile.h - a trial whose stacks are sampled: perf records while the workload runs.
 *
 *   profile_start   perf record, waiting; then it is told to begin
 *   profile_stop    it is told to end; what it recorded is folded, see run/fold.h
 *   profile_save    the folded stacks as a file
 *
 * The event is cpu-clock, a timer of the kernel, which is there on every machine. What runs with
 * interrupts off is sampled where they are turned on again. perf runs on the machine that it
 * samples: its own samples are below the frame "perf".
 */
#ifndef COLLECTOR_CAPTURE_PROFILE_H
#define COLLECTOR_CAPTURE_PROFILE_H

#include "collector/capture/perf.h"
#include "collector/run/fold.h"
#include "collector/run/manifest.h"

struct cov_error;

/* A zeroed struct is empty. */
struct profile {
	struct perf perf;
	struct fold fold; /* after profile_stop() */
};

/** profile_check() - is perf here? Return: 0; COV_ERR_MACHINE. */
int profile_check(struct cov_error *err);

/**
 * profile_start() - sample all processors from now on.
 * @folder: for perf's files
 *
 * Return: 0; COV_ERR_SYSTEM with the last line that perf said, if it ends at once.
 */
int profile_start(struct profile *profile, const char *folder, struct cov_error *err);

/** profile_stop() - sample no longer. Return: 0; COV_ERR_SYSTEM if perf failed, or has no sample.
 */
int profile_stop(struct profile *profile, struct cov_error *err);

/**
 * profile_save() - the folded stacks, compressed with zstd; after profile_stop().
 * @path: replaced in one step
 * @ret:  what the manifest says of them; its texts live as long as @path
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int profile_save(const struct profile *profile, const char *path, struct cov_manifest_profile *ret,
		 struct cov_error *err);

/** profile_deinit() - end perf, free what @profile owns; a zeroed struct is fine. */
void profile_deinit(struct profile *profile);

#endif
