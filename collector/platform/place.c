/* place.c - where a trial's files go that need room: below $TMPDIR, else /var/tmp. */
#include "collector/platform/place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"

static const char prefix[] = "covdb-";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

enum { RANDOM_LENGTH = 6 };

/* Of these are paths in the options of an overlay, in the kernel's list of mounts, in a ledger. */
static bool is_plain(const char *path)
{
	COV_AUTO(free) char *known = cov_format("%s/._+-@", letters);

	return *path == '/' && !path[strspn(path, known)];
}

int place_find(char **ret, struct cov_error *err)
{
	const char *given = getenv("TMPDIR");
	const char *path = given && *given ? given : "/var/tmp";
	COV_AUTO(free) char *found = NULL;
	struct cov_error cause;
	int result = 0;

	if (geteuid() == 0)
		result = cov_trust_place(path, &found, &cause);
	else
		found = realpath(path, NULL);
	if (result != 0)
		return cov_fail(err, result, "no work folder in %s: %s; set TMPDIR", path,
				cause.message);
	if (!found)
		return cov_fail_errno(err, "no work folder in %s", path);
	if (!is_plain(found))
		return cov_fail(err, COV_ERR_SYSTEM,
				"no work folder in %s: letters, digits and /._+-@ only; set TMPDIR",
				path);
	*ret = found;
	found = NULL;
	return 0;
}

int place_make(char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *place = NULL;
	int result = place_find(&place, err);

	if (result != 0)
		return result;
	COV_AUTO(free) char *path = cov_format("%s/%sXXXXXX", place, prefix);
	if (!mkdtemp(path))
		return cov_fail_errno(err, "cannot make a folder in %s", place);
	*ret = path;
	path = NULL;
	return 0;
}

bool place_is_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!is_plain(path) || !slash || strstr(path, "/../") || strstr(path, "/./") ||
	    strncmp(slash + 1, prefix, strlen(prefix)) != 0)
		return false;
	const char *random = slash + 1 + strlen(prefix);
	return strlen(random) == RANDOM_LENGTH && strspn(random, letters) == RANDOM_LENGTH;
}
