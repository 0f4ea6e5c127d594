/* kernel_read.h - read and compile the notes of a kernel build. */
#ifndef COLLECTOR_DECODE_KERNEL_READ_H
#define COLLECTOR_DECODE_KERNEL_READ_H

struct cov_error;
struct cov_kernel;
struct cov_problems;
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

#endif
