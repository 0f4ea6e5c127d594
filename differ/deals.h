/*
 * deals.h - ways to deal trials out, drawn at random: the same in every test of so many trials, so
 * that they are drawn once for thousands of tests.
 */
#ifndef DIFFER_DEALS_H
#define DIFFER_DEALS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

enum {
	COV_DEALS_MAX = 9999,   /* draws of one test, at most */
	COV_DEALS_ENOUGH = 100, /* that reach what is asked for, to know their share by a tenth */
};

/* Which of the trials were drawn, and where the next draw starts. */
struct cov_deals_shape {
	size_t chosen, count; /* so many of so many trials are drawn each time */
	uint32_t *order;      /* [count], as the last draw left it; owned, as are the next */
	uint16_t *drawn;      /* [kept][chosen]; none of more trials than that has numbers for */
	size_t kept;
	/* Kept draws of which at least 0, 1, 2, ... are below @chosen, each list in order; owned,
	 * as is the next; NULL until all are kept. */
	uint16_t *lists;
	size_t *list_first; /* [@chosen + 2] */
	uint64_t seed;
};

/* Those of all sizes that were asked for; zeroed at first. Not for several threads at once. */
struct cov_deals {
	struct cov_deals_shape *shapes; /* [count], growing; owned */
	size_t count, capacity;
};

void cov_deals_deinit(struct cov_deals *deals);
COV_DEFINE_AUTO_STRUCT(struct cov_deals, cov_deals_deinit)

/**
 * cov_deals_reaching() - how many draws have a sum of rates that is at least @least.
 * @deals: what was drawn is kept there
 * @rates: [@count], of which @chosen are drawn each time; none is below 0
 * @made:  how many draws were made: COV_DEALS_MAX, or as many as it took for COV_DEALS_ENOUGH
 */
size_t cov_deals_reaching(struct cov_deals *deals, const double *rates, size_t chosen, size_t count,
			  double least, size_t *made);

#endif
