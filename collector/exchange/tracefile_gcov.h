/* tracefile_gcov.h - reader of what 'gcov --json-format' writes. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H
#define COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H

#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_gcov_read() - add the files of gcov's JSON.
 * @text: [@size], one document or several in a row; its strings may have bytes that are not UTF-8
 * @name: for messages
 * @err:  names file and line
 *
 * tracefile_settle() is left to the caller.
 *
 * Return: 0; COV_ERR_FORMAT, in which case part of it may have been added.
 */
int tracefile_gcov_read(const char *text, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err);

#endif
