/* build_info.c - which version of its module a Go program was built from. */
#include "collector/platform/build_info.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"

enum { VERSION_BYTES_MAX = 256 };

static const char mark[] = "\nmod\t";

/* @text: what follows the mark: "MODULE\tvVERSION\t" or a line's end. NULL: it is something else.
 */
static char *version_in(const char *text, size_t size)
{
	const char *end = text + (size < VERSION_BYTES_MAX ? size : VERSION_BYTES_MAX);
	const char *tab = memchr(text, '\t', (size_t)(end - text));
	const char *version = tab ? tab + 1 : end;
	const char *last = version;

	while (last<end && * last> ' ' && *last < '\x7f')
		last++;
	/* "(devel)" tells nothing. */
	if (last == end || (*last != '\t' && *last != '\n') || *version != 'v')
		return NULL;
	return cov_xstrndup(version, (size_t)(last - version));
}

char *build_info_version(const char *path)
{
	COV_AUTO(free) char *data = NULL;
	size_t size = 0, length = strlen(mark);
	struct cov_error ignored;
	char *version = NULL;

	if (cov_file_read(path, &data, &size, &ignored) != 0)
		return NULL;
	const char *end = data + size;
	const char *place = memmem(data, size, mark, length);
	while (place && !version) {
		place += length;
		version = version_in(place, (size_t)(end - place));
		place = memmem(place, (size_t)(end - place), mark, length);
	}
	return version;
}
