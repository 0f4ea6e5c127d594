/* paper_answer.h - what a study has of each panel of a paper, beside what the paper prints. */
#ifndef VENN_PAPER_PAPER_ANSWER_H
#define VENN_PAPER_PAPER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "venn/paper/paper_book.h"
#include "venn/questions/claims_check.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_query.h"
#include "venn/store/store_syscalls.h"
#include "venn/store/store_trial_list.h"

struct cov_error;
struct store;

/* What is asked. All borrowed. */
struct paper_study {
	struct store *store;
	struct store_choice choice;
	struct store_analysis analysis;
	const struct paper_book *book;
	const struct claims_checked *check; /* also what platforms and workloads are called */
	const struct store_listed_trials *trials;
	const struct store_profiles *profiles;
	const struct store_syscalls_trials *syscalls;
};

/* What is compared: a platform, or what several have. Numbers that there are not are NAN. */
struct paper_row {
	char *item;           /* "instances=2", "only LXC, gVisor"; "": all of the panel; owned */
	const char *label;    /* of a platform, as the paper has it; "": of several */
	const char *platform; /* as the study has it; "": none, or several */
	double paper;
	double here;
	double low, high; /* between which the true median, or share of samples, is */
	double by_rate;   /* by the rule rate, where another is the usual */
	double steady;    /* once platforms are up */
	int64_t trials;   /* that it rests on, or profiles */
	const char *verdict;
};

/* Of one panel. All but @panel is owned. */
struct paper_answer {
	const struct paper_panel *panel;
	struct paper_row *rows; /* [count] */
	size_t count;
	size_t capacity;
	char *svg;     /* or NULL */
	char *csv;     /* its rows; NULL: not made yet, as of the next */
	char *section; /* its part of the page */
	char *command; /* that gives it alone; or NULL */
	char *note;    /* what its figures have in common here; or NULL */
	char *reason;  /* why nothing is measured; NULL: something is */
	bool is_emulated;
};

void paper_answer_deinit(struct paper_answer *answer);
COV_DEFINE_AUTO_STRUCT(struct paper_answer, paper_answer_deinit)

/* For those that fill in answers. */

/** paper_answer_name() - what a role of the claims is called in the study; NULL: it is not there.
 */
const char *paper_answer_name(const struct paper_study *study, const char *role);

/** paper_answer_label() - what the paper calls a platform of the claims. */
const char *paper_answer_label(const struct paper_book *book, const char *role);

/** paper_answer_add() - a row of which nothing is known yet. @item: becomes the answer's */
struct paper_row *paper_answer_add(struct paper_answer *answer, char *item, const char *label,
				   const char *platform);

/** paper_answer_trials() - how many ok trials with counters a platform has of some workloads. */
int64_t paper_answer_trials(const struct paper_study *study, const struct store_union *workloads,
			    const char *platform, bool *is_emulated);

/** paper_answer_scope() - " --rule rate --baseline host/idle", for commands; free() it. */
char *paper_answer_scope(const struct paper_study *study);

#endif
