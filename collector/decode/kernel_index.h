/* kernel_index.h - the universe of instrumented lines of a kernel, from the plans of its objects.
 */
#ifndef COLLECTOR_DECODE_KERNEL_INDEX_H
#define COLLECTOR_DECODE_KERNEL_INDEX_H

struct cov_kernel;

/**
 * kernel_index() - make the universe of a kernel whose objects have their paths and plans.
 * @kernel: objects (sorted by path) and object_count are filled; all else is made
 */
void kernel_index(struct cov_kernel *kernel);

/** kernel_index_number() - the part of kernel_index() that numbers counters and functions, and
 * counts copies of lines. */
void kernel_index_number(struct cov_kernel *kernel);

#endif
