/*
 * fold.h - what `perf script` prints of samples, as folded stacks.
 *
 * A folded stack is the form that flame graph tools read: the frames from the outermost to the
 * innermost, joined by ';', then a space and the number of samples that had them:
 *
 *   covdb-work;[covdb-work];entry_SYSCALL_64_after_hwframe_[k];do_syscall_64_[k];ksys_write_[k] 12
 *
 * The first frame is the name of the process. A frame of the kernel ends with "_[k]", as the tools
 * have it. A frame without a symbol is the file that it is in, in brackets; several of them, one
 * after the other, are one.
 *
 * Source: tools/perf/Documentation/perf-script.txt; a blank line ends each sample.
 */
#ifndef COLLECTOR_RUN_FOLD_H
#define COLLECTOR_RUN_FOLD_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

/* What perf script has to be asked for. */
#define FOLD_FIELDS "comm,ip,sym,symoff,dso"

struct fold_stack {
	char *text; /* frames joined by ';'; owned */
	long long samples;
};

/* A zeroed struct is empty. */
struct fold {
	struct fold_stack *stacks; /* [count]; owned */
	size_t count;
	size_t capacity;
	size_t merged_count; /* of the first stacks, sorted, none twice */
	long long samples;
	long long lost; /* samples that perf could not keep */
	char *command;  /* of the sample that is being read; NULL between samples; owned */
	char **frames;  /* [frame_count], its frames from the innermost; owned */
	size_t frame_count;
	size_t frame_capacity;
};

/** fold_line() - the next line, without its end. */
void fold_line(struct fold *fold, const char *line);

/** fold_end() - no line follows: the last sample ends, stacks are sorted, none is twice. */
void fold_end(struct fold *fold);

/** fold_print() - a line for each stack; after fold_end(). */
void fold_print(const struct fold *fold, struct cov_text *text);

/** fold_deinit() - free what @fold owns; a zeroed struct is fine. */
void fold_deinit(struct fold *fold);

COV_DEFINE_AUTO_STRUCT(struct fold, fold_deinit)

#endif
