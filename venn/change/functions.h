/* functions.h - the functions of a kernel by their place in the sources, one for all copies. */
#ifndef VENN_CHANGE_FUNCTIONS_H
#define VENN_CHANGE_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"

enum { FUNCTIONS_NONE = UINT32_MAX };

struct functions_item {
	const char *name; /* borrowed of the kernel */
	uint32_t file;    /* of kernel->files */
	uint32_t start_line, end_line;
};

struct functions {
	struct functions_item *items; /* [count], by file, start and name; owned */
	size_t count;
	uint32_t *of_lines; /* [kernel->line_count], the function around each line, the innermost;
			       FUNCTIONS_NONE: none; owned */
};

void functions_deinit(struct functions *functions);
COV_DEFINE_AUTO_STRUCT(struct functions, functions_deinit)

/** functions_list() - all functions of a kernel. @ret: free with functions_deinit() */
void functions_list(const struct cov_kernel *kernel, struct functions *ret);

/**
 * functions_find() - the function around a line.
 *
 * Return: its index; FUNCTIONS_NONE if there is none.
 */
uint32_t functions_find(const struct functions *functions, uint32_t file, uint32_t line);

/**
 * functions_join() - the functions of one kernel in another, by file and name.
 * @files: [file count of @old's kernel], which of the other's files each is; UINT32_MAX: none
 * @ret:   [old->count], index into @new; FUNCTIONS_NONE
 *
 * Of several with one name in a file the first is the first, the second the second.
 */
void functions_join(const struct functions *old, const struct functions *new, const uint32_t *files,
		    uint32_t *ret);

#endif
