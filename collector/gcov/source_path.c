/* source_path.c - one spelling for each source file. */
#include "collector/gcov/source_path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

static bool is_component(const char *component, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(component, name, length) == 0;
}

/* The last component of out[0..length), from @start on, if it is not '..'; else NULL. */
static char *last_component(char *out, size_t start, size_t length)
{
	size_t begin = length;

	while (begin > start && out[begin - 1] != '/')
		begin--;
	if (length == start || is_component(out + begin, length - begin, ".."))
		return NULL;
	return out + begin;
}

size_t source_path_write(const char *path, char *out)
{
	size_t start = path[0] == '/'; /* an absolute path keeps its first slash */
	size_t length = start;

	if (start)
		out[0] = '/';
	for (const char *component = path; *component;) {
		component += strspn(component, "/");
		size_t component_length = strcspn(component, "/");
		bool is_up = is_component(component, component_length, "..");
		char *last = is_up ? last_component(out, start, length) : NULL;

		if (is_up && start && length == start) {
			/* The root is its own parent. */
		} else if (last) {
			length = (size_t)(last - out);
			if (length > start)
				length--; /* its slash */
		} else if (component_length && !is_component(component, component_length, ".")) {
			if (length > start)
				out[length++] = '/';
			memcpy(out + length, component, component_length);
			length += component_length;
		}
		component += component_length;
	}
	out[length] = '\0';
	return length;
}

char *source_path_canonical(const char *path)
{
	char *out = cov_xmalloc(strlen(path) + SOURCE_PATH_MORE_BYTES);

	source_path_write(path, out);
	return out;
}

char *source_path_relative(const char *path, const char *cwd, const char *const *roots,
			   size_t root_count)
{
	COV_AUTO(free)
	char *joined = path[0] == '/' || !*cwd ? cov_xstrdup(path) : cov_format("%s/%s", cwd, path);
	char *absolute = source_path_canonical(joined);

	for (size_t i = 0; i < root_count; i++) {
		size_t length = strlen(roots[i]);

		if (length && strncmp(absolute, roots[i], length) == 0 && absolute[length] == '/') {
			memmove(absolute, absolute + length + 1, strlen(absolute + length + 1) + 1);
			break;
		}
	}
	return absolute;
}
