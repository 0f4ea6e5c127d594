/* history_renames.c - which files of one tree are which of another under a new name. */
#include "venn/history/history_renames.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <stdint.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/history/git.h"

COV_DEFINE_AUTO(git_odb *, git_odb_free)

static const char what[] = "cannot look for renamed files";

/* A repository in memory alone. */
static int make_repository(git_repository **ret, struct cov_error *err)
{
	COV_AUTO(git_odb_free) git_odb *objects = NULL;
	git_odb_backend *memory = NULL;
	int result = git_odb_new(&objects);

	if (result == 0)
		result = git_mempack_new(&memory);
	if (result == 0)
		result = git_odb_add_backend(objects, memory, 1);
	if (result == 0)
		result = git_repository_wrap_odb(ret, objects);
	return result ? git_say(result, what, err) : 0;
}

static int make_tree(git_repository *repository, const struct history_files *files, git_tree **ret,
		     struct cov_error *err)
{
	COV_AUTO(git_index_free) git_index *index = NULL;
	git_oid id;
	int result = git_index_new(&index);

	for (size_t i = 0; result == 0 && i < files->count; i++) {
		git_index_entry entry = { .mode = GIT_FILEMODE_BLOB, .path = files->paths[i] };

		result = git_blob_create_from_buffer(&entry.id, repository, files->texts[i].bytes,
						     files->texts[i].size);
		if (result == 0)
			result = git_index_add(index, &entry);
	}
	if (result == 0)
		result = git_index_write_tree_to(&id, index, repository);
	if (result == 0)
		result = git_tree_lookup(ret, repository, &id);
	return result ? git_say(result, what, err) : 0;
}

static size_t find_path(const struct history_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++) {
		if (strcmp(files->paths[i], path) == 0)
			return i;
	}
	return SIZE_MAX;
}

static int find(git_repository *repository, git_tree *const trees[2], git_diff **ret,
		struct cov_error *err)
{
	git_diff_find_options options;
	int result = git_diff_find_options_init(&options, GIT_DIFF_FIND_OPTIONS_VERSION);

	if (result == 0)
		result = git_diff_tree_to_tree(ret, repository, trees[0], trees[1], NULL);

	options.flags = GIT_DIFF_FIND_RENAMES;
	options.rename_limit = SIZE_MAX; /* all are looked at, however many there are */
	if (result == 0)
		result = git_diff_find_similar(*ret, &options);
	return result ? git_say(result, what, err) : 0;
}

int history_renames(const struct history_files *old, const struct history_files *new, size_t *ret,
		    struct cov_error *err)
{
	COV_AUTO(git_repository_free) git_repository *repository = NULL;
	COV_AUTO(git_tree_free) git_tree *old_tree = NULL;
	COV_AUTO(git_tree_free) git_tree *new_tree = NULL;
	COV_AUTO(git_diff_free) git_diff *diff = NULL;
	int result = git_begin(err);

	for (size_t i = 0; i < old->count; i++)
		ret[i] = SIZE_MAX;
	if (!old->count || !new->count)
		return 0;
	if (result == 0)
		result = make_repository(&repository, err);
	if (result == 0)
		result = make_tree(repository, old, &old_tree, err);
	if (result == 0)
		result = make_tree(repository, new, &new_tree, err);
	if (result == 0)
		result = find(repository, (git_tree *const[]){ old_tree, new_tree }, &diff, err);
	if (result)
		return result;
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);

		if (delta->status != GIT_DELTA_RENAMED)
			continue;
		size_t place = find_path(old, delta->old_file.path);
		if (place != SIZE_MAX)
			ret[place] = find_path(new, delta->new_file.path);
	}
	return 0;
}
