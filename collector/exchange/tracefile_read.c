/* tracefile_read.c - what ran, from elsewhere: which reader is for it, and folders of files. */
#include "collector/exchange/tracefile_read.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"
#include "collector/exchange/image.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_addresses.h"
#include "collector/exchange/tracefile_content.h"
#include "collector/exchange/tracefile_info.h"
#include "collector/exchange/tracefile_json.h"
#include "collector/exchange/tracefile_syzkaller.h"

/* gcov compresses what it writes; some unpack it. */
static const char *const gcov_suffixes[] = { ".gcov.json.gz", ".gcov.json" };

enum { GCOV_SUFFIX_COUNT = sizeof(gcov_suffixes) / sizeof(*gcov_suffixes) };

static bool is_called_as_gcovs(const char *name)
{
	for (size_t i = 0; i < GCOV_SUFFIX_COUNT; i++) {
		if (cov_has_suffix(name, gcov_suffixes[i]))
			return true;
	}
	return false;
}

static int read_addresses(const struct tracefile_content *content, const char *name,
			  const struct image *image, struct cov_tracefile *tracefile,
			  struct cov_error *err)
{
	COV_AUTO(tracefile_addresses_deinit) struct tracefile_addresses addresses = { 0 };

	if (!image)
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "%s: it has addresses, which only the program that ran can place: give "
		    "a kernel's vmlinux by --vmlinux to 'covdb import --set'",
		    name);
	int result =
	    tracefile_addresses_read(content->text, content->text_bytes, name, &addresses, err);
	return result ? result : image_add_lines(image, &addresses, name, tracefile, err);
}

static int read_text(const struct tracefile_content *content, const char *name,
		     const struct image *image, struct cov_tracefile *tracefile,
		     struct cov_error *err)
{
	const char *text = content->text;
	size_t size = content->text_bytes;
	enum tracefile_format format = tracefile_content_format(text, size);

	if (format == TRACEFILE_UNKNOWN && is_called_as_gcovs(name))
		format = TRACEFILE_JSON;
	if (format == TRACEFILE_JSON)
		return tracefile_json_read(text, size, name, tracefile, err);
	if (format == TRACEFILE_FRAMES)
		return tracefile_syzkaller_read_frames(text, size, name, tracefile, err);
	if (format == TRACEFILE_ADDRESSES)
		return read_addresses(content, name, image, tracefile, err);
	return tracefile_info_read(text, size, name, tracefile, err);
}

int tracefile_read_bytes(const void *data, size_t size, const char *name, const struct image *image,
			 struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(tracefile_content_deinit) struct tracefile_content content = { 0 };
	size_t before = tracefile->file_count;
	int result = tracefile_content_unpack(data, size, name, &content, err);

	if (result)
		return result;
	result = read_text(&content, name, image, tracefile, err);
	if (result)
		tracefile_drop_files(tracefile, before);
	return result;
}

static void add_problem(struct cov_problems *problems, const char *name,
			const struct cov_error *err)
{
	enum cov_problem_kind kind = err->code == COV_ERR_SYSTEM      ? COV_PROBLEM_UNREADABLE
				     : err->code == COV_ERR_TRUNCATED ? COV_PROBLEM_TRUNCATED
								      : COV_PROBLEM_DAMAGED;
	size_t length = strlen(name);
	bool is_named = strncmp(err->message, name, length) == 0 &&
			strncmp(err->message + length, ": ", 2) == 0;

	cov_problems_add(problems, kind, name, err->message + (is_named ? length + 2 : 0));
}

/* Unpacked ones count only where there are no others: they may be the same. */
static int open_folder(const char *path, struct tree *tree, struct cov_error *err)
{
	struct cov_error ignored; /* what is missing are compressed files */

	if (tree_open(path, gcov_suffixes[0], tree, err) == 0 ||
	    tree_open(path, gcov_suffixes[1], tree, &ignored) == 0)
		return 0;
	return err->code;
}

/* All files of a folder, one per object. */
static int read_folder(const char *path, struct cov_tracefile *tracefile,
		       struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };
	size_t read_count = 0;
	int result = open_folder(path, &tree, err);

	if (result)
		return result;
	for (size_t i = 0; i < tree.gap_count; i++)
		cov_problems_add(problems, COV_PROBLEM_UNREADABLE, path, tree.gaps[i].err.message);
	for (size_t i = 0; i < tree.file_count; i++) {
		COV_AUTO(free) char *name = cov_format("%s/%s", path, tree.files[i].name);
		struct cov_error reason;

		result = tree_read(&tree, i, &content, &reason);
		if (result == 0)
			result = tracefile_read_bytes(content.data, content.size, name, NULL,
						      tracefile, &reason);
		if (result)
			add_problem(problems, name, &reason);
		else
			read_count++;
	}
	if (read_count)
		return 0;
	return cov_fail(err, COV_ERR_FORMAT, "%s: none of its %zu files can be used; %s: %s", path,
			tree.file_count, problems->items[problems->count - 1].path,
			problems->items[problems->count - 1].message);
}

/* Whether a folder, or one below, has files of gcov and no .gcda. */
static bool has_gcov(const char *path)
{
	COV_AUTO(tree_deinit) struct tree counters = { 0 };
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	struct cov_error ignored; /* that there is none */

	if (tree_open(path, ".gcda", &counters, &ignored) == 0)
		return false;
	return open_folder(path, &tree, &ignored) == 0;
}

bool tracefile_read_is_for(const char *path)
{
	if (cov_is_directory(path))
		return has_gcov(path);
	return tracefile_content_peek(path) != TRACEFILE_UNKNOWN || cov_has_suffix(path, ".info") ||
	       is_called_as_gcovs(path);
}

int tracefile_read(const char *path, const struct image *image, struct cov_tracefile *tracefile,
		   struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size;
	int result;

	if (cov_is_directory(path)) {
		result = read_folder(path, tracefile, problems, err);
	} else {
		result = cov_file_read(path, &data, &size, err);
		if (result == 0)
			result = tracefile_read_bytes(data, size, path, image, tracefile, err);
	}
	tracefile_settle(tracefile);
	return result;
}
