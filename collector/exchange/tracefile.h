/*
 * tracefile.h - counts per line, function and branch of source files, as lcov's tracefiles have
 * them.
 *
 * What is exchanged with other tools goes through this: readers fill it, writers print it.
 *
 * Format: geninfo(1) of LCOV 1.16 and 2.5, section FILES.
 */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_H
#define COLLECTOR_EXCHANGE_TRACEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/decode/branches.h"
#include "collector/decode/counts.h"
#include "collector/exchange/tracefile_remark.h"

struct cov_error;
struct cov_kernel;

struct tracefile_line {
	uint32_t line;
	int64_t count;
};

struct tracefile_function {
	uint32_t start_line; /* 0 when not known */
	uint32_t end_line;   /* not before the start; 0 when not known */
	int64_t calls;
	const char *name; /* in the tracefile's texts */
};

struct tracefile_file {
	const char *path;             /* canonical; in the tracefile's texts */
	struct tracefile_line *lines; /* [line_count], by line; owned */
	size_t line_count, line_capacity;
	struct tracefile_function *functions; /* [function_count], by start and name; owned */
	size_t function_count, function_capacity;
	struct cov_branches branches; /* settled, by line number */
};

/* A zeroed struct has no files. */
struct cov_tracefile {
	struct cov_arena texts;
	struct tracefile_file *files; /* [file_count], by path; owned */
	size_t file_count, file_capacity;
	struct tracefile_remarks remarks; /* of the readers */
	bool has_no_counts; /* it says what ran, not how often: all are 0 or 1 when settled */
};

struct cov_tracefile_totals {
	size_t lines_found, lines_hit;
	size_t functions_found, functions_hit; /* by name */
	size_t branches_found, branches_hit;
};

/** tracefile_deinit() - free what @tracefile owns; a zeroed struct is fine. */
void tracefile_deinit(struct cov_tracefile *tracefile);

COV_DEFINE_AUTO_STRUCT(struct cov_tracefile, tracefile_deinit)

/**
 * tracefile_add_file() - one more file, empty; its address is valid until the next one.
 *
 * The path is made canonical, so that two spellings of one file become one by tracefile_settle();
 * it is empty if it names no file.
 */
struct tracefile_file *tracefile_add_file(struct cov_tracefile *tracefile, const char *path,
					  size_t path_bytes);

/** tracefile_add_line() - one more line of @file, in any order; the same line again adds up. */
void tracefile_add_line(struct tracefile_file *file, uint32_t line, int64_t count);

/**
 * tracefile_add_function() - one more function; the name is copied.
 *
 * An end before the start is taken for one that is not known.
 */
void tracefile_add_function(struct cov_tracefile *tracefile, struct tracefile_file *file,
			    struct tracefile_function function, size_t name_bytes);

/** tracefile_drop_files() - forget the files that were added after the first @file_count. */
void tracefile_drop_files(struct cov_tracefile *tracefile, size_t file_count);

/**
 * tracefile_settle() - put all that was added in order.
 *
 * Files with the same path become one, counts of one line and of one function are summed, branches
 * as in branches.h. A function without a line is the one of its name and file that has a line, if
 * there is just one. Where there are no counts, what ran counts 1.
 */
void tracefile_settle(struct cov_tracefile *tracefile);

/** tracefile_total() - what all files have. */
struct cov_tracefile_totals tracefile_total(const struct cov_tracefile *tracefile);

/* What is taken of the counts of a kernel. */
struct tracefile_choice {
	const struct cov_counts *counts;
	const unsigned char *is_listed; /* [kernel->function_count], not 0 for functions to list */
	const struct cov_branches *branches; /* settled, by line id; or NULL */
	size_t line_first;                   /* the range of line ids */
	size_t line_count;
};

/**
 * tracefile_from_counts() - the lines and functions of a kernel that were found.
 * @out: filled, with paths relative to the kernel's root; free with tracefile_deinit()
 */
void tracefile_from_counts(const struct cov_kernel *kernel, const struct tracefile_choice *choice,
			   struct cov_tracefile *out);

/**
 * tracefile_agree() - make functions and branches say what their lines say, as lcov 2 demands.
 *
 * A function that was not called, but a line of which ran (inlined elsewhere, or running since
 * before the reset), gets the count of that line; so do all that begin on the same line, when none
 * was called. One that was called, but no line of which ran, gets 0. lcov does the same when it is
 * told to go on. The branches of a line that ran, none of which was taken, are left out: its task
 * slept there, or never came back.
 */
void tracefile_agree(struct cov_tracefile *tracefile);

#endif
