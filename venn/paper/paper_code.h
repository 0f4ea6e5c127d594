/* paper_code.h - panels about code: lines of footprints, what they share, hits of a function. */
#ifndef VENN_PAPER_PAPER_CODE_H
#define VENN_PAPER_PAPER_CODE_H

#include "venn/paper/paper_answer.h"

/**
 * paper_code_lines() - lines per platform, or regions with their picture.
 *
 * Return: 0; COV_ERR_MISMATCH if the study has nothing of it, with the reason; COV_ERR_STORE.
 */
int paper_code_lines(const struct paper_study *study, struct paper_answer *answer,
		     struct cov_error *err);

/** paper_code_hits() - hits per second of the lines of a function. Return: as above. */
int paper_code_hits(const struct paper_study *study, struct paper_answer *answer,
		    struct cov_error *err);

#endif
