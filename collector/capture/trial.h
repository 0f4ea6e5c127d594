/*
 * trial.h - one trial: prepare, settle, reset, run, capture; then the snapshot and the manifest.
 *
 *   prepare     make what the platform needs; list the .gcda files; write dirty pages back
 *   settle      rest
 *   reset       all counters to zero           \
 *   run         the workload, or the idle rest  > nothing is printed, nothing goes to the disk
 *   capture     read all .gcda into memory     /
 *
 * A profile has neither reset nor capture; perf records instead, see profile.h:
 *
 *   prepare, settle, record, run, stop
 *
 * So has a trial of system calls, which reads filters when the workload is ready, see syscalls.h.
 * A trial for performance alone has neither of them, and nothing in their place:
 *
 *   prepare, settle, run
 *
 * A trial with phases has a capture after the reset, and more while the workload runs, see
 * phases.h; an observer by difference has the first of these. The snapshot is written after that,
 * and the manifest last: a trial without one is not done.
 */
#ifndef COLLECTOR_CAPTURE_TRIAL_H
#define COLLECTOR_CAPTURE_TRIAL_H

#include "collector/capture/phases.h"
#include "collector/capture/snapshot_writer.h"
#include "collector/experiment/experiment.h"
#include "collector/run/manifest.h"

/* What all trials of an experiment have in common. */
struct trial_setting {
	const char *folder;         /* where the files go */
	const char *gcov_directory; /* NULL for the kernel's */
	long long settle_ns;
	struct cov_manifest_kernel kernel; /* borrowed texts */
	struct snapshot_writer writer;     /* used by one trial after the other */
	struct phases *phases;             /* used by those that have some */
	const char *phase_folder;          /* where their files go */
	/* The same of those that record something else; by enum experiment_recording. */
	const char *recording_folders[EXPERIMENT_RECORDINGS];
	long long seed; /* of the order; 0: none */
};

/**
 * trial_run() - do one trial and write its files, even if the workload failed.
 * @position: in the order of the trials, from 1
 * @version: of the platform's runtime, or NULL
 * @ret:     the manifest that was written; free with cov_manifest_deinit()
 *
 * Return: 0, though the trial may have failed; COV_ERR_SYSTEM if nothing was written: it was
 *         interrupted, or a file cannot be written.
 */
int trial_run(struct trial_setting *setting, const struct experiment_trial *trial, size_t position,
	      const char *version, struct cov_manifest *ret, struct cov_error *err);

/** trial_path() - path of one of a trial's files; @suffix: ".json", ".tar.zst"; free() it. */
char *trial_path(const char *folder, const struct experiment_trial *trial, const char *suffix);

#endif
