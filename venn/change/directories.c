/* directories.c - the directories that a table has a row for: those right below the one asked for.
 */
#include "venn/change/directories.h"

#include <string.h>

#include "collector/base/memory.h"

void directories_deinit(struct directories *directories)
{
	for (size_t i = 0; i < directories->count; i++)
		free(directories->names[i]);
	free(directories->names);
	memset(directories, 0, sizeof(*directories));
}

static long find_or_add(struct directories *directories, const char *name, size_t length)
{
	for (size_t i = 0; i < directories->count; i++) {
		if (strncmp(directories->names[i], name, length) == 0 &&
		    !directories->names[i][length])
			return (long)i;
	}
	directories->names = cov_grow(directories->names, directories->count,
				      &directories->capacity, sizeof(*directories->names));
	directories->names[directories->count] = cov_xstrndup(name, length);
	return (long)directories->count++;
}

long directories_place(struct directories *directories, const char *file, const char *below)
{
	size_t length = strcmp(below, ".") == 0 ? 0 : strlen(below);

	if (length && strcmp(file, below) == 0)
		return find_or_add(directories, below, length);
	if (length && (strncmp(file, below, length) != 0 || file[length] != '/'))
		return DIRECTORIES_NONE;
	if (!length && *file == '/')
		return find_or_add(directories, "/", 1);
	const char *rest = file + (length ? length + 1 : 0);
	const char *slash = strchr(rest, '/');
	return slash ? find_or_add(directories, file, (size_t)(slash - file))
		     : find_or_add(directories, below, strlen(below));
}

long directories_find(struct directories *directories, const char *name)
{
	return find_or_add(directories, name, strlen(name));
}
