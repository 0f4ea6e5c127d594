/* trust.c - whether only root and this user can change what a path leads to. */
#include "collector/base/trust.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"

enum { LINKS_MAX = 40, MODE_NEW = 0755 };

/* On the way from / to the end of a path. */
struct walk {
	char *here; /* looked at already, and free of links; "" is /; owned */
	char *rest; /* still to go; owned */
	int link_count;
	struct stat status; /* of @here */
	uid_t user;         /* who may own what is on the way, besides root */
	const char *advice; /* behind the reason for no trust; NULL: none */
	bool is_new_fine;   /* what is not there yet ends the walk */
	bool is_making;     /* it is made instead */
	bool is_at_end;     /* nothing is there from here on */
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

static const char *advice_of(const struct walk *walk)
{
	return walk->advice ? walk->advice : "";
}

static int check_owner(const struct walk *walk, const char *path, const struct stat *status,
		       struct cov_error *err)
{
	if (status->st_uid == 0 || status->st_uid == walk->user)
		return 0;
	return cov_fail(err, COV_ERR_SYSTEM, "%s belongs to user %u%s", path,
			(unsigned)status->st_uid, advice_of(walk));
}

static int fail_writable(const struct walk *walk, const char *path, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_SYSTEM, "others may write to %s%s", path, advice_of(walk));
}

static const char *path_of(const struct walk *walk)
{
	return *walk->here ? walk->here : "/";
}

static int look(struct walk *walk, struct cov_error *err)
{
	if (lstat(path_of(walk), &walk->status) != 0)
		return cov_fail_errno(err, "%s", path_of(walk));
	return check_owner(walk, path_of(walk), &walk->status, err);
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
		return fail_writable(walk, path_of(walk), err);
	/* Whoever was faster in a sticky folder is found out by what lstat() then says. */
	if (walk->is_making && mkdir(next, MODE_NEW) != 0 && errno != EEXIST)
		return cov_fail_errno(err, "cannot create the directory %s", next);
	if (lstat(next, &status) != 0) {
		walk->is_at_end = walk->is_new_fine && errno == ENOENT;
		return walk->is_at_end ? 0 : cov_fail_errno(err, "%s", next);
	}
	int result = check_owner(walk, next, &status, err);
	if (result != 0)
		return result;
	if (S_ISLNK(status.st_mode))
		return follow(walk, next, err);
	go_to(walk, next);
	next = NULL;
	walk->status = status;
	return 0;
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
	while (result == 0 && *walk->rest && !walk->is_at_end) {
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
	COV_AUTO(walk_deinit) struct walk walk = { .user = geteuid() };
	int result = walk_to_folder(path, &walk, err);

	if (result == 0 && is_writable_for_others(&walk.status))
		return fail_writable(&walk, path, err);
	return result;
}

int cov_trust_place(const char *path, char **ret, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { .user = geteuid() };
	int result = walk_to_folder(path, &walk, err);

	if (result != 0)
		return result;
	if (is_writable_for_others(&walk.status) && !(walk.status.st_mode & S_ISVTX))
		return fail_writable(&walk, path, err);
	*ret = cov_xstrdup(path_of(&walk));
	return 0;
}

int cov_trust_file(const char *path, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { .user = geteuid() };
	int result = walk_to(path, &walk, err);

	if (result != 0)
		return result;
	if (!S_ISREG(walk.status.st_mode))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a file", path);
	return is_writable_for_others(&walk.status) ? fail_writable(&walk, path, err) : 0;
}

/* Root, if sudo does not say whose it is. */
static int read_caller(uid_t *ret, struct cov_error *err)
{
	const char *text = getenv("SUDO_UID");
	uint64_t number = 0;

	if (text && !cov_number_read(text, UINT32_MAX - 1, NULL, &number))
		return cov_fail(err, COV_ERR_SYSTEM, "SUDO_UID is no user: '%s'", text);
	*ret = (uid_t)number;
	return 0;
}

static int walk_to_output(const char *path, struct walk *walk, struct cov_error *err)
{
	COV_AUTO(free) char *here = *path == '/' ? NULL : getcwd(NULL, 0);
	COV_AUTO(free) char *whole = here ? cov_format("%s/%s", here, path) : cov_xstrdup(path);
	int result = read_caller(&walk->user, err);

	walk->advice = ": choose a folder that nobody else can exchange";
	if (*path != '/' && !here)
		return cov_fail_errno(err, "cannot find the current directory");
	if (result == 0)
		result = walk_to(whole, walk, err);
	if (result != 0 || walk->is_at_end)
		return result;
	if (!S_ISDIR(walk->status.st_mode))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a directory", path);
	return is_writable_for_others(&walk->status) ? fail_writable(walk, path_of(walk), err) : 0;
}

int cov_trust_output(const char *path, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { .is_new_fine = true };

	return geteuid() == 0 ? walk_to_output(path, &walk, err) : 0;
}

int cov_trust_make(const char *path, struct cov_error *err)
{
	COV_AUTO(walk_deinit) struct walk walk = { .is_making = true };

	return geteuid() == 0 ? walk_to_output(path, &walk, err) : cov_directory_make(path, err);
}
