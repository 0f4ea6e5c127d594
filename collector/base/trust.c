/* trust.c - whether only root and this user can change what a path leads to. */
#include "collector/base/trust.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { LINKS_MAX = 40 };

/* On the way from / to the end of a path. */
struct walk {
	char *here; /* looked at already, and free of links; "" is /; owned */
	char *rest; /* still to go; owned */
	int link_count;
	struct stat status; /* of @here */
};

static void walk_deinit(struct walk *walk)
{
	free(walk->here);
	free(walk->rest);
}

COV_DEFINE_AUTO_STRUCT(struct walk, walk_deinit)

static bool is_writable_for_others(const struct stat *status)
{
	return status->st_mode & (S_IWGRP | S_IWOTH);
}

static int check_owner(const char *path, const struct stat *status, struct cov_error *err)
{
	if (status->st_uid == 0 || status->st_uid == geteuid())
		return 0;
	return cov_fail(err, COV_ERR_SYSTEM, "%s belongs to user %u", path,
			(unsigned)status->st_uid);
}

static int fail_writable(const char *path, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_SYSTEM, "others may write to %s", path);
}

static const char *path_of(const struct walk *walk)
{
	return *walk->here ? walk->here : "/";
}

static int look(struct walk *walk, struct cov_error *err)
{
	if (lstat(path_of(walk), &walk->status) != 0)
		return cov_fail_errno(err, "%s", path_of(walk));
	return check_owner(path_of(walk), &walk->status, err);
}

static void go_to(struct walk *walk, char *here)
{
	free(walk->here);
	walk->here = here;
}

static int follow(struct walk *walk, const char *link, struct cov_error *err)
{
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	if (length < 0)
		return cov_fail_errno(err, "cannot read the link %s", link);
	if ((size_t)length == sizeof(target) - 1)
		return cov_fail(err, COV_ERR_SYSTEM, "%s: the path in this link is too long", link);
	target[length] = '\0';
	if (++walk->link_count > LINKS_MAX)
		return cov_fail(err, COV_ERR_SYSTEM, "%s: too many links", link);
	char *rest = cov_format("%s/%s", target, walk->rest);
	free(walk->rest);
	walk->rest = rest;
	if (*target == '/')
		go_to(walk, cov_xstrdup(""));
	return look(walk, err);
}

static int step(struct walk *walk, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *next = cov_format("%s/%s", walk->here, name);
	struct stat status;

	if (is_writable_for_others(&walk->status) && !(walk->status.st_mode & S_ISVTX))
		return fail_writable(path_of(walk), err);
	if (lstat(next, &status) != 0)
		return cov_fail_errno(err, "%s", next);
	int result = check_owner(next, &status, err);
	if (result != 0)
		return result;
	if (S_ISLNK(status.st_mode))
		return follow(walk, next, err);
	go_to(walk, next);
	next = NULL;
	return look(walk, err);
}

static int step_up(struct walk *walk, struct cov_error *err)
{
	char *slash = strrchr(walk->here, '/');

	if (slash)
		*slash = '\0';
	return look(walk, err);
}

/* To the end of @path, whose folders, links and last part have the right owners. */
static int walk_to(const char *path, struct walk *walk, struct cov_error *err)
{
	walk->here = cov_xstrdup("");
	walk->rest = cov_xstrdup(path);
	if (*path != '/')
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not an absolute path", path);
	int result = look(walk, err);
	while (result == 0 && *walk->rest) {
		size_t slashes = strspn(walk->rest, "/");
		size_t length = strcspn(walk->rest + slashes, "/");
		COV_AUTO(free) char *name = cov_xstrndup(walk->rest + slashes, length);

		memmove(walk->rest, walk->rest + slashes + length,
			strlen(walk->rest + slashes + length) + 1);
		if (strcmp(name, "..") == 0)
			result = step_up(walk, err);
		else if (*name && strcmp(name, ".") != 0)
			result = step(walk, name, err);
	}
	return result;
}

/* A folder at the end of @path. */
static int walk_to_folder(const char *path, struct walk *walk, struct cov_error *err)
{
	int result = walk_to(path, walk, err);

	if (result == 0 && !S_ISDIR(walk->status.st_mode))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a directory", path);
	return result;
}

int cov_trust_folder(const char *path, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { 0 };
	int result = walk_to_folder(path, &walk, err);

	if (result == 0 && is_writable_for_others(&walk.status))
		return fail_writable(path, err);
	return result;
}

int cov_trust_place(const char *path, char **ret, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { 0 };
	int result = walk_to_folder(path, &walk, err);

	if (result != 0)
		return result;
	if (is_writable_for_others(&walk.status) && !(walk.status.st_mode & S_ISVTX))
		return fail_writable(path, err);
	*ret = cov_xstrdup(path_of(&walk));
	return 0;
}

int cov_trust_file(const char *path, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { 0 };
	int result = walk_to(path, &walk, err);

	if (result != 0)
		return result;
	if (!S_ISREG(walk.status.st_mode))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a file", path);
	return is_writable_for_others(&walk.status) ? fail_writable(path, err) : 0;
}

int cov_trust_output(const char *path, struct cov_error *err)
{
	struct stat status;

	if (geteuid() != 0)
		return 0;
	if (stat(path, &status) != 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : cov_fail_errno(err, "%s", path);
	int result = check_owner(path, &status, err);
	return result == 0 && is_writable_for_others(&status) ? fail_writable(path, err) : result;
}
