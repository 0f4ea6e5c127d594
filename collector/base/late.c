/* late.c - libraries that are loaded when they are needed. */
#include "collector/base/late.h"

#include <dlfcn.h>
#include <string.h>

#include "collector/base/error.h"

int cov_late_load(const char *library, const char *const *names, size_t count, void *functions,
		  struct cov_error *err)
{
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);

	for (size_t i = 0; handle && i < count; i++) {
		void *function = dlsym(handle, names[i]);

		if (!function)
			return cov_fail(err, COV_ERR_SYSTEM, "%s", dlerror());
		memcpy((unsigned char *)functions + i * sizeof(function), &function,
		       sizeof(function));
	}
	return handle ? 0 : cov_fail(err, COV_ERR_SYSTEM, "%s", dlerror());
}
