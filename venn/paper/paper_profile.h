/* paper_profile.h - panels that are flame graphs of a platform. */
#ifndef VENN_PAPER_PAPER_PROFILE_H
#define VENN_PAPER_PAPER_PROFILE_H

#include "venn/paper/paper_answer.h"

/**
 * paper_profile() - the picture, and the shares of the kernel's functions with most samples.
 *
 * Return: 0; COV_ERR_MISMATCH if the study has nothing of it, with the reason; COV_ERR_STORE.
 */
int paper_profile(const struct paper_study *study, struct paper_answer *answer,
		  struct cov_error *err);

#endif
