/* lab_run.h - an experiment in the lab: the collector in the guest, watched from outside. */
#ifndef COLLECTOR_LAB_LAB_RUN_H
#define COLLECTOR_LAB_LAB_RUN_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/experiment/experiment.h"

struct cov_error;
struct lab;

/* What one run was asked for. */
struct lab_run_options {
	const char *experiment; /* its file */
	const char *directory;  /* of the results */
	char *console;          /* log of the guest's kernel; owned */
	struct experiment parsed;
	long long silence_limit_ns;
	long long total_limit_ns; /* of all boots together; 0 for none */
	size_t restarts_max;      /* how often a guest that was lost is booted again */
};

/** lab_run_options_deinit() - free what @options owns; a zeroed struct is fine. */
void lab_run_options_deinit(struct lab_run_options *options);

COV_DEFINE_AUTO_STRUCT(struct lab_run_options, lab_run_options_deinit)

/** lab_run_silence_limit_ns() - how long silence is normal: while one trial of it runs. */
long long lab_run_silence_limit_ns(const struct experiment *experiment);

/**
 * lab_run() - boot the guest, let it collect, bring the results to @options->directory.
 *
 * A guest that dies or hangs once the collector was at work is booted again, and goes on with what
 * is not done. Each such restart is said on stderr, with its reason, when it happens and at the
 * end.
 *
 * Return: the collector's exit status; COV_ERR_SYSTEM, COV_ERR_FORMAT if the guest did not get that
 *         far or the results cannot be brought out.
 */
int lab_run(const struct lab *lab, const struct lab_run_options *options, struct cov_error *err);

#endif
