/* snapshot_writer.c - capture the kernel's .gcda files into a tar.zst. */
#include "collector/capture/snapshot_writer.h"

#include <archive_late.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	BYTES_MIN = 16 << 20,   /* the .gcda of a small kernel are 6 MB, of a large one 40 MB */
	READ_BYTES_MIN = 65536, /* room for one read() */
};

static void forget(struct snapshot_writer *writer)
{
	debugfs_files_deinit(&writer->listed);
	debugfs_files_deinit(&writer->late);
	writer->file_count = 0;
	writer->unreadable_count = 0;
	writer->total_bytes = 0;
}

/* Mapped with its pages present: a page fault during the capture would be counted. */
static int map_bytes(struct snapshot_writer *writer, struct cov_error *err)
{
	if (writer->bytes)
		return 0;
	void *bytes = mmap(NULL, BYTES_MIN, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (bytes == MAP_FAILED)
		return cov_fail_errno(err, "no memory for a snapshot");
	writer->bytes = bytes;
	writer->capacity_bytes = BYTES_MIN;
	return 0;
}

/* The list of what is read, too, is there before: a first capture would differ from the later ones.
 */
static void make_room(struct snapshot_writer *writer)
{
	size_t size = sizeof(*writer->files);

	if (writer->file_capacity < writer->listed.count) {
		writer->files = cov_xreallocarray(writer->files, writer->listed.count, size);
		writer->file_capacity = writer->listed.count;
	}
	if (writer->file_capacity)
		memset(writer->files, 0, writer->file_capacity * size);
}

int snapshot_writer_prepare(struct snapshot_writer *writer, const char *directory,
			    struct cov_error *err)
{
	int result = map_bytes(writer, err);

	if (result != 0)
		return result;
	forget(writer);
	writer->directory = directory;
	result = debugfs_list(directory, &writer->listed, err);
	if (result == 0)
		make_room(writer);
	return result;
}

static bool has_room(struct snapshot_writer *writer)
{
	if (writer->capacity_bytes - writer->total_bytes >= READ_BYTES_MIN)
		return true;
	void *bytes = mremap(writer->bytes, writer->capacity_bytes, 2 * writer->capacity_bytes,
			     MREMAP_MAYMOVE);
	if (bytes == MAP_FAILED)
		return false;
	writer->bytes = bytes;
	writer->capacity_bytes *= 2;
	return true;
}

/*
 * Append the bytes of @path up to the end of the file; its size is 0 in debugfs. Return: whether it
 * could be read, else errno says why.
 */
static bool is_read(struct snapshot_writer *writer, int directory, const char *path)
{
	COV_AUTO(close) int fd = cov_open_at(directory, path, O_RDONLY | O_NOFOLLOW);

	if (fd < 0)
		return false;
	for (;;) {
		if (!has_room(writer))
			return false;
		ssize_t got_bytes = read(fd, writer->bytes + writer->total_bytes,
					 writer->capacity_bytes - writer->total_bytes);
		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes <= 0)
			return got_bytes == 0;
		writer->total_bytes += (size_t)got_bytes;
	}
}

/* An open file of a module that is unloaded gives EIO: whether it is gone, its name tells. */
static bool is_gone(int directory, const char *path)
{
	return faccessat(directory, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
}

static int read_one(struct snapshot_writer *writer, int directory, const char *path,
		    struct cov_error *err)
{
	size_t start_bytes = writer->total_bytes;

	if (!is_read(writer, directory, path)) {
		int result = cov_fail_errno(err, "cannot read %s/%s",
					    debugfs_directory(writer->directory), path);

		writer->total_bytes = start_bytes;
		if (!is_gone(directory, path))
			return result;
		writer->unreadable =
		    cov_grow(writer->unreadable, writer->unreadable_count,
			     &writer->unreadable_capacity, sizeof(*writer->unreadable));
		writer->unreadable[writer->unreadable_count++] = path;
		return 0;
	}
	writer->files = cov_grow(writer->files, writer->file_count, &writer->file_capacity,
				 sizeof(*writer->files));
	writer->files[writer->file_count++] = (struct snapshot_writer_file){
		.path = path,
		.offset_bytes = start_bytes,
		.size_bytes = writer->total_bytes - start_bytes,
	};
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_files(const void *a, const void *b)
{
	const struct snapshot_writer_file *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* The files of modules that were loaded since the list was made. */
static int read_late(struct snapshot_writer *writer, int directory, struct cov_error *err)
{
	const struct debugfs_files *listed = &writer->listed;
	size_t early_count = writer->file_count;
	int result = debugfs_list(writer->directory, &writer->late, err);

	for (size_t i = 0; result == 0 && i < writer->late.count; i++) {
		if (!listed->count || !bsearch(&writer->late.paths[i], listed->paths, listed->count,
					       sizeof(*listed->paths), compare_paths))
			result = read_one(writer, directory, writer->late.paths[i], err);
	}
	if (writer->file_count > early_count)
		qsort(writer->files, writer->file_count, sizeof(*writer->files), compare_files);
	return result;
}

int snapshot_writer_read(struct snapshot_writer *writer, struct cov_error *err)
{
	writer->start_ns = cov_monotonic_ns();

	const char *path = debugfs_directory(writer->directory);
	COV_AUTO(close) int directory = cov_open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
	if (directory < 0)
		return cov_fail_errno(err, "cannot open %s", path);
	int result = 0;
	for (size_t i = 0; result == 0 && i < writer->listed.count; i++)
		result = read_one(writer, directory, writer->listed.paths[i], err);

	if (result == 0)
		result = read_late(writer, directory, err);
	if (result != 0)
		return result;
	writer->end_ns = cov_monotonic_ns();
	if (!writer->file_count)
		return cov_fail(err, COV_ERR_SYSTEM,
				"none of the %zu .gcda files below %s is there any more",
				writer->unreadable_count, path);
	return 0;
}

static la_ssize_t append(struct archive *archive, void *context, const void *bytes, size_t size)
{
	(void)archive;
	cov_text_add(context, bytes, size);
	return (la_ssize_t)size;
}

static int archive_fail(struct cov_error *err, const char *path, struct archive *archive)
{
	const char *text = archive_error_string(archive);

	return cov_fail(err, COV_ERR_SYSTEM, "cannot make %s: %s", path, text ? text : "no memory");
}

static int add_entry(struct archive *archive, struct archive_entry *entry,
		     const struct snapshot_writer *writer, const struct snapshot_writer_file *file)
{
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, file->path);
	archive_entry_set_size(entry, (la_int64_t)file->size_bytes);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 0, 0);
	/* It warns of a name that is not in the locale's characters, and writes its bytes. */
	if (archive_write_header(archive, entry) < ARCHIVE_WARN)
		return -1;
	la_ssize_t written_bytes =
	    archive_write_data(archive, writer->bytes + file->offset_bytes, file->size_bytes);
	return written_bytes == (la_ssize_t)file->size_bytes ? 0 : -1;
}

static void archive_write_free_auto(struct archive **archive)
{
	archive_write_free(*archive);
}

static void archive_entry_free_auto(struct archive_entry **entry)
{
	archive_entry_free(*entry);
}

int snapshot_writer_save(const struct snapshot_writer *writer, const char *path,
			 struct cov_error *err)
{
	struct cov_error cause;
	if (archive_late_open(&cause))
		return cov_fail(err, cause.code, "%s: %s", path, cause.message);
	COV_AUTO(cov_text_deinit) struct cov_text stream = { 0 };
	COV_AUTO(archive_write_free) struct archive *archive = archive_write_new();
	COV_AUTO(archive_entry_free) struct archive_entry *entry = archive_entry_new();

	if (!archive || !entry)
		return cov_fail(err, COV_ERR_SYSTEM, "no memory for the archive %s", path);
	if (archive_write_set_format_pax_restricted(archive) != ARCHIVE_OK ||
	    archive_write_add_filter_zstd(archive) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
	    archive_write_open2(archive, &stream, NULL, append, NULL, NULL) != ARCHIVE_OK)
		return archive_fail(err, path, archive);
	for (size_t i = 0; i < writer->file_count; i++) {
		if (add_entry(archive, entry, writer, &writer->files[i]) != 0)
			return archive_fail(err, path, archive);
	}
	if (archive_write_close(archive) != ARCHIVE_OK)
		return archive_fail(err, path, archive);
	return cov_file_replace(path, stream.data, stream.length, err);
}

void snapshot_writer_deinit(struct snapshot_writer *writer)
{
	forget(writer);
	free(writer->files);
	free(writer->unreadable);
	if (writer->bytes)
		munmap(writer->bytes, writer->capacity_bytes);
	memset(writer, 0, sizeof(*writer));
}
