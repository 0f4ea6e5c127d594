/* side.c - one side of a comparison: how often each trial executed each line of a kernel. */
#include "venn/change/side.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/store/store.h"
#include "venn/store/store_group.h"
#include "venn/store/store_load.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_tracefile.h"

static const double ns_per_s = 1e9;

void side_deinit(struct side *side)
{
	kernel_deinit(&side->kernel);
	store_kernel_deinit(&side->about);
	for (size_t i = 0; i < side->workload_count; i++)
		free(side->workloads[i]);
	free(side->workloads);
	free(side->rates);
	observations_deinit(&side->observations);
	free(side->is_left_out);
	free(side->database);
	memset(side, 0, sizeof(*side));
}

/* What the trials are read with. */
struct reading {
	struct store *store;
	const struct store_observers *observers;
	struct store_group group; /* borrows its texts; its number is that of the trial */
	struct side *side;
};

static void note_damaged(struct side *side, const struct cov_counters *counters)
{
	for (size_t i = 0; i < side->kernel.object_count; i++) {
		const struct cov_object *object = &side->kernel.objects[i];

		if (counters->states[i] != COV_OBJECT_BAD)
			continue;
		for (uint32_t j = 0; j < object->plan.line_count; j++)
			side->is_left_out[object->line_ids[j]] = 1;
	}
}

static int evaluate_trial(struct reading *reading, int64_t *duration_ns, struct cov_counts *ret,
			  struct cov_error *err)
{
	struct side *side = reading->side;
	const struct store_observers *observers = reading->observers;
	COV_AUTO(store_group_packed_deinit) struct store_packed_trials trials = { 0 };
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
	struct store_observed observed = { 0 };
	int result =
	    store_group_fetch(reading->store, side->about.id, &reading->group, &trials, err);

	if (result == 0)
		result = store_observer_add(observers, &trials, &side->kernel, &counters, &observed,
					    err);
	if (result == 0)
		result = counts_evaluate(&side->kernel, &counters, ret, err);
	if (result)
		return result;
	const struct store_tracefile_sums sums = { .counts = ret, .scale = observers->scale };
	result = store_tracefile_add(reading->store, &side->kernel, side->about.id, &reading->group,
				     &sums, err);
	counts_apply_evidence(&side->kernel, ret);
	note_damaged(side, &counters);
	side->observed_count += observed.trials;
	*duration_ns = trials.items[0].duration_ns;
	return result;
}

/* What the trials of one observation executed, and how long they took. */
struct sums {
	int64_t *lines; /* [line_count]; owned */
	int64_t duration_ns;
};

static void sums_deinit(struct sums *sums)
{
	free(sums->lines);
}

COV_DEFINE_AUTO_STRUCT(struct sums, sums_deinit)

static int add_trial(struct reading *reading, struct sums *sums, struct cov_error *err)
{
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	int64_t duration_ns = 0;
	int result = evaluate_trial(reading, &duration_ns, &counts, err);

	if (result)
		return result;
	for (size_t i = 0; i < reading->side->kernel.line_count; i++) {
		if (counts.lines[i] > 0)
			sums->lines[i] = cov_number_add(sums->lines[i], counts.lines[i]);
	}
	sums->duration_ns = cov_number_add(sums->duration_ns, duration_ns);
	return 0;
}

static int read_observation(struct reading *reading, const struct side_name_members *members,
			    const struct observations *observations, size_t index,
			    struct cov_error *err)
{
	struct side *side = reading->side;
	size_t line_count = side->kernel.line_count;
	COV_AUTO(sums_deinit)
	struct sums sums = { .lines = cov_xcalloc(line_count, sizeof(*sums.lines)) };
	double *rates = side->rates + index * line_count;
	int result = 0;

	for (size_t i = 0; result == 0 && i < observations->trial_count; i++) {
		const struct observations_trial *trial = &observations->trials[i];

		if (trial->observation != index)
			continue;
		reading->group = *members->items[trial->member].group;
		reading->group.number = trial->number;
		result = add_trial(reading, &sums, err);
	}
	if (result)
		return result;
	/* Lines from elsewhere have no time. */
	double seconds = sums.duration_ns ? (double)sums.duration_ns / ns_per_s *
						(double)reading->observers->scale
					  : 1;
	for (size_t i = 0; i < line_count; i++)
		rates[i] = sums.lines[i] > 0 ? (double)sums.lines[i] / seconds : 0;
	side->duration_ns = cov_number_add(side->duration_ns, sums.duration_ns);
	return 0;
}

static int read_trials(struct reading *reading, const struct side_name_members *members,
		       struct cov_error *err)
{
	struct side *side = reading->side;
	const struct observations *observations = &side->observations;
	int result = 0;

	if (observations->count > SIDE_TRIALS_MAX)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s/%s has %zu trials, more than the %d that can be compared",
				members->items[0].group->platform,
				members->items[0].group->workload, observations->count,
				SIDE_TRIALS_MAX);
	side->workloads = cov_xcalloc(members->count, sizeof(*side->workloads));
	for (size_t i = 0; i < members->count; i++)
		side->workloads[side->workload_count++] = cov_format(
		    "%s/%s", members->items[i].group->platform, members->items[i].group->workload);
	side->trial_count = observations->count;
	side->rates =
	    cov_xcalloc(side->trial_count * side->kernel.line_count, sizeof(*side->rates));
	for (size_t i = 0; result == 0 && i < side->trial_count; i++)
		result = read_observation(reading, members, observations, i, err);
	return result;
}

int side_read(const struct side_name *name, const char *database, enum observations_unit unit,
	      struct side *ret, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_observer_deinit) struct store_observers observers = { 0 };
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	COV_AUTO(side_name_members_deinit) struct side_name_members members = { 0 };
	int result = store_open(store_path(name->database ? name->database : database), STORE_READ,
				&store, err);

	if (result == 0)
		result = side_name_kernel(name, store, &ret->about, err);
	if (result == 0)
		result = store_load_kernel(store, ret->about.id, &ret->kernel, err);
	if (result == 0)
		result =
		    store_observer_read(store, ret->about.id, &ret->kernel, false, &observers, err);
	if (result == 0)
		result = store_group_list(store, ret->about.id, &groups, err);
	if (result == 0)
		result = side_name_find(name, store, &groups, &members, err);
	if (result == 0)
		result = observations_list(store, ret->about.id, &members, unit, &ret->observations,
					   err);
	if (result)
		return result;
	ret->is_left_out = cov_xcalloc(ret->kernel.line_count, 1);
	ret->database = cov_xstrdup(store_path(name->database ? name->database : database));
	struct reading reading = { .store = store, .observers = &observers, .side = ret };
	return read_trials(&reading, &members, err);
}

void side_take_counts(struct side *side, const struct cov_counts *counts)
{
	side->trial_count = 1;
	side->rates = cov_xcalloc(side->kernel.line_count, sizeof(*side->rates));
	side->is_left_out = cov_xcalloc(side->kernel.line_count, 1);
	for (size_t i = 0; i < side->kernel.line_count; i++)
		side->rates[i] = counts->lines[i] > 0 ? (double)counts->lines[i] : 0;
}

static bool has_same_objects(const struct cov_kernel *a, const struct cov_kernel *b)
{
	if (a->object_count != b->object_count)
		return false;
	for (size_t i = 0; i < a->object_count; i++) {
		if (strcmp(a->objects[i].path, b->objects[i].path) != 0 ||
		    a->objects[i].plan.stamp != b->objects[i].plan.stamp)
			return false;
	}
	return true;
}

static bool has_same_files(const struct cov_kernel *a, const struct cov_kernel *b)
{
	if (a->file_count != b->file_count)
		return false;
	for (size_t i = 0; i < a->file_count; i++) {
		if (strcmp(a->files[i], b->files[i]) != 0 ||
		    a->file_line_first[i] != b->file_line_first[i])
			return false;
	}
	return true;
}

bool side_is_same_build(const struct side *a, const struct side *b)
{
	/* A kernel of tracefiles has one object, whose stamp says nothing. */
	return a->kernel.line_count == b->kernel.line_count &&
	       has_same_objects(&a->kernel, &b->kernel) && has_same_files(&a->kernel, &b->kernel) &&
	       memcmp(a->kernel.line_numbers, b->kernel.line_numbers,
		      a->kernel.line_count * sizeof(*a->kernel.line_numbers)) == 0;
}
