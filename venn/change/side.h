/* side.h - one side of a comparison: how often each trial executed each line of a kernel. */
#ifndef VENN_CHANGE_SIDE_H
#define VENN_CHANGE_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/change/observations.h"
#include "venn/change/side_name.h"
#include "venn/store/store_kernel.h"

struct cov_error;

enum { SIDE_TRIALS_MAX = 255 };

struct side {
	struct cov_kernel kernel;  /* of its database, or made of the tracefile; owned */
	struct store_kernel about; /* owned; without a name: of a tracefile */
	double *rates; /* [trial_count][kernel.line_count], executions per second, 0: not executed;
			  of a tracefile, which says no time, counts; owned */
	size_t trial_count; /* observations, which each may be several trials, added up */
	struct observations observations; /* empty: of a tracefile; owned */
	char *database;                   /* NULL: of a tracefile; owned */
	char **workloads;                 /* [workload_count], "PLATFORM/WORKLOAD"; owned */
	size_t workload_count;            /* 0: of a tracefile */
	size_t observed_count;            /* trials from which observers were taken off */
	unsigned char *is_left_out;       /* [line_count], damaged in some trial; owned */
	int64_t duration_ns;              /* of all trials; 0: of a tracefile */
};

void side_deinit(struct side *side);
COV_DEFINE_AUTO_STRUCT(struct side, side_deinit)

/**
 * side_read() - read the trials of one side out of a database.
 * @database: of --db, where the name has none
 * @unit:     what is one observation
 * @ret:      free with side_deinit(), also on failure
 *
 * Observers are taken off, as for footprints.
 *
 * Return: 0; COV_ERR_MISMATCH if there are no such trials, or more than SIDE_TRIALS_MAX
 *         observations, or boots are to be told and are unknown;
 *         COV_ERR_STORE, COV_ERR_FORMAT.
 */
int side_read(const struct side_name *name, const char *database, enum observations_unit unit,
	      struct side *ret, struct cov_error *err);

/**
 * side_take_counts() - fill a side that has its kernel with the counts of a tracefile.
 * @counts: of the side's kernel
 */
void side_take_counts(struct side *side, const struct cov_counts *counts);

/** side_is_same_build() - whether both are of one build, whose lines have the same ids. */
bool side_is_same_build(const struct side *a, const struct side *b);

#endif
