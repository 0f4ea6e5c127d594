/*
 * kernel_part.h - what of a kernel ran in a few snapshots, as a kernel of its own: a twentieth of
 * the whole, with its plans unpacked, to be evaluated many times.
 */
#ifndef COLLECTOR_DECODE_KERNEL_PART_H
#define COLLECTOR_DECODE_KERNEL_PART_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/decode/counters.h"
#include "collector/decode/kernel.h"
#include "collector/plan/plan.h"

struct cov_error;

struct kernel_part {
	/* Objects that ran, functions of them that did, and lines of these, in their order. It
	 * borrows paths and names, has neither files nor line numbers nor branches, and is freed
	 * with the part. */
	struct cov_kernel kernel;
	struct cov_few_counters *snapshots; /* [snapshot_count], of this kernel; owned */
	size_t snapshot_count;
	uint32_t *line_ids;      /* [kernel.line_count], in the whole kernel; owned */
	struct plan plans;       /* arrays that those of the objects' plans are within */
	struct cov_arena memory; /* of these */
};

/** kernel_part_deinit() - free what @part owns; a zeroed struct is fine. */
void kernel_part_deinit(struct kernel_part *part);

COV_DEFINE_AUTO_STRUCT(struct kernel_part, kernel_part_deinit)

/**
 * kernel_part_init() - the part of @kernel that ran in any of some snapshots.
 * @kernel:    of the database; outlives the part. Of objects that did not run nothing is asked but
 *             where their counters are.
 * @snapshots: [@count], not kept
 * @ret:       free with kernel_part_deinit()
 *
 * Of these snapshots, and of any sums of them, lines have the counts that they have in @kernel;
 * states, too, but that a line of objects that were not decoded may count as not executed.
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int kernel_part_init(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		     size_t count, struct kernel_part *ret, struct cov_error *err);

#endif
