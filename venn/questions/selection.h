/* selection.h - what an export is of: the counts of trials, of a footprint, or of a region. */
#ifndef VENN_QUESTIONS_SELECTION_H
#define VENN_QUESTIONS_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_analysis.h"

struct cov_error;
struct store;

/* Counts of some lines of a kernel; all others that were found have 0. */
struct selection {
	struct cov_counts counts; /* lines, states and functions; its totals are not filled */
	unsigned char *is_listed; /* [kernel->function_count], functions that were found; owned */
	struct cov_branches branches; /* settled, by line id; empty unless they were asked for */
};

/* What to select from, and whether branches are wanted, which takes several times as long. */
struct selection_source {
	struct store *store;
	int64_t kernel_id;
	const struct cov_kernel *kernel;
	bool has_branches;
	/* [kernel->object_count], not 0 for objects that are of interest: all others count as
	 * not linked; NULL: all are. For trials alone; borrowed */
	const unsigned char *is_wanted;
};

void selection_deinit(struct selection *selection);
COV_DEFINE_AUTO_STRUCT(struct selection, selection_deinit)

/**
 * selection_trials() - the counts of one trial, or of all of a platform and workload.
 * @name: "host/cpu" for all, "host/cpu/2" for one; a baseline's name stands for a workload's
 * @ret:  filled on success; free with selection_deinit()
 *
 * Counters are summed before lines are counted. A line has a count above 0 if and only if it was
 * executed, see counts_apply_evidence().
 *
 * Return: 0; COV_ERR_USAGE if @name is malformed; COV_ERR_MISMATCH if there is no such trial.
 */
int selection_trials(const struct selection_source *source, const char *name, struct selection *ret,
		     struct cov_error *err);

/** selection_no_trials() - COV_ERR_MISMATCH, with the trials that may have been meant. */
int selection_no_trials(struct store *store, int64_t kernel_id, const char *platform,
			const char *workload, struct cov_error *err);

/**
 * selection_footprint() - the counts of a footprint's lines.
 * @name: "runc/cpu", or "runc" for all its workloads united
 * @choice: which analysis has the footprint
 *
 * A line has the count of all trials of each workload whose footprint has the line.
 */
int selection_footprint(const struct selection_source *source, const struct store_choice *choice,
			const char *name, struct selection *ret, struct cov_error *err);

/**
 * selection_region() - the counts of the lines in the footprints of exactly some platforms.
 * @name: "runc,gvisor", or "runc,gvisor/cpu" for one workload
 *
 * A line has the sum of its counts in the footprints of these platforms.
 */
int selection_region(const struct selection_source *source, const struct store_choice *choice,
		     const char *name, struct selection *ret, struct cov_error *err);

/**
 * selection_set() - the counts of the lines of a set expression over footprints, see expression.h.
 * @name: "gvisor - (host | runc)", or followed by a workload: "gvisor - (host | runc)/cpu"
 *
 * A line has the sum of its counts in all footprints that have it.
 */
int selection_set(const struct selection_source *source, const struct store_choice *choice,
		  const char *name, struct selection *ret, struct cov_error *err);

#endif
