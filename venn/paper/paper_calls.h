/* paper_calls.h - panels that say how many system calls the threads of platforms may make. */
#ifndef VENN_PAPER_PAPER_CALLS_H
#define VENN_PAPER_PAPER_CALLS_H

#include "venn/paper/paper_answer.h"

/**
 * paper_calls() - a row for each platform whose threads of a value's roles have filters.
 *
 * Return: 0; COV_ERR_MISMATCH if the study has nothing of it, with the reason; COV_ERR_STORE.
 */
int paper_calls(const struct paper_study *study, struct paper_answer *answer,
		struct cov_error *err);

#endif
