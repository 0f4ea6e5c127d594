/* kernel_read.h - read and compile the notes of a kernel build. */
#ifndef COLLECTOR_DECODE_KERNEL_READ_H
#define COLLECTOR_DECODE_KERNEL_READ_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct cov_kernel;
struct cov_problems;
struct kernel_reader;
struct tree;

enum kernel_depth {
	KERNEL_RAN,    /* functions are compiled if they ran in a certain snapshot */
	KERNEL_PLANS,  /* all is compiled */
	KERNEL_BODIES, /* the same, and packed: what is kept */
};

/**
 * kernel_read_notes() - read and compile all .gcno files of a kernel build.
 * @depth:    not KERNEL_RAN
 * @notes:    its build tree, or a directory or archive of its .gcno files
 * @out:      filled on success; free with kernel_deinit()
 * @problems: the .gcno files that could not be used are added; the others make up the kernel
 *
 * Return: 0; COV_ERR_SYSTEM or COV_ERR_FORMAT if there is nothing to read at @notes.
 */
int kernel_read_notes(const char *notes, enum kernel_depth depth, struct cov_kernel *out,
		      struct cov_problems *problems, struct cov_error *err);

/**
 * kernel_read_tree() - the same from a tree that was opened for ".gcno".
 * @snapshot: for KERNEL_RAN: opened for ".gcda"; its counters stay with the objects; of other
 * snapshots, functions are read from @tree once more when they are evaluated
 * @out:      filled; free with kernel_deinit(), after KERNEL_RAN before @tree
 */
void kernel_read_tree(const struct tree *tree, enum kernel_depth depth, const struct tree *snapshot,
		      struct cov_kernel *out, struct cov_problems *problems);

/** kernel_reader_new() - for KERNEL_BODIES of notes that come one by one: kernel_reader_free() */
struct kernel_reader *kernel_reader_new(void);

/**
 * kernel_reader_add() - compile the notes of an object.
 * @name:   of their file; copied
 * @thread: < cov_thread_count(); several threads may add at once
 */
void kernel_reader_add(struct kernel_reader *reader, const char *name, const char *data,
		       size_t size, size_t thread);

/** kernel_reader_finish() - what kernel_read_tree() makes of a tree with the same files. */
void kernel_reader_finish(struct kernel_reader *reader, struct cov_kernel *out,
			  struct cov_problems *problems);

/** kernel_reader_free() - NULL is fine. */
void kernel_reader_free(struct kernel_reader *reader);

COV_DEFINE_AUTO(struct kernel_reader *, kernel_reader_free)

#endif
