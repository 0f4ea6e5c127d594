/* tracefile_write.h - writer of lcov's tracefiles. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_WRITE_H
#define COLLECTOR_EXCHANGE_TRACEFILE_WRITE_H

#include <stdio.h>

struct cov_tracefile;

/* How functions are written. */
enum cov_function_style {
	/* FNL and FNA with the last lines and no calls, FNDA with the calls: every lcov adds them
	 * up to the same; 1.x knows no lines of functions then */
	COV_FUNCTIONS_BOTH,
	COV_FUNCTIONS_OLD, /* FN and FNDA: every lcov, but 2.x guesses where they end */
	COV_FUNCTIONS_NEW, /* FNL and FNA, with their last line: lcov 2.2 and newer */
};

/**
 * tracefile_write_info() - as an lcov tracefile.
 * @root: what relative paths are relative to; "" leaves them
 *
 * A negative count is written as 0, since the format has no negative counts. A function without a
 * line is left out: other readers refuse it. An end of line in a name is written as \x0a. Errors of
 * the stream are left for the caller's ferror().
 */
void tracefile_write_info(const struct cov_tracefile *tracefile, const char *root,
			  enum cov_function_style style, FILE *out);

/** tracefile_write_say_left_out() - say on stderr which functions are left out, if any are. */
void tracefile_write_say_left_out(const struct cov_tracefile *tracefile);

#endif
