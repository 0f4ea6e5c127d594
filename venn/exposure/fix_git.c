/* fix_git.c - which lines of a kernel's source a fixing commit is about, by a git. */
#include "venn/exposure/fix_git.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/history/git.h"

struct fix_git {
	char *path; /* owned */
	const char *source;
	git_repository *repository; /* owned */
};

/* The text of one file before and after a commit, and of the kernel's. */
struct texts {
	git_blob *before, *after; /* owned, as is the next */
	char *here;
	size_t here_bytes;
};

static void texts_deinit(struct texts *texts)
{
	git_blob_free(texts->before);
	git_blob_free(texts->after);
	free(texts->here);
}

COV_DEFINE_AUTO_STRUCT(struct texts, texts_deinit)

static int fail(const struct fix_git *git, const char *what, struct cov_error *err)
{
	COV_AUTO(free) char *about = cov_format("%s: %s", git->path, what);

	return git_say(GIT_ERROR, about, err);
}

int fix_git_open(const char *path, const char *source, struct fix_git **ret, struct cov_error *err)
{
	struct fix_git *git = cov_xcalloc(1, sizeof(*git));
	int result = git_begin(err);

	git->path = cov_xstrdup(path);
	git->source = source;
	if (result == 0 &&
	    git_repository_open_ext(&git->repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL))
		result = fail(git, "not a git that can be read", err);
	if (result)
		fix_git_close(git);
	else
		*ret = git;
	return result;
}

void fix_git_close(struct fix_git *git)
{
	if (!git)
		return;
	git_repository_free(git->repository);
	free(git->path);
	free(git);
}

/* The commit and what it was made on; a merge or the first one is of no use. */
static bool find_trees(struct fix_git *git, const char *commit, git_tree **before, git_tree **after)
{
	COV_AUTO(git_commit_free) git_commit *found = NULL;
	COV_AUTO(git_commit_free) git_commit *parent = NULL;
	git_oid id;

	return git_oid_fromstr(&id, commit) == 0 &&
	       git_commit_lookup(&found, git->repository, &id) == 0 &&
	       git_commit_parentcount(found) == 1 && git_commit_parent(&parent, found, 0) == 0 &&
	       git_commit_tree(before, parent) == 0 && git_commit_tree(after, found) == 0;
}

bool fix_git_has(struct fix_git *git, const char *commit)
{
	COV_AUTO(git_tree_free) git_tree *before = NULL;
	COV_AUTO(git_tree_free) git_tree *after = NULL;

	return find_trees(git, commit, &before, &after);
}

/* Return: 1; 0 if there is no such file in the tree. */
static int find_blob(struct fix_git *git, const git_tree *tree, const char *file, git_blob **ret,
		     struct cov_error *err)
{
	COV_AUTO(git_tree_entry_free) git_tree_entry *entry = NULL;
	int result = git_tree_entry_bypath(&entry, tree, file);

	if (result == GIT_ENOTFOUND ||
	    (result == 0 && git_tree_entry_type(entry) != GIT_OBJECT_BLOB))
		return 0;
	if (result == 0)
		result = git_blob_lookup(ret, git->repository, git_tree_entry_id(entry));
	return result ? fail(git, file, err) : 1;
}

/* One hunk of the difference between two texts: lines are numbered from 1. */
struct hunk {
	int64_t old_first, old_count, new_first, new_count;
};

static struct hunk hunk_of(git_patch *patch, size_t index)
{
	const git_diff_hunk *hunk = NULL;

	if (git_patch_get_hunk(&hunk, NULL, patch, index))
		return (struct hunk){ 0 };
	return (struct hunk){ hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines };
}

/*
 * Where a line of the old text is in the new one. Return: whether it is there; else @first to @last
 * are what stands in its place, none if @last is below @first.
 */
static bool move_line(git_patch *patch, int64_t line, int64_t *first, int64_t *last)
{
	int64_t shift = 0;

	for (size_t i = 0; i < git_patch_num_hunks(patch); i++) {
		struct hunk hunk = hunk_of(patch, i);

		if (!hunk.old_count && hunk.old_first >= line)
			break; /* inserted behind it */
		if (hunk.old_count && hunk.old_first > line)
			break;
		if (hunk.old_count && line < hunk.old_first + hunk.old_count) {
			*first = hunk.new_first;
			*last = hunk.new_first + hunk.new_count - 1;
			return false;
		}
		shift += hunk.new_count - hunk.old_count;
	}
	*first = *last = line + shift;
	return true;
}

static void add_line(struct fix_lines *lines, const char *file, int64_t first, int64_t last,
		     bool is_exact)
{
	struct store_cve_line *before = lines->count ? &lines->items[lines->count - 1] : NULL;

	if (before && before->is_exact == is_exact && strcmp(before->path, file) == 0 &&
	    first >= before->first && first <= before->last + 1) {
		before->last = last > before->last ? last : before->last;
		return;
	}
	lines->items =
	    cov_grow(lines->items, lines->count, &lines->capacity, sizeof(*lines->items));
	lines->items[lines->count++] =
	    (struct store_cve_line){ cov_xstrdup(file), first, last, is_exact };
}

/* Whether lines [first, first + count) of the old text are all in the new one, or none. */
static bool are_all(git_patch *patch, int64_t first, int64_t count, bool is_wanted)
{
	int64_t here, last;

	for (int64_t line = first; line < first + count; line++) {
		if (move_line(patch, line, &here, &last) != is_wanted)
			return false;
	}
	return true;
}

/* What a hunk of the fix is about, in the kernel's source. */
static void take_hunk(const struct hunk *fix, git_patch *moved, const char *file,
		      struct fix_lines *lines)
{
	/* What is inserted has no old side: the lines before and behind it. */
	int64_t count = fix->old_count ? fix->old_count : 2;

	for (int64_t line = fix->old_first; line < fix->old_first + count; line++) {
		int64_t first, last;
		bool is_exact = move_line(moved, line, &first, &last);

		if (line > 0 && first <= last)
			add_line(lines, file, first, last, is_exact);
	}
}

static int take_file(struct fix_git *git, const struct texts *texts, const char *file,
		     struct fix_lines *lines, bool *has_hunks, struct cov_error *err)
{
	COV_AUTO(git_patch_free) git_patch *fix = NULL;
	COV_AUTO(git_patch_free) git_patch *moved = NULL;
	COV_AUTO(git_patch_free) git_patch *made = NULL;
	git_diff_options options;

	if (git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION))
		return fail(git, file, err);
	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT;
	if (git_patch_from_blobs(&fix, texts->before, file, texts->after, file, &options) ||
	    git_patch_from_blob_and_buffer(&moved, texts->before, file, texts->here,
					   texts->here_bytes, file, &options) ||
	    git_patch_from_blob_and_buffer(&made, texts->after, file, texts->here,
					   texts->here_bytes, file, &options))
		return fail(git, file, err);
	for (size_t i = 0; i < git_patch_num_hunks(fix); i++) {
		struct hunk hunk = hunk_of(fix, i);

		*has_hunks = true;
		take_hunk(&hunk, moved, file, lines);
		lines->is_in_source &= are_all(made, hunk.new_first, hunk.new_count, true) &&
				       are_all(moved, hunk.old_first, hunk.old_count, false);
	}
	return 0;
}

int fix_git_lines(struct fix_git *git, const char *commit, char *const *files, size_t count,
		  struct fix_lines *ret, struct cov_error *err)
{
	COV_AUTO(git_tree_free) git_tree *before = NULL;
	COV_AUTO(git_tree_free) git_tree *after = NULL;
	COV_AUTO(fix_git_lines_deinit) struct fix_lines lines = { .is_in_source = true };
	bool has_hunks = false;

	if (!find_trees(git, commit, &before, &after))
		return fail(git, commit, err);
	for (size_t i = 0; i < count; i++) {
		COV_AUTO(texts_deinit) struct texts texts = { 0 };
		COV_AUTO(free) char *path = cov_format("%s/%s", git->source, files[i]);
		int result = find_blob(git, before, files[i], &texts.before, err);

		if (result > 0)
			result = find_blob(git, after, files[i], &texts.after, err);
		if (result < 0)
			return result;
		if (!result || git_oid_equal(git_blob_id(texts.before), git_blob_id(texts.after)))
			continue;
		result = cov_file_read_text(path, &texts.here, &texts.here_bytes, err);
		if (result == 0)
			result = take_file(git, &texts, files[i], &lines, &has_hunks, err);
		if (result)
			return result;
	}
	lines.is_in_source &= has_hunks;
	*ret = lines;
	memset(&lines, 0, sizeof(lines));
	return 0;
}

void fix_git_lines_deinit(struct fix_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i].path);
	free(lines->items);
	memset(lines, 0, sizeof(*lines));
}
