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
#include "venn/analysis/overlap.h"
#include "venn/analysis/pair.h"
#include "venn/analysis/unite.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_phase.h"
#include "venn/store/store_tile_ids.h"
#include "venn/store/store_tracefile.h"
#include "venn/store/store_unused.h"
#include "venn/store/store_workload.h"

enum { GROUPS_NAMED = 3 }; /* in a message about some of them */

/* A footprint on its way: decided, if it is to be made, else read, and united with others. */
struct item {
	size_t place;               /* of its pair */
	bool is_wanted;             /* to be made */
	struct decide decide;       /* if it is wanted; owned */
	struct store_packed stored; /* else; owned */
	struct unite_part part;     /* owned */
};

/* What all steps of one analysis need. */
struct run {
	struct store *store;
	int64_t kernel_id;
	const struct cov_kernel *kernel;
	struct analysis_options options;
	int64_t analysis_id;
	bool is_known;                        /* there was such an analysis before */
	struct store_directories directories; /* owned */
	struct store_observers observers;     /* owned */
	struct analysis analysis;
	struct store_members members; /* of groups of workloads; owned */
	struct unite *unions; /* [union_count]: of all workloads, then of each group; owned */
	size_t union_count;
	struct store_footprints_stored stored; /* those that hold; owned */
	struct store_tile_ids ids;             /* owned */
	struct item *items; /* [item_count], footprints to be made or united, in order; owned */
	size_t item_count;
	size_t wanted_count;             /* of them, to be made */
	size_t united;                   /* footprints that are part of their unions */
	size_t deciding;                 /* that are being decided */
	struct decide_baseline baseline; /* of these; owned */
	struct decide_baseline nothing;  /* of sets; owned */
};

static void item_deinit(struct item *item)
{
	decide_deinit(&item->decide);
	store_footprint_packed_deinit(&item->stored);
	unite_part_deinit(&item->part);
}

static void run_deinit(struct run *run)
{
	for (size_t i = 0; i < run->union_count; i++)
		unite_deinit(&run->unions[i]);
	free(run->unions);
	store_workload_members_deinit(&run->members);
	decide_baseline_deinit(&run->baseline);
	decide_baseline_deinit(&run->nothing);
	for (size_t i = 0; i < run->item_count; i++)
		item_deinit(&run->items[i]);
	free(run->items);
	store_tile_ids_deinit(&run->ids);
	store_footprint_list_deinit(&run->stored);
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

static int open_unions(struct run *run, struct cov_error *err)
{
	int result = store_workload_members(run->store, NULL, &run->members, err);

	run->unions = cov_xcalloc(run->members.count + 1, sizeof(*run->unions));
	run->union_count = 1;
	for (size_t i = 0; result == 0 && i < run->members.count; i++) {
		int64_t group_id = run->members.items[i].group_id;

		if (run->unions[run->union_count - 1].group_id != group_id)
			run->unions[run->union_count++].group_id = group_id;
	}
	return result;
}

/* Of footprints that hold, what is known; the others are to be made, and have no id. */
static int find_stored(struct run *run, struct cov_error *err)
{
	struct pairs *pairs = &run->analysis.pairs;
	int result = store_footprint_list(run->store, run->analysis_id, &run->stored, err);

	if (result)
		return result;
	for (size_t i = 0; i < pairs->count; i++) {
		struct store_footprint *footprint = &pairs->footprints[i];
		const struct store_footprint_stored *stored = store_footprint_find(
		    &run->stored, footprint->group->platform_id, footprint->group->workload_id);

		if (!stored)
			continue;
		footprint->id = stored->id;
		footprint->totals = stored->totals;
		footprint->objects_left_out = stored->objects_left_out;
		footprint->trials_observed = stored->trials_observed;
		footprint->functions_below = stored->functions_below;
		footprint->resample_count = stored->resample_count;
	}
	return 0;
}

/* Whether a footprint is part of a union that is to be made. */
static bool is_for_union(const struct run *run, const struct unite *unite,
			 const struct store_footprint *footprint)
{
	return unite_has(&run->members, unite->group_id, footprint->group) &&
	       !store_footprint_find(&run->stored, footprint->group->platform_id, unite->group_id);
}

static bool is_for_any_union(const struct run *run, const struct store_footprint *footprint)
{
	bool is_any = false;

	for (size_t i = 0; i < run->union_count; i++)
		is_any |= is_for_union(run, &run->unions[i], footprint);
	return is_any;
}

static void list_items(struct run *run)
{
	struct pairs *pairs = &run->analysis.pairs;

	run->items = cov_xcalloc(pairs->count, sizeof(*run->items));
	for (size_t i = 0; i < pairs->count; i++) {
		const struct store_footprint *footprint = &pairs->footprints[i];

		run->wanted_count += !footprint->id;
		if (!footprint->id || is_for_any_union(run, footprint))
			run->items[run->item_count++] =
			    (struct item){ .place = i, .is_wanted = !footprint->id };
	}
}

static struct store_footprint *footprint_of(struct run *run, const struct item *item)
{
	return &run->analysis.pairs.footprints[item->place];
}

/* Add a footprint to its unions. @trials: filled with which of its trials executed its lines */
static int unite(struct run *run, const struct item *item, struct agreement_trials *trials,
		 struct cov_error *err)
{
	const struct store_footprint *footprint = footprint_of(run, item);
	const struct unite_part *part = &item->part;

	if (part->is_damaged)
		return cov_fail(err, COV_ERR_STORE,
				"the footprint of %s/%s in the database is damaged",
				footprint->group->platform, footprint->group->workload);
	int result = agreement_lines(&run->ids, footprint, &part->ran, trials, err);
	for (size_t i = 0; result == 0 && i < run->union_count; i++) {
		struct unite *unite = &run->unions[i];

		if (!is_for_union(run, unite, footprint))
			continue;
		unite_add(unite, run->kernel, run->observers.scale, footprint, part);
		agreement_unite(&unite->trials, trials);
	}
	return result;
}

/* Groups come platform by platform; the last of one is followed by the unions of its workloads. */
static int end_group(struct run *run, struct cov_error *err)
{
	struct store_footprint *footprint = &run->analysis.pairs.footprints[run->united++];
	bool is_last = run->united == run->analysis.pairs.count ||
		       footprint[1].group->platform_id != footprint->group->platform_id;
	int result = 0;

	/* There may be hundreds. For the regions they are read back, when nothing is decided. */
	store_footprint_drop_lines(footprint);
	for (size_t i = 0; is_last && result == 0 && i < run->union_count; i++)
		result = unite_store(&run->unions[i], run->store, run->kernel_id, run->analysis_id,
				     &run->directories, err);
	return result;
}

/* The next footprints, of which nothing is to be done, up to @end. */
static int end_groups(struct run *run, size_t end, struct cov_error *err)
{
	int result = 0;

	while (result == 0 && run->united < end)
		result = end_group(run, err);
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
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };

	decide_baseline_deinit(baseline);
	int result = store_group_fetch(run->store, run->kernel_id, group, &packed, err);
	packed.is_raw = false; /* as a baseline, the observer has nothing left */
	if (result == 0)
		result = store_observer_add(&run->observers, &packed, run->kernel, &counters,
					    &observed, err);
	if (result == 0 && cov_rule_is_test(run->options.rule))
		result = store_observer_open(&run->observers, &packed, run->kernel,
					     &baseline->trials, err);
	if (result == 0)
		result = counts_evaluate(run->kernel, &counters, &baseline->counts, err);
	if (result == 0)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, group,
		    &(struct store_tracefile_sums){ .counts = &baseline->counts,
						    .scale = run->observers.scale },
		    err);
	if (result)
		return result;
	counters_keep_few(run->kernel, &counters, &baseline->counters);
	counts_apply_evidence(run->kernel, &baseline->counts);
	free(baseline->counts.contradictions);
	baseline->counts.contradictions = NULL;
	baseline->group = group;
	return 0;
}

/* What sets are set against: nothing ran, in no object. */
static const struct decide_baseline *open_nothing(struct run *run)
{
	const struct cov_kernel *kernel = run->kernel;
	struct decide_baseline *nothing = &run->nothing;

	if (!nothing->group) {
		nothing->group = &pair_nothing;
		nothing->counters.states = cov_xcalloc(kernel->object_count, 1);
		nothing->counts.lines = cov_xcalloc(kernel->line_count, sizeof(int64_t));
		nothing->counts.functions = cov_xcalloc(kernel->function_count, sizeof(int64_t));
	}
	return nothing;
}

/* How many resamples a group has; without some of its trials the rule has to be able to tell. */
static size_t count_resamples(const struct run *run, const struct store_footprint *footprint)
{
	size_t trial_count = (size_t)footprint->group->trial_count;
	size_t count = cov_resample_count(trial_count);

	if (!count || has_tracefile(footprint) || footprint->group->is_set)
		return 0;
	size_t least = trial_count - (trial_count + count - 1) / count;
	return block_rule_p_min(run->options.rule, least,
				(size_t)footprint->baseline->trial_count) <=
		       run->options.false_discovery_rate
		   ? count
		   : 0;
}

static int prepare_stored(struct run *run, struct item *item, struct cov_error *err)
{
	struct store_footprint *footprint = footprint_of(run, item);
	int result = store_footprint_fetch(run->store, run->kernel_id, footprint->id, run->kernel,
					   &item->stored, err);

	return result ? result
		      : store_footprint_without(run->store, footprint->id, run->kernel->line_count,
						footprint->without, err);
}

static int prepare_wanted(struct run *run, struct item *item, bool is_alone, struct cov_error *err)
{
	struct store_footprint *footprint = footprint_of(run, item);
	bool is_set = footprint->group->is_set;

	if (!is_set && footprint->baseline != run->baseline.group) {
		if (run->deciding && !is_alone)
			return COV_PIPELINE_LATER; /* others are set against the one before */
		int result = open_baseline(run, footprint->baseline, err);
		if (result)
			return result;
	}
	item->decide = (struct decide){
		.kernel = run->kernel,
		.observers = &run->observers,
		.baseline = is_set ? open_nothing(run) : &run->baseline,
		.footprint = footprint,
		.rule = { is_set ? COV_RULE_RATE : run->options.rule,
			  run->options.false_discovery_rate },
		.resample_count = count_resamples(run, footprint),
	};
	cov_footprint_init(&footprint->lines, run->kernel->line_count);
	run->deciding++;
	return store_group_fetch(run->store, run->kernel_id, footprint->group, &item->decide.trials,
				 err);
}

static int prepare_item(void *context, size_t index, bool is_alone, struct cov_error *err)
{
	struct run *run = context;
	struct item *item = &run->items[index];

	return item->is_wanted ? prepare_wanted(run, item, is_alone, err)
			       : prepare_stored(run, item, err);
}

static void open_part(struct run *run, struct item *item, const struct store_packed *packed)
{
	bool is_counted = is_for_union(run, &run->unions[0], footprint_of(run, item));

	unite_part_open(packed, run->kernel, run->observers.scale, is_counted, &item->part);
}

/* Tracefiles are read out of the database, so groups that have some wait until they are stored. */
static void work_item(void *context, size_t index)
{
	struct run *run = context;
	struct item *item = &run->items[index];

	if (!item->is_wanted) {
		open_part(run, item, &item->stored);
		store_footprint_packed_deinit(&item->stored);
	} else if (!has_tracefile(item->decide.footprint)) {
		decide_apply(&item->decide);
	}
}

static int decide_with_tracefiles(struct run *run, struct decide *decide)
{
	const struct store_footprint *footprint = decide->footprint;
	struct decide_sides *sides = &decide->whole;
	int result = decide_evaluate(decide);

	if (result == 0)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, footprint->group,
		    &(struct store_tracefile_sums){ .counts = &sides->counts,
						    .scale = run->observers.scale },
		    &decide->err);
	if (result == 0 && sides->own_idle_counts.lines)
		result = store_tracefile_add(
		    run->store, run->kernel, run->kernel_id, footprint->baseline,
		    &(struct store_tracefile_sums){ .counts = &sides->own_idle_counts,
						    .scale = run->observers.scale },
		    &decide->err);
	return result ? result : decide_apply(decide);
}

/* Store what was decided. */
static int finish_wanted(struct run *run, struct item *item, struct cov_error *err)
{
	struct store_footprint *footprint = footprint_of(run, item);
	struct decide *decide = &item->decide;
	COV_AUTO(agreement_trials_deinit) struct agreement_trials trials = { 0 };

	run->deciding--;
	if (has_tracefile(footprint))
		decide_with_tracefiles(run, decide);
	if (decide->err.code) {
		*err = decide->err;
		return err->code;
	}
	int result = store_footprint_add(run->store, run->kernel_id, run->analysis_id, footprint,
					 &decide->packed, err);
	/* Only now: unpacked it takes as much memory as deciding on another one. */
	open_part(run, item, &decide->packed);
	decide_deinit(decide);
	if (result == 0)
		result = unite(run, item, &trials, err);
	return result ? result
		      : agreement_store(run->store, footprint->id, &trials, &run->directories, err);
}

static int finish_stored(struct run *run, struct item *item, struct cov_error *err)
{
	COV_AUTO(agreement_trials_deinit) struct agreement_trials trials = { 0 };

	cov_footprint_init(&footprint_of(run, item)->lines, run->kernel->line_count);
	cov_footprint_copy(&item->part.kept, &footprint_of(run, item)->lines);
	return unite(run, item, &trials, err);
}

static int finish_item(void *context, size_t index, struct cov_error *err)
{
	struct run *run = context;
	struct item *item = &run->items[index];
	int result = end_groups(run, item->place, err);

	if (result == 0)
		result = (item->is_wanted ? finish_wanted : finish_stored)(run, item, err);
	item_deinit(item);
	return result ? result : end_group(run, err);
}

static int decide_all(struct run *run, struct cov_error *err)
{
	list_items(run);
	const struct cov_pipeline pipeline = {
		.count = run->item_count,
		.prepare = prepare_item,
		.work = work_item,
		.finish = finish_item,
		.ahead = 1,
	};
	int result = cov_pipeline_run(&pipeline, run, err);

	return result ? result : end_groups(run, run->analysis.pairs.count, err);
}

/* Of observers themselves, and of tracefiles, nothing can be taken off; of sets nothing is. */
static size_t unobserved_count(const struct store_footprint *footprint)
{
	const struct store_group *group = footprint->group;

	if (group->kind == STORE_OBSERVER || group->is_set)
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
		double needed =
		    pair_share_needed(analysis->rule, analysis->false_discovery_rate, footprint);
		if (needed > 0 && !footprint->totals.kept)
			cov_say(
			    "%s %s: nothing was discovered; with so few trials it takes %.2g %% of "
			    "the blocks that ran to be",
			    footprint->group->platform, footprint->group->workload, 100 * needed);
	}
	print_unobserved(analysis);
}

/* Regions of each workload and of each union, for every directory. */
static int store_regions(struct run *run, struct cov_error *err)
{
	const struct pairs *pairs = &run->analysis.pairs;
	COV_AUTO(store_footprint_list_deinit) struct store_footprints_stored stored = { 0 };
	const struct overlap overlap = {
		.analysis_id = run->analysis_id,
		.pairs = &run->analysis.pairs,
		.stored = &stored,
		.members = &run->members,
		.directories = &run->directories,
		.ids = &run->ids,
	};
	int result = store_footprint_list(run->store, run->analysis_id, &stored, err);

	for (size_t i = 0; result == 0 && i < run->union_count; i++)
		result = overlap_store(&overlap, run->unions[i].group_id, err);
	for (size_t i = 0; result == 0 && i < pairs->count; i++) {
		int64_t workload_id = pairs->footprints[i].group->workload_id;
		bool is_done = false;

		for (size_t j = 0; j < i; j++)
			is_done |= pairs->footprints[j].group->workload_id == workload_id;
		if (!is_done)
			result = overlap_store(&overlap, workload_id, err);
	}
	return result;
}

/* The analysis in the database: what is there of it holds. */
static int open_analysis(struct run *run, struct cov_error *err)
{
	struct store_analysis about = {
		.rule = (char *)cov_rule_name(run->options.rule),
		.baseline = run->analysis.pairs.baseline,
		.false_discovery_rate =
		    cov_rule_is_test(run->options.rule) ? run->options.false_discovery_rate : 0,
		.scale = run->observers.scale,
	};
	int result = store_analysis_open(run->store, run->kernel_id, &about, run->options.is_newest,
					 &run->is_known, err);

	run->analysis_id = about.id;
	return result ? result : find_stored(run, err);
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
		.ids = { .store = store, .kernel_id = kernel_id, .line_count = kernel->line_count },
	};
	cov_memory_trim(); /* trials may have been imported just now */
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
	run.analysis.false_discovery_rate = options->false_discovery_rate;
	if (result == 0)
		result = open_analysis(&run, err);
	if (result == 0)
		result = open_unions(&run, err);
	if (result == 0)
		result = store_directory_list(store, kernel_id, &run.directories, err);
	if (result == 0)
		result = decide_all(&run, err);
	if (result == 0)
		result = store_regions(&run, err);
	if (result == 0 && run.is_known && 2 * run.wanted_count > run.analysis.pairs.count)
		result = store_unused_delete(store, kernel_id, err);
	if (result)
		return result;
	/* They are stored, and another analysis may follow while this one is told about. */
	for (size_t i = 0; i < run.analysis.pairs.count; i++)
		store_footprint_drop_lines(&run.analysis.pairs.footprints[i]);
	run.analysis.observer_count = run.observers.count;
	*ret = run.analysis;
	memset(&run.analysis, 0, sizeof(run.analysis));
	return 0;
}
