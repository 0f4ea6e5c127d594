/* partial.c - a file that appears under its name when all of it is on the disk, or not at all. */
#include "collector/base/partial.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	MODE_NEW = 0666, /* the umask takes from it */
	MODE_KEPT = S_IRWXU | S_IRWXG | S_IRWXO,
	NAMES_TRIED_MAX = 100,
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int open_folder(const char *path)
{
	const char *name = last_part(path);
	COV_AUTO(free) char *folder = cov_xstrndup(path, (size_t)(name - path));

	return open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static const char name_begin[] = ".covdb-", name_end[] = ".partial";

bool cov_partial_is_name(const char *name)
{
	return strncmp(name, name_begin, strlen(name_begin)) == 0 && cov_has_suffix(name, name_end);
}

/* That nobody can have made before. Where the kernel has no random bytes yet, O_EXCL is enough. */
static void make_name(char *name)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
		number = (uint64_t)cov_monotonic_ns() ^ (uint64_t)getpid() << 32;
	snprintf(name, COV_PARTIAL_NAME_BYTES, "%s%016" PRIx64 "%s", name_begin, number, name_end);
}

static void descriptor_path(int descriptor, char *path)
{
	snprintf(path, COV_PARTIAL_NAME_BYTES, "/proc/self/fd/%d", descriptor);
}

/* Without a name; the way to a name leads through /proc. */
static int open_nameless(int folder)
{
	char path[COV_PARTIAL_NAME_BYTES];

	descriptor_path(folder, path);
	if (access(path, F_OK) != 0) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE_NEW);
}

static int open_named(struct cov_partial *partial)
{
	int file = -1;

	for (int i = 0; file < 0 && i < NAMES_TRIED_MAX; i++) {
		make_name(partial->name);
		file = openat(partial->folder, partial->name,
			      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE_NEW);
		if (file < 0 && errno != EEXIST)
			break;
	}
	if (file < 0)
		*partial->name = '\0';
	return file;
}

/* Permissions as they were; whoever is not the owner's group any more gets what all others have. */
static int keep_mode(const struct cov_partial *partial)
{
	struct stat old, fresh;

	if (fstatat(partial->folder, last_part(partial->path), &old, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISREG(old.st_mode))
		return 0;
	if (fstat(partial->file, &fresh) != 0)
		return -1;
	mode_t mode = old.st_mode & MODE_KEPT;
	bool is_same = fresh.st_uid == old.st_uid && fresh.st_gid == old.st_gid;
	if (!is_same && fchown(partial->file, old.st_uid, old.st_gid) != 0)
		mode = (mode & ~(mode_t)S_IRWXG) | (mode & S_IRWXO) << 3;
	return fchmod(partial->file, mode);
}

int cov_partial_open(const char *path, struct cov_partial *ret, struct cov_error *err)
{
	struct cov_partial partial = { .is_open = true, .file = -1, .folder = open_folder(path) };

	if (partial.folder < 0)
		return cov_fail_errno(err, "cannot create %s", path);
	partial.path = cov_xstrdup(path);
	partial.file = open_nameless(partial.folder);
	/* EISDIR: of file systems that do not know O_TMPFILE at all. */
	if (partial.file < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		partial.file = open_named(&partial);
	if (partial.file < 0 || keep_mode(&partial) != 0) {
		int result = cov_fail_errno(err, "cannot create %s", path);

		cov_partial_discard(&partial);
		return result;
	}
	*ret = partial;
	return 0;
}

static int give_name(struct cov_partial *partial)
{
	char path[COV_PARTIAL_NAME_BYTES];

	descriptor_path(partial->file, path);
	for (int i = 0; !*partial->name; i++) {
		char name[COV_PARTIAL_NAME_BYTES];

		make_name(name);
		if (linkat(AT_FDCWD, path, partial->folder, name, AT_SYMLINK_FOLLOW) == 0)
			memcpy(partial->name, name, sizeof(name));
		else if (errno != EEXIST || i == NAMES_TRIED_MAX)
			return -1;
	}
	return 0;
}

static int close_file(struct cov_partial *partial)
{
	int file = partial->file;

	partial->file = -1;
	return close(file);
}

static int put_in_place(struct cov_partial *partial)
{
	if (give_name(partial) != 0 || close_file(partial) != 0)
		return -1;
	if (renameat(partial->folder, partial->name, partial->folder, last_part(partial->path)) !=
	    0)
		return -1;
	*partial->name = '\0';
	return 0;
}

static int put_on_disk(struct cov_partial *partial)
{
	if (fsync(partial->file) != 0 || put_in_place(partial) != 0)
		return -1;
	/* EINVAL: a file system that has no such thing. */
	return fsync(partial->folder) != 0 && errno != EINVAL ? -1 : 0;
}

static int finish(struct cov_partial *partial, int status, struct cov_error *err)
{
	int result = status ? cov_fail_errno(err, "cannot write %s", partial->path) : 0;

	cov_partial_discard(partial);
	return result;
}

int cov_partial_commit(struct cov_partial *partial, struct cov_error *err)
{
	return finish(partial, put_on_disk(partial), err);
}

int cov_partial_place(struct cov_partial *partial, struct cov_error *err)
{
	return finish(partial, put_in_place(partial), err);
}

void cov_partial_discard(struct cov_partial *partial)
{
	if (!partial->is_open)
		return;
	if (*partial->name)
		unlinkat(partial->folder, partial->name, 0);
	if (partial->file >= 0)
		close(partial->file);
	if (partial->folder >= 0)
		close(partial->folder);
	free(partial->path);
	*partial = (struct cov_partial){ 0 };
}
