/*
 * observations.h - which trials of a side are one observation, as the tests of a comparison have
 * it: a trial, one trial of each of several workloads, or all trials of a boot of the machine.
 */
#ifndef VENN_CHANGE_OBSERVATIONS_H
#define VENN_CHANGE_OBSERVATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "venn/change/side_name.h"

struct cov_error;
struct store;

/* What one observation is. */
enum observations_unit {
	OBSERVATIONS_TRIAL, /* the first trials of each workload, the second ones, and so on */
	OBSERVATIONS_BOOT   /* the trials of one boot of the machine */
};

struct observations_trial {
	size_t member;      /* of the side */
	int64_t number;     /* of the trial */
	double boot_s;      /* when its machine was booted, see store_boot_find(); NAN: unknown */
	size_t boot;        /* index into boots_s, if all are known */
	size_t place;       /* among those of its member */
	size_t observation; /* OBSERVATIONS_NONE: it is left out */
};

enum { OBSERVATIONS_NONE = UINT32_MAX };

struct observations {
	struct observations_trial *trials; /* [trial_count], by member, then number; owned */
	size_t trial_count;
	size_t *member_counts; /* [count of members], trials of each; owned */
	size_t count;
	size_t left_out_count; /* trials that others of their observation are missing for */
	double *boots_s; /* [boot_count], ascending; none if that of a trial is unknown; owned */
	size_t boot_count;
};

void observations_deinit(struct observations *observations);
COV_DEFINE_AUTO_STRUCT(struct observations, observations_deinit)

/**
 * observations_list() - the good trials of a side's members that have counters.
 * @ret: free with observations_deinit(), also on failure
 *
 * An observation has a trial of every member, or it is none.
 *
 * Return: 0; COV_ERR_MISMATCH if a trial is not there, or boots are to be told and are unknown;
 *         COV_ERR_STORE.
 */
int observations_list(struct store *store, int64_t kernel_id,
		      const struct side_name_members *members, enum observations_unit unit,
		      struct observations *ret, struct cov_error *err);

/** observations_same_boot() - whether two times are of one boot: clocks are read in seconds. */
bool observations_same_boot(double a_s, double b_s);

#endif
