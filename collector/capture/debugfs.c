/* debugfs.c - the kernel's gcov files: is the directory there, which files, reset. */
#include "collector/capture/debugfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

static const char mount_point[] = "/sys/kernel/debug";
static const char gcov_directory[] = "/sys/kernel/debug/gcov";

/* Far above a source tree's, far below what exhausts descriptors. */
enum { DEPTH_MAX = 64 };

const char *debugfs_directory(const char *directory)
{
	return directory ? directory : gcov_directory;
}

int debugfs_check_root(struct cov_error *err)
{
	if (geteuid() == 0)
		return 0;
	return cov_fail(err, COV_ERR_MACHINE, "must run as root to read %s", gcov_directory);
}

int debugfs_check_mount(struct cov_error *err)
{
	struct statfs status;

	if (statfs(mount_point, &status) == 0 && status.f_type == DEBUGFS_MAGIC)
		return 0;
	return cov_fail(err, COV_ERR_MACHINE, "debugfs is not mounted: mount -t debugfs none %s",
			mount_point);
}

int debugfs_check(const char *directory, struct cov_error *err)
{
	const char *path = debugfs_directory(directory);
	int result = directory ? 0 : debugfs_check_root(err);

	if (result == 0 && !directory)
		result = debugfs_check_mount(err);
	if (result != 0)
		return result;
	if (!cov_is_directory(path))
		return cov_fail(err, COV_ERR_MACHINE,
				"this kernel has no gcov (%s is missing): build "
				"it with kernel-config/gcov.config",
				path);
	if (access(path, R_OK | X_OK) != 0)
		return cov_fail(err, COV_ERR_MACHINE, "cannot read %s: %s", path, strerror(errno));

	COV_AUTO(free) char *reset = cov_format("%s/reset", path);
	if (access(reset, W_OK) != 0)
		return cov_fail(err, COV_ERR_MACHINE, "cannot write %s: %s", reset,
				strerror(errno));
	return 0;
}

static void add_file(struct debugfs_files *files, char *path)
{
	files->paths =
	    cov_grow(files->paths, files->count, &files->capacity, sizeof(*files->paths));
	files->paths[files->count++] = path;
}

/* @prefix is "" or ends with a slash. */
static int open_folder(int parent, const char *name, const char *prefix, DIR **ret,
		       struct cov_error *err)
{
	int fd = cov_open_at(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	/* A module unloaded in the meantime takes its directory with it. */
	if (fd < 0 && errno == ENOENT && parent != AT_FDCWD)
		return 0;
	if (fd < 0)
		return cov_fail_errno(err, "cannot open the directory %s%s", prefix, name);
	*ret = fdopendir(fd);
	if (*ret)
		return 0;
	int result = cov_fail_errno(err, "cannot read the directory %s%s", prefix, name);
	close(fd);
	return result;
}

static int walk(int parent, const char *name, const char *prefix, int depth,
		struct debugfs_files *files, struct cov_error *err)
{
	COV_AUTO(closedir) DIR *directory = NULL;
	int result = open_folder(parent, name, prefix, &directory, err);

	if (result != 0 || !directory)
		return result;
	if (depth == DEPTH_MAX)
		return cov_fail(err, COV_ERR_SYSTEM, "%s is nested more than %d deep", prefix,
				DEPTH_MAX);
	COV_AUTO(free) char *folder = cov_format("%s%s", prefix, name);
	const struct dirent *entry;
	while ((result = cov_directory_next(directory, folder, &entry, err)) > 0) {
		unsigned char type = cov_entry_type(dirfd(directory), entry);
		COV_AUTO(free)
		char *path = cov_format("%s%s%s", prefix, entry->d_name, type == DT_DIR ? "/" : "");
		/* Something stands before the suffix. */
		if (type == DT_REG && cov_has_suffix(entry->d_name + 1, ".gcda")) {
			add_file(files, path);
			path = NULL;
		} else if (type == DT_DIR) {
			result = walk(dirfd(directory), entry->d_name, path, depth + 1, files, err);
		} else if (type == DT_UNKNOWN && errno != ENOENT) {
			result = cov_fail_errno(err, "cannot read %s", path);
		}
		if (result < 0)
			return result;
	}
	return result;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int debugfs_list(const char *directory, struct debugfs_files *ret, struct cov_error *err)
{
	struct debugfs_files files = { 0 };
	int result = walk(AT_FDCWD, debugfs_directory(directory), "", 0, &files, err);

	if (result != 0) {
		debugfs_files_deinit(&files);
		return result;
	}
	if (files.count)
		qsort(files.paths, files.count, sizeof(*files.paths), compare_paths);
	*ret = files;
	return 0;
}

void debugfs_files_deinit(struct debugfs_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
	memset(files, 0, sizeof(*files));
}

int debugfs_reset(const char *directory, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/reset", debugfs_directory(directory));
	COV_AUTO(close) int fd = cov_open_at(AT_FDCWD, path, O_WRONLY);

	/* What is written does not matter to the kernel. */
	if (fd < 0 || cov_write_all(fd, "0", 1) != 0)
		return cov_fail_errno(err, "cannot reset the counters through %s", path);
	return 0;
}
