/* tracefile_info.h - reader of lcov's tracefiles. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_INFO_H
#define COLLECTOR_EXCHANGE_TRACEFILE_INFO_H

#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_info_read() - add a tracefile of lcov that is in memory.
 * @name: for messages
 * @err:  names file and line, shows the record and says what is wrong with it
 *
 * Within the records of one source file the order does not matter. tracefile_settle() is left to
 * the caller.
 *
 * Return: 0; COV_ERR_FORMAT or COV_ERR_TRUNCATED, in which case part of it may have been added.
 */
int tracefile_info_read(const char *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err);

#endif
