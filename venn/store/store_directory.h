/* store_directory.h - the directories of a kernel, as ranges of its lines. */
#ifndef VENN_STORE_STORE_DIRECTORY_H
#define VENN_STORE_STORE_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/* A directory of a kernel, as a range of its line ids. */
struct store_directory {
	int64_t id;
	char *path; /* owned */
	size_t line_first;
	size_t line_count;
};

struct store_directories {
	struct store_directory *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_directory_list_deinit(struct store_directories *directories);
COV_DEFINE_AUTO_STRUCT(struct store_directories, store_directory_list_deinit)

/** store_directory_list() - all directories of a kernel, the whole kernel (".") included. */
int store_directory_list(struct store *store, int64_t kernel_id, struct store_directories *ret,
			 struct cov_error *err);

#endif
