/* cve_folder.c - all records of a copy of the kernel's archive of CVEs. */
#include "venn/exposure/cve_folder.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/exposure/record.h"

enum outcome { USED, REJECTED, PROBLEM };

struct item {
	const char *file; /* of the tree */
	struct store_cve cve;
	enum outcome outcome;
	struct cov_error err; /* PROBLEM */
};

struct reading {
	const char *folder;
	struct item *items; /* [count]; owned */
	size_t count;
	struct tree_content contents[COV_THREADS_MAX];
};

static void reading_deinit(struct reading *reading)
{
	for (size_t i = 0; i < reading->count; i++)
		store_cve_deinit(&reading->items[i].cve);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		tree_content_deinit(&reading->contents[i]);
	free(reading->items);
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

static int read_record(const struct reading *reading, struct item *item,
		       struct tree_content *content)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", reading->folder, item->file);
	COV_AUTO(free)
	char *pairs = cov_format("%.*s.dyad", (int)(strlen(path) - strlen(".json")), path);
	COV_AUTO(free) char *text = NULL;
	bool has_versions;
	size_t size;
	int result = cov_file_reread(path, &content->memory, &content->capacity, &size, &item->err);

	if (result == 0)
		result = record_parse(content->memory, size, path, &has_versions, &item->cve,
				      &item->err);
	if (result == 0) {
		item->outcome = REJECTED;
		return 0;
	}
	if (result < 0 || cov_is_missing(pairs))
		return result < 0 ? result : 0;
	result = cov_file_read_text(pairs, &text, &size, &item->err);
	return result ? result
		      : record_parse_pairs(text, pairs, has_versions, &item->cve, &item->err);
}

static void read_one(void *context, size_t index, size_t thread)
{
	struct reading *reading = context;
	struct item *item = &reading->items[index];

	if (read_record(reading, item, &reading->contents[thread]) < 0)
		item->outcome = PROBLEM;
}

static void add_text(struct store_cve_texts *texts, const char *text)
{
	texts->items =
	    cov_grow(texts->items, texts->count, &texts->capacity, sizeof(*texts->items));
	texts->items[texts->count++] = cov_xstrdup(text);
}

static void take(struct reading *reading, struct cve_folder *ret)
{
	ret->cves = cov_xcalloc(reading->count, sizeof(*ret->cves));
	for (size_t i = 0; i < reading->count; i++) {
		struct item *item = &reading->items[i];

		if (item->outcome == PROBLEM) {
			add_text(&ret->problems, item->err.message);
		} else if (item->outcome == REJECTED) {
			add_text(&ret->rejected, item->cve.name);
		} else {
			ret->cves[ret->count++] = item->cve;
			memset(&item->cve, 0, sizeof(item->cve)); /* now the folder's */
		}
	}
}

/* What the system does not give today it may give tomorrow: then nothing is taken. */
static int check_readable(const struct tree *tree, const struct reading *reading,
			  struct cov_error *err)
{
	if (tree->gap_count)
		return cov_fail(err, COV_ERR_SYSTEM, "%s/%s: %s", reading->folder,
				tree->gaps[0].name, tree->gaps[0].err.message);
	for (size_t i = 0; i < reading->count; i++) {
		const struct item *item = &reading->items[i];

		if (item->outcome == PROBLEM && item->err.code == COV_ERR_SYSTEM) {
			*err = item->err;
			return err->code;
		}
	}
	return 0;
}

static bool is_record(const char *file)
{
	const char *slash = strrchr(file, '/');

	return strncmp(slash ? slash + 1 : file, "CVE-", strlen("CVE-")) == 0;
}

/* Those that were withdrawn later lie beside the published ones. */
static int add_rejected(const char *path, struct cve_folder *ret, struct cov_error *err)
{
	COV_AUTO(free) char *folder = cov_format("%s/cve/rejected", path);
	COV_AUTO(tree_deinit) struct tree tree = { 0 };

	if (cov_is_missing(folder))
		return 0;
	int result = tree_open(folder, ".json", &tree, err);
	if (result)
		return result == COV_ERR_FORMAT ? 0 : result;
	for (size_t i = 0; i < tree.file_count; i++) {
		const char *file = tree.files[i].name;
		const char *slash = strrchr(file, '/');
		const char *base = slash ? slash + 1 : file;
		COV_AUTO(free) char *name = cov_xstrndup(base, strlen(base) - strlen(".json"));

		if (is_record(file))
			add_text(&ret->rejected, name);
	}
	return 0;
}

int cve_folder_read(const char *path, struct cve_folder *ret, struct cov_error *err)
{
	COV_AUTO(free) char *published = cov_format("%s/cve/published", path);
	const char *folder = cov_is_missing(published) ? path : published;
	COV_AUTO(cve_folder_deinit) struct cve_folder result_folder = { 0 };
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(reading_deinit) struct reading reading = { .folder = folder };

	if (!cov_is_directory(path))
		return cov_is_missing(path)
			   ? cov_fail_errno(err, "cannot open %s", path)
			   : cov_fail(err, COV_ERR_FORMAT, "%s: not a folder", path);
	int result = tree_open(folder, ".json", &tree, err);
	if (result)
		return result;
	reading.items = cov_xcalloc(tree.file_count, sizeof(*reading.items));
	for (size_t i = 0; i < tree.file_count; i++) {
		if (is_record(tree.files[i].name))
			reading.items[reading.count++].file = tree.files[i].name;
	}
	if (!reading.count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no CVE-*.json in it", path);
	cov_parallel_for(reading.count, read_one, &reading);
	result = check_readable(&tree, &reading, err);
	if (result)
		return result;
	take(&reading, &result_folder);
	result = add_rejected(path, &result_folder, err);
	if (result)
		return result;
	*ret = result_folder;
	memset(&result_folder, 0, sizeof(result_folder));
	return 0;
}

void cve_folder_deinit(struct cve_folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		store_cve_deinit(&folder->cves[i]);
	for (size_t i = 0; i < folder->rejected.count; i++)
		free(folder->rejected.items[i]);
	for (size_t i = 0; i < folder->problems.count; i++)
		free(folder->problems.items[i]);
	free(folder->cves);
	free(folder->rejected.items);
	free(folder->problems.items);
	memset(folder, 0, sizeof(*folder));
}
