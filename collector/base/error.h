/*
 * error.h - how a function of covdb says what went wrong.
 *
 * A function that can fail returns 0 or a negative enum cov_error_code and takes a struct cov_error
 * last. The struct lives on the stack of whoever reports it: nothing to allocate, nothing to free.
 */
#ifndef COLLECTOR_BASE_ERROR_H
#define COLLECTOR_BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* A code exists only where a caller acts on it. */
enum cov_error_code {
	COV_ERR_SYSTEM = -1,    /* the operating system refused: no such file, no space, ... */
	COV_ERR_FORMAT = -2,    /* input is malformed or cut short */
	COV_ERR_MISMATCH = -3,  /* two inputs do not belong together */
	COV_ERR_STORE = -4,     /* the database refused */
	COV_ERR_USAGE = -5,     /* the command line is wrong: exit status 2 */
	COV_ERR_MACHINE = -6,   /* this machine cannot do it: exit status 3 */
	COV_ERR_TRUNCATED = -7, /* input ends too early */
};

enum { COV_ERROR_MESSAGE_BYTES = 1024 };

struct cov_error {
	enum cov_error_code code;
	/* One line without a newline; names are shown as cov_text_add_shown() does. */
	char message[COV_ERROR_MESSAGE_BYTES];
};

/**
 * cov_fail() - fill @err and hand its code back, so that failing is one statement.
 * @err:    filled; a message that is too long is cut
 * @code:   what kind of failure
 * @format: as for printf; names the file, the offset or row, what was found and expected
 *
 * Return: @code.
 */
int cov_fail(struct cov_error *err, enum cov_error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** cov_fail_errno() - as cov_fail() with COV_ERR_SYSTEM; the text of errno is appended. */
int cov_fail_errno(struct cov_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * cov_error_first() - what went wrong first of things that were done at the same time.
 * @errors: [@count], without a code where nothing did
 * @err:    filled if there is one
 *
 * Return: its code; 0.
 */
int cov_error_first(const struct cov_error *errors, size_t count, struct cov_error *err);

/** cov_error_exit_status() - the exit status of the program for a return code of a function. */
int cov_error_exit_status(int code);

#endif
