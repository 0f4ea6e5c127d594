/* tracefile_gcov.h - reader of what 'gcov --json-format' writes. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H
#define COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H

#include <jansson.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_gcov_read() - add the files of a document of gcov's.
 * @root: its names are as cov_utf8_add_json() makes them
 * @name: for messages
 * @err:  names file and line
 *
 * tracefile_settle() is left to the caller.
 *
 * Return: 0; COV_ERR_FORMAT, in which case part of it may have been added.
 */
int tracefile_gcov_read(json_t *root, const char *name, struct cov_tracefile *tracefile,
			struct cov_error *err);

#endif
