/*
 * counters_file.h - the counters of a snapshot as one small file, FILE.covcounters, which stands
 * for the snapshot wherever one is read.
 *
 * The body of a file of sealed.h: the build id, a text that ends with NUL; narrow numbers: what
 * objects the kernel has (a checksum of their paths and stamps), how many objects and counters; a
 * byte for each object, its state; how many problems, of each its kind, its path and its message,
 * texts; how many counters are not 0, of each how many places it is behind the one before, and its
 * value, folded. All of it is input: whatever is not as it should be is refused.
 */
#ifndef COLLECTOR_DECODE_COUNTERS_FILE_H
#define COLLECTOR_DECODE_COUNTERS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/decode/sealed.h"

struct cov_counters;
struct cov_error;
struct cov_kernel;
struct cov_problems;
struct cov_text;

extern const struct sealed_kind counters_file_kind;

/** counters_file_is() - whether @path is called as such a file is. */
bool counters_file_is(const char *path);

/**
 * counters_file_make() - counters as such a file.
 * @build_id: of the kernel, or ""
 * @problems: of the objects that were not decoded
 * @out:      empty; what is added is the file
 */
void counters_file_make(const struct cov_kernel *kernel, const char *build_id,
			const struct cov_counters *counters, const struct cov_problems *problems,
			struct cov_text *out);

/* Which kernel the counters have to be of, and what messages call the file. */
struct counters_file_of {
	const struct cov_kernel *kernel;
	const char *build_id; /* or "" */
	const char *path;
};

/**
 * counters_file_parse() - the counters of a file that is in memory.
 * @ret:      filled on success; free with counters_deinit()
 * @problems: those of the snapshot are added
 *
 * Return: 0; COV_ERR_FORMAT; COV_ERR_MISMATCH if they are of another build of the kernel.
 */
int counters_file_parse(const struct counters_file_of *of, const void *data, size_t size,
			struct cov_counters *ret, struct cov_problems *problems,
			struct cov_error *err);

/** counters_file_read() - counters_file_parse() of the file of->path. Return: also
 * COV_ERR_SYSTEM. */
int counters_file_read(const struct counters_file_of *of, struct cov_counters *ret,
		       struct cov_problems *problems, struct cov_error *err);

#endif
