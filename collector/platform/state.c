/* state.c - the folder that has what the next collect must know if this one is killed. */
#include "collector/platform/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/remove.h"
#include "collector/base/terminal.h"
#include "collector/platform/place.h"
#include "collector/run/process.h"

enum { FILE_BYTES_MAX = 1 << 16, MODE_OWN = 0700, MODE_FILE = 0600 };
enum { LOCK_TRIES = 50, LOCK_WAIT_NS = 10 * 1000 * 1000 };

static const char parent_path[] = "/run";
static const char own_name[] = "covdb";
static const char own_path[] = "/run/covdb";
static const int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/* One of a process. */
static struct {
	char *path; /* NULL: not open; owned */
	int folder;
	int counters;
	bool is_private;
} state = { .folder = -1, .counters = -1 };

/* Return: a descriptor of /run, or -1 if it is none that only root can write to. */
static int open_parent(void)
{
	int parent = geteuid() == 0 ? open(parent_path, folder_flags) : -1;
	struct stat status;

	if (parent < 0)
		return -1;
	if (fstat(parent, &status) == 0 && status.st_uid == 0 &&
	    !(status.st_mode & (S_IWGRP | S_IWOTH)) &&
	    (mkdirat(parent, own_name, MODE_OWN) == 0 || errno == EEXIST))
		return parent;
	close(parent);
	return -1;
}

static int open_own(int parent, int *ret, struct cov_error *err)
{
	COV_AUTO(close) int folder = openat(parent, own_name, folder_flags);
	struct stat status;

	if (folder < 0 || fstat(folder, &status) != 0)
		return cov_fail_errno(err, "cannot open the folder %s", own_path);
	if (status.st_uid != 0 || (status.st_mode & ACCESSPERMS) != MODE_OWN)
		return cov_fail(err, COV_ERR_SYSTEM,
				"%s has owner %u and mode %04o, not 0 and 0700: others may have "
				"written to it; remove it",
				own_path, (unsigned)status.st_uid,
				(unsigned)(status.st_mode & ACCESSPERMS));
	state.path = cov_xstrdup(own_path);
	*ret = folder;
	folder = -1;
	return 0;
}

static int open_private(int *ret, struct cov_error *err)
{
	int result = place_make(&state.path, err);

	if (result != 0)
		return result;
	state.is_private = true;
	if (geteuid() == 0)
		cov_say("%s cannot be used: what this collect leaves behind, if it is killed, the "
			"next one does not find",
			own_path);
	*ret = open(state.path, folder_flags);
	return *ret < 0 ? cov_fail_errno(err, "cannot open the folder %s", state.path) : 0;
}

/*
 * A program that a collect was about to start when it was killed has its lock until it is that
 * program: what is locked for longer than that is locked by a collect.
 */
static int lock(int folder, const char *path, struct cov_error *err)
{
	int result = flock(folder, LOCK_EX | LOCK_NB);

	for (int i = 0; result != 0 && errno == EWOULDBLOCK && i < LOCK_TRIES; i++) {
		process_sleep(LOCK_WAIT_NS);
		result = flock(folder, LOCK_EX | LOCK_NB);
	}
	if (result == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return cov_fail_errno(err, "cannot lock %s", path);
	return cov_fail(err, COV_ERR_SYSTEM, "another covdb collects on this machine: %s is locked",
			path);
}

int state_open(const char *counters, struct cov_error *err)
{
	if (state.path)
		return 0;
	COV_AUTO(close) int parent = open_parent();

	int result =
	    parent < 0 ? open_private(&state.folder, err) : open_own(parent, &state.folder, err);
	if (result == 0)
		result = lock(state.folder, state.path, err);
	if (result == 0) {
		state.counters = open(counters, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		result = state.counters < 0 ? cov_fail_errno(err, "cannot open %s", counters)
					    : lock(state.counters, counters, err);
	}
	if (result != 0)
		state_close();
	return result;
}

void state_close(void)
{
	struct cov_error ignored; /* of a folder that nobody else looks at */

	if (!state.path)
		return;
	if (state.is_private && state.folder >= 0)
		cov_remove_below(state.folder, state.path, &ignored);
	if (state.is_private)
		rmdir(state.path);
	if (state.folder >= 0)
		close(state.folder);
	if (state.counters >= 0)
		close(state.counters);
	free(state.path);
	state.path = NULL;
	state.folder = state.counters = -1;
	state.is_private = false;
}

const char *state_path(void)
{
	return state.path;
}

bool state_is_kept(void)
{
	return state.path && !state.is_private;
}

int state_create(const char *name, struct cov_error *err)
{
	state_remove(name);
	int fd = openat(state.folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			MODE_FILE);

	return fd < 0 ? cov_fail_errno(err, "cannot make %s/%s", state.path, name) : fd;
}

int state_append(const char *name, struct cov_error *err)
{
	int fd = openat(state.folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, MODE_FILE);

	return fd < 0 ? cov_fail_errno(err, "cannot open %s/%s", state.path, name) : fd;
}

static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got_bytes = read(fd, bytes + done, size - done);

		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes < 0)
			return -1;
		if (got_bytes == 0)
			break;
		done += (size_t)got_bytes;
	}
	return (ssize_t)done;
}

int state_read(const char *name, char **data, size_t *size, struct cov_error *err)
{
	COV_AUTO(close)
	int fd = openat(state.folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	COV_AUTO(free) char *bytes = cov_xmalloc(FILE_BYTES_MAX + 1);
	struct stat status;

	*data = NULL;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &status) != 0)
		return cov_fail_errno(err, "cannot open %s/%s", state.path, name);
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
	    status.st_size > FILE_BYTES_MAX)
		return cov_fail(err, COV_ERR_SYSTEM, "%s/%s is not covdb's file: remove it",
				state.path, name);
	ssize_t got_bytes = read_all(fd, bytes, FILE_BYTES_MAX);
	if (got_bytes < 0)
		return cov_fail_errno(err, "cannot read %s/%s", state.path, name);
	bytes[got_bytes] = '\0';
	*size = (size_t)got_bytes;
	*data = bytes;
	bytes = NULL;
	return 0;
}

void state_remove(const char *name)
{
	unlinkat(state.folder, name, 0);
}
