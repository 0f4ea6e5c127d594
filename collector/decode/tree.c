/* tree.c - the files of one kind in a directory or in an archive, read one by one. */
#include "collector/decode/tree.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/sparse.h"

static int read_archive(struct tree *tree, struct members *members, const char *suffix,
			struct cov_error *err)
{
	struct tree_archive *archive = &tree->archive;
	int result = tree_archive_read(members, suffix, archive, err);

	if (result)
		return result;
	tree->files = cov_xcalloc(archive->file_count, sizeof(*tree->files));
	for (; tree->file_count < archive->file_count; tree->file_count++) {
		struct tree_archive_file *file = &archive->files[tree->file_count];

		tree->files[tree->file_count] = (struct tree_file){
			.name = file->name,
			.data = archive->bytes[file->bytes].data,
			.size = archive->bytes[file->bytes].size,
			.is_sparse = archive->bytes[file->bytes].is_sparse,
		};
		file->name = NULL; /* now the tree's */
	}
	tree->gaps = archive->gaps;
	tree->gap_count = archive->gap_count;
	archive->gaps = NULL;
	archive->gap_count = 0;
	return 0;
}

static int read_directory(struct tree *tree, const char *suffix, struct cov_error *err)
{
	struct tree_directory directory;
	int result = tree_directory_list(tree->path, suffix, &directory, err);

	if (result)
		return result;
	tree->files = cov_xcalloc(directory.name_count, sizeof(*tree->files));
	for (; tree->file_count < directory.name_count; tree->file_count++)
		tree->files[tree->file_count] = (struct tree_file){
			.name = directory.names[tree->file_count],
		};
	free(directory.names);
	tree->folders = directory.folders;
	tree->folder_count = directory.folder_count;
	tree->gaps = directory.gaps;
	tree->gap_count = directory.gap_count;
	return 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct tree_file *first = a, *second = b;

	return strcmp(first->name, second->name);
}

/* Hand over what was read. */
static int finish_open(struct tree *tree, const char *suffix, struct tree *out,
		       struct cov_error *err)
{
	if (!tree->file_count && tree->gap_count)
		return cov_fail(err, tree->gaps[0].err.code, "%s: %s: %s", tree->path,
				tree->gaps[0].name, tree->gaps[0].err.message);
	if (!tree->file_count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no %s file in it", tree->path, suffix);
	qsort(tree->files, tree->file_count, sizeof(*tree->files), compare_files);
	*out = *tree;
	memset(tree, 0, sizeof(*tree));
	return 0;
}

int tree_open(const char *path, const char *suffix, struct tree *out, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { .path = cov_xstrdup(path) };
	COV_AUTO(members_deinit) struct members members = { 0 };
	int result = 0;

	tree.is_archive = !cov_is_directory(path);
	if (tree.is_archive)
		result = members_open(path, &members, err);
	if (result == 0)
		result = tree.is_archive ? read_archive(&tree, &members, suffix, err)
					 : read_directory(&tree, suffix, err);
	return result ? result : finish_open(&tree, suffix, out, err);
}

int tree_open_member(const char *path, struct members *outer, const char *suffix, struct tree *out,
		     struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { .path = cov_xstrdup(path), .is_archive = true };
	COV_AUTO(members_deinit) struct members members = { 0 };
	int result = members_open_member(outer, path, &members, err);

	if (result == 0)
		result = read_archive(&tree, &members, suffix, err);
	return result ? result : finish_open(&tree, suffix, out, err);
}

void tree_drop(struct tree *tree)
{
	char *path = tree->path;

	for (size_t i = 0; i < tree->file_count; i++)
		free(tree->files[i].name);
	for (size_t i = 0; i < tree->folder_count; i++)
		free(tree->folders[i]);
	for (size_t i = 0; i < tree->gap_count; i++)
		free(tree->gaps[i].name);
	free(tree->folders);
	free(tree->files);
	free(tree->gaps);
	tree_archive_deinit(&tree->archive);
	*tree = (struct tree){ .path = path };
}

void tree_deinit(struct tree *tree)
{
	tree_drop(tree);
	free(tree->path);
	tree->path = NULL;
}

/* Of a file in an archive. */
static void read_bytes(const struct tree_file *file, struct tree_content *content)
{
	content->data = file->data;
	content->size = file->size;
	if (!file->is_sparse)
		return;
	if (file->size >= content->capacity) {
		content->capacity = 2 * file->size;
		free(content->memory);
		content->memory = cov_xmalloc(content->capacity);
	}
	sparse_unpack(file->data, file->size, content->memory);
	content->memory[file->size] = '\0'; /* as behind what is not packed */
	content->data = content->memory;
}

int tree_read(const struct tree *tree, size_t index, struct tree_content *content,
	      struct cov_error *err)
{
	const struct tree_file *file = &tree->files[index];

	if (tree->is_archive) {
		read_bytes(file, content);
		return 0;
	}
	content->path.length = 0;
	cov_text_add(&content->path, tree->path, strlen(tree->path));
	cov_text_add(&content->path, "/", 1);
	cov_text_add(&content->path, file->name, strlen(file->name));
	int result = cov_file_reread(content->path.data, &content->memory, &content->capacity,
				     &content->size, err);
	content->data = content->memory;
	return result;
}

void tree_content_deinit(struct tree_content *content)
{
	free(content->memory);
	cov_text_deinit(&content->path);
	memset(content, 0, sizeof(*content));
}
