/*
 * join.h - the lines of one kernel in another.
 *
 * Files are joined by path, those without a file of their path by similar content, as git does.
 * Within a file lines are joined as git diff leaves them unchanged. What is known of an
 * instrumented line of one kernel is known of the line that it is joined with, if that is
 * instrumented, too; what becomes of all others is counted.
 */
#ifndef VENN_CHANGE_JOIN_H
#define VENN_CHANGE_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/change/sources.h"

struct cov_error;

enum { JOIN_NONE = UINT32_MAX };

/* What became of an instrumented line, seen from either kernel. */
enum join_fate {
	JOIN_SAME,    /* there under the same path and number, with code */
	JOIN_MOVED,   /* there under another path or number, with code */
	JOIN_NO_CODE, /* its text is there, but without code: not compiled, or merged */
	JOIN_CHANGED, /* other lines stand in its place */
	JOIN_ONLY,    /* only here */
	JOIN_UNKNOWN, /* no source of its file, here or there */
	JOIN_FATE_COUNT
};

/** join_fate_name() - "same", "moved", ... */
const char *join_fate_name(enum join_fate fate);

struct join_side {
	uint32_t *lines;      /* [line_count], line id in the other kernel; JOIN_NONE; owned */
	unsigned char *fates; /* [line_count], enum join_fate; owned */
	uint32_t *files;      /* [file_count], index into the other's files; JOIN_NONE; owned */
	size_t line_count, file_count;
};

struct join {
	struct join_side old, new;
	size_t renamed_count; /* files */
};

void join_deinit(struct join *join);
COV_DEFINE_AUTO_STRUCT(struct join, join_deinit)

/* A kernel and its sources; both borrowed. */
struct join_kernel {
	const struct cov_kernel *kernel;
	const struct sources *sources;
};

/**
 * join_kernels() - join the lines of two kernels.
 * @ret: free with join_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a text cannot be compared.
 */
int join_kernels(struct join_kernel old, struct join_kernel new, struct join *ret,
		 struct cov_error *err);

/** join_itself() - each line of a kernel is its own. @ret: free with join_deinit() */
void join_itself(const struct cov_kernel *kernel, struct join *ret);

#endif
