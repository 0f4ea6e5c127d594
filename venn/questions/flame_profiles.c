/* flame_profiles.c - the profiles of a platform, or of two that are compared, as one tree. */
#include "venn/questions/flame_profiles.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"

void flame_profiles_deinit(struct flame_profiles *profiles)
{
	flame_deinit(&profiles->flame);
	for (size_t i = 0; i < FLAME_SIDES_MAX; i++)
		free(profiles->names[i]);
	memset(profiles, 0, sizeof(*profiles));
}

static bool is_in(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *place = list; place; place = strchr(place, ',')) {
		place += *place == ',';
		if (strncmp(place, name, length) == 0 && (!place[length] || place[length] == ','))
			return true;
	}
	return !list;
}

bool flame_profiles_has_workload(const struct flame_profiles *profiles,
				 const struct store_profile *profile)
{
	return is_in(profiles->workloads, profile->workload);
}

bool flame_profiles_has(const struct flame_profiles *profiles, const struct store_profile *profile,
			const char *platform)
{
	return strcmp(profile->platform, platform) == 0 &&
	       flame_profiles_has_workload(profiles, profile);
}

static int fail_none(const struct flame_profiles *profiles, const char *platform,
		     struct cov_error *err)
{
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = platform };

	for (size_t i = 0; i < profiles->list->count; i++)
		cov_suggest(&suggestion, profiles->list->items[i].platform);
	COV_AUTO(free) char *meant = cov_suggest_text(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "%s has no profile%s%s%s", platform,
			profiles->workloads ? " of " : "",
			profiles->workloads ? profiles->workloads : "", meant);
}

static int read_side(struct store *store, struct flame_profiles *profiles, size_t side,
		     struct store_profile_stacks *stacks, struct cov_error *err)
{
	const char *platform = profiles->platforms[side];
	bool is_emulated = false;
	int result = 0;

	for (size_t i = 0; result == 0 && i < profiles->list->count; i++) {
		const struct store_profile *profile = &profiles->list->items[i];

		if (!flame_profiles_has(profiles, profile, platform))
			continue;
		profiles->counts[side]++;
		profiles->lost[side] = cov_number_add(profiles->lost[side], profile->lost);
		is_emulated |= profile->is_emulated;
		result = store_profile_read(store, profile->id, stacks, err);
	}
	if (result == 0 && !profiles->counts[side])
		return fail_none(profiles, platform, err);
	profiles->is_emulated |= is_emulated;
	profiles->names[side] = cov_format("%s%s", platform, is_emulated ? ", emulated" : "");
	return result;
}

int flame_profiles_read(struct store *store, struct flame_profiles *profiles, struct cov_error *err)
{
	struct flame *flame = &profiles->flame;

	for (size_t side = 0; side < flame->side_count; side++) {
		COV_AUTO(store_profile_stacks_deinit) struct store_profile_stacks stacks = { 0 };
		int result = read_side(store, profiles, side, &stacks, err);

		if (result)
			return result;
		for (size_t i = 0; i < stacks.count; i++)
			flame_add(flame, side, stacks.items[i].frames, stacks.items[i].samples);
		if (!flame->root.samples[side])
			return cov_fail(err, COV_ERR_MISMATCH, "%s: no sample is in %s",
					profiles->platforms[side],
					flame->functions ? flame->functions : "any process");
	}
	flame_sort(flame);
	return 0;
}

char *flame_profiles_describe(const struct flame_profiles *profiles, size_t side)
{
	const struct flame *flame = &profiles->flame;
	COV_AUTO(free) char *below = cov_number_grouped(flame->root.samples[side]);
	COV_AUTO(free) char *all = cov_number_grouped(flame->all[side]);

	return cov_format("%s: %s of %s samples in %s%s", profiles->names[side], below, all,
			  flame->functions ? flame->functions : "processes but perf",
			  flame_is_small(flame, side) ? "; too few to tell shares apart" : "");
}

char *flame_profiles_heading(const struct flame_profiles *profiles)
{
	const char *functions = profiles->flame.functions;

	return cov_format(
	    "%s%s%s%s", functions ? functions : "Processes", profiles->workloads ? ", " : "",
	    profiles->workloads ? profiles->workloads : "",
	    profiles->flame.side_count > 1 ? ": red: more, blue: less, grey: may be chance" : "");
}

char *flame_profiles_remark(const struct flame_profiles *profiles)
{
	struct cov_text remark = { 0 };

	for (size_t side = 0; side < profiles->flame.side_count; side++) {
		COV_AUTO(free) char *one = flame_profiles_describe(profiles, side);

		cov_text_print(&remark, "%s%s", side ? " — versus " : "", one);
	}
	return remark.data;
}
