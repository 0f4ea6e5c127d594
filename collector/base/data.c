/* data.c - where covdb's own data files are: kernel-config/ and workloads/. */
#include "collector/base/data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/text.h"

/* Below the folder of the program: beside bin/ as installed, and as the build leaves it. */
static const char *const places[] = { "../share/covdb", "share/covdb" };

/* The path of the file if it is there, else NULL. */
static char *find_below(const char *root, const char *place, const char *name)
{
	char *path = cov_format("%s/%s/%s", root, place, name);

	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int cov_data_path(const char *name, char **ret, struct cov_error *err)
{
	const char *own = getenv("COVDB_DATA");
	COV_AUTO(free) char *program = NULL;

	if (own) {
		*ret = find_below(own, ".", name);
		return *ret ? 0
			    : cov_fail(err, COV_ERR_SYSTEM,
				       "cannot find covdb's file %s below %s, $COVDB_DATA", name,
				       own);
	}
	program = realpath("/proc/self/exe", NULL);
	if (!program)
		return cov_fail(err, COV_ERR_SYSTEM, "/proc/self/exe: %s; set COVDB_DATA",
				strerror(errno));
	*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		*ret = find_below(program, places[i], name);
		if (*ret)
			return 0;
	}
	return cov_fail(err, COV_ERR_SYSTEM,
			"cannot find covdb's file %s below %s/%s; set COVDB_DATA", name, program,
			places[0]);
}
