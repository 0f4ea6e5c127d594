/* sources.c - the source text of a kernel's instrumented files. */
#include "venn/change/sources.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/history/history_tree.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_source.h"

/* Where files are looked for. */
struct place {
	const char *directory;     /* borrowed; NULL: in the tree */
	const char *other;         /* where it may be if it is not there; borrowed, or NULL */
	struct history_tree *tree; /* owned */
};

static void place_deinit(struct place *place)
{
	history_tree_close(place->tree);
}

COV_DEFINE_AUTO_STRUCT(struct place, place_deinit)

void sources_deinit(struct sources *sources)
{
	for (size_t i = 0; i < sources->file_count; i++)
		free((char *)sources->texts[i].bytes);
	free(sources->texts);
	memset(sources, 0, sizeof(*sources));
}

static int open_place(const struct cov_kernel *kernel, const char *where, struct place *ret,
		      struct cov_error *err)
{
	const char *at = where ? strrchr(where, '@') : NULL;

	ret->directory = where ? where : kernel->source_root;
	/* What the build generates. */
	ret->other = where ? NULL : kernel->build_root;
	if (!at || cov_is_directory(where))
		return 0;
	COV_AUTO(free) char *repository = cov_xstrndup(where, (size_t)(at - where));
	ret->directory = NULL;
	return history_tree_open(repository, at + 1, &ret->tree, err);
}

/* @ret: nothing if it is not there */
static int read_below(const char *directory, const char *file, struct history_text *ret,
		      struct cov_error *err)
{
	COV_AUTO(free)
	char *path = *file == '/' ? cov_xstrdup(file) : cov_format("%s/%s", directory, file);
	char *bytes = NULL;

	if (!*directory || cov_is_missing(path))
		return 0;
	int result = cov_file_read(path, &bytes, &ret->size, err);
	ret->bytes = bytes;
	return result;
}

static int read_one(const struct place *place, const char *file, struct history_text *ret,
		    struct cov_error *err)
{
	char *bytes = NULL;
	int result;

	if (place->directory) {
		result = read_below(place->directory, file, ret, err);
	} else {
		result = history_tree_read(place->tree, file, &bytes, &ret->size, err);
		ret->bytes = bytes;
	}
	if (result || ret->bytes || !place->other)
		return result;
	return read_below(place->other, file, ret, err);
}

/* Whether the kernel's code can be in this text. */
static int check(const struct cov_kernel *kernel, size_t file, struct history_text text,
		 struct cov_error *err)
{
	uint32_t first = kernel->file_line_first[file], end = kernel->file_line_first[file + 1];
	size_t count = history_lines_count(text);

	if (first == end || kernel->line_numbers[end - 1] <= count)
		return 0;
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s has %zu lines, but the kernel has code after that: these are not its "
			"sources",
			kernel->files[file], count);
}

/* One that is kept, else one that is where the kernel was built. */
static int read_kept(const struct sources_from *from, const struct place *place, const char *file,
		     size_t index, struct history_text *ret, struct cov_error *err)
{
	char *bytes = NULL;
	int result = from->store && !from->where
			 ? store_source_read(from->store, from->kernel_id, (int64_t)index, &bytes,
					     &ret->size, err)
			 : 0;

	ret->bytes = bytes;
	return result || bytes ? result : read_one(place, file, ret, err);
}

int sources_read(const struct cov_kernel *kernel, const struct sources_from *from,
		 struct sources *ret, struct cov_error *err)
{
	COV_AUTO(place_deinit) struct place place = { 0 };
	size_t wanted_count = 0;
	int result = open_place(kernel, from->where, &place, err);

	ret->texts = cov_xcalloc(kernel->file_count, sizeof(*ret->texts));
	ret->file_count = kernel->file_count;
	for (size_t i = 0; result == 0 && i < kernel->file_count; i++) {
		if (from->is_wanted && !from->is_wanted[i])
			continue;
		wanted_count++;
		result = read_kept(from, &place, kernel->files[i], i, &ret->texts[i], err);
		ret->missing_count += result == 0 && !ret->texts[i].bytes;
		if (result == 0 && ret->texts[i].bytes)
			result = check(kernel, i, ret->texts[i], err);
	}
	if (result == 0 && from->where && wanted_count && ret->missing_count == wanted_count)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s: none of %zu files of the kernel is there, as %s",
				  from->where, wanted_count, kernel->files[0]);
	return result;
}

int sources_load_kernel(struct store *store, const char *name, const char *where,
			struct cov_kernel *kernel, struct sources *sources, struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = store_kernel_find(store, NULL, name, &about, err);

	if (result == 0)
		result = store_load_kernel(store, about.id, kernel, err);
	const struct sources_from from = { .where = where, .store = store, .kernel_id = about.id };
	return result ? result : sources_read(kernel, &from, sources, err);
}
