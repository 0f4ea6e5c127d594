/* verify_place.c - where a name that gcov gives leads, found without what covdb's own names went
 * through. */
#include "collector/verify/verify_place.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

/* The components of a path, '.' and 'folder/..' left out. */
struct components {
	char *text;        /* cut at each slash; owned */
	const char **list; /* [count], within text; owned */
	size_t count;
	bool is_absolute;
};

static void components_deinit(struct components *components)
{
	free(components->text);
	free(components->list);
}

COV_DEFINE_AUTO_STRUCT(struct components, components_deinit)

static void split(const char *path, struct components *ret)
{
	char *next;

	ret->text = cov_xstrdup(path);
	ret->list = cov_xcalloc(strlen(path) + 1, sizeof(*ret->list));
	ret->is_absolute = *path == '/';
	for (char *part = strtok_r(ret->text, "/", &next); part;
	     part = strtok_r(NULL, "/", &next)) {
		bool is_up = strcmp(part, "..") == 0;

		if (strcmp(part, ".") == 0)
			continue;
		if (is_up && ret->count && strcmp(ret->list[ret->count - 1], "..") != 0)
			ret->count--;
		else if (!is_up || !ret->is_absolute)
			ret->list[ret->count++] = part;
	}
}

/* How many components of @path are those of @root; 0 unless it is all of them, and not all of
 * @path. */
static size_t count_within(const struct components *path, const char *root)
{
	COV_AUTO(components_deinit) struct components above = { 0 };

	split(root, &above);
	if (!above.is_absolute || !path->is_absolute || above.count >= path->count)
		return 0;
	for (size_t i = 0; i < above.count; i++) {
		if (strcmp(above.list[i], path->list[i]) != 0)
			return 0;
	}
	return above.count;
}

char *verify_place(const char *given, const char *cwd, const char *const roots[2])
{
	COV_AUTO(free)
	char *whole = *given == '/' || !*cwd ? cov_xstrdup(given) : cov_format("%s/%s", cwd, given);
	COV_AUTO(components_deinit) struct components path = { 0 };
	struct cov_text text = { 0 };
	size_t first = 0;

	split(whole, &path);
	for (size_t i = 0; i < 2; i++) {
		size_t within = count_within(&path, roots[i]);

		first = within > first ? within : first;
	}
	cov_text_print(&text, "%s", path.is_absolute && !first ? "/" : "");
	for (size_t i = first; i < path.count; i++)
		cov_text_print(&text, "%s%s", i > first ? "/" : "", path.list[i]);
	return text.data;
}
