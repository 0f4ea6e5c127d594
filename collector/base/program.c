/* program.c - find a program as a shell would. */
#include "collector/base/program.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

static char *find_below(const char *name, const char *directories)
{
	while (directories && *directories) {
		size_t length = strcspn(directories, ":");
		COV_AUTO(free)
		char *candidate = cov_format("%.*s/%s", (int)length, directories, name);

		if (length && access(candidate, X_OK) == 0) {
			char *found = candidate;

			candidate = NULL;
			return found;
		}
		directories += length + (directories[length] == ':');
	}
	return NULL;
}

char *cov_program_find(const char *name, const char *more)
{
	char *found;

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? cov_xstrdup(name) : NULL;
	found = find_below(name, getenv("PATH"));
	return found ? found : find_below(name, more);
}
