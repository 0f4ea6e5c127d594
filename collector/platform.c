/* platform.c - the table of drivers, and what they share. */
#include "collector/platform.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/process.h"

static const struct platform_driver *const drivers[] = { &platform_host, &platform_oci };

static const long long version_limit_ns = 20000000000;

const struct platform_driver *platform_driver(const char *name)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	}
	return NULL;
}

char *platform_find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 ? cov_xstrdup(name) : NULL;
	while (path && *path) {
		size_t length = strcspn(path, ":");
		COV_AUTO(free) char *candidate = cov_format("%.*s/%s", (int)length, path, name);

		if (length && access(candidate, X_OK) == 0) {
			char *found = candidate;

			candidate = NULL;
			return found;
		}
		path += length + (path[length] == ':');
	}
	return NULL;
}

const char *platform_program_version(const char *program, struct cov_arena *arena)
{
	char *name = cov_arena_text(arena, program, strlen(program)), option[] = "--version";
	char *const command[] = { name, option, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err;

	if (process_run(command, version_limit_ns, &result, &err) != 0 || result.exit_status != 0 ||
	    !result.output.length)
		return NULL;
	return cov_arena_text(arena, result.output.data, strcspn(result.output.data, "\n"));
}

void platform_run_deinit(struct platform_run *run)
{
	if (run->platform)
		platform_driver(run->platform->driver)->tear_down(run);
	free(run->folder);
	cov_arena_deinit(&run->arena);
	memset(run, 0, sizeof(*run));
}
