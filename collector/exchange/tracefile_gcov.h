/* tracefile_gcov.h - reader of what 'gcov --json-format' writes. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H
#define COLLECTOR_EXCHANGE_TRACEFILE_GCOV_H

#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/**
 * tracefile_gcov_read() - add a file of gcov's JSON that is in memory, compressed or not.
 * @name: for messages
 *
 * tracefile_settle() is left to the caller.
 */
int tracefile_gcov_read(const void *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err);

#endif
