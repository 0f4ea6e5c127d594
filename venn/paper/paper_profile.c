/* paper_profile.c - panels that are flame graphs of a platform. */
#include "venn/paper/paper_profile.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "venn/picture/picture_flame.h"
#include "venn/questions/flame_profiles.h"
#include "venn/store/store_union.h"

/* Of the samples of the tree: what is less is in the picture alone. */
static const double share_listed_min = 0.1;

static bool is_first(const struct store_profiles *profiles, size_t place)
{
	const struct store_profile *profile = &profiles->items[place];

	for (size_t i = 0; i < place; i++) {
		if (strcmp(profiles->items[i].platform, profile->platform) == 0 &&
		    strcmp(profiles->items[i].workload, profile->workload) == 0)
			return false;
	}
	return true;
}

/* "stream,stream-4": what of the panel's workload the platform has profiles of. */
static int find_workloads(const struct paper_study *study, const char *workload,
			  const char *platform, struct cov_text *ret, struct cov_error *err)
{
	const struct store_union_asked asked = { workload, NULL };
	COV_AUTO(store_union_deinit) struct store_union set = { 0 };
	int result = store_union_find(study->store, &asked, &set, err);

	for (size_t i = 0; result == 0 && i < study->profiles->count; i++) {
		const struct store_profile *profile = &study->profiles->items[i];

		if (strcmp(profile->platform, platform) == 0 &&
		    store_union_has(&set, profile->workload) && is_first(study->profiles, i))
			cov_text_print(ret, "%s%s", ret->length ? "," : "", profile->workload);
	}
	if (result == 0 && !ret->length)
		return cov_fail(err, COV_ERR_MISMATCH, "%s has no profile of %s", platform,
				workload);
	return result;
}

static void add_rows(const struct flame *flame, const char *label, const char *platform,
		     struct paper_answer *answer, int64_t profiles)
{
	COV_AUTO(flame_functions_deinit) struct flame_functions functions = { 0 };

	flame_functions_of(flame, 0, &functions);
	for (size_t i = 0; i < functions.count; i++) {
		const struct flame_function *function = &functions.items[i];
		struct flame_share share = flame_share(function->samples, flame->root.samples[0]);

		if (share.share < share_listed_min)
			break;
		struct paper_row *row =
		    paper_answer_add(answer, cov_xstrdup(function->name), label, platform);
		row->here = 100 * share.share;
		row->low = 100 * share.low;
		row->high = 100 * share.high;
		row->trials = profiles;
	}
}

int paper_profile(const struct paper_study *study, struct paper_answer *answer,
		  struct cov_error *err)
{
	const struct paper_panel *panel = answer->panel;
	const char *platform = paper_answer_name(study, panel->platform),
		   *workload = paper_answer_name(study, panel->workload),
		   *label = paper_answer_label(study->book, panel->platform);
	COV_AUTO(cov_text_deinit) struct cov_text workloads = { 0 };
	COV_AUTO(flame_profiles_deinit)
	struct flame_profiles profiles = {
		.list = study->profiles,
		.platforms = { platform },
		.flame = { .functions = panel->function, .side_count = 1 },
	};

	if (!study->profiles->count)
		return cov_fail(err, COV_ERR_MISMATCH, "the study has no profiles");
	if (!platform || !workload)
		return cov_fail(err, COV_ERR_MISMATCH, "the study has no %s %s",
				platform ? "workload" : "platform",
				platform ? panel->workload : panel->platform);
	int result = find_workloads(study, workload, platform, &workloads, err);
	profiles.workloads = workloads.data;
	if (result == 0)
		result = flame_profiles_read(study->store, &profiles, err);
	if (result)
		return result;
	COV_AUTO(free) char *heading = flame_profiles_heading(&profiles);
	answer->note = flame_profiles_remark(&profiles);
	answer->svg = picture_flame(&profiles.flame, heading, answer->note);
	answer->is_emulated = profiles.is_emulated;
	answer->command = cov_format("covdb profile --function %s --platform %s --workload %s",
				     panel->function, platform, profiles.workloads);
	add_rows(&profiles.flame, label, platform, answer, profiles.counts[0]);
	return 0;
}
