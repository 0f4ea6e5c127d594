/* tracefile_read.h - what ran, from elsewhere: files of lcov, gcov or syzkaller, addresses. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_READ_H
#define COLLECTOR_EXCHANGE_TRACEFILE_READ_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;
struct cov_problems;
struct cov_tracefile;
struct image;

/**
 * tracefile_read_is_for() - whether @path holds counts, not counters.
 *
 * A file by its content, compressed by gzip or not, addresses included; else by its name (.info,
 * .gcov.json, .gcov.json.gz), so that what is wrong with it can be said. A folder if it has
 * .gcov.json.gz or .gcov.json files and no .gcda.
 */
bool tracefile_read_is_for(const char *path);

/**
 * tracefile_read() - add a file, or a folder of gcov's JSON.
 * @image:     that addresses are of; NULL: there is none, and addresses are refused
 * @tracefile: zeroed, or what was read before; in order afterwards
 * @problems:  files of a folder that could not be read are added; the others were read
 * @err:       names file and line
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT or COV_ERR_TRUNCATED. On failure
 *         nothing of @path was added.
 */
int tracefile_read(const char *path, const struct image *image, struct cov_tracefile *tracefile,
		   struct cov_problems *problems, struct cov_error *err);

/**
 * tracefile_read_bytes() - add what a file holds, which its first bytes tell.
 * @name:  for messages; if the bytes do not tell, one that ends as that of JSON says it is that
 * @image: as of tracefile_read()
 *
 * tracefile_settle() is left to the caller. On failure nothing was added.
 */
int tracefile_read_bytes(const void *data, size_t size, const char *name, const struct image *image,
			 struct cov_tracefile *tracefile, struct cov_error *err);

#endif
