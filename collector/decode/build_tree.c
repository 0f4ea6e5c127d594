/* build_tree.c - notes, commands and some texts, of a folder one after the other, of an archive as
 * they come. */
#include "collector/decode/build_tree.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/compiled.h"
#include "collector/decode/feed.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_read.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"

static const char *const names[BUILD_TREE_FILE_COUNT] = {
	[BUILD_TREE_RELEASE] = "include/config/kernel.release",
	[BUILD_TREE_COMMAND] = "init/.main.o.cmd",
	[BUILD_TREE_OPTIONS] = "covdb.options",
};

void build_tree_deinit(struct build_tree *tree)
{
	for (size_t i = 0; i < BUILD_TREE_FILE_COUNT; i++)
		free(tree->texts[i]);
	memset(tree, 0, sizeof(*tree));
}

/* Which of the texts has that name; BUILD_TREE_FILE_COUNT: none. */
static size_t find_text(const char *name)
{
	size_t i = 0;

	while (i < BUILD_TREE_FILE_COUNT && strcmp(names[i], name) != 0)
		i++;
	return i;
}

static void keep_text(struct build_tree *tree, size_t i, const char *data, size_t size)
{
	tree->texts[i] = cov_xmalloc(size + 1);
	memcpy(tree->texts[i], data, size);
	tree->texts[i][size] = '\0';
	tree->sizes[i] = size;
}

/* What an archive is read into. */
struct taking {
	struct build_tree *tree;
	struct kernel_reader *kernel;
	struct compiled_reader *compiled;
};

static bool is_wanted(const char *name)
{
	return cov_has_suffix(name, ".gcno") || cov_has_suffix(name, ".cmd") ||
	       find_text(name) < BUILD_TREE_FILE_COUNT;
}

static void take(void *context, const struct feed_file *file, size_t thread)
{
	const struct taking *taking = context;
	size_t text = find_text(file->name);

	if (text < BUILD_TREE_FILE_COUNT)
		keep_text(taking->tree, text, file->data, file->size);
	if (cov_has_suffix(file->name, ".gcno"))
		kernel_reader_add(taking->kernel, file->name, file->data, file->size, thread);
	if (cov_has_suffix(file->name, ".cmd"))
		compiled_reader_add(taking->compiled, file->name, file->data, thread);
}

/* Return: also FEED_NOT_PLAIN, with nothing filled. */
static int read_plain(const char *notes, struct build_tree *ret, struct cov_kernel *kernel,
		      struct cov_compiled *compiled, struct cov_problems *problems,
		      struct cov_error *err)
{
	COV_AUTO(kernel_reader_free) struct kernel_reader *objects = kernel_reader_new();
	COV_AUTO(compiled_reader_free) struct compiled_reader *commands = compiled_reader_new();
	struct taking taking = { ret, objects, commands };
	struct feed feed = { is_wanted, take, &taking };
	int result = feed_archive(notes, &feed, err);

	if (result) {
		build_tree_deinit(ret);
		return result;
	}
	kernel_reader_finish(objects, kernel, problems);
	if (!kernel->object_count && !problems->count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no .gcno file in it", notes);
	compiled_reader_finish(commands, kernel, compiled);
	return 0;
}

/* The text @i of a folder, or of an archive that has to be read as a whole. */
static int read_text(const char *notes, size_t i, struct build_tree *ret, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", notes, names[i]);
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };

	if (cov_is_directory(notes))
		return cov_is_missing(path)
			   ? 0
			   : cov_file_read(path, &ret->texts[i], &ret->sizes[i], err);
	int result = tree_open(notes, names[i], &tree, err);
	/* Its notes were read: it is there, and has none. */
	if (result == COV_ERR_FORMAT)
		return 0;
	for (size_t file = 0; result == 0 && file < tree.file_count; file++) {
		if (strcmp(tree.files[file].name, names[i]) != 0)
			continue;
		result = tree_read(&tree, file, &content, err);
		if (result == 0)
			keep_text(ret, i, content.data, content.size);
	}
	return result;
}

static int check_objects(const char *notes, const struct cov_kernel *kernel,
			 struct cov_problems *problems, struct cov_error *err)
{
	int result = cov_problems_check_readable(problems, notes, err);

	if (result || kernel->object_count)
		return result;
	cov_problems_print(problems);
	return cov_fail(err, COV_ERR_FORMAT, "%s: none of its notes can be used", notes);
}

int build_tree_read(const char *notes, struct build_tree *ret, struct cov_kernel *kernel,
		    struct cov_compiled *compiled, struct cov_problems *problems,
		    struct cov_error *err)
{
	if (!cov_is_directory(notes)) {
		int result = read_plain(notes, ret, kernel, compiled, problems, err);

		if (result != FEED_NOT_PLAIN)
			return result ? result : check_objects(notes, kernel, problems, err);
	}
	int result = kernel_read_notes(notes, KERNEL_BODIES, kernel, problems, err);
	if (result == 0)
		result = check_objects(notes, kernel, problems, err);
	if (result == 0)
		result = compiled_read(notes, kernel, compiled, err);
	for (size_t i = 0; result == 0 && i < BUILD_TREE_FILE_COUNT; i++)
		result = read_text(notes, i, ret, err);
	return result;
}
