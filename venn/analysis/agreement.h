/* agreement.h - how far the trials of a footprint agree, directory by directory. */
#ifndef VENN_ANALYSIS_AGREEMENT_H
#define VENN_ANALYSIS_AGREEMENT_H

#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_footprint.h"

struct cov_error;
struct store;

/**
 * agreement_store() - compare which lines of a footprint each of its trials executed.
 * @footprint:   with its lines, stored already
 * @directories: of the kernel
 *
 * More than COV_STABILITY_TRIALS_MAX trials are not compared: the first ones stand for them.
 *
 * Return: 0; COV_ERR_STORE.
 */
int agreement_store(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
		    const struct store_footprint *footprint,
		    const struct store_directories *directories, struct cov_error *err);

#endif
