/* lab_programs.c - programs that are given for platforms inside of the lab. */
#include "collector/lab/lab_programs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

static const char result_variable[] = "COVDB_PROGRAMS";
static const char firecracker[] = "firecracker", jailer[] = "jailer";
static const char module[] = "module"; /* in place of a file: build.sh knows which */

static const struct {
	const char *variable;
	const char *name;
} variables[] = {
	{ "COVDB_FIRECRACKER", firecracker },
	{ "COVDB_RUNSC", "runsc" },
};

/* Where the file of @name begins in @lines, "NAME=FILE" each; NULL if it is in none. */
static const char *find(const struct cov_text *lines, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = lines->data; line && *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, name, length) == 0 && line[length] == '=')
			return line + length + 1;
	}
	return NULL;
}

static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	return *text && *text != '.' && strspn(text, letters) == strlen(text);
}

static int add_program(struct cov_text *lines, const char *name, const char *file,
		       struct cov_error *err)
{
	COV_AUTO(free) char *folder = *file == '/' ? NULL : getcwd(NULL, 0);
	struct stat status;

	if (strcmp(file, module) == 0) {
		cov_text_print(lines, "%s=%s\n", name, module);
		return 0;
	}
	if (stat(file, &status) != 0)
		return cov_fail_errno(err, "cannot find %s, for the program %s", file, name);
	if (!S_ISREG(status.st_mode) || access(file, X_OK) != 0 || strchr(file, '\n'))
		return cov_fail(err, COV_ERR_SYSTEM, "%s, for the program %s, cannot be executed",
				file, name);
	cov_text_print(lines, "%s=%s%s%s\n", name, folder ? folder : "", folder ? "/" : "", file);
	return 0;
}

/* "dir/firecracker-v1.16.1" has "dir/jailer-v1.16.1" beside it, or none. */
static int add_jailer(struct cov_text *lines, struct cov_error *err)
{
	const char *found = find(lines, firecracker);
	COV_AUTO(free) char *file = found ? cov_xstrndup(found, strcspn(found, "\n")) : NULL;
	const char *slash = file ? strrchr(file, '/') : NULL;
	const char *place = slash ? strstr(slash, firecracker) : NULL;

	if (!place || find(lines, jailer))
		return 0;
	COV_AUTO(free)
	char *beside =
	    cov_format("%.*s%s%s", (int)(place - file), file, jailer, place + strlen(firecracker));
	return access(beside, F_OK) == 0 ? add_program(lines, jailer, beside, err) : 0;
}

static int add_listed(struct cov_text *lines, const char *list, struct cov_error *err)
{
	COV_AUTO(free) char *text = cov_xstrdup(list);
	char *rest = text, *entry;

	while ((entry = strsep(&rest, ","))) {
		char *file = strchr(entry, '=');

		if (file)
			*file++ = '\0';
		if (!file || !*file || !is_name(entry))
			return cov_fail(err, COV_ERR_USAGE,
					"--program takes NAME=FILE or NAME=module, more behind "
					"commas, not '%s'",
					list);
		if (find(lines, entry))
			return cov_fail(err, COV_ERR_USAGE, "--program names %s twice", entry);
		int result = add_program(lines, entry, file, err);
		if (result != 0)
			return result;
	}
	return 0;
}

static int add_all(struct cov_text *lines, const char *list, struct cov_error *err)
{
	int result = list ? add_listed(lines, list, err) : 0;

	for (size_t i = 0; result == 0 && i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *file = getenv(variables[i].variable);

		if (file && *file && !find(lines, variables[i].name))
			result = add_program(lines, variables[i].name, file, err);
	}
	return result;
}

int lab_programs_give(const char *list, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text lines = { 0 };
	int result = add_all(&lines, list, err);

	if (result == 0)
		result = add_jailer(&lines, err);
	if (result != 0)
		return result;
	if (setenv(result_variable, lines.data ? lines.data : "", 1) != 0)
		cov_out_of_memory();
	return 0;
}
