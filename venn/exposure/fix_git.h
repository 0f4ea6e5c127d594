/*
 * fix_git.h - which lines of a kernel's source a fixing commit is about, by a git (libgit2).
 *
 * The old side of the commit is the guilty code. It is moved to the kernel's source by the
 * difference between the two; where something was only inserted, the lines around it count.
 */
#ifndef VENN_EXPOSURE_FIX_GIT_H
#define VENN_EXPOSURE_FIX_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_cve.h"

struct cov_error;

/* An open git, and the kernel's source beside it. */
struct fix_git;

/**
 * fix_git_open() - open a git that is there; nothing is written to it.
 * @path:   its work tree, or a bare one
 * @source: the kernel's source tree; borrowed
 * @ret:    release with fix_git_close()
 *
 * Return: 0; COV_ERR_FORMAT if it is none, with the reason.
 */
int fix_git_open(const char *path, const char *source, struct fix_git **ret, struct cov_error *err);

void fix_git_close(struct fix_git *git);
COV_DEFINE_AUTO(struct fix_git *, fix_git_close)

/** fix_git_has() - whether it has a commit, with what it was made on. */
bool fix_git_has(struct fix_git *git, const char *commit);

/* What a commit is about. */
struct fix_lines {
	struct store_cve_line *items; /* [count], by file; owned */
	size_t count, capacity;
	bool is_in_source; /* all that it changed in these files is as it made it */
};

void fix_git_lines_deinit(struct fix_lines *lines);
COV_DEFINE_AUTO_STRUCT(struct fix_lines, fix_git_lines_deinit)

/**
 * fix_git_lines() - the lines of the kernel's source that a commit is about.
 * @commit: fix_git_has() it
 * @files:  [@count], of the kernel; those that the commit does not change have no lines
 * @ret:    free with fix_git_lines_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM if a file of the source cannot be read; COV_ERR_FORMAT if the git is
 *         damaged.
 */
int fix_git_lines(struct fix_git *git, const char *commit, char *const *files, size_t count,
		  struct fix_lines *ret, struct cov_error *err);

#endif
