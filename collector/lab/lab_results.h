/* lab_results.h - the folder that a lab's results go to: its lock, its data disk, its end. */
#ifndef COLLECTOR_LAB_LAB_RESULTS_H
#define COLLECTOR_LAB_LAB_RESULTS_H

#include <signal.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct lab_disk;

/**
 * lab_results_lock() - two runs into one folder would take each other's data disk.
 * @ret: keep it open as long
 *
 * Return: 0; COV_ERR_SYSTEM, also when another lab has it.
 */
int lab_results_lock(const char *directory, int *ret, struct cov_error *err);

/**
 * lab_results_make_disk() - the data disk of @disk->result_dir; what a killed run left on one is
 * brought out before.
 * @ret: absolute path of the image; free() it
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT if the earlier disk is damaged.
 */
int lab_results_make_disk(const struct lab_disk *disk, char **ret, struct cov_error *err);

/** lab_results_fetch() - as lab_disk_fetch(), and says so on stderr. */
int lab_results_fetch(const char *directory, struct cov_error *err);

/*
 * Whoever interrupts means the guest: qemu_watch() sees that. What comes later must not keep the
 * results from being brought out, so from the start of QEMU on the signals are blocked here.
 */
struct lab_results_guard {
	sigset_t signals;
	sigset_t mask_before;
};

/** lab_results_guard_begin() - from here to its end, interruptions wait. */
void lab_results_guard_begin(struct lab_results_guard *guard);

/** lab_results_guard_end() - forget those that came, and let the later ones through. */
void lab_results_guard_end(struct lab_results_guard *guard);

COV_DEFINE_AUTO_STRUCT(struct lab_results_guard, lab_results_guard_end)

#endif
