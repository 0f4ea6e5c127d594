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
#include <stdio.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/decode/branches.h"
#include "collector/decode/counts.h"

struct cov_error;
struct cov_kernel;

struct tracefile_line {
	uint32_t line;
	int64_t count;
};

struct tracefile_function {
	uint32_t start_line;
	uint32_t end_line; /* 0 when not known */
	int64_t calls;
	const char *name; /* in the tracefile's texts */
};

struct tracefile_file {
	const char *path;             /* in the tracefile's texts */
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
};

struct cov_tracefile_totals {
	size_t lines_found, lines_hit;
	size_t functions_found, functions_hit; /* by name */
	size_t branches_found, branches_hit;
};

/* How functions are written. */
enum cov_function_style {
	COV_FUNCTIONS_NEW, /* FNL and FNA, with their last line: lcov 2.2 and newer */
	COV_FUNCTIONS_OLD, /* FN and FNDA: every lcov, but 2.x guesses where they end */
};

/** tracefile_deinit() - free what @tracefile owns; a zeroed struct is fine. */
void tracefile_deinit(struct cov_tracefile *tracefile);

COV_DEFINE_AUTO_STRUCT(struct cov_tracefile, tracefile_deinit)

/** tracefile_add_file() - one more file, empty; the last one's address stands until the next. */
struct tracefile_file *tracefile_add_file(struct cov_tracefile *tracefile, const char *path,
					  size_t path_bytes);

/** tracefile_add_line() - one more line of @file, in any order; the same line again adds up. */
void tracefile_add_line(struct tracefile_file *file, uint32_t line, int64_t count);

/** tracefile_add_function() - one more function; the name is copied. */
void tracefile_add_function(struct cov_tracefile *tracefile, struct tracefile_file *file,
			    struct tracefile_function function, size_t name_bytes);

/**
 * tracefile_is_one() - whether counts are in @path, not counters.
 *
 * By its name: .info, .gcov.json.gz, .gcov.json; or it is a folder with .gcov.json.gz files and
 * without .gcda.
 */
bool tracefile_is_one(const char *path);

/**
 * tracefile_read() - add a tracefile of lcov, a file of gcov's JSON, or a folder of those.
 * @tracefile: zeroed, or what was read before; in order afterwards
 * @err:       names file and line
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT or COV_ERR_TRUNCATED, when part of
 *         it may have been added.
 */
int tracefile_read(const char *path, struct cov_tracefile *tracefile, struct cov_error *err);

/**
 * tracefile_add_info(), tracefile_add_gcov() - add what is in memory; the latter may be compressed.
 * @name: for messages
 *
 * tracefile_settle() is left to the caller.
 */
int tracefile_add_info(const char *data, size_t size, const char *name,
		       struct cov_tracefile *tracefile, struct cov_error *err);
int tracefile_add_gcov(const void *data, size_t size, const char *name,
		       struct cov_tracefile *tracefile, struct cov_error *err);

/**
 * tracefile_settle() - bring all that was added in order.
 *
 * Files of one path become one, counts of one line and of one function are summed, branches as in
 * branches.h.
 */
void tracefile_settle(struct cov_tracefile *tracefile);

/** tracefile_total() - what all files have. */
struct cov_tracefile_totals tracefile_total(const struct cov_tracefile *tracefile);

/**
 * tracefile_from_counts() - the lines and functions of a kernel that were found.
 * @is_listed:  [kernel->function_count], not 0 for functions to list
 * @branches:   settled, by line id; or NULL
 * @line_first: with @line_count the range of line ids to take
 * @out:        filled, with paths relative to the kernel's root; free with tracefile_deinit()
 */
void tracefile_from_counts(const struct cov_kernel *kernel, const struct cov_counts *counts,
			   const unsigned char *is_listed, const struct cov_branches *branches,
			   size_t line_first, size_t line_count, struct cov_tracefile *out);

/* The counts of a tracefile by the line and function ids of a kernel. */
struct cov_tracefile_match {
	struct cov_counts counts;
	unsigned char *is_listed; /* [kernel->function_count], functions of the tracefile; owned */
	struct cov_branches branches; /* settled, by line id */
	size_t files_unknown;         /* not of the kernel; their lines are not among the next */
	size_t lines_unknown;         /* not of the kernel, in files that are */
	size_t functions_unknown;     /* the same */
	const char *unknown; /* the first such file, or file with such a line; NULL: none */
};

void tracefile_match_deinit(struct cov_tracefile_match *match);
COV_DEFINE_AUTO_STRUCT(struct cov_tracefile_match, tracefile_match_deinit)

/**
 * tracefile_match() - find the lines and functions of a tracefile in a kernel.
 * @ret: filled on success, borrowing from @tracefile; free with tracefile_match_deinit()
 *
 * The directory that the kernel's files lay in when the tracefile was made is found by itself:
 * below it most files have the path of one of the kernel's. A function with a copy in several
 * objects gets all its calls in the first.
 *
 * Return: 0; COV_ERR_MISMATCH if no line is one of the kernel.
 */
int tracefile_match(const struct cov_kernel *kernel, const struct cov_tracefile *tracefile,
		    struct cov_tracefile_match *ret, struct cov_error *err);

/**
 * tracefile_make_kernel() - a kernel that has the lines and functions of a tracefile, and no more.
 * @root: directory of its files; NULL: the deepest that holds all of them
 * @out:  one object, without counters, stands for all; free with kernel_deinit()
 */
void tracefile_make_kernel(const struct cov_tracefile *tracefile, const char *root,
			   struct cov_kernel *out);

/**
 * tracefile_agree() - make functions and branches say what their lines say, as lcov 2 demands.
 *
 * A function that was not called, but of which a line ran, inlined elsewhere or since before the
 * reset, gets the count of that line; so do all that begin in the same line, when none was called.
 * One that was called, but of which no line ran, gets 0. lcov does the same when it is told to go
 * on. The branches of a line that ran, of which none was taken, are left out: its task slept there,
 * or never came back.
 */
void tracefile_agree(struct cov_tracefile *tracefile);

/**
 * tracefile_write_info() - as an lcov tracefile.
 * @root: that relative paths are relative to; "" leaves them
 *
 * A negative count is written as 0, since the format has no negative counts. Errors of the stream
 * are left for the caller's ferror().
 */
void tracefile_write_info(const struct cov_tracefile *tracefile, const char *root,
			  enum cov_function_style style, FILE *out);

#endif
