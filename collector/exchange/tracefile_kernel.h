/* tracefile_kernel.h - a kernel made of what a tracefile has. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_KERNEL_H
#define COLLECTOR_EXCHANGE_TRACEFILE_KERNEL_H

struct cov_kernel;
struct cov_tracefile;

/**
 * tracefile_kernel_make() - a kernel that has the lines and functions of a tracefile, and no more.
 * @root: directory of its files; NULL: the deepest that holds all of them
 * @out:  one object, without counters, stands for all; free with kernel_deinit()
 */
void tracefile_kernel_make(const struct cov_tracefile *tracefile, const char *root,
			   struct cov_kernel *out);

#endif
