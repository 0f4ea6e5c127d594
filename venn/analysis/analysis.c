/* analysis.c - from stored trials to stored footprints and regions. */
#include "venn/analysis/analysis.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/pipeline.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/analysis/agreement.h"
#include "venn/analysis/decide.h"
#include "venn/analysis/pair.h"
#include "venn/analysis/unite.h"
#include "venn/sets/regions.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_phase.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_region.h"
#include "venn/store/store_tracefile.h"
#include "venn/store/store_workload.h"

enum { GROUPS_NAMED = 3 }; /* in a message about some of them */

/* What all steps of one analysis need. */
struct run {
	struct store *store;
	int64_t kernel_id;
	const struct cov_kernel *kernel;
	struct analysis_options options;
	int64_t analysis_id;
	struct store_directories directories; /* owned */
	struct store_observers observers;     /* owned */
	struct analysis analysis;
	struct store_members members; /* of groups of workloads; owned */
	struct unite *unions; /* [union_count]: of all workloads, then of each group; owned */
	size_t union_count;
	struct decide_baseline baseline; /* of the footprints being decided; owned */
	struct decide *decides;          /* [analysis.pairs.count]; owned */
};

static void run_deinit(struct run *run)
{
	for (size_t i = 0; i < run->union_count; i++)
		unite_deinit(&run->unions[i]);
	free(run->unions);
	store_workload_members_deinit(&run->members);
	decide_baseline_deinit(&run->baseline);
	for (size_t i = 0; run->decides && i < run->analysis.pairs.count; i++)
		decide_deinit(&run->decides[i]);
	free(run->decides);
	analysis_deinit(&run->analysis);
	store_observer_deinit(&run->observers);
	store_directory_list_deinit(&run->directories);
}

COV_DEFINE_AUTO_STRUCT(struct run, run_deinit)

void analysis_deinit(struct analysis *analysis)
{
	pair_deinit(&analysis->pairs);
	store_group_list_deinit(&analysis->groups);
	memset(analysis, 0, sizeof(*analysis));
}

/* Whether a group of trials is among those of a group of workloads; @group_id 0: all workloads */
static bool is_in_union(const struct run *run, int64_t group_id, const struct store_group *group)
{
	for (size_t i = 0; i < run->members.count; i++) {
		if (run->members.items[i].group_id == group_id &&
		    run->members.items[i].workload_id == group->workload_id)
			return true;
	}
	return !group_id && group->kind == STORE_WORKLOAD;
}

static int open_unions(struct run *run, struct cov_error *err)
{
	int result = store_workload_members(run->store, &run->members, err);

	run->unions = cov_xcalloc(run->members.count + 1, sizeof(*run->unions));
	run->union_count = 1;
	for (size_t i = 0; result == 0 && i < run->members.count; i++) {
		int64_t group_id = run->members.items[i].group_id;

		if (run->unions[run->union_count - 1].group_id != group_id)
			run->unions[run->union_count++].group_id = group_id;
	}
	return result;
}

/* What was united of one platform. */
static int store_unions(struct run *run, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->union_count; i++)
		result = unite_store(&run->unions[i], run->store, run->kernel_id, run->analysis_id,
				     &run->directories, err);
	return result;
}

static bool has_tracefile(const struct store_footprint *footprint)
{
	return footprint->group->tracefile_count || footprint->baseline->tracefile_count;
}

/* Read the trials of a baseline and evaluate them, with all threads. */
static int open_baseline(struct run *run, const struct store_group *group, struct cov_error *err)
{
	struct decide_baseline *baseline = &run->baseline;
	struct store_observed observed = { 0 };
	COV_AUTO(store_group_packed_deinit) struct store_packed_trials packed = { 0 };

	decide_baseline_deinit(baseline);
	int result = store_group_fetch(run->store, run->kernel_id, group, &packed, err);
	packed.is_raw = false; /* as a baseline, the observer has nothing left */
	if (result == 0)
		result = store_observer_add(&run->observers, &packed, run->kernel,
					    &baseline->counters, &observed, err);
	if (result == 0 && cov_rule_is_test(run->options.rule))
		result = store_observer_open(&run->observers, &packed, run->kernel,
					     &baseline->trials, err);
	if (result == 0)
		result = counts_evaluate(run->kernel, &baseline->counters, &baseline->counts, err);
	if (result == 0)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, group,
		    &(struct store_tracefile_sums){ .counts = &baseline->counts,
						    .scale = run->observers.scale },
		    err);
	if (result)
		return result;
	counts_apply_evidence(run->kernel, &baseline->counts);
	baseline->group = group;
	return 0;
}

static int prepare_group(void *context, size_t item, bool is_alone, struct cov_error *err)
{
	struct run *run = context;
	struct store_footprint *footprint = &run->analysis.pairs.footprints[item];
	struct decide *decide = &run->decides[item];

	if (footprint->baseline != run->baseline.group) {
		if (!is_alone)
			return COV_PIPELINE_LATER; /* others are set against the one before */
		int result = open_baseline(run, footprint->baseline, err);
		if (result)
			return result;
	}
	*decide = (struct decide){
		.kernel = run->kernel,
		.observers = &run->observers,
		.baseline = &run->baseline,
		.footprint = footprint,
		.rule = { run->options.rule, run->options.false_discovery_rate },
	};
	cov_footprint_init(&footprint->lines, run->kernel->line_count);
	return store_group_fetch(run->store, run->kernel_id, footprint->group, &decide->trials,
				 err);
}

/* Tracefiles are read out of the database, so groups that have some wait until they are stored. */
static void work_group(void *context, size_t item)
{
	struct run *run = context;
	struct decide *decide = &run->decides[item];

	if (!has_tracefile(decide->footprint) && decide_evaluate(decide) == 0)
		decide_apply(decide);
}

static int decide_with_tracefiles(struct run *run, struct decide *decide)
{
	const struct store_footprint *footprint = decide->footprint;
	int result = decide_evaluate(decide);

	if (result == 0)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, footprint->group,
		    &(struct store_tracefile_sums){ .counts = &decide->counts,
						    .scale = run->observers.scale },
		    &decide->err);
	if (result == 0 && decide->own_idle_counts.lines)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, footprint->baseline,
		    &(struct store_tracefile_sums){ .counts = &decide->own_idle_counts,
						    .scale = run->observers.scale },
		    &decide->err);
	return result ? result : decide_apply(decide);
}

/* Groups come platform by platform; each is followed by the union of its workloads. */
static int finish_group(void *context, size_t item, struct cov_error *err)
{
	struct run *run = context;
	struct store_footprint *footprint = &run->analysis.pairs.footprints[item];
	struct decide *decide = &run->decides[item];
	int result = 0;

	if (has_tracefile(footprint))
		decide_with_tracefiles(run, decide);
	if (decide->err.code) {
		*err = decide->err;
		return err->code;
	}
	const struct store_sums sums = decide_sums(decide);
	if (item && footprint->group->platform_id != footprint[-1].group->platform_id)
		result = store_unions(run, err);
	for (size_t i = 0; i < run->union_count; i++) {
		if (is_in_union(run, run->unions[i].group_id, footprint->group))
			unite_add(&run->unions[i], footprint, &sums);
	}
	if (result == 0)
		result = store_footprint_add(run->store, run->kernel_id, run->analysis_id,
					     footprint, &decide->packed, err);
	footprint->line_p = NULL;
	decide_deinit(decide);
	if (result)
		return result;
	COV_AUTO(agreement_trials_deinit) struct agreement_trials trials = { 0 };
	result = agreement_masks(run->store, run->kernel, run->kernel_id, footprint, &trials, err);
	for (size_t i = 0; result == 0 && i < run->union_count; i++) {
		if (is_in_union(run, run->unions[i].group_id, footprint->group))
			unite_add_trials(&run->unions[i], &trials, run->kernel->line_count);
	}
	return result ? result
		      : agreement_store(run->store, footprint->id, &trials, &run->directories, err);
}

static int decide_all(struct run *run, struct cov_error *err)
{
	const struct cov_pipeline pipeline = { run->analysis.pairs.count, prepare_group, work_group,
					       finish_group };

	run->decides = cov_xcalloc(pipeline.count, sizeof(*run->decides));
	int result = cov_pipeline_run(&pipeline, run, err);
	return result ? result : store_unions(run, err);
}

/* Of observers themselves, and of tracefiles, nothing can be taken off. */
static size_t unobserved_count(const struct store_footprint *footprint)
{
	const struct store_group *group = footprint->group;

	if (group->kind == STORE_OBSERVER)
		return 0;
	return (size_t)(group->trial_count - group->tracefile_count) - footprint->trials_observed;
}

static void print_unobserved(const struct analysis *analysis)
{
	COV_AUTO(cov_text_deinit) struct cov_text names = { 0 };
	size_t trial_count = 0, group_count = 0;

	for (size_t i = 0; i < analysis->pairs.count; i++) {
		const struct store_footprint *footprint = &analysis->pairs.footprints[i];
		size_t count = unobserved_count(footprint);

		trial_count += count;
		group_count += count > 0;
		if (count && group_count <= GROUPS_NAMED)
			cov_text_print(&names, "%s%s/%s", names.length ? ", " : "",
				       footprint->group->platform, footprint->group->workload);
	}
	if (!trial_count)
		return;
	if (group_count > GROUPS_NAMED)
		cov_text_print(&names, " and %zu more", group_count - GROUPS_NAMED);
	cov_say("what capturing itself executes is in the counters of %zu trials (%s): there is no "
		"observer %s",
		trial_count, names.data,
		analysis->observer_count ? "that was captured the same way, of the same objects"
					 : "to take off");
}

void analysis_print_notes(const struct analysis *analysis)
{
	for (size_t i = 0; i < analysis->pairs.count; i++) {
		const struct store_footprint *footprint = &analysis->pairs.footprints[i];

		if (footprint->objects_left_out)
			cov_say(
			    "%s %s: %zu objects left out because they are damaged in a trial or in the "
			    "baseline",
			    footprint->group->platform, footprint->group->workload,
			    footprint->objects_left_out);
	}
	print_unobserved(analysis);
}

/* The mask of every line; @workload_id may be of a group, 0 unites all workloads. */
static int fill_masks(const struct run *run, int64_t workload_id, uint64_t *masks,
		      struct cov_error *err)
{
	const struct analysis *analysis = &run->analysis;

	memset(masks, 0, run->kernel->line_count * sizeof(*masks));
	for (size_t i = 0; i < analysis->pairs.count; i++) {
		const struct store_footprint *footprint = &analysis->pairs.footprints[i];
		int bit;

		if (footprint->group->workload_id != workload_id &&
		    !is_in_union(run, workload_id, footprint->group))
			continue;
		int result =
		    store_platform_bit(run->store, footprint->group->platform_id, &bit, err);
		if (result)
			return result;
		for (size_t j = 0; j < run->kernel->line_count; j++) {
			if (cov_footprint_has(&footprint->lines, j))
				masks[j] |= (uint64_t)1 << bit;
		}
	}
	return 0;
}

static int store_workload_regions(const struct run *run, int64_t workload_id, struct cov_error *err)
{
	const struct store_directories *directories = &run->directories;
	COV_AUTO(free) uint64_t *masks = cov_xcalloc(run->kernel->line_count, sizeof(*masks));
	COV_AUTO(regions_deinit) struct regions regions = { 0 };
	int result = fill_masks(run, workload_id, masks, err);

	for (size_t i = 0; result == 0 && i < directories->count; i++) {
		const struct store_directory *directory = &directories->items[i];

		regions_count(masks, directory->line_first, directory->line_count, &regions);
		for (size_t j = 0; result == 0 && j < regions.count; j++) {
			struct store_region region = {
				.directory_id = directory->id,
				.workload_id = workload_id,
				.mask = regions.items[j].mask,
				.lines = (int64_t)regions.items[j].lines,
			};

			result = store_region_add(run->store, run->analysis_id, &region, err);
		}
	}
	return result;
}

/* Regions of each workload and of each union, for every directory. */
static int store_regions(const struct run *run, struct cov_error *err)
{
	const struct analysis *analysis = &run->analysis;
	int result = 0;

	for (size_t i = 0; result == 0 && i < run->union_count; i++)
		result = store_workload_regions(run, run->unions[i].group_id, err);
	for (size_t i = 0; result == 0 && i < analysis->pairs.count; i++) {
		int64_t workload_id = analysis->pairs.footprints[i].group->workload_id;
		bool is_done = false;

		for (size_t j = 0; j < i; j++)
			is_done |= analysis->pairs.footprints[j].group->workload_id == workload_id;
		if (!is_done)
			result = store_workload_regions(run, workload_id, err);
	}
	return result;
}

int analysis_run(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
		 const struct analysis_options *options, struct analysis *ret,
		 struct cov_error *err)
{
	COV_AUTO(run_deinit)
	struct run run = {
		.store = store,
		.kernel_id = kernel_id,
		.kernel = kernel,
		.options = *options,
	};
	int result = store_phase_unite(store, err);

	if (result == 0)
		result = store_group_list(store, kernel_id, &run.analysis.groups, err);
	if (result == 0)
		result =
		    pair_groups(&run.analysis.groups, options->baseline, &run.analysis.pairs, err);
	if (result == 0)
		result = store_observer_read(store, kernel_id, kernel, false, &run.observers, err);
	run.analysis.usual_rule = pair_usual_rule(&run.analysis.pairs);
	if (result == 0)
		result = pair_rule(&run.analysis.pairs, options->false_discovery_rate,
				   &run.options.rule, err);
	run.analysis.rule = run.options.rule;
	struct store_analysis about = {
		.rule = (char *)cov_rule_name(run.options.rule),
		.baseline = run.analysis.pairs.baseline,
		.false_discovery_rate =
		    cov_rule_is_test(run.options.rule) ? run.options.false_discovery_rate : 0,
		.scale = run.observers.scale,
	};
	if (result == 0)
		result = store_analysis_replace(store, kernel_id, &about, err);
	run.analysis_id = about.id;
	if (result == 0)
		result = open_unions(&run, err);
	if (result == 0)
		result = store_directory_list(store, kernel_id, &run.directories, err);
	if (result == 0)
		result = decide_all(&run, err);
	if (result == 0)
		result = store_regions(&run, err);
	if (result)
		return result;
	run.analysis.observer_count = run.observers.count;
	*ret = run.analysis;
	memset(&run.analysis, 0, sizeof(run.analysis));
	return 0;
}
