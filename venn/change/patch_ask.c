/* patch_ask.c - a patch, and what trials of a database executed of it. */
#include "venn/change/patch_ask.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/questions/selection.h"
#include "venn/store/store_group.h"
#include "venn/store/store_load.h"

int patch_ask_changes(const char *operand, const char *repository, struct history_changes *ret,
		      struct cov_error *err)
{
	/* A file may have two dots in its name; a revision is no file. */
	bool is_file = !cov_is_missing(operand) || !strstr(operand, "..");

	if (is_file && repository)
		return cov_fail(err, COV_ERR_USAGE, "--git goes with a range of revisions");
	return is_file ? history_changes_read(operand, ret, err)
		       : history_changes_range(repository ? repository : ".", operand, ret, err);
}

/* Whether a list of names, separated by commas, has one; NULL has all. */
static bool is_named(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *item = list; item;) {
		size_t item_length = strcspn(item, ",");

		if (item_length == length && strncmp(item, name, length) == 0)
			return true;
		item = item[item_length] ? item + item_length + 1 : NULL;
	}
	return false;
}

/* That there are trials of each name of a list. */
static int check_names(const struct store_groups *groups, const char *list, struct cov_error *err)
{
	COV_AUTO(free) char *copy = cov_xstrdup(list);
	char *rest = copy;

	for (char *asked; (asked = strsep(&rest, ","));) {
		COV_AUTO(cov_suggestion_deinit)
		struct cov_suggestion suggestion = { .word = asked };
		bool is_there = false;

		for (size_t i = 0; i < groups->count && !is_there; i++) {
			COV_AUTO(free)
			char *name = cov_format("%s/%s", groups->items[i].platform,
						groups->items[i].workload);

			is_there = strcmp(name, asked) == 0;
			cov_suggest(&suggestion, name);
		}
		if (is_there)
			continue;
		COV_AUTO(free) char *meant = cov_suggest_text(&suggestion);
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: there are no such trials; 'covdb trial list' has them%s",
				asked, meant);
	}
	return 0;
}

static int take_group(const struct selection_source *source, const struct store_group *group,
		      const char *name, struct patch *patch, struct cov_error *err)
{
	COV_AUTO(selection_deinit) struct selection selection = { 0 };
	int result = selection_trials(source, name, &selection, err);

	if (result)
		return result;
	const struct patch_counts counts = {
		.name = name,
		.is_baseline = group->kind == STORE_IDLE || group->kind == STORE_OBSERVER,
		.duration_ns = group->duration_ns,
		.counts = &selection.counts,
		.branches = &selection.branches,
	};
	patch_take(patch, &counts);
	return 0;
}

/* All trials that are asked for, group by group. */
static int take_groups(const struct selection_source *source, const char *names,
		       struct patch *patch, struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	int result = store_group_list(source->store, source->kernel_id, &groups, err);

	if (result == 0 && names)
		result = check_names(&groups, names, err);
	for (size_t i = 0; result == 0 && i < groups.count; i++) {
		const struct store_group *group = &groups.items[i];
		COV_AUTO(free) char *name = cov_format("%s/%s", group->platform, group->workload);

		if (names ? is_named(names, name) : group->kind != STORE_PHASE)
			result = take_group(source, group, name, patch, err);
	}
	if (result == 0 && !patch->source_count)
		result =
		    cov_fail(err, COV_ERR_MISMATCH, "the database has no trials of the kernel");
	return result;
}

int patch_ask(const struct patch_asked *asked, struct patch *patch, struct cov_kernel *kernel,
	      struct cov_error *err)
{
	const struct sources_from from = { .where = asked->kernel_src,
					   .store = asked->store,
					   .kernel_id = asked->kernel_id };
	int result = store_load_kernel(asked->store, asked->kernel_id, kernel, err);

	if (result == 0)
		result = patch_locate(patch, kernel, &from, err);
	if (result)
		return result;
	const struct selection_source source = {
		.store = asked->store,
		.kernel_id = asked->kernel_id,
		.kernel = kernel,
		.has_branches = true,
		.is_wanted = patch->is_wanted,
	};
	return take_groups(&source, asked->trials, patch, err);
}

void patch_ask_warn(const struct patch *patch)
{
	if (patch->missing_count)
		cov_say("covdb: of %zu files there is no source of the measured kernel: its "
			"lines are taken for those of the patch; --kernel-src says where it is",
			patch->missing_count);
}
