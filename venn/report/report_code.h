/* report_code.h - lines, counts and calls of one view as parts of the report. */
#ifndef VENN_REPORT_REPORT_CODE_H
#define VENN_REPORT_REPORT_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "venn/report/report_study.h"
#include "venn/store/store_code.h"

struct cov_error;
struct store;

/* A copy of a function that some platform called. */
struct report_called {
	uint32_t place; /* of the function in study->functions */
	uint32_t id;
};

/* What is in the footprints of one view. Zeroed at first; used for one view after the other. */
struct report_code {
	struct store_code lines;
	struct store_calls calls;
	struct report_called *called; /* [called_count], by place, then id; owned */
	size_t called_count;
	size_t called_capacity;
};

/* The lines that some platform executed in some view. Zeroed at first. */
struct report_code_known {
	/* [files.line_count], by line id: 2 + the place of the innermost function around it in
	 * study->functions, 1 for none; 0 if it is not executed; owned */
	uint32_t *functions;
};

void report_code_known_deinit(struct report_code_known *known);
COV_DEFINE_AUTO_STRUCT(struct report_code_known, report_code_known_deinit)

void report_code_deinit(struct report_code *code);

/** report_code_read() - the footprints of view @view. */
int report_code_read(struct store *store, const struct report_study *study, size_t view,
		     struct report_code *ret, struct cov_error *err);

/** report_code_note() - add the lines of a view to @known. */
void report_code_note(const struct report_study *study, const struct report_code *code,
		      struct report_code_known *known);

/** report_code_where() - where @known lines are, and in which functions: for all views once. */
void report_code_where(const struct report_study *study, const struct report_code_known *known,
		       struct cov_text *ret);

/** report_code_lines() - who executed which line of report_code_where(). */
void report_code_lines(const struct report_study *study, size_t view,
		       const struct report_code *code, struct cov_text *ret);

/** report_code_counts() - how often, line by line of report_code_lines(). */
void report_code_counts(const struct report_study *study, size_t view,
			const struct report_code *code, struct cov_text *ret);

/** report_code_calls() - how often functions were called. */
void report_code_calls(const struct report_study *study, size_t view,
		       const struct report_code *code, struct cov_text *ret);

#endif
