/* tracefile_json.h - reader of counts in JSON, as gcov or syzkaller write it. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_JSON_H
#define COLLECTOR_EXCHANGE_TRACEFILE_JSON_H

#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_json_read() - add the files of one document of JSON, or of several in a row.
 * @text: [@size]; its strings may have bytes that are not UTF-8
 * @name: for messages
 * @err:  names file and line
 *
 * tracefile_settle() is left to the caller.
 *
 * Return: 0; COV_ERR_FORMAT, in which case part of it may have been added.
 */
int tracefile_json_read(const char *text, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err);

#endif
