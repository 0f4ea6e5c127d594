/* members.c - the members of an archive one by one, read with bounds on what it may expand to. */
#include "collector/decode/members.h"

#include <archive_late.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	ARCHIVE_BLOCK_BYTES = 1 << 20,
	PIECE_BYTES = 1 << 18, /* of a member that is an archive itself */
	EXPECTED_BYTES_MAX = 16 << 20,
	EXPECTED_BYTES_UNKNOWN = 8192,
	CONTENT_BYTES_MAX = 1 << 30,
	/* Snapshots and notes shrink to a twentieth; beyond this an archive is made to be a bomb.
	 */
	EXPANSION_MAX = 1000,
	EXPANSION_FREE_BYTES = 64 << 20, /* allowed whatever the size of the archive */
};

static int check_expansion(const struct members *members, struct cov_error *err)
{
	int64_t archive_bytes = archive_filter_bytes(members->archive, -1);
	int64_t unpacked_bytes = archive_filter_bytes(members->archive, 0);
	int64_t bytes_max = EXPANSION_FREE_BYTES + archive_bytes * EXPANSION_MAX;

	if (unpacked_bytes > bytes_max || members->content_bytes > bytes_max)
		return cov_fail(err, COV_ERR_FORMAT, "%s: expands to more than %d times its size",
				members->path, EXPANSION_MAX);
	return 0;
}

/* @what: went wrong, if it is not that the file cannot be read */
static int fail_archive(const struct members *members, const char *what, struct cov_error *err)
{
	int failure = archive_errno(members->archive);
	const char *detail = archive_error_string(members->archive);

	/* For what is wrong with a format libarchive has -1, and two numbers that read() does not
	 * give for an open file. */
	if (failure > 0 && failure != EILSEQ && failure != EINVAL) {
		errno = failure;
		return cov_fail_errno(err, "cannot read %s", members->path);
	}
	return cov_fail(err, COV_ERR_FORMAT, "%s: %s: %s", members->path, what,
			detail ? detail : "libarchive does not say why");
}

static int fail_entry(const struct members *members, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *what = cov_format("cannot read %s", name);

	return fail_archive(members, what, err);
}

/* Make ready to read tar archives. */
static int begin(const char *path, struct members *ret, struct cov_error *err)
{
	struct cov_error cause;

	if (archive_late_open(&cause))
		return cov_fail(err, cause.code, "%s: %s", path, cause.message);
	*ret = (struct members){ .path = path, .archive = archive_read_new(), .fd = -1 };
	if (!ret->archive)
		cov_out_of_memory();
	/*
	 * Not all filters that libarchive has: it hands some to programs it finds in the path, and
	 * warns of those that it would have to.
	 */
	if (archive_read_support_format_tar(ret->archive) != ARCHIVE_OK ||
	    archive_read_support_filter_gzip(ret->archive) < ARCHIVE_WARN ||
	    archive_read_support_filter_xz(ret->archive) < ARCHIVE_WARN ||
	    archive_read_support_filter_zstd(ret->archive) < ARCHIVE_WARN)
		cov_out_of_memory();
	return 0;
}

/* @is_open: what libarchive says to where it is to read from */
static int finish_open(struct members *members, bool is_open, struct cov_error *err)
{
	int result = is_open ? 0 : fail_archive(members, "not a tar archive", err);

	if (result)
		members_deinit(members);
	return result;
}

int members_open(const char *path, struct members *ret, struct cov_error *err)
{
	COV_AUTO(close) int fd = -1;
	int result = cov_file_open(path, &fd, err);

	if (result == 0)
		result = begin(path, ret, err);
	if (result)
		return result;
	ret->fd = fd;
	fd = -1;
	return finish_open(
	    ret, archive_read_open_fd(ret->archive, ret->fd, ARCHIVE_BLOCK_BYTES) == ARCHIVE_OK,
	    err);
}

/* What a member of another archive has next, for libarchive. */
static la_ssize_t read_piece(struct archive *archive, void *context, const void **ret)
{
	struct members *members = context;
	struct members *outer = members->outer;
	struct cov_error err;
	la_ssize_t got_bytes = archive_read_data(outer->archive, members->piece, PIECE_BYTES);

	*ret = members->piece;
	outer->content_bytes += got_bytes > 0 ? got_bytes : 0;
	if (got_bytes >= 0 && check_expansion(outer, &err) == 0)
		return got_bytes;
	if (got_bytes < 0)
		fail_archive(outer, "damaged archive", &err);
	archive_set_error(archive, -1, "%s", err.message); /* as for what is wrong with a format */
	return -1;
}

int members_open_member(struct members *outer, const char *path, struct members *ret,
			struct cov_error *err)
{
	int result = begin(path, ret, err);

	if (result)
		return result;
	ret->outer = outer;
	ret->piece = cov_xmalloc(PIECE_BYTES);
	return finish_open(
	    ret, archive_read_open(ret->archive, ret, NULL, read_piece, NULL) == ARCHIVE_OK, err);
}

void members_deinit(struct members *members)
{
	if (!members->archive)
		return;
	archive_read_free(members->archive);
	if (members->fd >= 0)
		close(members->fd);
	free(members->piece);
	cov_text_deinit(&members->last);
	*members = (struct members){ .fd = -1 };
}

int members_next(struct members *members, struct cov_error *err)
{
	int result = archive_read_next_header(members->archive, &members->entry);

	if (result == ARCHIVE_EOF)
		return 0;
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
		COV_AUTO(free)
		char *what = members->last.length
				 ? cov_format("damaged archive, behind %s", members->last.data)
				 : cov_xstrdup("damaged archive");
		return fail_archive(members, what, err);
	}
	result = check_expansion(members, err);
	const char *name = members_name(members);
	members->last.length = 0;
	cov_text_add(&members->last, name ? name : "", name ? strlen(name) : 0);
	return result ? result : 1;
}

const char *members_name(const struct members *members)
{
	const char *name = archive_entry_pathname(members->entry);

	/* A name that has no form in the locale is still one. */
	return name ? name : archive_entry_pathname_utf8(members->entry);
}

bool members_is_file(const struct members *members)
{
	return archive_entry_filetype(members->entry) == AE_IFREG &&
	       !archive_entry_hardlink(members->entry);
}

bool members_is_folder(const struct members *members)
{
	return archive_entry_filetype(members->entry) == AE_IFDIR &&
	       !archive_entry_hardlink(members->entry);
}

int64_t members_bytes(const struct members *members)
{
	return archive_entry_size_is_set(members->entry) ? archive_entry_size(members->entry) : 0;
}

/* What room to begin with: the archive may say anything. */
static size_t expected_bytes(const struct members *members)
{
	int64_t size = members_bytes(members);

	return size > 0 && size < EXPECTED_BYTES_MAX ? (size_t)size : EXPECTED_BYTES_UNKNOWN;
}

/* Into @ret, which has room for @capacity bytes. */
static int read_into(struct members *members, const char *name, struct member_bytes *ret,
		     size_t *capacity, struct cov_error *err)
{
	ret->size = 0;
	if (*capacity < expected_bytes(members) + 2) {
		free(ret->data);
		*capacity = expected_bytes(members) + 2;
		ret->data = cov_xmalloc(*capacity);
	}
	for (;;) {
		if (ret->size + 1 >= *capacity) {
			*capacity *= 2;
			ret->data = cov_xrealloc(ret->data, *capacity);
		}
		la_ssize_t got_bytes = archive_read_data(
		    members->archive, (char *)ret->data + ret->size, *capacity - ret->size);
		if (got_bytes < 0)
			return fail_entry(members, name, err);
		if (got_bytes == 0)
			return 0;
		ret->size += (size_t)got_bytes;
		members->content_bytes += got_bytes;
		if (ret->size > CONTENT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s: %s is larger than %d bytes",
					members->path, name, CONTENT_BYTES_MAX);
		int result = check_expansion(members, err);
		if (result)
			return result;
	}
}

int members_read(struct members *members, const char *name, struct member_bytes *ret,
		 struct cov_error *err)
{
	size_t capacity = 0;
	int result = read_into(members, name, ret, &capacity, err);

	if (result == 0)
		ret->data = cov_xrealloc(ret->data, ret->size);
	return result;
}

int members_reread(struct members *members, const char *name, struct member_bytes *ret,
		   size_t *capacity, struct cov_error *err)
{
	int result = read_into(members, name, ret, capacity, err);

	if (result == 0)
		((char *)ret->data)[ret->size] = '\0';
	return result;
}

/* Bit by bit: libarchive would unpack all of it before anything is checked. */
int members_skip(struct members *members, const char *name, struct cov_error *err)
{
	const void *data;
	size_t size_bytes;
	la_int64_t offset;

	/* What is not compressed is passed over by seeking. */
	if (archive_filter_count(members->archive) <= 1)
		return 0;
	for (;;) {
		int result = archive_read_data_block(members->archive, &data, &size_bytes, &offset);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail_entry(members, name, err);
		result = check_expansion(members, err);
		if (result)
			return result;
	}
}
