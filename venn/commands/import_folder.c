/* import_folder.c - all trials that collect left in a folder. */
#include "venn/commands/import_folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/commands/import_items.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	char **items; /* [count]; owned */
	size_t count, capacity;
};

static void names_deinit(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

COV_DEFINE_AUTO_STRUCT(struct names, names_deinit)

/* The manifests of a folder by their start; those before a failure count. */
static int list_manifests(struct import *import, const char *directory, struct names *names,
			  struct cov_error *err)
{
	COV_AUTO(closedir) DIR *listing = opendir(directory);
	const struct dirent *entry;
	int result;

	if (!listing)
		return cov_fail_errno(err, "cannot open %s", directory);
	while ((result = cov_directory_next(listing, directory, &entry, err)) > 0) {
		struct cov_error ignored; /* it is read again, and then reported */
		COV_AUTO(free) char *text = NULL;
		size_t size = 0;

		if (!cov_has_suffix(entry->d_name, ".json"))
			continue;
		COV_AUTO(free) char *path = cov_format("%s/%s", directory, entry->d_name);
		COV_AUTO(free)
		char *started_at = cov_file_read_text(path, &text, &size, &ignored) == 0
				       ? import_items_started_at(path, text, size)
				       : cov_xstrdup("");
		names->items =
		    cov_grow(names->items, names->count, &names->capacity, sizeof(*names->items));
		/* The start leads, so that names sort by it. */
		names->items[names->count++] = cov_format("%s\n%s", started_at, entry->d_name);
	}
	if (result < 0 && !names->count)
		return result;
	if (!names->count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no trial in it", directory);
	if (result < 0) {
		cov_say("not all trials imported: %s", err->message);
		import->is_incomplete = true;
	}
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return 0;
}

/* Read the experiment file, if there is one. */
static void read_experiment(struct import *import, const char *directory,
			    struct import_items_experiment *ret)
{
	struct cov_error reason;

	ret->path = cov_format("%s/experiment.yaml", directory);
	if (cov_is_missing(ret->path) ||
	    cov_file_read_text(ret->path, &ret->text, &ret->size, &reason) == 0)
		return;
	cov_say("platforms are in the order of their trials: %s", reason.message);
	import->is_incomplete = true;
}

int import_folder(struct import *import, const char *directory, const char *kernel,
		  struct cov_error *err)
{
	COV_AUTO(free) char *trials = cov_format("%s/trials", directory);
	COV_AUTO(import_items_experiment_deinit) struct import_items_experiment experiment = { 0 };
	COV_AUTO(names_deinit) struct names names = { 0 };
	COV_AUTO(import_items_deinit)
	struct import_items items = { .import = import, .kernel = kernel };

	if (cov_is_missing(directory))
		return cov_fail_errno(err, "cannot open %s", directory);
	if (cov_is_missing(trials))
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "%s: not a folder that 'covdb collect' wrote; for a single snapshot give "
		    "--platform, --workload and --seconds",
		    directory);
	int result = list_manifests(import, trials, &names, err);
	if (result)
		return result;
	items.items = cov_xcalloc(names.count, sizeof(*items.items));
	for (; items.count < names.count; items.count++)
		items.items[items.count].manifest_path =
		    cov_format("%s/%s", trials, strchr(names.items[items.count], '\n') + 1);
	read_experiment(import, directory, &experiment);
	if (experiment.text)
		items.items[0].experiment = &experiment;
	return import_items_write(&items, 0, items.count, err);
}
