/* kernel_directory.h - a directory or file of a kernel, and its range of lines. */
#ifndef COLLECTOR_DECODE_KERNEL_DIRECTORY_H
#define COLLECTOR_DECODE_KERNEL_DIRECTORY_H

#include <stddef.h>

struct cov_kernel;

/**
 * kernel_directory_name() - one spelling for a directory or file of the kernel.
 * @directory: "net", "net/", "./net"; "", "." or "/" for the whole kernel
 *
 * Return: "net"; "." for the whole kernel. free() it.
 */
char *kernel_directory_name(const char *directory);

/**
 * kernel_directory_range() - the line ids of a directory or of a file.
 * @directory: as for kernel_directory_name()
 * @first_out: line id of its first line
 *
 * Return: how many lines it has; 0 if the kernel has no such directory.
 */
size_t kernel_directory_range(const struct cov_kernel *kernel, const char *directory,
			      size_t *first_out);

#endif
