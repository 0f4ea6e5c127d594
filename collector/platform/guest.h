/*
 * guest.h - what the drivers of virtual machines share.
 *
 * The machine has two disks: a copy of the platform's image, and a job: a shell script that runs
 * the workload. The image's init runs the job and prints how it ended, {"event": "exit", ...}, on
 * the serial port, which is the monitor's standard output; see workloads/lab/microvm-init.
 */
#ifndef COLLECTOR_PLATFORM_GUEST_H
#define COLLECTOR_PLATFORM_GUEST_H

#include "collector/platform/platform.h"

/**
 * guest_make_disks() - root.ext4, a copy of the image, and job, in @folder.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int guest_make_disks(const struct platform_run *run, const char *folder, struct cov_error *err);

/** guest_write_job() - the job alone, in @folder. Return: 0; COV_ERR_SYSTEM. */
int guest_write_job(const struct platform_run *run, const char *folder, struct cov_error *err);

/** guest_boot_text() - the kernel's command line; @reboot: "t" or "k"; free() it. */
char *guest_boot_text(const struct experiment_platform *platform, const char *reboot);

/** guest_job() - the shell script that runs a command; free() it. */
char *guest_job(const struct experiment_workload *workload);

/** guest_check() - kernel, image, /dev/kvm and, with a network, /dev/net/tun. */
int guest_check(const struct experiment_platform *platform, struct cov_error *err);

/** guest_outcome() - platform_driver.outcome of a machine. */
int guest_outcome(struct platform_run *run, struct process_result *result, struct cov_error *err);

extern const char guest_mac_address[]; /* of its network interface */

#endif
