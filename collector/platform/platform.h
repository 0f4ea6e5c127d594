/*
 * platform.h - the drivers: how a workload is run on a kind of platform.
 *
 * One run goes like this; what stands between the lines is counted:
 *
 *   platform_prepare()   work folder, network, the peer; then the driver's prepare()
 *   ----------------------------------------------------------------------------------
 *   process_start() of the command, the driver's started(), process_wait()
 *   ----------------------------------------------------------------------------------
 *   the driver's outcome(); platform_run_deinit(): the driver's tear_down(), and all the rest
 *
 * docs/platforms.md says how to add a driver.
 */
#ifndef COLLECTOR_PLATFORM_PLATFORM_H
#define COLLECTOR_PLATFORM_PLATFORM_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/experiment/experiment.h"
#include "collector/run/process.h"

struct cov_error;

/* What one run of a workload needs. A zeroed struct is empty. */
struct platform_run {
	const struct experiment_platform *platform; /* borrowed, as is the workload */
	const struct experiment_workload *workload;
	char **command; /* what to execute, NULL at the end; array and words belong to @arena */
	const char *program; /* path of what the first word names; in @arena */
	char *folder;        /* for the driver's files; owned, removed when torn down */
	struct process peer; /* not started if the workload has none */
	void *state;         /* the driver's own, which its tear_down() frees */
	struct cov_arena arena;
};

/* A member that a driver does not need is NULL. */
struct platform_driver {
	const char *name;
	/* Before the first trial: is what it needs here. Return: 0; COV_ERR_MACHINE. */
	int (*check)(const struct experiment_platform *platform, struct cov_error *err);
	/* The same for a workload. Return: 0; COV_ERR_MACHINE. */
	int (*check_workload)(const struct experiment_platform *platform,
			      const struct experiment_workload *workload, struct cov_error *err);
	/* Before the counters are reset: make files, set the command of @run. */
	int (*prepare)(struct platform_run *run, struct cov_error *err);
	/* Right after the command was started, as @process. */
	int (*started)(struct platform_run *run, struct process *process, struct cov_error *err);
	/* Afterwards: correct what the command's end says about the workload's. */
	int (*outcome)(struct platform_run *run, struct process_result *result,
		       struct cov_error *err);
	/* After the capture, and after a failure of prepare: remove what is left. */
	void (*tear_down)(struct platform_run *run);
	/* The version of the runtime, as text in @arena, or NULL. */
	const char *(*version)(const struct experiment_platform *platform, struct cov_arena *arena);
};

extern const struct platform_driver platform_host, platform_oci, platform_command, platform_qemu,
    platform_firecracker;

/* Name of the container, and of its control group; there is one at a time. */
extern const char platform_run_id[];

/** platform_driver() - the driver of that name, or NULL if the table has none. */
const struct platform_driver *platform_driver(const char *name);

/** platform_check_program() - whether @program of @platform is in PATH. Return: COV_ERR_MACHINE. */
int platform_check_program(const struct experiment_platform *platform, const char *program,
			   struct cov_error *err);

/** platform_check_rootfs() - whether the rootfs is a directory. Return: 0; COV_ERR_MACHINE. */
int platform_check_rootfs(const struct experiment_platform *platform, struct cov_error *err);

/**
 * platform_has_programs() - whether its runtime, and its jailer if it has one, are here; of a
 * template and the command for the version, the first words.
 */
bool platform_has_programs(const struct experiment_platform *platform);

/** platform_missing() - what platform_has_programs() did not find, as a sentence; free() it. */
char *platform_missing(const struct experiment_platform *platform);

/**
 * platform_check() - whether @platform can be used here, and run each of the workloads.
 * @experiment: whose workloads
 *
 * Return: 0; COV_ERR_MACHINE.
 */
int platform_check(const struct experiment *experiment, const struct experiment_platform *platform,
		   struct cov_error *err);

/** platform_program_says() - the first line of what `PROGRAM OPTION` prints; in @arena, or NULL. */
const char *platform_program_says(const char *program, const char *option, struct cov_arena *arena);

/**
 * platform_program_version() - what `PROGRAM --version` prints, one line; in @arena, or NULL.
 *
 * Where a Go program says that it does not know, its build information does.
 */
const char *platform_program_version(const char *program, struct cov_arena *arena);

/** platform_version() - of the platform's runtime, in @arena, or NULL. */
const char *platform_version(const struct experiment_platform *platform, struct cov_arena *arena);

/** platform_program() - name of the program that platform_version() is about, or NULL. */
const char *platform_program(const struct experiment_platform *platform);

/**
 * platform_prepare() - everything that comes before the counters are reset, after state_open().
 * @run: platform and workload are set; release with platform_run_deinit(), also after a failure
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int platform_prepare(struct platform_run *run, struct cov_error *err);

/** platform_run_deinit() - tear down and free; a zeroed struct is fine. */
void platform_run_deinit(struct platform_run *run);

COV_DEFINE_AUTO_STRUCT(struct platform_run, platform_run_deinit)

/** platform_add_word() - a copy of @word at the end of the run's command. */
void platform_add_word(struct platform_run *run, const char *word);

#endif
