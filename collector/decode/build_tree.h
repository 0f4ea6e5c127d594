/* build_tree.h - all that is kept of the build tree of a kernel, or of a folder or archive of its
 * notes. */
#ifndef COLLECTOR_DECODE_BUILD_TREE_H
#define COLLECTOR_DECODE_BUILD_TREE_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_compiled;
struct cov_error;
struct cov_kernel;
struct cov_problems;

/* Files that are read as they are. */
enum build_tree_file {
	BUILD_TREE_RELEASE, /* include/config/kernel.release */
	BUILD_TREE_COMMAND, /* init/.main.o.cmd, of an object that every kernel has */
	BUILD_TREE_OPTIONS, /* covdb.options */
	BUILD_TREE_FILE_COUNT,
};

/* A zeroed struct is empty. */
struct build_tree {
	char *texts[BUILD_TREE_FILE_COUNT]; /* with NUL behind; NULL: there is none; owned */
	size_t sizes[BUILD_TREE_FILE_COUNT];
};

/**
 * build_tree_read() - read and compile what is at @notes; an archive in one go, if it can be.
 * @ret:      freed with build_tree_deinit(), also after a failure
 * @kernel:   filled on success with all objects, packed; free with kernel_deinit()
 * @compiled: filled on success; free with compiled_deinit()
 * @problems: of notes that cannot be used, of which there may be some
 *
 * Return: 0; COV_ERR_SYSTEM if a file cannot be read; COV_ERR_FORMAT if there is no object.
 */
int build_tree_read(const char *notes, struct build_tree *ret, struct cov_kernel *kernel,
		    struct cov_compiled *compiled, struct cov_problems *problems,
		    struct cov_error *err);

void build_tree_deinit(struct build_tree *tree);
COV_DEFINE_AUTO_STRUCT(struct build_tree, build_tree_deinit)

#endif
