/* history_changes.c - what a patch changes: a range of commits, or a diff in a file. */
#include "venn/history/history_changes.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "venn/history/git.h"

COV_DEFINE_AUTO(git_revwalk *, git_revwalk_free)

void history_changes_deinit(struct history_changes *changes)
{
	cov_arena_deinit(&changes->memory);
	free(changes->commits);
	free(changes->files);
	free(changes->hunks);
	free(changes->lines);
	memset(changes, 0, sizeof(*changes));
}

/* The two ends of a range. Owned. */
struct range {
	git_repository *repository;
	git_object *from, *to; /* commits */
	const char *text;      /* as it was given; borrowed */
};

static void range_deinit(struct range *range)
{
	git_object_free(range->from);
	git_object_free(range->to);
	git_repository_free(range->repository);
}

COV_DEFINE_AUTO_STRUCT(struct range, range_deinit)

static int open_range(const char *repository, const char *text, struct range *ret,
		      struct cov_error *err)
{
	git_revspec ends = { 0 };
	int result = git_repository_open_ext(&ret->repository, repository, 0, NULL);

	ret->text = text;
	if (result)
		return git_say(result, repository, err);
	result = git_revparse(&ends, ret->repository, text);
	if (result)
		return git_say(result, text, err);
	if (ends.flags == GIT_REVSPEC_RANGE) {
		result = git_object_peel(&ret->from, ends.from, GIT_OBJECT_COMMIT);
		if (result == 0)
			result = git_object_peel(&ret->to, ends.to, GIT_OBJECT_COMMIT);
	}
	git_object_free(ends.from);
	git_object_free(ends.to);
	if (result)
		return git_say(result, text, err);
	return ret->to ? 0
		       : cov_fail(err, COV_ERR_USAGE, "'%s' is no range REVISION..REVISION", text);
}

static int add_commit(const struct range *range, const git_oid *id, struct history_changes *ret)
{
	COV_AUTO(git_commit_free) git_commit *commit = NULL;
	int result = git_commit_lookup(&commit, range->repository, id);

	if (result)
		return result;
	const char *subject = git_commit_summary(commit);
	ret->commits =
	    cov_grow(ret->commits, ret->commit_count, &ret->commit_capacity, sizeof(*ret->commits));
	struct history_commit *added = &ret->commits[ret->commit_count++];
	git_oid_tostr(added->id, sizeof(added->id), id);
	added->subject =
	    cov_arena_text(&ret->memory, subject ? subject : "", subject ? strlen(subject) : 0);
	return 0;
}

static int list_commits(const struct range *range, struct history_changes *ret,
			struct cov_error *err)
{
	COV_AUTO(git_revwalk_free) git_revwalk *walk = NULL;
	git_oid id;
	int result = git_revwalk_new(&walk, range->repository);

	if (result == 0)
		result = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_REVERSE);
	if (result == 0)
		result = git_revwalk_push(walk, git_object_id(range->to));
	if (result == 0)
		result = git_revwalk_hide(walk, git_object_id(range->from));
	while (result == 0 && (result = git_revwalk_next(&id, walk)) == 0)
		result = add_commit(range, &id, ret);
	return result == GIT_ITEROVER ? 0 : git_say(result, range->text, err);
}

static const char *keep(struct history_changes *changes, const char *text, size_t length)
{
	return cov_arena_text(&changes->memory, text, length);
}

static uint32_t number_of(int number)
{
	return number > 0 ? (uint32_t)number : 0;
}

static void add_line(struct history_changes *ret, const git_diff_line *line)
{
	size_t length = line->content_len;
	enum history_origin origin = line->origin == GIT_DIFF_LINE_ADDITION   ? HISTORY_ADDED
				     : line->origin == GIT_DIFF_LINE_DELETION ? HISTORY_REMOVED
									      : HISTORY_CONTEXT;

	if (length && line->content[length - 1] == '\n')
		length--;
	ret->lines =
	    cov_grow(ret->lines, ret->line_count, &ret->line_capacity, sizeof(*ret->lines));
	ret->lines[ret->line_count++] = (struct history_line){
		.origin = origin,
		.old_line = number_of(line->old_lineno),
		.new_line = number_of(line->new_lineno),
		.commit = HISTORY_COMMIT_NONE,
		.text = keep(ret, line->content, length),
		.text_bytes = length,
	};
}

/* Not the remark that a file ends without a line end. */
static bool is_line(const git_diff_line *line)
{
	return line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION ||
	       line->origin == GIT_DIFF_LINE_DELETION;
}

static int add_hunk(struct history_changes *ret, git_patch *patch, size_t index)
{
	const git_diff_hunk *hunk;
	const git_diff_line *line;
	size_t count;
	int result = git_patch_get_hunk(&hunk, &count, patch, index);

	if (result)
		return result;
	size_t length = strcspn(hunk->header, "\n");
	ret->hunks =
	    cov_grow(ret->hunks, ret->hunk_count, &ret->hunk_capacity, sizeof(*ret->hunks));
	struct history_hunk *added = &ret->hunks[ret->hunk_count++];
	*added = (struct history_hunk){ keep(ret, hunk->header, length), ret->line_count, 0 };
	for (size_t i = 0; result == 0 && i < count; i++) {
		result = git_patch_get_line_in_hunk(&line, patch, index, i);
		if (result == 0 && is_line(line))
			add_line(ret, line);
	}
	added->line_count = ret->line_count - added->line_first;
	return result;
}

/* The new version of a file. */
static int keep_text(git_repository *repository, const git_oid *id, struct history_changes *ret,
		     struct history_text *text)
{
	COV_AUTO(git_blob_free) git_blob *blob = NULL;

	if (git_oid_is_zero(id))
		return 0;
	int result = git_blob_lookup(&blob, repository, id);
	if (result == 0) {
		text->size = (size_t)git_blob_rawsize(blob);
		text->bytes = keep(ret, git_blob_rawcontent(blob), text->size);
	}
	return result;
}

static int add_file(git_repository *repository, git_diff *diff, size_t index,
		    struct history_changes *ret)
{
	COV_AUTO(git_patch_free) git_patch *patch = NULL;
	const git_diff_delta *delta = git_diff_get_delta(diff, index);
	const char *old_path = delta->old_file.path, *new_path = delta->new_file.path;
	int result = git_patch_from_diff(&patch, diff, index);

	/* One that is not text has no lines. */
	if (result || !patch)
		return result;
	struct history_file file = { .old_path = keep(ret, old_path, strlen(old_path)),
				     .new_path = keep(ret, new_path, strlen(new_path)),
				     .hunk_first = ret->hunk_count,
				     .hunk_count = git_patch_num_hunks(patch) };
	if (repository)
		result = keep_text(repository, &delta->new_file.id, ret, &file.new_text);
	for (size_t i = 0; result == 0 && i < file.hunk_count; i++)
		result = add_hunk(ret, patch, i);
	ret->files =
	    cov_grow(ret->files, ret->file_count, &ret->file_capacity, sizeof(*ret->files));
	ret->files[ret->file_count++] = file;
	return result;
}

static int add_files(git_repository *repository, git_diff *diff, const char *what,
		     struct history_changes *ret, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < git_diff_num_deltas(diff); i++)
		result = add_file(repository, diff, i, ret);
	return result ? git_say(result, what, err) : 0;
}

static int compare_ends(const struct range *range, git_diff **ret, struct cov_error *err)
{
	COV_AUTO(git_tree_free) git_tree *old = NULL;
	COV_AUTO(git_tree_free) git_tree *new = NULL;
	git_diff_options options;
	int result = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);

	options.flags = GIT_DIFF_INDENT_HEURISTIC;
	if (result == 0)
		result = git_commit_tree(&old, (git_commit *)range->from);
	if (result == 0)
		result = git_commit_tree(&new, (git_commit *)range->to);
	if (result == 0)
		result = git_diff_tree_to_tree(ret, range->repository, old, new, &options);
	if (result == 0)
		result = git_diff_find_similar(*ret, NULL);
	return result ? git_say(result, range->text, err) : 0;
}

static uint32_t find_commit(const struct history_changes *changes, const git_oid *id)
{
	char text[HISTORY_COMMIT_BYTES];

	git_oid_tostr(text, sizeof(text), id);
	for (size_t i = 0; i < changes->commit_count; i++) {
		if (strcmp(changes->commits[i].id, text) == 0)
			return (uint32_t)i;
	}
	return HISTORY_COMMIT_NONE;
}

/* The lines of all hunks of a file follow each other. */
static int blame_file(const struct range *range, struct history_changes *ret,
		      const struct history_file *file)
{
	COV_AUTO(git_blame_free) git_blame *blame = NULL;
	git_blame_options options;
	int result = git_blame_options_init(&options, GIT_BLAME_OPTIONS_VERSION);

	if (result || !file->new_text.bytes || !file->hunk_count)
		return result;
	options.newest_commit = *git_object_id(range->to);
	options.oldest_commit = *git_object_id(range->from);
	result = git_blame_file(&blame, range->repository, file->new_path, &options);
	const struct history_hunk *last = &ret->hunks[file->hunk_first + file->hunk_count - 1];
	for (size_t i = ret->hunks[file->hunk_first].line_first;
	     result == 0 && i < last->line_first + last->line_count; i++) {
		struct history_line *line = &ret->lines[i];
		const git_blame_hunk *hunk = line->origin == HISTORY_ADDED
						 ? git_blame_get_hunk_byline(blame, line->new_line)
						 : NULL;

		if (hunk)
			line->commit = find_commit(ret, &hunk->final_commit_id);
	}
	return result;
}

int history_changes_range(const char *repository, const char *range, struct history_changes *ret,
			  struct cov_error *err)
{
	COV_AUTO(range_deinit) struct range ends = { 0 };
	COV_AUTO(git_diff_free) git_diff *diff = NULL;
	int result = git_begin(err);

	if (result == 0)
		result = open_range(repository, range, &ends, err);
	if (result == 0)
		result = list_commits(&ends, ret, err);
	if (result == 0)
		result = compare_ends(&ends, &diff, err);
	if (result == 0)
		result = add_files(ends.repository, diff, range, ret, err);
	for (size_t i = 0; result == 0 && i < ret->file_count; i++) {
		result = blame_file(&ends, ret, &ret->files[i]);
		if (result)
			result = git_say(result, ret->files[i].new_path, err);
	}
	return result;
}

int history_changes_read(const char *path, struct history_changes *ret, struct cov_error *err)
{
	COV_AUTO(free) char *content = NULL;
	COV_AUTO(git_diff_free) git_diff *diff = NULL;
	size_t size;
	int result = cov_file_read_text(path, &content, &size, err);

	if (result == 0)
		result = git_begin(err);
	if (result)
		return result;
	result = git_diff_from_buffer(&diff, content, size);
	if (result) {
		COV_AUTO(free) char *what = cov_format("%s: no diff as git writes it", path);

		return git_say(result, what, err);
	}
	result = add_files(NULL, diff, path, ret, err);
	if (result == 0 && !ret->file_count)
		result = cov_fail(err, COV_ERR_FORMAT, "%s: there is no diff in it", path);
	for (size_t i = 0; result == 0 && i < ret->file_count; i++) {
		for (size_t j = 0; result == 0 && j < i; j++) {
			if (strcmp(ret->files[i].new_path, ret->files[j].new_path) == 0)
				result = cov_fail(err, COV_ERR_FORMAT,
						  "%s: it changes %s twice, as a series of patches "
						  "does: give the range of its commits, or one "
						  "diff of all",
						  path, ret->files[i].new_path);
		}
	}
	return result;
}
