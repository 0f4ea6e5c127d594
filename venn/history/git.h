/* git.h - libgit2, set up once, and what it says when it fails; only this room includes git2.h. */
#ifndef VENN_HISTORY_GIT_H
#define VENN_HISTORY_GIT_H

#include <git_late.h> /* git2.h, loaded by git_begin() */

#include "collector/base/cleanup.h"

struct cov_error;

COV_DEFINE_AUTO(git_repository *, git_repository_free)
COV_DEFINE_AUTO(git_object *, git_object_free)
COV_DEFINE_AUTO(git_commit *, git_commit_free)
COV_DEFINE_AUTO(git_tree *, git_tree_free)
COV_DEFINE_AUTO(git_tree_entry *, git_tree_entry_free)
COV_DEFINE_AUTO(git_blob *, git_blob_free)
COV_DEFINE_AUTO(git_diff *, git_diff_free)
COV_DEFINE_AUTO(git_patch *, git_patch_free)
COV_DEFINE_AUTO(git_index *, git_index_free)
COV_DEFINE_AUTO(git_blame *, git_blame_free)

/**
 * git_begin() - load libgit2 and set it up; may be called again, by any thread.
 *
 * Return: 0; COV_ERR_SYSTEM if it is not there.
 */
int git_begin(struct cov_error *err);

/**
 * git_say() - @err becomes "@what: " and what libgit2 said last in this thread.
 * @code: that libgit2 returned; where it asks for memory the program ends
 *
 * Return: COV_ERR_MISMATCH if there is no such thing; else COV_ERR_FORMAT.
 */
int git_say(int code, const char *what, struct cov_error *err);

#endif
