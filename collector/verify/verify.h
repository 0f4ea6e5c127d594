/* verify.h - compare the counts of a snapshot with those of the system's gcov. */
#ifndef COLLECTOR_VERIFY_VERIFY_H
#define COLLECTOR_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

struct cov_counters;
struct cov_error;
struct cov_kernel;

/* What one of the two says, and the other not. */
struct verify_difference {
	const char *object; /* its path; of the kernel */
	const char *file;   /* as covdb shows it */
	const char *kind;   /* "line", "function" or "branch" */
	const char *name;   /* of a function, else "" */
	int64_t line;
	int64_t count;           /* of the line or branch; calls of the function */
	int64_t blocks_executed; /* of a function; -1: not compared */
	bool is_gcov;            /* gcov says it, else covdb */
};

/* What was compared, of all objects. */
struct verify_result {
	size_t objects;
	size_t lines;
	size_t functions;
	size_t branches;
	size_t differences;
	struct verify_difference *items; /* [differences], by object; owned */
	size_t capacity;
	struct cov_arena arena;  /* of their texts */
	struct cov_text listing; /* a line per difference, the first 20 per 40 objects; owned */
};

/** verify_result_deinit() - free what @result owns; a zeroed struct is fine. */
void verify_result_deinit(struct verify_result *result);

COV_DEFINE_AUTO_STRUCT(struct verify_result, verify_result_deinit)

/* What is compared, and by what. */
struct verify_files {
	const char *notes;    /* the directory that the kernel was read from */
	const char *snapshot; /* that the counters were read from */
	const char *gcov;     /* of verify_gcov_find() */
};

/**
 * verify_snapshot() - let gcov decode every object that covdb decoded, and compare.
 * @kernel: has an object
 * @ret:    filled on success; free with verify_result_deinit()
 *
 * What is compared, object by object, is each line's count, each function's calls and executed
 * blocks, and each branch's count and kind. gcov runs in the build directory, as it resolves names
 * from there. llvm-cov and the gcov of GCC before 8 print no JSON; their text has neither executed
 * blocks nor the kinds of all branches.
 *
 * Return: 0; COV_ERR_SYSTEM if gcov or a temporary folder cannot be used; COV_ERR_FORMAT if gcov's
 *         output is not understood.
 */
int verify_snapshot(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    const struct verify_files *files, struct verify_result *ret,
		    struct cov_error *err);

#endif
