/* store_file.h - the files of a kernel, as ranges of its lines. */
#ifndef VENN_STORE_STORE_FILE_H
#define VENN_STORE_STORE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_range.h"

struct cov_error;
struct store;

struct store_file {
	char *path; /* owned */
	struct store_range range;
};

struct store_files {
	struct store_file *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_file_list_deinit(struct store_files *files);
COV_DEFINE_AUTO_STRUCT(struct store_files, store_file_list_deinit)

/** store_file_list() - those whose lines are within a range. @ret: free with
 * store_file_list_deinit() */
int store_file_list(struct store *store, int64_t kernel_id, const struct store_range *within,
		    struct store_files *ret, struct cov_error *err);

#endif
