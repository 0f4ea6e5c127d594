/* file.c - read a whole file, write one, list a folder. */
#include "collector/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/partial.h"
#include "collector/base/text.h"

enum {
	FILE_BYTES_MAX = 1 << 30,
	TEXT_BYTES_MAX = 1 << 24,
	CHUNK_BYTES_MIN = 64 * 1024,
};

static const char *kind_name(mode_t mode)
{
	return S_ISDIR(mode)    ? "a directory"
	       : S_ISFIFO(mode) ? "a pipe"
	       : S_ISSOCK(mode) ? "a socket"
				: "a device";
}

/* A pipe that the caller opened, as a shell's <(...) does: whoever writes to it is known. */
static bool is_handed_over(const char *path)
{
	return strcmp(path, "/dev/stdin") == 0 || strncmp(path, "/dev/fd/", 8) == 0 ||
	       strncmp(path, "/proc/self/fd/", 14) == 0;
}

static int check_mode(const char *path, mode_t mode, struct cov_error *err)
{
	if (S_ISREG(mode) || (S_ISFIFO(mode) && is_handed_over(path)))
		return 0;
	return cov_fail(err, COV_ERR_FORMAT, "%s is %s, not a file", path, kind_name(mode));
}

int cov_file_check(const char *path, struct cov_error *err)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno == ENOENT ? 0 : cov_fail_errno(err, "cannot look at %s", path);
	if (S_ISREG(status.st_mode))
		return 0;
	return cov_fail(err, COV_ERR_FORMAT, "%s is %s, not a file", path,
			kind_name(status.st_mode));
}

int cov_open_at(int folder, const char *path, int flags)
{
	int fd;

	do {
		fd = openat(folder, path, flags | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

/* @size_out: as it says itself: 0 for files of debugfs or /proc, and for pipes */
static int open_file(const char *path, int *fd_out, size_t *size_out, struct cov_error *err)
{
	struct stat status;
	/* A pipe that nobody writes to would be waited for without O_NONBLOCK. */
	COV_AUTO(close) int fd = cov_open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0) {
		int result = cov_fail_errno(err, "cannot open %s", path);
		struct cov_error kind;

		/* A socket, or a device without a driver, cannot be opened: say that it is one. */
		if (stat(path, &status) == 0 && check_mode(path, status.st_mode, &kind) != 0)
			*err = kind;
		return result;
	}
	if (fstat(fd, &status) != 0)
		return cov_fail_errno(err, "cannot look at %s", path);
	int result = check_mode(path, status.st_mode, err);
	if (result)
		return result;
	/* It means nothing to a regular file, of which snapshots have thousands. */
	int flags = S_ISREG(status.st_mode) ? 0 : fcntl(fd, F_GETFL);
	if (flags < 0 || (flags && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) != 0))
		return cov_fail_errno(err, "cannot read %s", path);
	*size_out = S_ISREG(status.st_mode) ? (size_t)status.st_size : 0;
	*fd_out = fd;
	fd = -1; /* now the caller's */
	return 0;
}

int cov_file_open(const char *path, int *fd_out, struct cov_error *err)
{
	size_t size;

	return open_file(path, fd_out, &size, err);
}

/* Memory for what is read. */
struct buffer {
	char *data; /* [capacity] */
	size_t capacity;
};

static int read_whole(const char *path, size_t size_max, struct buffer *buffer, size_t *size_out,
		      struct cov_error *err)
{
	COV_AUTO(close) int fd = -1;
	size_t size = 0, expected_size;
	int result = open_file(path, &fd, &expected_size, err);

	if (result)
		return result;
	/* To the end, not by st_size: the kernel's .gcda files are seq_files, whose size is 0. */
	for (;;) {
		if (size > size_max)
			return cov_fail(err, COV_ERR_FORMAT, "%s: larger than %zu bytes", path,
					size_max);
		if (size + 1 >= buffer->capacity) {
			buffer->capacity =
			    buffer->capacity ? 2 * buffer->capacity : CHUNK_BYTES_MIN;
			buffer->data = cov_xrealloc(buffer->data, buffer->capacity);
		}

		ssize_t got_bytes = read(fd, buffer->data + size, buffer->capacity - size - 1);
		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes < 0)
			return cov_fail_errno(err, "cannot read %s", path);
		size += (size_t)got_bytes;
		/* Of a size that is not 0 the end is known, without a read that gives nothing. */
		if (got_bytes == 0 || (size == expected_size && size <= size_max))
			break;
	}
	buffer->data[size] = '\0';
	*size_out = size;
	return 0;
}

int cov_file_reread(const char *path, char **data, size_t *capacity, size_t *size_out,
		    struct cov_error *err)
{
	struct buffer buffer = { *data, *capacity };
	int result = read_whole(path, FILE_BYTES_MAX, &buffer, size_out, err);

	*data = buffer.data;
	*capacity = buffer.capacity;
	return result;
}

static int read_new(const char *path, size_t size_max, char **data_out, size_t *size_out,
		    struct cov_error *err)
{
	struct buffer buffer = { 0 };
	int result = read_whole(path, size_max, &buffer, size_out, err);

	if (result) {
		free(buffer.data);
		return result;
	}
	*data_out = buffer.data;
	return 0;
}

int cov_file_read(const char *path, char **data_out, size_t *size_out, struct cov_error *err)
{
	return read_new(path, FILE_BYTES_MAX, data_out, size_out, err);
}

int cov_file_read_text(const char *path, char **data_out, size_t *size_out, struct cov_error *err)
{
	return read_new(path, TEXT_BYTES_MAX, data_out, size_out, err);
}

int cov_write_all(int descriptor, const void *data, size_t size)
{
	const char *rest = data;

	while (size) {
		ssize_t written_bytes = write(descriptor, rest, size);

		if (written_bytes < 0 && errno == EINTR)
			continue;
		if (written_bytes == 0)
			errno = EIO; /* as no file does: a loop without an end otherwise */
		if (written_bytes <= 0)
			return -1;
		rest += written_bytes;
		size -= (size_t)written_bytes;
	}
	return 0;
}

int cov_file_replace(const char *path, const void *data, size_t size, struct cov_error *err)
{
	COV_AUTO(cov_partial_discard) struct cov_partial partial = { 0 };
	int result = cov_partial_open(path, &partial, err);

	if (result)
		return result;
	if (cov_write_all(partial.file, data, size) != 0)
		return cov_fail_errno(err, "cannot write %s", path);
	return cov_partial_commit(&partial, err);
}

int cov_file_create(const char *path, const void *data, size_t size, struct cov_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0)
		return cov_fail_errno(err, "cannot create %s", path);
	int result = 0;
	if (cov_write_all(fd, data, size) != 0)
		result = cov_fail_errno(err, "cannot write %s", path);
	if (close(fd) != 0 && result == 0)
		result = cov_fail_errno(err, "cannot write %s", path);
	return result;
}

int cov_directory_make(const char *path, struct cov_error *err)
{
	COV_AUTO(free) char *partial = cov_xstrdup(path);

	for (char *slash = partial + 1; *partial && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(partial, 0755) != 0 && errno != EEXIST)
			return cov_fail_errno(err, "cannot create the directory %s", partial);
		*slash = '/';
	}
	if (mkdir(path, 0755) != 0 && errno != EEXIST)
		return cov_fail_errno(err, "cannot create the directory %s", path);
	if (!cov_is_directory(path))
		return cov_fail(err, COV_ERR_SYSTEM, "%s exists and is not a directory", path);
	return 0;
}

/* Neither the folder itself nor the one above. */
static bool is_other(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

int cov_directory_next(DIR *directory, const char *path, const struct dirent **ret,
		       struct cov_error *err)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(directory);
	} while (entry && !is_other(entry));
	if (!entry && errno) {
		int failure = errno;

		cov_fail_errno(err, "cannot read the directory %s", path);
		errno = failure;
		return COV_ERR_SYSTEM;
	}
	*ret = entry;
	return entry != NULL;
}

/* It gives struct dirent64, which is the same where offsets in files have 64 bits. */
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "offsets have 64 bits");

int cov_listing_next(struct cov_listing *listing, const char *path, const struct dirent **ret,
		     struct cov_error *err)
{
	for (;;) {
		if (listing->next == listing->end) {
			ssize_t got_bytes =
			    getdents64(listing->folder, listing->entries, sizeof(listing->entries));

			if (got_bytes < 0) {
				int failure = errno;

				cov_fail_errno(err, "cannot read the directory %s", path);
				errno = failure;
				return COV_ERR_SYSTEM;
			}
			listing->next = 0;
			listing->end = (size_t)got_bytes;
		}
		if (!listing->end)
			return 0;
		const char *bytes = (const char *)listing->entries + listing->next;
		const struct dirent *entry = (const void *)bytes;
		listing->next += entry->d_reclen;
		if (is_other(entry)) {
			*ret = entry;
			return 1;
		}
	}
}

unsigned char cov_entry_type(int directory, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return (unsigned char)IFTODT(status.st_mode);
}

bool cov_is_missing(const char *path)
{
	return access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

bool cov_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
