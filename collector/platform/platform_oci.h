/* platform_oci.h - what other drivers and tests use of the driver oci. */
#ifndef COLLECTOR_PLATFORM_PLATFORM_OCI_H
#define COLLECTOR_PLATFORM_PLATFORM_OCI_H

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
 * platform_oci_config() - the config.json of a bundle.
 * @root: path of the container's root
 *
 * Close to what Docker asks for: its own namespaces of every kind but user, Docker's capabilities.
 * Not like Docker: no seccomp profile; limits only as far as @platform has some.
 *
 * Return: text; free() it. NULL if the command is not UTF-8.
 */
char *platform_oci_config(const struct experiment_platform *platform,
			  const struct experiment_workload *workload, const char *root);

#endif
