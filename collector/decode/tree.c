/* tree.c - the files of one kind in a directory or in an archive, read one by one. */
#include "collector/decode/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/tree_directory.h"

enum {
	ARCHIVE_BLOCK_BYTES = 1 << 20,
	CONTENT_BYTES_MAX = 1 << 30,
	/* Snapshots and notes shrink to a twentieth; beyond this an archive is made to be a bomb.
	 */
	EXPANSION_MAX = 1000,
	EXPANSION_FREE_BYTES = 64 << 20, /* allowed whatever the size of the archive */
};

static void archive_free_auto(struct archive **archive)
{
	archive_read_free(*archive);
}

static const char *skip_root(const char *name)
{
	while (*name == '/' || (name[0] == '.' && name[1] == '/'))
		name++;
	return name;
}

static struct tree_file *add_file(struct tree *tree, size_t *capacity, const char *name)
{
	tree->files = cov_grow(tree->files, tree->file_count, capacity, sizeof(*tree->files));
	struct tree_file *file = &tree->files[tree->file_count++];

	*file =
	    (struct tree_file){ .name = cov_xstrdup(skip_root(name)), .place = tree->file_count };
	return file;
}

/* An archive being read. */
struct unpacking {
	struct tree *tree;
	struct archive *archive;
	int64_t content_bytes; /* of all files so far; holes of sparse ones count as content */
	size_t capacity;       /* of tree->files */
};

static int check_expansion(const struct unpacking *unpacking, struct cov_error *err)
{
	int64_t archive_bytes = archive_filter_bytes(unpacking->archive, -1);
	int64_t unpacked_bytes = archive_filter_bytes(unpacking->archive, 0);
	int64_t bytes_max = EXPANSION_FREE_BYTES + archive_bytes * EXPANSION_MAX;

	if (unpacked_bytes > bytes_max || unpacking->content_bytes > bytes_max)
		return cov_fail(err, COV_ERR_FORMAT, "%s: expands to more than %d times its size",
				unpacking->tree->path, EXPANSION_MAX);
	return 0;
}

static int fail_entry(const struct unpacking *unpacking, const char *name, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_FORMAT, "%s: cannot read %s: %s", unpacking->tree->path, name,
			archive_error_string(unpacking->archive));
}

static int read_entry(struct unpacking *unpacking, struct tree_file *file, struct cov_error *err)
{
	size_t capacity = 0;

	for (;;) {
		if (file->size + 1 >= capacity) {
			capacity = capacity ? 2 * capacity : 8192;
			file->data = cov_xrealloc(file->data, capacity);
		}
		la_ssize_t got_bytes = archive_read_data(
		    unpacking->archive, (char *)file->data + file->size, capacity - file->size);
		if (got_bytes < 0)
			return fail_entry(unpacking, file->name, err);
		if (got_bytes == 0)
			break;
		file->size += (size_t)got_bytes;
		unpacking->content_bytes += got_bytes;
		if (file->size > CONTENT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s: %s is larger than %d bytes",
					unpacking->tree->path, file->name, CONTENT_BYTES_MAX);
		int result = check_expansion(unpacking, err);
		if (result)
			return result;
	}
	/* Most files are much smaller than the first room made for them. */
	file->data = cov_xrealloc(file->data, file->size);
	return 0;
}

/* Pass over a file bit by bit: libarchive would unpack all of it before anything is checked. */
static int skip_entry(const struct unpacking *unpacking, const char *name, struct cov_error *err)
{
	const void *data;
	size_t size_bytes;
	la_int64_t offset;

	/* What is not compressed is passed over by seeking. */
	if (archive_filter_count(unpacking->archive) <= 1)
		return 0;
	for (;;) {
		int result =
		    archive_read_data_block(unpacking->archive, &data, &size_bytes, &offset);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail_entry(unpacking, name, err);
		result = check_expansion(unpacking, err);
		if (result)
			return result;
	}
}

static int read_entries(struct unpacking *unpacking, const char *suffix, struct cov_error *err)
{
	struct tree *tree = unpacking->tree;
	struct archive_entry *entry;

	for (;;) {
		int result = archive_read_next_header(unpacking->archive, &entry);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return cov_fail(err, COV_ERR_FORMAT, "%s: damaged archive: %s", tree->path,
					archive_error_string(unpacking->archive));
		result = check_expansion(unpacking, err);
		if (result)
			return result;
		const char *name = archive_entry_pathname(entry);
		if (!name || archive_entry_filetype(entry) != AE_IFREG ||
		    !cov_has_suffix(name, suffix))
			result = skip_entry(unpacking, name ? name : "a file without a name", err);
		else
			result =
			    read_entry(unpacking, add_file(tree, &unpacking->capacity, name), err);
		if (result)
			return result;
	}
}

static int read_archive(struct tree *tree, const char *suffix, struct cov_error *err)
{
	COV_AUTO(close) int fd = -1; /* outlives the archive that reads it */
	__attribute__((cleanup(archive_free_auto))) struct archive *archive = archive_read_new();
	struct unpacking unpacking = { .tree = tree, .archive = archive };

	if (!archive)
		cov_out_of_memory();
	archive_read_support_format_tar(archive);
	/* Not all filters that libarchive has: it hands some to programs it finds in the path. */
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	int result = cov_file_open(tree->path, &fd, err);
	if (result)
		return result;
	if (archive_read_open_fd(archive, fd, ARCHIVE_BLOCK_BYTES) != ARCHIVE_OK)
		return cov_fail(err, COV_ERR_FORMAT, "%s: not a tar archive: %s", tree->path,
				archive_error_string(archive));
	return read_entries(&unpacking, suffix, err);
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
			.place = tree->file_count,
		};
	free(directory.names);
	tree->gaps = directory.gaps;
	tree->gap_count = directory.gap_count;
	return 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct tree_file *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order ? order : (first->place > second->place) - (first->place < second->place);
}

/* Of files with the same name the last one counts: that is what unpacking would leave. */
static void drop_replaced(struct tree *tree)
{
	size_t kept = 0;

	for (size_t i = 0; i < tree->file_count; i++) {
		if (i + 1 < tree->file_count &&
		    strcmp(tree->files[i].name, tree->files[i + 1].name) == 0) {
			free(tree->files[i].name);
			free(tree->files[i].data);
			continue;
		}
		tree->files[kept++] = tree->files[i];
	}
	tree->file_count = kept;
}

int tree_open(const char *path, const char *suffix, struct tree *out, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { .path = cov_xstrdup(path) };

	tree.is_archive = !cov_is_directory(path);
	int result =
	    tree.is_archive ? read_archive(&tree, suffix, err) : read_directory(&tree, suffix, err);
	if (result)
		return result;
	if (!tree.file_count && tree.gap_count) {
		*err = tree.gaps[0].err;
		return err->code;
	}
	if (!tree.file_count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no %s file in it", path, suffix);
	qsort(tree.files, tree.file_count, sizeof(*tree.files), compare_files);
	drop_replaced(&tree);
	*out = tree;
	memset(&tree, 0, sizeof(tree));
	return 0;
}

void tree_deinit(struct tree *tree)
{
	for (size_t i = 0; i < tree->file_count; i++) {
		free(tree->files[i].name);
		free(tree->files[i].data);
	}
	for (size_t i = 0; i < tree->gap_count; i++)
		free(tree->gaps[i].name);
	free(tree->files);
	free(tree->gaps);
	free(tree->path);
	memset(tree, 0, sizeof(*tree));
}

int tree_read(const struct tree *tree, size_t index, struct tree_content *content,
	      struct cov_error *err)
{
	const struct tree_file *file = &tree->files[index];

	if (tree->is_archive) {
		content->data = file->data;
		content->size = file->size;
		return 0;
	}
	COV_AUTO(free) char *path = cov_format("%s/%s", tree->path, file->name);
	int result =
	    cov_file_reread(path, &content->memory, &content->capacity, &content->size, err);
	content->data = content->memory;
	return result;
}

void tree_content_deinit(struct tree_content *content)
{
	free(content->memory);
	memset(content, 0, sizeof(*content));
}
