/* experiment_leave_out.c - an experiment without the platforms that this machine has not. */
#include "collector/experiment/experiment_leave_out.h"

#include <string.h>

static const struct experiment_platform *kept_platform(const struct experiment *experiment,
						       const char *name)
{
	for (size_t i = 0; i < experiment->platform_count; i++) {
		if (strcmp(experiment->platforms[i].name, name) == 0)
			return &experiment->platforms[i];
	}
	return NULL;
}

/* Those that start nothing stay, and those whose platform does, wherever that is now. */
static void keep_baselines(struct experiment *experiment)
{
	size_t count = 0;

	for (size_t i = 0; i < experiment->baseline_count; i++) {
		struct experiment_baseline *baseline = &experiment->baselines[i];
		bool has_platform = baseline->platform != NULL;

		if (has_platform)
			baseline->platform = kept_platform(experiment, baseline->platform_name);
		if (!has_platform || baseline->platform)
			experiment->baselines[count++] = *baseline;
	}
	experiment->baseline_count = count;
}

void experiment_leave_out(struct experiment *experiment,
			  bool (*is_here)(const struct experiment_platform *platform))
{
	size_t count = experiment->platform_count;
	struct experiment_platform *kept =
	    cov_arena_alloc(&experiment->arena, count + 1, sizeof(*kept));
	size_t kept_count = 0;

	experiment->left_out =
	    cov_arena_alloc(&experiment->arena, count + 1, sizeof(*experiment->left_out));
	for (size_t i = 0; i < count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];

		if (platform->is_optional && !is_here(platform))
			experiment->left_out[experiment->left_out_count++] = platform;
		else
			kept[kept_count++] = *platform;
	}
	experiment->platforms = kept;
	experiment->platform_count = kept_count;
	keep_baselines(experiment);
	experiment_set_order(experiment, &experiment->arena);
}
