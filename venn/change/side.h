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
#include "venn/store/store_observer.h"

struct cov_error;
struct store;

enum { SIDE_TRIALS_MAX = 255 };

struct side {
	bool is_borrowing;        /* kernel, observers and store are those of the other side */
	struct cov_kernel kernel; /* of its database, or made of the tracefile; owned, as the
				     next two are, unless it is borrowing */
	struct store_observers observers; /* of the kernel */
	struct store *store;              /* NULL once side_close() was called */
	struct store_kernel about;        /* owned; without a name: of a tracefile */
	uint32_t *places; /* [kernel.line_count], 1 + that of a line in rates; 0: it was not
			     executed; owned */
	double *rates;    /* [executed lines][trial_count], executions per second, 0: not executed;
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

/* What is asked of a database. */
struct side_asked {
	const char *database; /* of --db, where the name has none */
	enum observations_unit unit;
	const struct side *other; /* the side that was read before, not closed yet; may be NULL */
};

/**
 * side_read() - read the trials of one side out of a database.
 * @ret: free with side_deinit(), also on failure; before @asked->other, of which it may borrow
 *
 * Observers are taken off, as for footprints.
 *
 * Return: 0; COV_ERR_MISMATCH if there are no such trials, or more than SIDE_TRIALS_MAX
 *         observations, or boots are to be told and are unknown;
 *         COV_ERR_STORE, COV_ERR_FORMAT.
 */
int side_read(const struct side_name *name, const struct side_asked *asked, struct side *ret,
	      struct cov_error *err);

/** side_close() - nothing more is read of its database. */
void side_close(struct side *side);

/** side_rates() - of a line that was executed, by trial; NULL if it was not. */
static inline const double *side_rates(const struct side *side, uint32_t line)
{
	uint32_t place = side->places[line];

	return place ? side->rates + (place - 1) * side->trial_count : NULL;
}

/**
 * side_take_counts() - fill a side that has its kernel with the counts of a tracefile.
 * @counts: of the side's kernel
 */
void side_take_counts(struct side *side, const struct cov_counts *counts);

/** side_is_same_build() - whether both are of one build, whose lines have the same ids. */
bool side_is_same_build(const struct side *a, const struct side *b);

#endif
