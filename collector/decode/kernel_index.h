/* kernel_index.h - the universe of instrumented lines of a kernel, from the plans of its objects.
 */
#ifndef COLLECTOR_DECODE_KERNEL_INDEX_H
#define COLLECTOR_DECODE_KERNEL_INDEX_H

struct cov_kernel;

/**
 * kernel_index() - make the universe of a kernel whose objects have their paths and plans.
 * @kernel: objects (sorted by path) and object_count are filled; all else is made, but for
 *          line_copies, which few need
 */
void kernel_index(struct cov_kernel *kernel);

/** kernel_index_number() - the part of kernel_index() that numbers counters and functions. */
void kernel_index_number(struct cov_kernel *kernel);

/** kernel_index_copies() - [line_count], how many line_ids each line is, at most
 * KERNEL_COPIES_MANY; free() it. */
unsigned char *kernel_index_copies(const struct cov_kernel *kernel);

#endif
