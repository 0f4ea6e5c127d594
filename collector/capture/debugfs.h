/*
 * debugfs.h - the kernel's gcov files: is the directory there, which files, reset.
 *
 * The only module that knows where they are. Every function takes the directory, so that a test can
 * pass its own; NULL stands for the kernel's.
 */
#ifndef COLLECTOR_CAPTURE_DEBUGFS_H
#define COLLECTOR_CAPTURE_DEBUGFS_H

#include <stddef.h>

struct cov_error;

/* The .gcda files below the directory. A zeroed struct is the empty list. */
struct debugfs_files {
	char **paths; /* [count], relative to the directory, sorted by strcmp(); owned */
	size_t count;
	size_t capacity;
};

/** debugfs_directory() - @directory, or the kernel's gcov directory if it is NULL. */
const char *debugfs_directory(const char *directory);

/**
 * debugfs_check_root() - may this process read debugfs.
 *
 * Return: 0; COV_ERR_MACHINE.
 */
int debugfs_check_root(struct cov_error *err);

/**
 * debugfs_check_mount() - is debugfs mounted.
 *
 * Return: 0; COV_ERR_MACHINE, with the command that mounts it.
 */
int debugfs_check_mount(struct cov_error *err);

/**
 * debugfs_check() - can counters be read and reset here.
 * @directory: NULL for the kernel's; then root and the mount are checked too
 * @err:       the first thing that is missing and how to fix it
 *
 * Return: 0; COV_ERR_MACHINE.
 */
int debugfs_check(const char *directory, struct cov_error *err);

/**
 * debugfs_list() - all .gcda files; symbolic links (the .gcno beside them) are left out.
 * @ret: free with debugfs_files_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM if a directory cannot be read.
 */
int debugfs_list(const char *directory, struct debugfs_files *ret, struct cov_error *err);

/** debugfs_files_deinit() - free what @files owns; a zeroed struct is fine. */
void debugfs_files_deinit(struct debugfs_files *files);

/** debugfs_reset() - set every counter to zero. Return: 0; COV_ERR_SYSTEM. */
int debugfs_reset(const char *directory, struct cov_error *err);

#endif
