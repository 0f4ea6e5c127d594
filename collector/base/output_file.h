/*
 * output_file.h - where results go: a file that appears whole or not at all, or standard output.
 *
 * Nothing is written after the first write that failed, and no failure goes unsaid: that of a file
 * is told by cov_output_close(), that of standard output at the end of the program at the latest.
 */
#ifndef COLLECTOR_BASE_OUTPUT_FILE_H
#define COLLECTOR_BASE_OUTPUT_FILE_H

#include <stdio.h>

#include "collector/base/cleanup.h"
#include "collector/base/partial.h"

struct cov_error;

/* A zeroed struct is none. It stays where it was opened: the stream knows it. */
struct cov_output {
	FILE *stream;     /* to write to; closed by cov_output_close() */
	const char *path; /* borrowed */
	int file;
	int failure; /* the errno of the first write that failed, or 0 */
	struct cov_partial partial;
};

/**
 * cov_output_open() - begin to write results.
 * @path:   NULL or "-" is standard output; so are /dev/stdout and /dev/fd/1. What is no regular
 * file (a pipe, a device) is written to as it is; a link is followed.
 * @output: release with cov_output_deinit()
 * @err:    names @path
 *
 * A regular file gets its name in cov_output_close(); see partial.h.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_output_open(const char *path, struct cov_output *output, struct cov_error *err);

/**
 * cov_output_close() - end of the results: they are on the disk then, under their name.
 * @err: names the path and what the first failure was
 *
 * Return: 0; COV_ERR_SYSTEM: the older file is as it was.
 */
int cov_output_close(struct cov_output *output, struct cov_error *err);

/** cov_output_deinit() - leave the older file; nothing after cov_output_close(). */
void cov_output_deinit(struct cov_output *output);

COV_DEFINE_AUTO_STRUCT(struct cov_output, cov_output_deinit)

/**
 * cov_output_guard() - from now on standard output is checked at the end of the program.
 * @program: whose name begins the message; kept
 *
 * If something could not be written there, one line says why and the exit status is 1. A closed
 * pipe ends the program by SIGPIPE, also where that is ignored. SIGXFSZ is ignored, so that a limit
 * of file sizes is an error like others. A standard stream that is closed is opened to nothing,
 * lest a file of the program's gets its number.
 */
void cov_output_guard(const char *program);

/** cov_output_end_page() - what was printed is shown by now: the pager that had it has ended. */
void cov_output_end_page(void);

#endif
