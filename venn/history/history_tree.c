/* history_tree.c - the files of a git repository at one revision. */
#include "venn/history/history_tree.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/history/git.h"

struct history_tree {
	git_repository *repository; /* owned, as is the next */
	git_tree *tree;
};

void history_tree_close(struct history_tree *tree)
{
	if (!tree)
		return;
	git_tree_free(tree->tree);
	git_repository_free(tree->repository);
	free(tree);
}

int history_tree_open(const char *repository, const char *revision, struct history_tree **ret,
		      struct cov_error *err)
{
	COV_AUTO(history_tree_close) struct history_tree *tree = cov_xcalloc(1, sizeof(*tree));
	COV_AUTO(git_object_free) git_object *object = NULL;
	COV_AUTO(free) char *what = cov_format("%s at %s", repository, revision);
	int result = git_begin(err);

	if (result)
		return result;
	result = git_repository_open_ext(&tree->repository, repository, 0, NULL);
	if (result)
		return git_say(result, repository, err);
	result = git_revparse_single(&object, tree->repository, revision);
	if (result == 0)
		result = git_object_peel((git_object **)&tree->tree, object, GIT_OBJECT_TREE);
	if (result)
		return git_say(result, what, err);
	*ret = tree;
	tree = NULL;
	return 0;
}

int history_tree_read(struct history_tree *tree, const char *path, char **ret, size_t *size_out,
		      struct cov_error *err)
{
	COV_AUTO(git_tree_entry_free) git_tree_entry *entry = NULL;
	COV_AUTO(git_blob_free) git_blob *blob = NULL;
	int result = git_tree_entry_bypath(&entry, tree->tree, path);

	*ret = NULL;
	*size_out = 0;
	if (result == GIT_ENOTFOUND ||
	    (result == 0 && git_tree_entry_type(entry) != GIT_OBJECT_BLOB))
		return 0;
	if (result == 0)
		result = git_blob_lookup(&blob, tree->repository, git_tree_entry_id(entry));
	if (result)
		return git_say(result, path, err);
	*size_out = (size_t)git_blob_rawsize(blob);
	*ret = cov_xmalloc(*size_out + 1);
	memcpy(*ret, git_blob_rawcontent(blob), *size_out);
	(*ret)[*size_out] = '\0';
	return 0;
}
