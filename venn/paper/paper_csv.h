/* paper_csv.h - the answers, the claims and the trials as CSV. */
#ifndef VENN_PAPER_PAPER_CSV_H
#define VENN_PAPER_PAPER_CSV_H

#include "venn/paper/paper_page.h"

/** paper_csv() - the rows of one answer; free() it, as of the next three. */
char *paper_csv(const struct paper_answer *answer);

/** paper_csv_all() - those of all, of which each has its own already. */
char *paper_csv_all(const struct paper_answers *answers);

/** paper_csv_claims() - what the paper says, and what the study says of it. */
char *paper_csv_claims(const struct claims_checked *check);

/** paper_csv_trials() - what it all rests on. */
char *paper_csv_trials(const struct paper_study *study);

#endif
