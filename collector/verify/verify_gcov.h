/* verify_gcov.h - find the gcov of a compiler, and run it. */
#ifndef COLLECTOR_VERIFY_VERIFY_GCOV_H
#define COLLECTOR_VERIFY_VERIFY_GCOV_H

#include <stdio.h>

struct cov_error;
struct cov_kernel;

/* What the gcov of a compiler can print, and where to. */
enum verify_output {
	VERIFY_OUTPUT_JSON,  /* GCC 9 and newer: all objects as JSON, to stdout */
	VERIFY_OUTPUT_TEXT,  /* llvm-cov: annotated sources, to stdout */
	VERIFY_OUTPUT_FILES, /* GCC before 8: annotated sources, one file each, where it runs */
	VERIFY_OUTPUT_NONE, /* GCC 8: an annotated source in a form of its own, which is not read */
};

/**
 * verify_gcov_find() - a gcov that reads the notes of a kernel.
 * @given: a program, or NULL: gcov-N of the notes' major version, else gcov if it is that version;
 *         for clang's notes llvm-cov, else llvm-cov-N
 * @ret:   its name or path; free() it
 *
 * Return: 0; COV_ERR_MACHINE if there is none here, or GCC 8 made the notes; COV_ERR_FORMAT if
 * @kernel has no object.
 */
int verify_gcov_find(const struct cov_kernel *kernel, const char *given, char **ret,
		     struct cov_error *err);

/** verify_gcov_output() - by the first object, which must exist: one compiler made them all. */
enum verify_output verify_gcov_output(const struct cov_kernel *kernel);

/**
 * verify_gcov_read_all() - @output to its end, and a NUL; free() it.
 *
 * Return: NULL with errno if it cannot be read.
 */
char *verify_gcov_read_all(FILE *output);

#endif
