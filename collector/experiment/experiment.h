/*
 * experiment.h - the experiment file: baselines, platforms, workloads, how long, how often.
 *
 * The form, with every key:
 *
 *   name: study
 *   kernel:                  # may be left out; the running kernel must then be this one
 *     release: "6.1"         # how its release begins; not 6.18
 *     build_id: 5f2c...      # the whole
 *   settle: 2                # seconds of rest before each reset; 1 when left out
 *   trials: 1                # of each baseline and workload; 1 when left out
 *   seed: 20200317           # shuffles the order of the trials; left out: in the order of the file
 *   phases: 2                # so many trials of each workload have phases, see phases.h; or all
 *   pause: 2                 # seconds, as {pause}, of every trial; 0, with phases 2 when left out
 *   snapshot: true           # false: nothing is counted, workloads run for what they measure alone
 *   profiles: 1              # so many profiles of each workload: stacks, no counters; or all
 *   syscalls: 1              # so many trials of system calls: filters and calls; or all
 *   baselines:
 *     - name: idle
 *       kind: idle           # or observer: reset, then capture at once; idle when left out
 *       capture: reset       # of an observer; or difference: of two captures
 *       platform: host       # the idle host (default); or another one, started to do nothing
 *       duration: 5          # seconds; not for observer
 *       trials: 10           # of this one; as many as of all when left out
 *   platforms:               # docs/platforms.md lists the keys of each driver
 *     - name: gvisor
 *       driver: oci          # host, oci, command, qemu-microvm, firecracker
 *       runtime: runsc       # looked up in PATH
 *       arguments: [--platform=ptrace]   # of the runtime, before its subcommand
 *       rootfs: /covdb/container         # absolute
 *       optional: true                   # left out where there is no such runtime
 *   workloads:
 *     - name: cpu
 *       command: [sysbench, cpu, "--time={time}", run]
 *       parameters: {time: 5}
 *       duration: 5          # seconds it is expected to take
 *       limit: 60            # seconds after which it is killed; 3 * duration + 30 when left out
 *       snapshot: false      # of this one; as of all when left out
 *       peer: [iperf3, -s]   # runs as the peer, whose address is {peer}
 *     - name: net
 *       from: stream.yaml    # beside this file: the same keys, which these replace
 *       parameters: {time: 2}
 *   groups:                  # workloads whose union has a name
 *     paper: [cpu, net]
 *
 * Names consist of letters, digits, '.', '_' and '-'. Anything not in this form is an error.
 */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/experiment/experiment_groups.h"
#include "collector/experiment/experiment_platform.h"
#include "collector/experiment/experiment_workload.h"

struct cov_error;

enum experiment_kind { EXPERIMENT_IDLE, EXPERIMENT_OBSERVER };

struct experiment_baseline {
	const char *name;
	enum experiment_kind kind;
	const char *platform_name; /* "host" needs no platform of that name */
	/* What is started to do nothing; NULL: nothing is. */
	const struct experiment_platform *platform;
	struct experiment_workload idle; /* what that one runs; filled if there is a platform */
	long long duration_ns;
	size_t trial_count;
	bool has_difference; /* what is captured is the difference of two captures */
	int line;
};

/* A zeroed struct is empty. Everything belongs to @arena. */
struct experiment {
	const char *path;
	const char *name;
	const char *kernel_release;  /* NULL: any */
	const char *kernel_build_id; /* NULL: any */
	long long settle_ns;
	long long pause_ns;
	size_t trial_count;
	size_t phase_trial_count;   /* at most trial_count; the first of each have phases */
	size_t profile_trial_count; /* of each workload on each platform, besides */
	size_t syscalls_trial_count;
	bool has_snapshots;                    /* of workloads that say nothing else */
	long long seed;                        /* 0: not shuffled */
	struct experiment_baseline *baselines; /* [baseline_count] */
	size_t baseline_count;
	struct experiment_platform *platforms; /* [platform_count] */
	size_t platform_count;
	/* What experiment_leave_out() took out. */
	const struct experiment_platform **left_out; /* [left_out_count] */
	size_t left_out_count;
	struct experiment_workload *workloads; /* [workload_count] */
	size_t workload_count;
	struct yaml_named_lists groups; /* of workloads */
	struct experiment_descriptions descriptions;
	const char *host; /* what its machine is called among others; NULL: nothing; borrowed */
	size_t *order;    /* [those counted]: which trial of the file's order comes when; or NULL */
	struct cov_arena arena;
};

/* What a trial records instead of counting; such trials have a folder of their own. */
enum experiment_recording {
	EXPERIMENT_COUNTED,
	EXPERIMENT_PROFILE,  /* stacks are sampled */
	EXPERIMENT_SYSCALLS, /* filters are read, system calls traced */
	EXPERIMENT_RECORDINGS,
};

/* One trial to do: a baseline, or a workload on a platform. */
struct experiment_trial {
	const char *host;                           /* that of the experiment */
	const struct experiment_baseline *baseline; /* NULL: the two below are the file's */
	const struct experiment_platform *platform; /* NULL: nothing is started */
	const struct experiment_workload *workload; /* of an idle platform: its idle workload */
	size_t number;                              /* from 1 */
	bool has_phases;     /* it is taken apart into start-up, steady state and tear-down */
	bool is_performance; /* nothing is counted, it is run for what it measures alone */
	enum experiment_recording recording;
};

/**
 * experiment_parse() - parse the text of an experiment file.
 * @path: for messages; the descriptions are looked for in its folder
 * @ret:  free with experiment_deinit()
 * @err:  "file:line: what"
 *
 * Return: 0; COV_ERR_FORMAT; COV_ERR_SYSTEM if a description cannot be read.
 */
int experiment_parse(const char *text, size_t size, const char *path, struct experiment *ret,
		     struct cov_error *err);

/**
 * experiment_parse_beside() - the same where descriptions are in memory.
 * @beside: looked at before any file is; its texts outlive @ret
 */
int experiment_parse_beside(const struct experiment_descriptions *beside, const char *text,
			    size_t size, const char *path, struct experiment *ret,
			    struct cov_error *err);

/** experiment_deinit() - free what @experiment owns; a zeroed struct is fine. */
void experiment_deinit(struct experiment *experiment);

COV_DEFINE_AUTO_STRUCT(struct experiment, experiment_deinit)

/**
 * experiment_set_order() - shuffle what is planned by the seed, if there is one.
 * @arena: that of the experiment, wherever it is
 */
void experiment_set_order(struct experiment *experiment, struct cov_arena *arena);

/** experiment_planned_count() - how many trials there are in all. */
size_t experiment_planned_count(const struct experiment *experiment);

/**
 * experiment_planned_trial() - one trial, in the order of work: first every baseline, then, trial
 * number by trial number, every workload of every platform; all of it shuffled if there is a seed.
 * Profiles, and trials of system calls after them, are last, so that perf has been nowhere near
 * what is counted.
 * @index: below experiment_planned_count()
 */
struct experiment_trial experiment_planned_trial(const struct experiment *experiment, size_t index);

/** experiment_trial_name() - "gvisor-cpu-1", "baseline-idle-1", of a host that is called something
 * "web17.gvisor-cpu-1": as its files; free() it. */
char *experiment_trial_name(const struct experiment_trial *trial);

/** experiment_trial_ns() - rest and duration of one trial, as planned. */
long long experiment_trial_ns(const struct experiment *experiment,
			      const struct experiment_trial *trial);

/** experiment_trial_ns_max() - the same if its workload takes all of its limit. */
long long experiment_trial_ns_max(const struct experiment *experiment,
				  const struct experiment_trial *trial);

#endif
