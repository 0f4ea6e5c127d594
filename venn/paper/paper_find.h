/* paper_find.h - ask a study for a panel of a paper. */
#ifndef VENN_PAPER_PAPER_FIND_H
#define VENN_PAPER_PAPER_FIND_H

#include "venn/paper/paper_answer.h"

/**
 * paper_find() - ask the study for one panel.
 * @ret: free with paper_answer_deinit(), also on failure
 *
 * Return: 0, also if nothing was measured; COV_ERR_STORE.
 */
int paper_find(const struct paper_study *study, const struct paper_panel *panel,
	       struct paper_answer *ret, struct cov_error *err);

#endif
