/* match.c - which object each file of a snapshot is of. */
#include "collector/decode/match.h"

#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/tree.h"

enum { PREFIXES_MAX = 256 };

/* What an object is called, without a suffix. */
struct stem {
	const char *text; /* [length], not ended by NUL */
	size_t length;
	uint32_t object;
};

/* The names of all objects, sorted. */
struct stems {
	struct stem *items; /* [count]; owned */
	size_t count;
};

static void stems_deinit(struct stems *stems)
{
	free(stems->items);
}

COV_DEFINE_AUTO_STRUCT(struct stems, stems_deinit)

static int compare_stems(const void *a, const void *b)
{
	const struct stem *first = a, *second = b;
	size_t common = first->length < second->length ? first->length : second->length;
	int order = memcmp(first->text, second->text, common);

	if (order)
		return order;
	return (first->length > second->length) - (first->length < second->length);
}

/* The path of @object within the build tree, or @is_full: its name in the notes, if that is known.
 */
static struct stem name_object(const struct cov_kernel *kernel, size_t object, bool is_full)
{
	const struct cov_object *from = &kernel->objects[object];

	if (is_full && from->notes)
		return (struct stem){ from->notes, strlen(from->notes) - strlen(".gcno"),
				      (uint32_t)object };
	return (struct stem){ from->path, strlen(from->path) - strlen(".o"), (uint32_t)object };
}

static void sort_stems(const struct cov_kernel *kernel, bool is_full, struct stems *ret)
{
	ret->count = kernel->object_count;
	ret->items = cov_xcalloc(ret->count, sizeof(*ret->items));
	for (size_t i = 0; i < ret->count; i++)
		ret->items[i] = name_object(kernel, i, is_full);
	qsort(ret->items, ret->count, sizeof(*ret->items), compare_stems);
}

/* The object that @name, of a .gcda, is of. */
static uint32_t find_object(const struct stems *stems, const char *name)
{
	const struct stem wanted = { name, strlen(name) - strlen(".gcda"), MATCH_NONE };
	const struct stem *found =
	    bsearch(&wanted, stems->items, stems->count, sizeof(*stems->items), compare_stems);

	return found ? found->object : MATCH_NONE;
}

/* What stands before the path of an object in the name of a .gcda. */
struct prefix {
	const char *text; /* [length], not ended by NUL */
	size_t length;
	size_t votes;
};

static bool has_prefix(const char *name, const struct prefix *prefix)
{
	return strlen(name) > prefix->length && memcmp(name, prefix->text, prefix->length) == 0;
}

/* Those that files have voted for. */
struct election {
	struct prefix prefixes[PREFIXES_MAX];
	size_t count;
};

/* A vote for the first @length bytes of @name. */
static void vote(struct election *election, const char *name, size_t length)
{
	size_t place = 0;

	while (place < election->count && (election->prefixes[place].length != length ||
					   !has_prefix(name, &election->prefixes[place])))
		place++;
	if (place == PREFIXES_MAX)
		return;
	if (place == election->count)
		election->prefixes[election->count++] = (struct prefix){ name, length, 0 };
	election->prefixes[place].votes++;
}

/* Whether every file is an object below @prefix. */
static bool leads_all(const struct tree *tree, const struct stems *stems,
		      const struct prefix *prefix)
{
	for (size_t i = 0; i < tree->file_count; i++) {
		const char *name = tree->files[i].name;

		if (!has_prefix(name, prefix) ||
		    find_object(stems, name + prefix->length) == MATCH_NONE)
			return false;
	}
	return true;
}

/*
 * The prefix below which most files are objects of the kernel: each file votes for every prefix
 * that leads to an object. Return: whether there is any.
 */
static bool find_prefix(const struct tree *tree, const struct stems *stems, struct prefix *ret)
{
	struct election election = { .count = 0 };
	size_t best = 0;

	/* Where one of the first file has all votes, as most have, no others are counted. */
	for (const char *name = tree->files[0].name, *rest = name; rest; rest = strchr(rest, '/')) {
		rest += *rest == '/';
		*ret = (struct prefix){ name, (size_t)(rest - name), 0 };
		if (find_object(stems, rest) != MATCH_NONE && leads_all(tree, stems, ret))
			return true;
	}
	for (size_t i = 0; i < tree->file_count; i++) {
		const char *name = tree->files[i].name;

		for (const char *rest = name; rest; rest = strchr(rest, '/')) {
			rest += *rest == '/';
			if (find_object(stems, rest) != MATCH_NONE)
				vote(&election, name, (size_t)(rest - name));
		}
	}
	for (size_t i = 1; i < election.count; i++) {
		if (election.prefixes[i].votes > election.prefixes[best].votes)
			best = i;
	}
	if (election.count)
		*ret = election.prefixes[best];
	return election.count > 0;
}

/*
 * How long the beginning of @prefix is below which files have their full names, as modules have
 * that were built outside of the tree: what is left when the path of the tree is taken off its end.
 */
static size_t full_name_offset(const struct cov_kernel *kernel, const struct prefix *prefix)
{
	struct stem full = name_object(kernel, 0, true), own = name_object(kernel, 0, false);
	COV_AUTO(free) char *root = NULL;

	/* Objects outside of the tree have the same name in both. */
	for (size_t i = 1; i < kernel->object_count && full.length == own.length; i++) {
		full = name_object(kernel, i, true);
		own = name_object(kernel, i, false);
	}
	if (full.length > own.length)
		root = cov_xstrndup(full.text, full.length - own.length);
	else
		root = cov_format("%s/", kernel->build_root + (*kernel->build_root == '/'));
	size_t length = strlen(root);

	if (length > prefix->length ||
	    memcmp(prefix->text + prefix->length - length, root, length) != 0)
		return 0;
	return prefix->length - length;
}

/*
 * The object of each file: by its full name, else by what stands behind @prefix. An object has one
 * file; another that leads to it has none.
 */
static void find_objects(const struct cov_kernel *kernel, const struct tree *tree,
			 const struct stems *stems, const struct prefix *prefix, uint32_t *objects)
{
	COV_AUTO(stems_deinit) struct stems full = { 0 };
	COV_AUTO(free) bool *is_taken = cov_xcalloc(kernel->object_count, sizeof(*is_taken));
	struct prefix above = { prefix->text, full_name_offset(kernel, prefix), 0 };

	sort_stems(kernel, true, &full);
	for (int is_by_prefix = 0; is_by_prefix < 2; is_by_prefix++) {
		const struct prefix *first = is_by_prefix ? prefix : &above;

		for (size_t i = 0; i < tree->file_count; i++) {
			const char *name = tree->files[i].name;

			if (!is_by_prefix)
				objects[i] = MATCH_NONE;
			if (objects[i] != MATCH_NONE || !has_prefix(name, first))
				continue;
			uint32_t object =
			    find_object(is_by_prefix ? stems : &full, name + first->length);
			if (object == MATCH_NONE || is_taken[object])
				continue;
			objects[i] = object;
			is_taken[object] = true;
		}
	}
}

bool match_objects(const struct cov_kernel *kernel, const struct tree *snapshot, uint32_t *objects)
{
	COV_AUTO(stems_deinit) struct stems stems = { 0 };
	struct prefix prefix;

	sort_stems(kernel, false, &stems);
	if (!find_prefix(snapshot, &stems, &prefix))
		return false;
	find_objects(kernel, snapshot, &stems, &prefix, objects);
	return true;
}

void match_notes(const struct tree *notes, const struct tree *snapshot, uint32_t *files)
{
	COV_AUTO(stems_deinit) struct stems stems = { .count = notes->file_count };
	struct prefix prefix;

	stems.items = cov_xcalloc(stems.count, sizeof(*stems.items));
	for (size_t i = 0; i < stems.count; i++) {
		const char *name = notes->files[i].name;

		files[i] = MATCH_NONE;
		stems.items[i] = (struct stem){ name, strlen(name) - strlen(".gcno"), (uint32_t)i };
	}
	qsort(stems.items, stems.count, sizeof(*stems.items), compare_stems);
	if (!find_prefix(snapshot, &stems, &prefix))
		return;
	for (size_t i = snapshot->file_count; i-- > 0;) {
		const char *name = snapshot->files[i].name;
		uint32_t found = has_prefix(name, &prefix)
				     ? find_object(&stems, name + prefix.length)
				     : MATCH_NONE;

		if (found != MATCH_NONE)
			files[found] = (uint32_t)i;
	}
}

/* The notes of @name, of a .gcda, of which @skipped bytes stand before its path in @notes. */
static char *name_notes(const char *name, size_t skipped)
{
	const char *rest = name + skipped;

	return cov_format("%.*s.gcno", (int)(strlen(rest) - strlen(".gcda")), rest);
}

/* How many bytes of @name stand before the path of its notes. Return: whether there are any. */
static bool find_notes(const char *notes, const char *name, size_t *ret)
{
	for (const char *rest = name; rest; rest = strchr(rest, '/')) {
		rest += *rest == '/';
		*ret = (size_t)(rest - name);
		COV_AUTO(free) char *found = name_notes(name, *ret);
		COV_AUTO(free) char *path = cov_format("%s/%s", notes, found);

		if (!cov_is_missing(path))
			return true;
	}
	return false;
}

bool match_beside(const char *notes, const struct tree *snapshot, struct tree *ret)
{
	struct prefix prefix = { snapshot->files[0].name, 0, 0 };

	if (!find_notes(notes, prefix.text, &prefix.length))
		return false;
	for (size_t i = 1; i < snapshot->file_count; i++) {
		if (!has_prefix(snapshot->files[i].name, &prefix))
			return false;
	}
	*ret = (struct tree){
		.path = cov_xstrdup(notes),
		.is_beside = true,
		.file_count = snapshot->file_count,
	};
	ret->files = cov_xcalloc(ret->file_count, sizeof(*ret->files));
	for (size_t i = 0; i < ret->file_count; i++)
		ret->files[i].name = name_notes(snapshot->files[i].name, prefix.length);
	return true;
}
