/* published.c - numbers that others publish of platforms, of the same trials side by side. */
#include "venn/questions/published.h"

#include <string.h>

#include "collector/base/memory.h"
#include "venn/questions/syscall_use.h"
#include "venn/store/store.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_syscalls.h"

/* Copies of one function are one, as they are neighbours of which the first stands for all. */
static int count_functions(struct store *store, const struct store_query *query,
			   struct published *ret, struct cov_error *err)
{
	COV_AUTO(store_code_deinit) struct store_code code = { 0 };
	COV_AUTO(free) uint64_t *masks = cov_xcalloc((size_t)query->line_count, sizeof(*masks));
	int result = store_mask_places(store, query, masks, err);

	if (result == 0)
		result = store_code_of_masks(store, query, masks, &code, err);
	for (size_t i = 0; result == 0 && i < code.function_count; i++) {
		for (size_t j = 0; j < query->platform_count; j++)
			ret[j].functions += code.functions[i].kept >> j & 1;
	}
	return result;
}

/*
 * The most that a role with a filter may make; all, if it is known of some role that it has none
 * and no other has one. What sets a platform up, as runc does a container, mostly has none.
 */
static void count_allowed(const struct syscall_use *use, const char *platform,
			  struct published *published)
{
	bool is_filtered = false;

	for (size_t i = 0; i < use->role_count; i++) {
		const struct syscall_use_role *role = use->roles[i];

		if (!role->role || !role->has_filters || strcmp(role->platform, platform) != 0)
			continue;
		struct syscall_use_counts counts = syscall_use_count(use, role);
		int64_t allowed =
		    (int64_t)(counts.classes[BPF_ALLOWED] + counts.classes[BPF_BY_ARGUMENT]);
		bool has_filter = role->filter_count > 0;

		if (has_filter > is_filtered ||
		    (has_filter == is_filtered && allowed > published->calls_allowed))
			published->calls_allowed = allowed;
		is_filtered |= has_filter;
		published->has_allowed = true;
	}
}

static int count_calls(struct store *store, const struct store_query *query, struct published *ret,
		       struct cov_error *err)
{
	COV_AUTO(store_function_list_deinit) struct store_functions functions = { 0 };
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials trials = { 0 };
	COV_AUTO(free) struct syscall_use *use = cov_xcalloc(1, sizeof(*use));
	int result = store_function_list(store, query, syscall_use_glob, &functions, err);

	if (result == 0)
		result = store_syscalls_list(store, query->kernel_id, &trials, err);
	if (result == 0)
		result = syscall_use_begin(use, err);
	if (result)
		return result;
	syscall_use_kernel(use, &functions);
	for (size_t i = 0; i < trials.count; i++)
		syscall_use_add_trial(use, trials.items[i].platform, &trials.items[i].file);
	for (size_t i = 0; i < query->platform_count; i++) {
		const char *name = query->platforms[i].name;

		syscall_use_add_platform(use, query, &functions, i);
		ret[i].has_seen = use->compiled_count > 0;
		ret[i].calls_seen =
		    (int64_t)syscall_use_count(use, syscall_use_find(use, name, NULL)).called;
		count_allowed(use, name, &ret[i]);
	}
	syscall_use_deinit(use);
	return 0;
}

int published_read(struct store *store, const struct store_query *query, struct published *ret,
		   struct cov_error *err)
{
	int result = count_functions(store, query, ret, err);

	return result ? result : count_calls(store, query, ret, err);
}
