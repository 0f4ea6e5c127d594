/* report_profiles.c - profiles and their stacks, as a part of the report. */
#include "venn/report/report_profiles.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "venn/report/report_json.h"
#include "venn/store/store_profile.h"

static int add_stacks(struct store *store, const struct store_profile *profile,
		      struct cov_text *ret, struct cov_error *err)
{
	COV_AUTO(store_profile_stacks_deinit) struct store_profile_stacks stacks = { 0 };
	int result = store_profile_read(store, profile->id, &stacks, err);

	report_json_key(ret, "stacks");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < stacks.count; i++) {
		const struct store_profile_stack *stack = &stacks.items[i];

		report_json_value(ret, cov_json_text(stack->frames, strlen(stack->frames)));
		report_json_number(ret, stack->samples);
	}
	report_json_end(ret, ']');
	return result;
}

int report_profiles_json(struct store *store, const struct report_study *study,
			 struct cov_text *ret, struct cov_error *err)
{
	COV_AUTO(store_profile_list_deinit) struct store_profiles profiles = { 0 };
	int result = store_profile_list(store, study->kernel->id, &profiles, err);

	report_json_begin(ret, '[');
	for (size_t i = 0; result == 0 && i < profiles.count; i++) {
		const struct store_profile *profile = &profiles.items[i];

		report_json_begin(ret, '{');
		report_json_set(ret, "platform", cov_json_name(profile->platform));
		report_json_set(ret, "workload", cov_json_name(profile->workload));
		report_json_set(ret, "emulated", cov_json_pack("b", (int)profile->is_emulated));
		report_json_set(ret, "lost", cov_json_integer(profile->lost));
		result = add_stacks(store, profile, ret, err);
		report_json_end(ret, '}');
	}
	report_json_end(ret, ']');
	return result;
}
