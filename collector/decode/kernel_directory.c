/* kernel_directory.c - a directory or file of a kernel, and its range of lines. */
#include "collector/decode/kernel_directory.h"

#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/gcov/source_path.h"

/* The first file whose name is not below @name. */
static size_t lower_bound(const struct cov_kernel *kernel, const char *name)
{
	size_t low = 0, high = kernel->file_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(kernel->files[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

char *kernel_directory_name(const char *directory)
{
	char *name = source_path_canonical(directory);

	if (*name && strcmp(name, "/") != 0)
		return name;
	free(name);
	return cov_xstrdup(".");
}

size_t kernel_directory_range(const struct cov_kernel *kernel, const char *directory,
			      size_t *first_out)
{
	COV_AUTO(free) char *name = kernel_directory_name(directory);

	*first_out = 0;
	if (strcmp(name, ".") == 0)
		return kernel->line_count;
	size_t low = lower_bound(kernel, name);
	size_t high = low + 1;
	if (low == kernel->file_count || strcmp(kernel->files[low], name) != 0) {
		COV_AUTO(free) char *inside = cov_format("%s/", name);
		COV_AUTO(free) char *behind = cov_format("%s0", name); /* '0' follows '/' */

		low = lower_bound(kernel, inside);
		high = lower_bound(kernel, behind);
	}
	*first_out = kernel->file_line_first[low];
	return kernel->file_line_first[high] - kernel->file_line_first[low];
}
