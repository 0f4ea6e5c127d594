/* config.c - configuration files: the database, the kernel's sources, the order of platforms. */
#include "venn/history/config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/history/git.h"

COV_DEFINE_AUTO(git_config *, git_config_free)

static const struct key {
	const char *name; /* as libgit2 has it: in small letters */
	const char *variable;
	bool is_path;
} keys[] = {
	{ "covdb.database", "COVDB", true },
	{ "covdb.kernel-src", "COVDB_KERNEL_SRC", true },
	{ "covdb.platforms", "COVDB_PLATFORMS", false },
};

/* A file while it is read. */
struct reading {
	const char *path;
	struct cov_error *err;
	int result;
};

static char *relative_to(const char *path, const char *value)
{
	const char *slash = strrchr(path, '/');

	if (*value == '/' || !slash)
		return cov_xstrdup(value);
	return cov_format("%.*s/%s", (int)(slash - path), path, value);
}

/* Return: 0 to go on; not 0 ends the walk, and reading->result says why. */
static int take_entry(const git_config_entry *entry, void *data)
{
	struct reading *reading = data;
	const char *value = entry->value ? entry->value : "";

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct key *key = &keys[i];
		COV_AUTO(free)
		char *taken = key->is_path ? relative_to(reading->path, value) : cov_xstrdup(value);

		if (strcmp(key->name, entry->name) != 0)
			continue;
		if (!*value)
			reading->result =
			    cov_fail(reading->err, COV_ERR_FORMAT, "%s: %s has no value",
				     reading->path, entry->name);
		else if (setenv(key->variable, taken, 0) != 0)
			cov_out_of_memory();
		return reading->result;
	}
	reading->result =
	    cov_fail(reading->err, COV_ERR_FORMAT,
		     "%s: there is no key %s, only covdb.database, covdb.kernel-src and "
		     "covdb.platforms",
		     reading->path, entry->name);
	return reading->result;
}

static int read_file(const char *path, struct cov_error *err)
{
	COV_AUTO(git_config_free) git_config *config = NULL;
	struct reading reading = { path, err, 0 };

	if (access(path, F_OK) != 0)
		return 0;
	int result = git_begin(err);
	if (result)
		return result;
	int code = git_config_open_ondisk(&config, path);
	if (code == 0)
		code = git_config_foreach(config, take_entry, &reading);
	if (reading.result)
		return reading.result;
	return code == 0 ? 0 : git_say(code, path, err);
}

int config_load(struct cov_error *err)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	COV_AUTO(free) char *path = NULL;

	/* The nearer first: what is set stays. */
	int result = read_file("covdb.ini", err);
	if (base && *base == '/')
		path = cov_format("%s/covdb/config", base);
	else if (home && *home == '/')
		path = cov_format("%s/.config/covdb/config", home);
	if (result == 0 && path)
		result = read_file(path, err);
	return result;
}
