/* paper_metric.h - panels of what workloads measured. */
#ifndef VENN_PAPER_PAPER_METRIC_H
#define VENN_PAPER_PAPER_METRIC_H

#include "venn/paper/paper_answer.h"

/**
 * paper_metric() - medians per platform, and per value of the label that the panel is by.
 *
 * Return: 0; COV_ERR_MISMATCH if the study has nothing of it, with the reason; COV_ERR_STORE.
 */
int paper_metric(const struct paper_study *study, struct paper_answer *answer,
		 struct cov_error *err);

#endif
