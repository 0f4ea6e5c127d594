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
#include "venn/store/store_trial_list.h"

enum { TRIAL_NUMBER_MAX = 999999999 };

static const double ns_per_s = 1e9;

void side_name_deinit(struct side_name *name)
{
	free(name->database);
	free(name->kernel);
	free(name->platform);
	free(name->workload);
	free(name->tracefile);
	memset(name, 0, sizeof(*name));
}

void side_deinit(struct side *side)
{
	kernel_deinit(&side->kernel);
	store_kernel_deinit(&side->about);
	free(side->rates);
	free(side->is_left_out);
	free(side->database);
	memset(side, 0, sizeof(*side));
}

static bool is_file(const char *path)
{
	return !cov_is_missing(path) && !cov_is_directory(path);
}

/* What stands behind the name of a database, if there is one. */
static const char *take_database(const char *text, struct side_name *ret)
{
	for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
		COV_AUTO(free) char *path = cov_xstrndup(text, (size_t)(colon - text));

		if (is_file(path)) {
			ret->database = path;
			path = NULL;
			return colon + 1;
		}
	}
	return text;
}

int side_name_parse(const char *text, struct side_name *ret, struct cov_error *err)
{
	uint64_t number = 0;

	if (is_file(text)) {
		ret->tracefile = cov_xstrdup(text);
		return 0;
	}
	const char *rest = take_database(text, ret);
	const char *colon = strrchr(rest, ':');
	if (colon)
		ret->kernel = cov_xstrndup(rest, (size_t)(colon - rest));
	ret->platform = cov_xstrdup(colon ? colon + 1 : rest);
	char *workload = strchr(ret->platform, '/');
	char *trial = workload ? strchr(workload + 1, '/') : NULL;
	if (trial)
		*trial++ = '\0';
	if (workload)
		*workload++ = '\0';
	if (!workload || !cov_is_name(ret->platform) || !cov_is_name(workload) ||
	    (trial && (!cov_number_read(trial, TRIAL_NUMBER_MAX, NULL, &number) || number == 0)))
		return cov_fail(err, COV_ERR_USAGE,
				"'%s' is no file, and not "
				"[DATABASE:][KERNEL:]PLATFORM/WORKLOAD[/NUMBER]",
				text);
	ret->workload = cov_xstrdup(workload);
	ret->number = (int64_t)number;
	return 0;
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

static int read_trial(struct reading *reading, double *rates, struct cov_error *err)
{
	struct side *side = reading->side;
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	int64_t duration_ns = 0;
	int result = evaluate_trial(reading, &duration_ns, &counts, err);

	if (result)
		return result;
	double seconds = (double)duration_ns / ns_per_s * (double)reading->observers->scale;
	for (size_t i = 0; i < side->kernel.line_count; i++)
		rates[i] = counts.lines[i] > 0 ? (double)counts.lines[i] / seconds : 0;
	side->duration_ns = cov_number_add(side->duration_ns, duration_ns);
	return 0;
}

static bool is_asked(const struct store_listed_trial *trial, const struct side_name *name)
{
	return strcmp(trial->platform, name->platform) == 0 &&
	       strcmp(trial->workload, name->workload) == 0 && strcmp(trial->status, "ok") == 0 &&
	       (!name->number || trial->number == name->number);
}

/* What there is instead, each platform and workload once. */
static int fail_none(const struct side_name *name, const struct store_groups *groups,
		     struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	for (size_t i = 0; i < groups->count; i++)
		cov_text_print(&list, "%s%s/%s", i ? ", " : "", groups->items[i].platform,
			       groups->items[i].workload);
	if (name->number)
		return cov_fail(err, COV_ERR_MISMATCH, "there is no good trial %s/%s/%lld",
				name->platform, name->workload, (long long)name->number);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no good trial of %s/%s, only of %s",
			name->platform, name->workload, list.data ? list.data : "nothing");
}

static int read_trials(struct reading *reading, const struct side_name *name,
		       const struct store_groups *groups, struct cov_error *err)
{
	struct side *side = reading->side;
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials trials = { 0 };
	int result = store_trial_list_read(reading->store, side->about.id, &trials, err);
	size_t count = 0;

	for (size_t i = 0; result == 0 && i < groups->count; i++) {
		if (strcmp(groups->items[i].platform, name->platform) == 0 &&
		    strcmp(groups->items[i].workload, name->workload) == 0)
			reading->group = groups->items[i];
	}
	for (size_t i = 0; result == 0 && i < trials.count; i++)
		count += is_asked(&trials.items[i], name);
	if (result == 0 && (!count || !reading->group.platform))
		result = fail_none(name, groups, err);
	if (result == 0 && count > SIDE_TRIALS_MAX)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s/%s has %zu trials, more than the %d that can be compared",
				  name->platform, name->workload, count, SIDE_TRIALS_MAX);
	if (result)
		return result;
	side->rates = cov_xcalloc(count * side->kernel.line_count, sizeof(*side->rates));
	for (size_t i = 0; result == 0 && i < trials.count; i++) {
		if (!is_asked(&trials.items[i], name))
			continue;
		reading->group.number = trials.items[i].number;
		result = read_trial(
		    reading, side->rates + side->trial_count++ * side->kernel.line_count, err);
	}
	return result;
}

int side_read(const struct side_name *name, const char *database, struct side *ret,
	      struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_observer_deinit) struct store_observers observers = { 0 };
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	int result = store_open(store_path(name->database ? name->database : database), STORE_READ,
				&store, err);

	if (result == 0)
		result = store_kernel_find(store, NULL, name->kernel, &ret->about, err);
	if (result == 0)
		result = store_load_kernel(store, ret->about.id, &ret->kernel, err);
	if (result == 0)
		result =
		    store_observer_read(store, ret->about.id, &ret->kernel, false, &observers, err);
	if (result == 0)
		result = store_group_list(store, ret->about.id, &groups, err);
	if (result)
		return result;
	ret->is_left_out = cov_xcalloc(ret->kernel.line_count, 1);
	ret->database = cov_xstrdup(store_path(name->database ? name->database : database));
	struct reading reading = { .store = store, .observers = &observers, .side = ret };
	return read_trials(&reading, name, &groups, err);
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
