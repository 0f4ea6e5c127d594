/*
 * experiment.h - the experiment file: baselines, platforms, workloads, how long, how often.
 *
 * The only module that reads YAML. The form, with every key:
 *
 *   name: first-finding
 *   kernel:                  # may be left out; the running kernel must then be this one
 *     release: "6.1"         # how its release begins; not 6.18
 *     build_id: 5f2c...      # the whole
 *   settle: 2                # seconds of rest before each reset; 1 when left out
 *   trials: 1                # of each baseline and workload; 1 when left out
 *   baselines:
 *     - name: idle
 *       platform: host       # the idle host: nothing is started; the only one so far, the default
 *       duration: 5          # seconds
 *   platforms:
 *     - name: host
 *       driver: host
 *     - name: gvisor
 *       driver: oci
 *       runtime: runsc       # looked up in PATH
 *       arguments: [--platform=ptrace]   # of the runtime, before its subcommand
 *       rootfs: /covdb/container         # absolute
 *   workloads:
 *     - name: cpu
 *       command: [sysbench, cpu, --time=5, run]
 *       duration: 5          # seconds it is expected to take
 *       limit: 60            # seconds after which it is killed; 3 * duration + 30 when left out
 *
 * Names are of letters, digits, '.', '_' and '-'. Anything that is not in this form is an error.
 */
#ifndef COLLECTOR_EXPERIMENT_H
#define COLLECTOR_EXPERIMENT_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;

struct experiment_baseline {
	const char *name;
	const char *platform; /* "host", or the name of a platform whose driver is host */
	long long duration_ns;
	int line; /* in the file, for messages */
};

struct experiment_platform {
	const char *name;
	const char *driver;     /* "host", "oci" */
	const char *runtime;    /* oci only, as is the rest */
	const char **arguments; /* [argument_count], NULL behind them */
	size_t argument_count;
	const char *rootfs;
	int line;
};

struct experiment_workload {
	const char *name;
	const char **command; /* [command_count], at least one word, NULL behind them */
	size_t command_count;
	long long duration_ns;
	long long limit_ns; /* at least the duration */
	int line;
};

/* A zeroed struct is empty. Everything belongs to @arena. */
struct experiment {
	const char *path;
	const char *name;
	const char *kernel_release;  /* NULL: any */
	const char *kernel_build_id; /* NULL: any */
	long long settle_ns;
	size_t trial_count;
	struct experiment_baseline *baselines; /* [baseline_count] */
	size_t baseline_count;
	struct experiment_platform *platforms; /* [platform_count] */
	size_t platform_count;
	struct experiment_workload *workloads; /* [workload_count] */
	size_t workload_count;
	struct cov_arena arena;
};

/* One trial to do: a baseline, or a workload on a platform. */
struct experiment_trial {
	const struct experiment_baseline *baseline; /* NULL: the two below are set */
	const struct experiment_platform *platform;
	const struct experiment_workload *workload;
	size_t number; /* from 1 */
};

/**
 * experiment_parse() - take the text of an experiment file apart.
 * @path: for messages
 * @ret:  free with experiment_deinit()
 * @err:  "file:line: what"
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int experiment_parse(const char *text, size_t size, const char *path, struct experiment *ret,
		     struct cov_error *err);

/** experiment_deinit() - free what @experiment owns; a zeroed struct is fine. */
void experiment_deinit(struct experiment *experiment);

/** experiment_planned_count() - how many trials there are in all. */
size_t experiment_planned_count(const struct experiment *experiment);

/**
 * experiment_planned_trial() - one trial, in the order of work: first every baseline, then, trial
 * number by trial number, every workload of every platform.
 * @index: below experiment_planned_count()
 */
struct experiment_trial experiment_planned_trial(const struct experiment *experiment, size_t index);

/** experiment_trial_name() - "gvisor-cpu-1", "baseline-idle-1": as its files; free() it. */
char *experiment_trial_name(const struct experiment_trial *trial);

/** experiment_trial_ns() - rest and duration of one trial, as planned. */
long long experiment_trial_ns(const struct experiment *experiment,
			      const struct experiment_trial *trial);

/** experiment_trial_ns_max() - the same if its workload takes all of its limit. */
long long experiment_trial_ns_max(const struct experiment *experiment,
				  const struct experiment_trial *trial);

COV_DEFINE_AUTO_STRUCT(struct experiment, experiment_deinit)

#endif
