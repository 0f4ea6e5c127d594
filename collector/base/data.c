/* data.c - where covdb's own data files are: kernel-config/ and workloads/. */
#include "collector/base/data.h"

#include <stdlib.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/text.h"

int cov_data_path(const char *name, char **ret, struct cov_error *err)
{
	const char *own = getenv("COVDB_DATA");
	const char *roots[] = { own ? own : COVDB_SOURCE_DIR,
				own ? NULL : COVDB_INSTALLED_DATA_DIR };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && roots[i]; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", roots[i], name);

		if (access(path, R_OK) == 0) {
			*ret = path;
			path = NULL;
			return 0;
		}
	}
	return cov_fail(err, COV_ERR_SYSTEM,
			"cannot find covdb's file %s below %s%s%s; set COVDB_DATA", name, roots[0],
			roots[1] ? " or " : "", roots[1] ? roots[1] : "");
}
