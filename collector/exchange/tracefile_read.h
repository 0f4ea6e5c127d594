/* tracefile_read.h - readers of tracefiles: which one, and that of lcov's. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_READ_H
#define COLLECTOR_EXCHANGE_TRACEFILE_READ_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_read_is_for() - whether @path holds counts, not counters.
 *
 * By its name: .info, .gcov.json.gz, .gcov.json; or it is a folder with .gcov.json.gz files and
 * without .gcda.
 */
bool tracefile_read_is_for(const char *path);

/**
 * tracefile_read() - add a tracefile of lcov, a file of gcov's JSON, or a folder of those.
 * @tracefile: zeroed, or what was read before; in order afterwards
 * @err:       names file and line
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT or COV_ERR_TRUNCATED, in which
 *         case part of it may have been added.
 */
int tracefile_read(const char *path, struct cov_tracefile *tracefile, struct cov_error *err);

/**
 * tracefile_read_info() - add a tracefile of lcov that is in memory.
 * @name: for messages
 *
 * tracefile_settle() is left to the caller.
 */
int tracefile_read_info(const char *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err);

#endif
