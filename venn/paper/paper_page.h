/* paper_page.h - the answers as one page, and the text that tells how to cite and run it again. */
#ifndef VENN_PAPER_PAPER_PAGE_H
#define VENN_PAPER_PAPER_PAGE_H

#include "venn/paper/paper_answer.h"

/* All of them. */
struct paper_answers {
	struct paper_answer *items; /* [count]; owned */
	size_t count;
};

/* Tables and figures, each of one panel or several. */
struct paper_counts {
	size_t exhibits;
	size_t with_value;
};

/** paper_page_count() - how many tables and figures there are, and how many have a value. */
struct paper_counts paper_page_count(const struct paper_answers *answers);

/** paper_page_missing() - "table-1: why" for each of which nothing is measured, by newline; free()
 * it. */
char *paper_page_missing(const struct paper_answers *answers);

/** paper_page_section() - the part of the page that is about one answer; free() it. */
char *paper_page_section(const struct paper_answer *answer);

/** paper_page() - the page, of all sections, which needs no other file; free() it. */
char *paper_page(const struct paper_study *study, const struct paper_answers *answers);

/** paper_page_readme() - how to cite it and make it again; free() it. @kernel: its release */
char *paper_page_readme(const struct paper_study *study, const struct paper_answers *answers,
			const char *kernel);

/** paper_page_ratio() - here / paper; NAN where there is none. */
double paper_page_ratio(const struct paper_row *row);

#endif
