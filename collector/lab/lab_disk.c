/* lab_disk.c - the data disk of a lab run: what goes into the lab and what comes out of it. */
#include "collector/lab/lab_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/lab/lab.h"

enum {
	E2FSCK_STATUS_MAX = 2, /* 1: errors corrected, 2: and reboot; from 4 on errors are left */
	OPEN_FILES_MAX = 16,
};

static const off_t DISK_FREE_BYTES = 4LL << 30;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

/* What cannot be removed is found by whoever needs the name. */
static void remove_tree(const char *path)
{
	nftw(path, remove_one, OPEN_FILES_MAX, FTW_DEPTH | FTW_PHYS);
}

static int copy_file(const char *from, const char *to, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;
	struct stat status;
	int result = cov_file_read(from, &data, &size, err);

	if (result == 0)
		result = cov_file_replace(to, data, size, err);
	if (result < 0)
		return result;
	/* The time shows later whether the guest changed the file. */
	if (stat(from, &status) != 0)
		return cov_fail_errno(err, "cannot read %s", from);
	struct timespec times[] = { status.st_atim, status.st_mtim };
	utimensat(AT_FDCWD, to, times, 0);
	return 0;
}

static int stage_tree(const char *from, const char *to, off_t *total_bytes, struct cov_error *err);

/* A second name instead of a copy, where the file system can: snapshots are many and large. */
static int stage_entry(const char *from, const char *to, off_t *total_bytes, struct cov_error *err)
{
	struct stat status;

	if (lstat(from, &status) != 0)
		return errno == ENOENT ? 0 : cov_fail_errno(err, "cannot read %s", from);
	if (S_ISDIR(status.st_mode))
		return stage_tree(from, to, total_bytes, err);
	if (!S_ISREG(status.st_mode))
		return 0;
	*total_bytes += status.st_size;
	return link(from, to) == 0 ? 0 : copy_file(from, to, err);
}

static int stage_tree(const char *from, const char *to, off_t *total_bytes, struct cov_error *err)
{
	COV_AUTO(closedir) DIR *directory = opendir(from);
	int result = cov_directory_make(to, err);
	const struct dirent *entry;

	if (result < 0)
		return result;
	if (!directory)
		return cov_fail_errno(err, "cannot read %s", from);
	while (result == 0 && (result = cov_directory_next(directory, from, &entry, err)) > 0) {
		COV_AUTO(free) char *entry_from = cov_format("%s/%s", from, entry->d_name);
		COV_AUTO(free) char *entry_to = cov_format("%s/%s", to, entry->d_name);

		result = stage_entry(entry_from, entry_to, total_bytes, err);
	}
	return result;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_folder_of_trials(const char *name)
{
	return strcmp(name, "trials") == 0 || strcmp(name, "phases") == 0 ||
	       strcmp(name, "profiles") == 0;
}

/* The experiment's files, and the trials that are done. */
static int stage_results(const char *result_dir, const char *out, off_t *total_bytes,
			 struct cov_error *err)
{
	COV_AUTO(closedir) DIR *directory = opendir(result_dir);
	const struct dirent *entry;
	int result = cov_directory_make(out, err);

	if (result == 0 && !directory)
		return cov_fail_errno(err, "cannot read %s", result_dir);
	while (result == 0 &&
	       (result = cov_directory_next(directory, result_dir, &entry, err)) > 0) {
		COV_AUTO(free) char *from = cov_format("%s/%s", result_dir, entry->d_name);
		COV_AUTO(free) char *to = cov_format("%s/%s", out, entry->d_name);

		result = 0;
		if (is_folder_of_trials(entry->d_name) || ends_with(entry->d_name, ".yaml"))
			result = stage_entry(from, to, total_bytes, err);
	}
	return result;
}

static int stage_descriptions(const struct lab_disk *disk, const char *stage, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < disk->description_count; i++) {
		const struct experiment_description *description = &disk->descriptions[i];
		COV_AUTO(free) char *path = cov_format("%s/%s", stage, description->name);

		result = cov_file_replace(path, description->text, description->size, err);
	}
	return result;
}

static int stage_all(const struct lab_disk *disk, const char *stage, off_t *total_bytes,
		     struct cov_error *err)
{
	COV_AUTO(free) char *out = cov_format("%s/out", stage);
	COV_AUTO(free) char *args = cov_format("%s/args", stage);
	COV_AUTO(free) char *experiment = cov_format("%s/experiment.yaml", stage);
	COV_AUTO(free) char *kernel_from = cov_format("%s/kernel.json", disk->kernel_dir);
	COV_AUTO(free) char *kernel_to = cov_format("%s/kernel.json", stage);
	int result = stage_results(disk->result_dir, out, total_bytes, err);

	if (result == 0)
		result = cov_file_replace(args, disk->arguments, strlen(disk->arguments), err);
	if (result == 0 && disk->experiment)
		result = copy_file(disk->experiment, experiment, err);
	if (result == 0)
		result = stage_descriptions(disk, stage, err);
	if (result == 0 && !cov_is_missing(kernel_from))
		result = copy_file(kernel_from, kernel_to, err);
	return result;
}

static int make_image(const char *work_dir, const char *image, off_t size_bytes,
		      struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };
	COV_AUTO(close) int fd = open(image, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	const struct process_tie tie = lab_tie(work_dir);
	int status = 0;

	if (fd < 0 || ftruncate(fd, size_bytes) != 0)
		return cov_fail_errno(err, "cannot create %s", image);
	/*
	 * Not lazily: the guest's kernel would go on making the file system during the trials, and
	 * that work would be in their counts.
	 */
	const char *argv[] = { "mkfs.ext4",
			       "-q",
			       "-F",
			       "-m",
			       "0",
			       "-N",
			       "65536",
			       "-E",
			       "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
			       "-L",
			       "covdb-data",
			       "-d",
			       "stage",
			       "data.ext4.partial",
			       NULL };
	int result = process_capture(argv, &tie, true, &output, &status, err);
	if (result < 0)
		return result;
	if (status != 0)
		return cov_fail(err, COV_ERR_SYSTEM, "mkfs.ext4 cannot make %s: %s", image,
				lab_last_line(&output));
	return 0;
}

int lab_disk_create(const struct lab_disk *disk, char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *work_dir = cov_format("%s/.lab", disk->result_dir);
	COV_AUTO(free) char *stage = cov_format("%s/stage", work_dir);
	COV_AUTO(free) char *partial = cov_format("%s/data.ext4.partial", work_dir);
	COV_AUTO(free) char *image = cov_format("%s/data.ext4", work_dir);
	off_t staged_bytes = 0;

	remove_tree(work_dir);
	int result = cov_directory_make(stage, err);
	if (result == 0)
		result = stage_all(disk, stage, &staged_bytes, err);
	if (result == 0)
		result = make_image(work_dir, partial, DISK_FREE_BYTES + staged_bytes, err);
	remove_tree(stage);
	if (result == 0 && rename(partial, image) != 0)
		result = cov_fail_errno(err, "cannot create %s", image);
	if (result < 0) {
		remove_tree(work_dir);
		return result;
	}
	/* QEMU would take what stands before a colon in a relative name for a protocol. */
	*ret = realpath(image, NULL);
	return *ret ? 0 : cov_fail_errno(err, "cannot find %s", image);
}

bool lab_disk_exists(const char *result_dir)
{
	COV_AUTO(free) char *image = cov_format("%s/.lab/data.ext4", result_dir);

	return access(image, F_OK) == 0;
}

static bool is_same_file(const struct stat *one, const struct stat *other)
{
	return S_ISREG(one->st_mode) && S_ISREG(other->st_mode) && one->st_size == other->st_size &&
	       one->st_mtime == other->st_mtime;
}

static int merge_tree(const char *from, const char *to, struct cov_error *err);

/* Only files and folders: a link that a guest made could lead anywhere. */
static int merge_entry(const char *from, const char *to, struct cov_error *err)
{
	struct stat status_from, status_to;

	if (lstat(from, &status_from) != 0)
		return cov_fail_errno(err, "cannot read %s", from);
	if (S_ISDIR(status_from.st_mode))
		return merge_tree(from, to, err);
	if (!S_ISREG(status_from.st_mode) ||
	    (lstat(to, &status_to) == 0 && is_same_file(&status_from, &status_to)))
		return 0;
	if (rename(from, to) != 0)
		return cov_fail_errno(err, "cannot move a result to %s", to);
	return 0;
}

/* Manifests last: one that is there says that its snapshot is. Half-written files stay behind. */
static int merge_tree(const char *from, const char *to, struct cov_error *err)
{
	COV_AUTO(closedir) DIR *directory = opendir(from);
	const struct dirent *entry;
	int result = cov_directory_make(to, err);

	if (result == 0 && !directory)
		return cov_fail_errno(err, "cannot read %s", from);
	for (int pass = 0; result == 0 && pass < 2; pass++) {
		rewinddir(directory);
		while (result == 0 &&
		       (result = cov_directory_next(directory, from, &entry, err)) > 0) {
			COV_AUTO(free) char *entry_from = cov_format("%s/%s", from, entry->d_name);
			COV_AUTO(free) char *entry_to = cov_format("%s/%s", to, entry->d_name);
			bool is_last = ends_with(entry->d_name, ".json");

			result = 0;
			if (is_last == (pass == 1) && !ends_with(entry->d_name, ".partial"))
				result = merge_entry(entry_from, entry_to, err);
		}
	}
	return result;
}

/* debugfs says on stderr what failed, and ends with 0 all the same. */
static int check_dump(char *output, struct cov_error *err)
{
	char *rest = output;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		bool is_version = strncmp(line, "debugfs 1.", strlen("debugfs 1.")) == 0;
		/* An ordinary user cannot give files to root, and need not. */
		bool is_owner = strstr(line, "while changing ownership of") != NULL;

		if (*line && !is_version && !is_owner)
			return cov_fail(err, COV_ERR_SYSTEM, "debugfs cannot read the results: %s",
					line);
	}
	return 0;
}

static int dump_image(const char *work_dir, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text check = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text dump = { 0 };
	const char *check_argv[] = { "e2fsck", "-fy", "data.ext4", NULL };
	const char *dump_argv[] = { "debugfs", "-R", "rdump /out results", "data.ext4", NULL };
	const struct process_tie tie = lab_tie(work_dir);
	int status = 0;

	/* Replays the journal, which debugfs does not. */
	int result = process_capture(check_argv, &tie, true, &check, &status, err);
	if (result < 0)
		return result;
	if (status > E2FSCK_STATUS_MAX)
		return cov_fail(err, COV_ERR_FORMAT, "e2fsck cannot mend the data disk: %s",
				lab_last_line(&check));
	result = process_capture(dump_argv, &tie, true, &dump, &status, err);
	if (result < 0)
		return result;
	if (status != 0)
		return cov_fail(err, COV_ERR_SYSTEM, "debugfs failed with status %d", status);
	return check_dump(dump.data, err);
}

/* The results have to reach the disk before they take the place of older ones. */
static void sync_file_system(const char *directory)
{
	COV_AUTO(close) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		syncfs(fd);
}

int lab_disk_fetch(const char *result_dir, struct cov_error *err)
{
	COV_AUTO(free) char *work_dir = cov_format("%s/.lab", result_dir);
	COV_AUTO(free) char *results = cov_format("%s/results", work_dir);
	COV_AUTO(free) char *out = cov_format("%s/out", results);

	remove_tree(results);
	int result = cov_directory_make(results, err);
	if (result == 0)
		result = dump_image(work_dir, err);
	if (result == 0 && !cov_is_directory(out))
		result = cov_fail(err, COV_ERR_FORMAT, "the data disk has no folder out");
	if (result == 0) {
		sync_file_system(results);
		result = merge_tree(out, result_dir, err);
	}
	if (result == 0)
		remove_tree(work_dir);
	return result;
}
