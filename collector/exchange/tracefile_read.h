/* tracefile_read.h - counts from elsewhere: a tracefile of lcov, a file of gcov's JSON, a folder.
 */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_READ_H
#define COLLECTOR_EXCHANGE_TRACEFILE_READ_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;
struct cov_problems;
struct cov_tracefile;

/**
 * tracefile_read_is_for() - whether @path holds counts, not counters.
 *
 * A file by its content, compressed by gzip or not; else by its name (.info, .gcov.json,
 * .gcov.json.gz), so that what is wrong with it can be said. A folder if it has .gcov.json.gz or
 * .gcov.json files and no .gcda.
 */
bool tracefile_read_is_for(const char *path);

/**
 * tracefile_read() - add a tracefile of lcov, a file of gcov's JSON, or a folder of the latter.
 * @tracefile: zeroed, or what was read before; in order afterwards
 * @problems:  files of a folder that could not be read are added; the others were read
 * @err:       names file and line
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT or COV_ERR_TRUNCATED. On failure
 *         nothing of @path was added.
 */
int tracefile_read(const char *path, struct cov_tracefile *tracefile, struct cov_problems *problems,
		   struct cov_error *err);

/**
 * tracefile_read_bytes() - add what a file holds, which its first bytes tell.
 * @name: for messages; if the bytes do not tell, one that ends as that of JSON says it is that
 *
 * tracefile_settle() is left to the caller. On failure nothing was added.
 */
int tracefile_read_bytes(const void *data, size_t size, const char *name,
			 struct cov_tracefile *tracefile, struct cov_error *err);

#endif
