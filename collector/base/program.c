/* program.c - find a program as a shell would, but none that others could have put there. */
#include "collector/base/program.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"

/* Also in place of a PATH of which nothing is left: an empty one is the current directory. */
static const char default_path[] = "/usr/sbin:/usr/bin:/sbin:/bin";

/* PATH before cov_program_trust_path(); NULL if that was not called, or nothing was taken out. */
static char *given_path;

static int check_folder(const char *folder, struct cov_error *err)
{
	if (*folder != '/')
		return cov_fail(err, COV_ERR_SYSTEM,
				"it depends on the current directory, by '%s' in PATH", folder);
	return geteuid() == 0 ? cov_trust_folder(folder, err) : 0;
}

static int check_program(const char *folder, const char *program, struct cov_error *err)
{
	int result = check_folder(folder, err);

	if (result != 0 || geteuid() != 0)
		return result;
	return cov_trust_file(program, err);
}

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* The next element of a list such as PATH; free() it. NULL at its end, where @rest is NULL. */
static char *next_folder(const char **rest)
{
	if (!*rest)
		return NULL;
	size_t length = strcspn(*rest, ":");
	char *folder = cov_xstrndup(*rest, length);

	*rest = (*rest)[length] ? *rest + length + 1 : NULL;
	return folder;
}

/*
 * The first program of that name in @folders that can be used, or, if @why is not NULL, the first
 * that cannot, and the reason.
 */
static char *find_below(const char *name, const char *folders, struct cov_error *why)
{
	const char *rest = folders;

	for (char *folder; (folder = next_folder(&rest));) {
		COV_AUTO(free) char *kept = folder;
		COV_AUTO(free) char *candidate = cov_format("%s/%s", *kept ? kept : ".", name);
		struct cov_error reason;

		if (!is_program(candidate))
			continue;
		if ((check_program(kept, candidate, &reason) == 0) == !why) {
			char *found = candidate;

			if (why)
				*why = reason;
			candidate = NULL;
			return found;
		}
	}
	return NULL;
}

static const char *path_variable(void)
{
	const char *path = getenv("PATH");

	return path ? path : default_path;
}

void cov_program_trust_path(void)
{
	COV_AUTO(cov_text_deinit) struct cov_text kept = { 0 };
	const char *given = path_variable(), *rest = given;

	for (char *folder; (folder = next_folder(&rest));) {
		COV_AUTO(free) char *path = folder;
		struct cov_error reason;

		if (check_folder(path, &reason) == 0)
			cov_text_print(&kept, "%s%s", kept.length ? ":" : "", path);
	}
	free(given_path);
	given_path = cov_xstrdup(given);
	if (setenv("PATH", kept.length ? kept.data : default_path, 1) != 0)
		cov_out_of_memory();
}

char *cov_program_find(const char *name, const char *more)
{
	char *found;

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? cov_xstrdup(name) : NULL;
	found = find_below(name, path_variable(), NULL);
	return found || !more ? found : find_below(name, more, NULL);
}

char *cov_program_passed_over(const char *name)
{
	struct cov_error why;

	if (strchr(name, '/'))
		return NULL;
	COV_AUTO(free)
	char *found = find_below(name, given_path ? given_path : path_variable(), &why);
	return found ? cov_format("%s is passed over: %s", found, why.message) : NULL;
}

char *cov_program_missing(const char *name)
{
	COV_AUTO(free) char *passed_over = cov_program_passed_over(name);

	return cov_format("there is no program '%s'%s%s%s%s", name,
			  strchr(name, '/') ? "" : " in PATH", passed_over ? " (" : "",
			  passed_over ? passed_over : "", passed_over ? ")" : "");
}
