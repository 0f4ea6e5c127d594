/* report_folder.c - the folder of a report: whose it is, and how a report takes the place of
 * another. */
#include "venn/report/report_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/partial.h"
#include "collector/base/text.h"
#include "venn/report/report_assets.h"

enum { FOLDER_MODE = 0755 };

static const char page[] = "index.html";

struct report_folder_kind report_folder_report(void)
{
	static const char *const data[] = { ".js", NULL };
	struct report_folder_kind kind = {
		.what = "report",
		.marker = "covdb-report.txt",
		.marker_text =
		    "This folder is a report that 'covdb report' made. The next one, with -o, replaces it\n"
		    "because this file is here; files that no report made stay.\n",
		.data = data,
	};

	kind.page = report_assets(&kind.page_count);
	return kind;
}

static void names_deinit(struct report_folder_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct report_folder_names){ 0 };
}

COV_DEFINE_AUTO_STRUCT(struct report_folder_names, names_deinit)

/* @descriptor_out: of the folder, -1 where there is none; close() it. Both untouched on failure. */
static int list(const char *path, struct report_folder_names *ret, int *descriptor_out,
		struct cov_error *err)
{
	COV_AUTO(names_deinit) struct report_folder_names names = { 0 };
	COV_AUTO(closedir) DIR *listing = NULL;
	COV_AUTO(close)
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *entry;
	int result;

	*descriptor_out = -1;
	if (descriptor < 0 && errno == ENOENT)
		return 0;
	int copy = descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	listing = copy < 0 ? NULL : fdopendir(copy);
	if (!listing) {
		result = cov_fail_errno(err, "cannot open %s", path);
		if (copy >= 0)
			close(copy);
		return result;
	}
	while ((result = cov_directory_next(listing, path, &entry, err)) > 0) {
		names.items =
		    cov_grow(names.items, names.count, &names.capacity, sizeof(*names.items));
		names.items[names.count++] = cov_xstrdup(entry->d_name);
	}
	if (result < 0)
		return result;
	*descriptor_out = descriptor;
	descriptor = -1;
	*ret = names;
	names = (struct report_folder_names){ 0 };
	return 0;
}

static int check_empty(const char *path, const struct report_folder_kind *kind,
		       struct cov_error *err)
{
	COV_AUTO(closedir) DIR *listing = opendir(path);
	const struct dirent *entry;

	if (!listing)
		return cov_fail_errno(err, "cannot open %s", path);
	int result;
	while ((result = cov_directory_next(listing, path, &entry, err)) > 0) {
		/* What a killed report left of its first file, the marker, is nobody else's. */
		if (!cov_partial_is_name(entry->d_name))
			break;
		if (unlinkat(dirfd(listing), entry->d_name, 0) != 0)
			return cov_fail_errno(err, "cannot remove %s/%s", path, entry->d_name);
	}
	if (result <= 0)
		return result;
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s has files and no %s, so it may not be a %s; name a new directory, "
			"or, if it is a %s of an older covdb: touch %s/%s",
			path, kind->marker, kind->what, kind->what, path, kind->marker);
}

/* Whole or not at all; it reaches the disk with the rest. */
static int mark(const char *path, const char *text, struct cov_error *err)
{
	COV_AUTO(cov_partial_discard) struct cov_partial partial = { 0 };
	int result = cov_partial_open(path, &partial, err);

	if (result)
		return result;
	if (cov_write_all(partial.file, text, strlen(text)) != 0)
		return cov_fail_errno(err, "cannot write %s", path);
	return cov_partial_place(&partial, err);
}

/* Only a folder that is empty or a report's is written to; from now on this one is. */
static int claim(const struct report_folder *folder, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", folder->path, folder->kind->marker);

	if (!cov_is_missing(path))
		return 0;
	int result = check_empty(folder->path, folder->kind, err);
	return result ? result : mark(path, folder->kind->marker_text, err);
}

/* One report at a time, where the file system has locks. */
static int lock(struct report_folder *folder, struct cov_error *err)
{
	folder->descriptor = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->descriptor < 0)
		return cov_fail_errno(err, "cannot open %s", folder->path);
	if (flock(folder->descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return cov_fail(err, COV_ERR_SYSTEM, "another covdb writes a %s to %s",
				folder->kind->what, folder->path);
	return 0;
}

static int make(const char *path, struct cov_error *err)
{
	if (mkdir(path, FOLDER_MODE) != 0)
		return cov_fail_errno(err, "cannot create the directory %s", path);
	return 0;
}

int report_folder_open(const char *path, const struct report_folder_kind *kind,
		       struct report_folder *ret, struct cov_error *err)
{
	COV_AUTO(report_folder_close)
	struct report_folder folder = {
		.kind = kind,
		.path = path,
		.fresh = cov_format("%s/report.new", path),
		.data = cov_format("%s/report.new/data", path),
		.descriptor = -1,
		.older_descriptor = -1,
	};
	struct stat status;
	int result = 0;

	if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a directory", path);
	result = cov_directory_make(path, err);
	if (result == 0)
		result = lock(&folder, err);
	if (result == 0)
		result = claim(&folder, err);
	if (result == 0)
		result = report_folder_clear(&folder, err);
	if (result == 0)
		result = make(folder.fresh, err);
	if (result == 0)
		result = make(folder.data, err);
	if (result)
		return result;
	*ret = folder;
	folder = (struct report_folder){ 0 };
	return 0;
}

/* Whether the page in the folder is the one that this covdb writes. */
static bool has_same_page(const struct report_folder *folder)
{
	const struct report_asset *assets = folder->kind->page;

	for (size_t i = 0; i < folder->kind->page_count; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", folder->path, assets[i].name);
		COV_AUTO(free) char *data = NULL;
		struct cov_error ignored; /* what cannot be read is replaced */
		size_t size;

		if (cov_file_read(path, &data, &size, &ignored) != 0 || size != assets[i].size ||
		    memcmp(data, assets[i].data, size) != 0)
			return false;
	}
	return true;
}

static int put(const struct report_folder *folder, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *from = cov_format("%s/%s", folder->fresh, name);
	COV_AUTO(free) char *to = cov_format("%s/%s", folder->path, name);

	if (rename(from, to) != 0)
		return cov_fail_errno(err, "cannot rename %s to %s", from, to);
	return 0;
}

/* The older data are in the place of the new ones then. */
static int put_data(const struct report_folder *folder, struct cov_error *err)
{
	COV_AUTO(free) char *data = cov_format("%s/data", folder->path);
	COV_AUTO(free) char *old = cov_format("%s/data.old", folder->fresh);

	if (renameat2(AT_FDCWD, folder->data, AT_FDCWD, data, RENAME_EXCHANGE) == 0)
		return 0;
	/* Where two names cannot change places in one step, the page has no data for a moment. */
	if (errno != ENOENT && errno != EINVAL && errno != ENOSYS)
		return cov_fail_errno(err, "cannot exchange %s and %s", folder->data, data);
	if (errno != ENOENT && rename(data, old) != 0)
		return cov_fail_errno(err, "cannot rename %s to %s", data, old);
	return put(folder, "data", err);
}

/* Without @is_whole the data alone. */
static int put_all(const struct report_folder *folder, bool is_whole, struct cov_error *err)
{
	const struct report_asset *assets = folder->kind->page;
	int result = 0;

	if (is_whole && unlinkat(folder->descriptor, page, 0) != 0 && errno != ENOENT)
		return cov_fail_errno(err, "cannot remove %s/%s", folder->path, page);
	for (size_t i = 0; result == 0 && is_whole && i < folder->kind->page_count; i++) {
		if (strcmp(assets[i].name, page) != 0)
			result = put(folder, assets[i].name, err);
	}
	if (result == 0)
		result = put_data(folder, err);
	if (result == 0 && is_whole)
		result = put(folder, page, err);
	return result;
}

int report_folder_replace(struct report_folder *folder, size_t *size, struct cov_error *err)
{
	const struct report_asset *assets = folder->kind->page;
	int result = 0;

	*size = 0;
	for (size_t i = 0; result == 0 && i < folder->kind->page_count; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", folder->fresh, assets[i].name);

		result = cov_file_create(path, assets[i].data, assets[i].size, err);
		*size += assets[i].size;
	}
	/* All of it has to reach the disk before anything takes the place of an older file. */
	if (result == 0 && syncfs(folder->descriptor) != 0)
		result = cov_fail_errno(err, "cannot write %s", folder->fresh);
	/* What is listed later could fail when it is too late. */
	COV_AUTO(free) char *data = cov_format("%s/data", folder->path);
	if (result == 0)
		result = list(data, &folder->older, &folder->older_descriptor, err);
	if (result == 0)
		result = put_all(folder, !has_same_page(folder), err);
	folder->is_replaced = result == 0;
	if (result == 0 && fsync(folder->descriptor) != 0 && errno != EINVAL)
		result = cov_fail_errno(err, "cannot write %s", folder->path);
	return result;
}

static bool is_data(const struct report_folder_kind *kind, const char *name)
{
	for (size_t i = 0; kind->data[i]; i++) {
		if (cov_has_suffix(name, kind->data[i]))
			return true;
	}
	return false;
}

/* Remove files of data, links not followed; what no report wrote goes to the data in use. */
static int clear_files(const struct report_folder *folder, int descriptor,
		       const struct report_folder_names *names, struct cov_error *err)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *file = names->items[i];
		COV_AUTO(free) char *to = cov_format("%s/data/%s", folder->path, file);

		if ((is_data(folder->kind, file)
			 ? unlinkat(descriptor, file, 0) != 0
			 : renameat2(descriptor, file, AT_FDCWD, to, RENAME_NOREPLACE) != 0) &&
		    errno != ENOENT)
			return cov_fail_errno(err, "cannot remove the older data's %s", file);
	}
	return 0;
}

static int remove_folder(const char *path, struct cov_error *err)
{
	if (rmdir(path) != 0 && errno != ENOENT)
		return cov_fail_errno(err, "cannot remove %s", path);
	return 0;
}

/* Whether they changed places with the new ones in one step or in two, they were listed before. */
static int clear_data(const struct report_folder *folder, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", folder->fresh, name);
	COV_AUTO(names_deinit) struct report_folder_names names = { 0 };
	COV_AUTO(close) int descriptor = -1;
	int result = 0;

	if (folder->is_replaced) {
		result = clear_files(folder, folder->older_descriptor, &folder->older, err);
	} else {
		result = list(path, &names, &descriptor, err);
		if (result == 0)
			result = clear_files(folder, descriptor, &names, err);
	}
	return result ? result : remove_folder(path, err);
}

int report_folder_clear(const struct report_folder *folder, struct cov_error *err)
{
	const struct report_asset *assets = folder->kind->page;
	int result = clear_data(folder, "data", err);

	if (result == 0)
		result = clear_data(folder, "data.old", err);
	for (size_t i = 0; result == 0 && i < folder->kind->page_count; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", folder->fresh, assets[i].name);

		if (unlink(path) != 0 && errno != ENOENT)
			result = cov_fail_errno(err, "cannot remove %s", path);
	}
	return result ? result : remove_folder(folder->fresh, err);
}

void report_folder_close(struct report_folder *folder)
{
	if (folder->path && folder->descriptor >= 0)
		close(folder->descriptor);
	if (folder->path && folder->older_descriptor >= 0)
		close(folder->older_descriptor);
	free(folder->fresh);
	free(folder->data);
	names_deinit(&folder->older);
	*folder = (struct report_folder){ 0 };
}
