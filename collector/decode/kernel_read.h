/* kernel_read.h - read and compile the notes of a kernel build. */
#ifndef COLLECTOR_DECODE_KERNEL_READ_H
#define COLLECTOR_DECODE_KERNEL_READ_H

struct cov_error;
struct cov_kernel;
struct cov_problems;
struct tree;

enum kernel_depth {
	KERNEL_SURVEY, /* what a snapshot is joined with; functions are compiled if they ran */
	KERNEL_PLANS,  /* all is compiled */
	KERNEL_BODIES, /* the same, and packed: what is kept */
};

/**
 * kernel_read_notes() - read and compile all .gcno files of a kernel build.
 * @depth:    KERNEL_SURVEY to evaluate one snapshot, KERNEL_PLANS where functions that did not run
 *            matter as well
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
 * @out: filled; free with kernel_deinit()
 */
void kernel_read_tree(const struct tree *tree, enum kernel_depth depth, struct cov_kernel *out,
		      struct cov_problems *problems);

#endif
