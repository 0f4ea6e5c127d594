/* store_boot.h - when the machine was booted that a trial ran on. */
#ifndef VENN_STORE_STORE_BOOT_H
#define VENN_STORE_STORE_BOOT_H

#include <stdint.h>

struct cov_error;
struct store;

/**
 * store_boot_find() - when the boot was that a trial belongs to.
 * @ret: seconds since the epoch, exact to about one; NAN if the trial's manifest does not tell
 *
 * It is the time of the reset by the calendar, less the time of the reset since the boot. A phase
 * has that of the trial that it is part of.
 */
int store_boot_find(struct store *store, int64_t trial_id, double *ret, struct cov_error *err);

#endif
