/* work_folder.c - the folder of the trial that is being run. */
#include "collector/platform/work_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/remove.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"
#include "collector/platform/ledger.h"
#include "collector/platform/place.h"

int work_folder_make(char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *folder = NULL;
	int result = place_make(&folder, err);

	if (result != 0)
		return result;
	result = ledger_note_folder(folder, err);
	if (result != 0) {
		rmdir(folder);
		return result;
	}
	*ret = folder;
	folder = NULL;
	return 0;
}

/* The folder that the work folder is in. */
static int open_place(const char *path, struct cov_error *err)
{
	COV_AUTO(free) char *place = cov_xstrndup(path, (size_t)(strrchr(path, '/') - path));
	COV_AUTO(free) char *real = NULL;
	int result = geteuid() == 0 ? cov_trust_place(place, &real, err) : 0;

	if (result != 0)
		return result;
	int fd = open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? cov_fail_errno(err, "cannot open %s", place) : fd;
}

static int check_in(int place, const struct ledger_entry *noted, struct cov_error *err)
{
	COV_AUTO(close)
	int folder = openat(place, strrchr(noted->name, '/') + 1,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (folder < 0 || fstat(folder, &status) != 0)
		return cov_fail_errno(err, "cannot open %s", noted->name);
	if (status.st_uid != geteuid() || status.st_dev != noted->device ||
	    status.st_ino != noted->inode)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s is not the folder that a collect made: it is left alone",
				noted->name);
	int ret = folder;
	folder = -1;
	return ret;
}

int work_folder_check(const struct ledger_entry *noted, struct cov_error *err)
{
	COV_AUTO(close) int place = open_place(noted->name, err);

	return place < 0 ? place : check_in(place, noted, err);
}

static void endmntent_auto(FILE **stream)
{
	if (*stream)
		endmntent(*stream);
}

/* @ret: the last mount below @folder, as the kernel lists them: the first to unmount; NULL: none */
static int last_mount(const char *folder, char **ret, struct cov_error *err)
{
	static const char path[] = "/proc/self/mounts";
	COV_AUTO(free) char *below = cov_format("%s/", folder);
	COV_AUTO(free) char *found = NULL;
	COV_AUTO(endmntent) FILE *stream = setmntent(path, "re");
	const struct mntent *mount;

	if (!stream)
		return cov_fail_errno(err, "cannot open %s", path);
	while ((mount = getmntent(stream))) {
		if (strncmp(mount->mnt_dir, below, strlen(below)) != 0)
			continue;
		free(found);
		found = cov_xstrdup(mount->mnt_dir);
	}
	if (ferror(stream))
		return cov_fail_errno(err, "cannot read %s", path);
	*ret = found;
	found = NULL;
	return 0;
}

static int unmount_all(const char *folder, struct cov_error *err)
{
	char *point = NULL;
	int result;

	while ((result = last_mount(folder, &point, err)) == 0 && point) {
		COV_AUTO(free) char *kept = point;

		if (umount2(kept, MNT_DETACH | UMOUNT_NOFOLLOW) != 0)
			return cov_fail_errno(err, "cannot unmount %s", kept);
	}
	return result;
}

int work_folder_remove(const struct ledger_entry *noted, struct cov_error *err)
{
	struct stat status;

	if (lstat(noted->name, &status) != 0 && errno == ENOENT)
		return 0;
	COV_AUTO(close) int place = open_place(noted->name, err);
	if (place < 0)
		return place;
	COV_AUTO(close) int folder = check_in(place, noted, err);
	if (folder < 0)
		return folder;
	/* What is mounted there is not in there, and not ours to remove. */
	int result = unmount_all(noted->name, err);
	if (result == 0)
		result = cov_remove_below(folder, noted->name, err);
	if (result == 0 && unlinkat(place, strrchr(noted->name, '/') + 1, AT_REMOVEDIR) != 0)
		result = cov_fail_errno(err, "cannot remove %s", noted->name);
	return result;
}
