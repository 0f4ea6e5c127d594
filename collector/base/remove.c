/* remove.c - remove what is in a folder, whoever made it and however deep it is. */
#include "collector/base/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"

enum { NAME_BYTES = 64 };

/* A folder that is being emptied. */
struct removal {
	int top;
	unsigned long long moved_count; /* folders that were moved to the top */
};

/* Its own descriptor has a position, which the caller's may share with others. */
static DIR *open_again(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (!directory && fd >= 0)
		close(fd);
	return directory;
}

static int move_up(struct removal *removal, int from, const char *name)
{
	char target[NAME_BYTES];

	for (;;) {
		snprintf(target, sizeof(target), "covdb-removed-%llu", removal->moved_count++);
		if (renameat(from, name, removal->top, target) == 0)
			return 0;
		/* The name is taken. */
		if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
			return -1;
	}
}

/* Return: 0, or -1 with errno: what is left then is what cannot be removed. */
static int empty_child(struct removal *removal, const char *name, dev_t device)
{
	COV_AUTO(closedir) DIR *child = open_again(removal->top, name);
	struct cov_error ignored; /* errno says it as well */
	const struct dirent *entry;
	struct stat status;
	int result;

	if (!child || fstat(dirfd(child), &status) != 0)
		return -1;
	if (status.st_dev != device) {
		errno = EBUSY;
		return -1;
	}
	while ((result = cov_directory_next(child, name, &entry, &ignored)) > 0) {
		bool is_folder = cov_entry_type(dirfd(child), entry) == DT_DIR;

		if (is_folder && unlinkat(dirfd(child), entry->d_name, AT_REMOVEDIR) == 0)
			continue;
		if (is_folder ? move_up(removal, dirfd(child), entry->d_name) != 0
			      : unlinkat(dirfd(child), entry->d_name, 0) != 0)
			return -1;
	}
	return result < 0 ? -1 : 0;
}

static int remove_entry(struct removal *removal, const struct dirent *entry, dev_t device)
{
	if (cov_entry_type(removal->top, entry) != DT_DIR)
		return unlinkat(removal->top, entry->d_name, 0);
	if (unlinkat(removal->top, entry->d_name, AT_REMOVEDIR) == 0)
		return 0;
	if (empty_child(removal, entry->d_name, device) != 0)
		return -1;
	return unlinkat(removal->top, entry->d_name, AT_REMOVEDIR);
}

int cov_remove_below(int folder, const char *path, struct cov_error *err)
{
	struct removal removal = { .top = folder };
	struct stat status;
	bool has_more = true;

	if (fstat(folder, &status) != 0)
		return cov_fail_errno(err, "cannot read %s", path);
	while (has_more) {
		COV_AUTO(closedir) DIR *directory = open_again(folder, ".");
		const struct dirent *entry;
		int result;

		if (!directory)
			return cov_fail_errno(err, "cannot read %s", path);
		has_more = false;
		while ((result = cov_directory_next(directory, path, &entry, err)) > 0) {
			if (remove_entry(&removal, entry, status.st_dev) != 0 && errno != ENOENT)
				return cov_fail_errno(err, "cannot remove %s/%s", path,
						      entry->d_name);
			has_more = true;
		}
		if (result < 0)
			return result;
	}
	return 0;
}
