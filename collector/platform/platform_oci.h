/* platform_oci.h - what other drivers and tests use of the driver oci. */
#ifndef COLLECTOR_PLATFORM_PLATFORM_OCI_H
#define COLLECTOR_PLATFORM_PLATFORM_OCI_H

#include "collector/filter/seccomp_profile.h"

struct cov_error;
struct experiment_platform;
struct experiment_workload;
struct platform_run;

/**
 * platform_oci_mount_overlay() - a writable root: overlayfs over the platform's rootfs.
 * @root: its path, in the run's arena
 *
 * What is written goes to the run's folder; leftover_remove() unmounts it.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int platform_oci_mount_overlay(struct platform_run *run, const char **root, struct cov_error *err);

/**
 * platform_oci_end() - end and delete the container of a collect that was killed.
 * @runtime: its name, as the ledger has it; nothing is done if it is unknown
 * @folder:  the work folder of that collect
 */
void platform_oci_end(const char *runtime, const char *folder);

/**
 * platform_oci_end_run() - end and delete the container of a run.
 * @run: its platform and folder are needed alone, as of a collect that was killed
 */
void platform_oci_end_run(struct platform_run *run);

/**
 * platform_oci_profile() - the rules of the platform's seccomp profile that are for its containers.
 * @ret: untouched if it has none; free with seccomp_profile_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int platform_oci_profile(const struct experiment_platform *platform, struct seccomp_profile *ret,
			 struct cov_error *err);

/**
 * platform_oci_config() - the config.json of a bundle.
 * @root:    path of the container's root
 * @profile: its seccomp filter; an empty one for none
 *
 * Close to what Docker asks for: its own namespaces of every kind but user, Docker's capabilities.
 * Not like Docker: no seccomp profile unless @platform names one; limits only as far as @platform
 * has some.
 *
 * Return: text; free() it. NULL if the command is not UTF-8.
 */
char *platform_oci_config(const struct experiment_platform *platform,
			  const struct experiment_workload *workload, const char *root,
			  const struct seccomp_profile *profile);

#endif
