/* observations.c - which trials of a side are one observation, as tests have it. */
#include "venn/change/observations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/store_boot.h"
#include "venn/store/store_trial_list.h"

void observations_deinit(struct observations *observations)
{
	free(observations->trials);
	free(observations->boots_s);
	free(observations->member_counts);
	memset(observations, 0, sizeof(*observations));
}

bool observations_same_boot(double a_s, double b_s)
{
	/* A machine that boots takes longer, and a clock that is corrected moves less. */
	const double tolerance_s = 5;

	return fabs(a_s - b_s) <= tolerance_s;
}

static bool is_asked(const struct store_listed_trial *trial, const struct side_name_member *member)
{
	return strcmp(trial->platform, member->group->platform) == 0 &&
	       strcmp(trial->workload, member->group->workload) == 0 &&
	       strcmp(trial->status, "ok") == 0 && trial->has_counters &&
	       (!member->number || trial->number == member->number);
}

static int compare_trials(const void *a, const void *b)
{
	const struct observations_trial *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static int list_member(struct store *store, const struct store_listed_trials *trials,
		       const struct side_name_members *members, size_t member,
		       struct observations *ret, struct cov_error *err)
{
	struct observations_trial *own = ret->trials + ret->trial_count;
	const struct side_name_member *asked = &members->items[member];
	size_t count = 0;
	int result = 0;

	for (size_t i = 0; result == 0 && i < trials->count; i++) {
		if (!is_asked(&trials->items[i], asked))
			continue;
		own[count] = (struct observations_trial){ .member = member,
							  .number = trials->items[i].number };
		result = store_boot_find(store, trials->items[i].id, &own[count++].boot_s, err);
	}
	if (result == 0 && !count)
		result = cov_fail(err, COV_ERR_MISMATCH, "there is no good trial %s/%s/%lld",
				  asked->group->platform, asked->group->workload,
				  (long long)asked->number);
	if (result)
		return result;
	qsort(own, count, sizeof(*own), compare_trials);
	for (size_t i = 0; i < count; i++)
		own[i].place = i;
	ret->trial_count += count;
	ret->member_counts[member] = count;
	return 0;
}

static int compare_times(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Which boots there are, if that of every trial is known. */
static void list_boots(struct observations *observations)
{
	size_t count = observations->trial_count;
	double *boots_s = observations->boots_s = cov_xcalloc(count, sizeof(*boots_s));

	for (size_t i = 0; i < count; i++) {
		boots_s[i] = observations->trials[i].boot_s;
		if (isnan(boots_s[i]))
			return;
	}
	qsort(boots_s, count, sizeof(*boots_s), compare_times);
	for (size_t i = 0; i < count; i++) {
		size_t known = observations->boot_count;

		if (!known || !observations_same_boot(boots_s[known - 1], boots_s[i]))
			boots_s[observations->boot_count++] = boots_s[i];
	}
	for (size_t i = 0; i < count; i++) {
		struct observations_trial *trial = &observations->trials[i];

		while (!observations_same_boot(boots_s[trial->boot], trial->boot_s))
			trial->boot++;
	}
}

static size_t wanted_of(const struct observations_trial *trial, enum observations_unit unit)
{
	return unit == OBSERVATIONS_BOOT ? trial->boot : trial->place;
}

/* Those that have a trial of every member, numbered anew. */
static void assign(struct observations *observations, size_t member_count,
		   enum observations_unit unit)
{
	size_t most = observations->trial_count;
	COV_AUTO(free) size_t *counts = cov_xcalloc(most, sizeof(*counts)); /* of members */
	COV_AUTO(free) size_t *latest = cov_xcalloc(most, sizeof(*latest)); /* 1 + member */
	COV_AUTO(free) size_t *numbers = cov_xcalloc(most, sizeof(*numbers));

	for (size_t i = 0; i < most; i++) {
		const struct observations_trial *trial = &observations->trials[i];
		size_t wanted = wanted_of(trial, unit);

		counts[wanted] += latest[wanted] != trial->member + 1;
		latest[wanted] = trial->member + 1;
	}
	for (size_t i = 0; i < most; i++)
		numbers[i] = counts[i] == member_count ? observations->count++ : OBSERVATIONS_NONE;
	for (size_t i = 0; i < most; i++) {
		struct observations_trial *trial = &observations->trials[i];

		trial->observation = numbers[wanted_of(trial, unit)];
		observations->left_out_count += trial->observation == OBSERVATIONS_NONE;
	}
}

int observations_list(struct store *store, int64_t kernel_id,
		      const struct side_name_members *members, enum observations_unit unit,
		      struct observations *ret, struct cov_error *err)
{
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials trials = { 0 };
	int result = store_trial_list_read(store, kernel_id, &trials, err);

	ret->trials = cov_xcalloc(trials.count, sizeof(*ret->trials));
	ret->member_counts = cov_xcalloc(members->count, sizeof(*ret->member_counts));
	for (size_t i = 0; result == 0 && i < members->count; i++)
		result = list_member(store, &trials, members, i, ret, err);
	if (result)
		return result;
	list_boots(ret);
	if (unit == OBSERVATIONS_BOOT && !ret->boot_count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"which boot each trial belongs to is not known: there are trials "
				"of %s/%s or others without a manifest that tells",
				members->items[0].group->platform,
				members->items[0].group->workload);
	assign(ret, members->count, unit);
	if (!ret->count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"no boot has trials of %s/%s and of all others that were named",
				members->items[0].group->platform,
				members->items[0].group->workload);
	return 0;
}
