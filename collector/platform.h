/*
 * platform.h - the drivers: how a workload is run on a kind of platform.
 *
 * To add one: a file platform_<name>.c with a struct platform_driver, its line in the table of
 * platform.c, its name and keys in experiment.c and the head of experiment.h, and a test.
 */
#ifndef COLLECTOR_PLATFORM_H
#define COLLECTOR_PLATFORM_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/experiment.h"

struct cov_error;

/* What one run of a workload needs. A zeroed struct is empty. */
struct platform_run {
	const struct experiment_platform *platform; /* borrowed */
	char **command; /* what to execute, NULL at the end; array and words belong to @arena */
	char *folder;   /* temporary; owned, removed when torn down */
	const char *id; /* of the container */
	struct cov_arena arena;
};

struct platform_driver {
	const char *name;
	/* Before the first trial: is here what it needs. Return: 0; COV_ERR_MACHINE. */
	int (*check)(const struct experiment_platform *platform, struct cov_error *err);
	/* Before the counters are reset: fill @ret, whose platform is set, make files. */
	int (*prepare)(const struct experiment_workload *workload, struct platform_run *ret,
		       struct cov_error *err);
	/* After the capture, and after a failure of prepare: remove what is left. */
	void (*tear_down)(struct platform_run *run);
	/* Text in @arena that tells which version of the runtime this is, or NULL. */
	const char *(*version)(const struct experiment_platform *platform, struct cov_arena *arena);
};

extern const struct platform_driver platform_host, platform_oci;

/** platform_driver() - the driver of that name, or NULL. */
const struct platform_driver *platform_driver(const char *name);

/** platform_find_program() - path of a program in PATH, or NULL; free() it. */
char *platform_find_program(const char *name);

/** platform_program_version() - what `PROGRAM --version` prints, one line; in @arena, or NULL. */
const char *platform_program_version(const char *program, struct cov_arena *arena);

/** platform_run_deinit() - tear down and free; a zeroed struct is fine. */
void platform_run_deinit(struct platform_run *run);

/**
 * platform_oci_config() - the config.json of a bundle.
 *
 * Close to what Docker asks for: own name spaces of every kind but users, Docker's capabilities,
 * read-only root, an empty network. Not like Docker: no seccomp profile, no cgroup limits.
 *
 * Return: text; free() it.
 */
char *platform_oci_config(const struct experiment_platform *platform,
			  const struct experiment_workload *workload);

COV_DEFINE_AUTO_STRUCT(struct platform_run, platform_run_deinit)

#endif
