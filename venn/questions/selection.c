/* selection.c - what an export is of: the counts of trials, of a footprint, or of a region. */
#include "venn/questions/selection.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "differ/differ.h"
#include "venn/store/store_observer.h"
#include "venn/sets/expression.h"
#include "venn/store/store.h"
#include "venn/store/store_footprint.h"
#include "venn/store/store_group.h"
#include "venn/store/store_query.h"
#include "venn/store/store_tracefile.h"
#include "venn/store/store_union.h"

enum { TRIAL_NUMBER_MAX = 999999999 };

/* What selecting needs throughout. */
struct selecting {
	struct selection_source source;
	struct store_groups groups; /* all there are; owned */
	struct selection selection;
	struct store_query query;         /* of footprints and regions; owned */
	struct store_observers observers; /* of footprints and regions; owned */
};

static void selecting_deinit(struct selecting *selecting)
{
	store_group_list_deinit(&selecting->groups);
	selection_deinit(&selecting->selection);
	store_query_deinit(&selecting->query);
	store_observer_deinit(&selecting->observers);
}

COV_DEFINE_AUTO_STRUCT(struct selecting, selecting_deinit)

void selection_deinit(struct selection *selection)
{
	counts_deinit(&selection->counts);
	free(selection->is_listed);
	branches_deinit(&selection->branches);
	memset(selection, 0, sizeof(*selection));
}

/* Fill @selecting with nothing selected, from what there is to select from. */
static int start(struct selecting *selecting, struct cov_error *err)
{
	const struct cov_kernel *kernel = selecting->source.kernel;
	struct selection *selection = &selecting->selection;

	selection->counts.lines = cov_xcalloc(kernel->line_count, sizeof(int64_t));
	selection->counts.states = cov_xcalloc(kernel->line_count, 1);
	selection->counts.functions = cov_xcalloc(kernel->function_count, sizeof(int64_t));
	selection->is_listed = cov_xcalloc(kernel->function_count, 1);
	return store_group_list(selecting->source.store, selecting->source.kernel_id,
				&selecting->groups, err);
}

/* Hand over what was selected. */
static void finish(struct selecting *selecting, struct selection *ret)
{
	branches_settle(&selecting->selection.branches);
	*ret = selecting->selection;
	memset(&selecting->selection, 0, sizeof(selecting->selection));
}

/* Branches that are not of a footprint's lines were not evaluated. */
static void hide_branches(struct cov_branches *branches, size_t first,
			  const struct cov_footprint *footprint)
{
	for (size_t i = first; i < branches->count; i++) {
		if (!cov_footprint_has(footprint, branches->items[i].line))
			branches->items[i].taken = COV_BRANCH_NOT_EVALUATED;
	}
}

/* Add lines; unless @footprint is NULL, those that are not in it are only marked as found. */
static void add_lines(struct cov_counts *sum, const struct cov_counts *counts, size_t line_count,
		      const struct cov_footprint *footprint)
{
	for (size_t i = 0; i < line_count; i++) {
		if (counts->states[i] && !sum->states[i])
			sum->states[i] = COV_LINE_NOT_EXECUTED;
		if (footprint && !cov_footprint_has(footprint, i))
			continue;
		/* A count below 0 is of a line that was not executed. */
		if (counts->lines[i] > 0)
			sum->lines[i] = cov_number_add(sum->lines[i], counts->lines[i]);
		if (counts->states[i] > sum->states[i])
			sum->states[i] = counts->states[i];
	}
}

static void divide_branches(struct cov_branches *branches, size_t first, int64_t scale)
{
	for (size_t i = first; i < branches->count; i++) {
		int64_t *taken = &branches->items[i].taken;

		if (*taken != COV_BRANCH_NOT_EVALUATED)
			*taken = store_observer_divide(*taken, scale);
	}
}

/* The counters of a group's trials added up, without @observers. */
static int sum_counters(const struct selection_source *source,
			const struct store_observers *observers, const struct store_group *group,
			struct cov_counters *ret, struct cov_error *err)
{
	COV_AUTO(store_group_packed_deinit) struct store_packed_trials trials = { 0 };
	struct store_observed observed;
	int result = store_group_fetch(source->store, source->kernel_id, group, &trials, err);

	return result ? result
		      : store_observer_add(observers, &trials, source->kernel, ret, &observed, err);
}

/* Add the counts of a group's trials; of the lines of @footprint only, unless it is NULL. */
static int add_group(struct selecting *selecting, const struct store_group *group,
		     const struct cov_footprint *footprint, struct cov_error *err)
{
	const struct selection_source *source = &selecting->source;
	const struct cov_kernel *kernel = source->kernel;
	struct selection *selection = &selecting->selection;
	struct cov_branches *branches = source->has_branches ? &selection->branches : NULL;
	size_t branch_first = selection->branches.count;
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	/* A footprint is made of what is left without observers, trials are as they were counted.
	 */
	static const struct store_observers none = { .scale = 1 };
	const struct store_observers *observers = footprint ? &selecting->observers : &none;
	int64_t scale = observers->scale;
	int result = sum_counters(source, observers, group, &counters, err);

	for (size_t i = 0; result == 0 && source->is_wanted && i < kernel->object_count; i++) {
		if (!source->is_wanted[i])
			counters.states[i] = COV_OBJECT_ABSENT;
	}
	if (result == 0)
		result = counts_evaluate(kernel, &counters, &counts, err);
	if (result)
		return result;
	COV_AUTO(free) unsigned char *is_listed = counts_list_functions(kernel, &counters);
	const struct store_tracefile_sums sums = { &counts, is_listed, branches, scale };
	result = store_tracefile_add(source->store, kernel, source->kernel_id, group, &sums, err);
	size_t branch_counted = selection->branches.count;
	if (result == 0 && branches)
		result = branches_from_counters(kernel, &counters, branches, err);
	if (result)
		return result;
	divide_branches(&selection->branches, branch_counted, scale);
	if (footprint)
		hide_branches(&selection->branches, branch_first, footprint);
	counts_apply_evidence(kernel, &counts);
	for (size_t i = 0; i < kernel->line_count; i++)
		counts.lines[i] = store_observer_divide(counts.lines[i], scale);
	for (size_t i = 0; i < kernel->function_count; i++)
		counts.functions[i] = store_observer_divide(counts.functions[i], scale);
	add_lines(&selection->counts, &counts, kernel->line_count, footprint);
	for (size_t i = 0; i < kernel->function_count; i++) {
		selection->counts.functions[i] =
		    cov_number_add(selection->counts.functions[i], counts.functions[i]);
		selection->is_listed[i] |= is_listed[i];
	}
	return 0;
}

static int fail_group(const struct store_groups *groups, const char *platform, const char *workload,
		      struct cov_error *err)
{
	COV_AUTO(free) char *asked = cov_format("%s/%s", platform, workload);
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = asked };

	for (size_t i = 0; i < groups->count; i++) {
		COV_AUTO(free)
		char *name =
		    cov_format("%s/%s", groups->items[i].platform, groups->items[i].workload);

		cov_suggest(&suggestion, name);
	}
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no good trial of %s on %s%s", workload,
			platform, only);
}

int selection_no_trials(struct store *store, int64_t kernel_id, const char *platform,
			const char *workload, struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	int result = store_group_list(store, kernel_id, &groups, err);

	return result ? result : fail_group(&groups, platform, workload, err);
}

static struct store_group *find_group(const struct store_groups *groups, const char *platform,
				      const char *workload)
{
	for (size_t i = 0; i < groups->count; i++) {
		if (strcmp(groups->items[i].platform, platform) == 0 &&
		    strcmp(groups->items[i].workload, workload) == 0)
			return &groups->items[i];
	}
	return NULL;
}

int selection_trials(const struct selection_source *source, const char *name, struct selection *ret,
		     struct cov_error *err)
{
	COV_AUTO(selecting_deinit) struct selecting selecting = { .source = *source };
	COV_AUTO(free) char *platform = cov_xstrdup(name);
	char *workload = strchr(platform, '/');
	char *number = workload ? strchr(workload + 1, '/') : NULL;
	uint64_t trial = 0;

	if (!workload || (number && (!cov_number_read(number + 1, TRIAL_NUMBER_MAX, NULL, &trial) ||
				     trial == 0)))
		return cov_fail(err, COV_ERR_USAGE,
				"--trial takes PLATFORM/WORKLOAD or PLATFORM/WORKLOAD/NUMBER, "
				"not '%s'",
				name);
	*workload++ = '\0';
	if (number)
		*number = '\0';
	int result = start(&selecting, err);
	if (result)
		return result;
	struct store_group *group = find_group(&selecting.groups, platform, workload);
	if (!group) {
		return fail_group(&selecting.groups, platform, workload, err);
	}
	group->number = (int64_t)trial;
	result = add_group(&selecting, group, NULL, err);
	if (result)
		return result;
	finish(&selecting, ret);
	return 0;
}

static uint64_t bit_of(const struct store_query *query, const char *platform)
{
	for (size_t i = 0; i < query->platform_count; i++) {
		if (strcmp(query->platforms[i].name, platform) == 0)
			return (uint64_t)1 << i;
	}
	return 0;
}

/*
 * Add the footprints of the platforms in @wanted.
 * @masks: [line_count], the platforms that have each line, or NULL
 */
static int add_footprints(struct selecting *selecting, uint64_t wanted, uint64_t *masks,
			  struct cov_error *err)
{
	const struct store_groups *groups = &selecting->groups;
	int result = 0;

	for (size_t i = 0; result == 0 && i < groups->count; i++) {
		const struct store_group *group = &groups->items[i];
		uint64_t bit = bit_of(&selecting->query, group->platform);
		COV_AUTO(cov_footprint_deinit) struct cov_footprint footprint = { 0 };

		if (!store_union_has(&selecting->query.workloads, group->workload) ||
		    (!masks && !(bit & wanted)))
			continue;
		cov_footprint_init(&footprint, selecting->source.kernel->line_count);
		result = store_footprint_lines(
		    selecting->source.store, selecting->query.analysis.id, group, &footprint, err);
		for (size_t j = 0; masks && j < footprint.line_count; j++)
			masks[j] |= cov_footprint_has(&footprint, j) ? bit : 0;
		if (result == 0 && bit & wanted)
			result = add_group(selecting, group, &footprint, err);
	}
	return result;
}

/* Which lines to keep, by the platforms that have each. */
struct filter {
	enum { FOOTPRINT, REGION, SET } kind;
	uint64_t wanted;              /* platforms whose counts are added */
	struct expression expression; /* of a set; owned */
};

static void filter_deinit(struct filter *filter)
{
	expression_deinit(&filter->expression);
}

COV_DEFINE_AUTO_STRUCT(struct filter, filter_deinit)

static int fill_filter(const struct store_query *query, const char *text, struct filter *filter,
		       struct cov_error *err)
{
	const char *names[STORE_PLATFORMS_MAX];

	if (filter->kind != SET) {
		struct store_query_places places = { .count = 0 };
		int result = store_query_places(query, text, &places, err);

		filter->wanted = places.mask;
		return result;
	}
	store_query_names(query, names);
	filter->wanted = UINT64_MAX;
	return expression_parse(text, names, query->platform_count, &filter->expression, err);
}

static void keep_lines(struct selecting *selecting, const uint64_t *masks,
		       const struct filter *filter)
{
	struct cov_counts *counts = &selecting->selection.counts;

	for (size_t i = 0; i < selecting->source.kernel->line_count; i++) {
		bool is_kept = filter->kind == SET ? expression_has(&filter->expression, masks[i])
						   : masks[i] == filter->wanted;

		if (!counts->states[i] || is_kept)
			continue;
		counts->lines[i] = 0;
		counts->states[i] = COV_LINE_NOT_EXECUTED;
	}
}

/* What they have in common: @name is PLATFORM, PLATFORMS or EXPRESSION, maybe with /WORKLOAD. */
static int select_footprints(struct selecting *selecting, const struct store_choice *choice,
			     const char *name, struct filter *filter, struct cov_error *err)
{
	COV_AUTO(free) char *text = cov_xstrdup(name);
	COV_AUTO(free) uint64_t *masks = NULL;
	char *workload = strchr(text, '/');

	if (workload)
		*workload++ = '\0';
	const struct store_asked asked = {
		.choice = *choice,
		.directory = ".",
		.workloads = { .names = workload },
	};
	int result = start(selecting, err);
	if (result == 0)
		result = store_query_open(selecting->source.store, &asked, &selecting->query, err);
	if (result == 0)
		result = fill_filter(&selecting->query, text, filter, err);
	if (result == 0)
		result = store_observer_read(selecting->source.store, selecting->source.kernel_id,
					     selecting->source.kernel, false, &selecting->observers,
					     err);
	if (result)
		return result;
	if (filter->kind != FOOTPRINT)
		masks = cov_xcalloc(selecting->source.kernel->line_count, sizeof(*masks));
	result = add_footprints(selecting, filter->wanted, masks, err);
	if (result == 0 && masks)
		keep_lines(selecting, masks, filter);
	return result;
}

int selection_footprint(const struct selection_source *source, const struct store_choice *choice,
			const char *name, struct selection *ret, struct cov_error *err)
{
	COV_AUTO(selecting_deinit) struct selecting selecting = { .source = *source };
	COV_AUTO(filter_deinit) struct filter filter = { .kind = FOOTPRINT };

	if (memchr(name, ',', strcspn(name, "/")))
		return cov_fail(err, COV_ERR_USAGE, "--footprint takes one platform, not '%s'",
				name);
	int result = select_footprints(&selecting, choice, name, &filter, err);
	if (result)
		return result;
	finish(&selecting, ret);
	return 0;
}

int selection_region(const struct selection_source *source, const struct store_choice *choice,
		     const char *name, struct selection *ret, struct cov_error *err)
{
	COV_AUTO(selecting_deinit) struct selecting selecting = { .source = *source };
	COV_AUTO(filter_deinit) struct filter filter = { .kind = REGION };
	int result = select_footprints(&selecting, choice, name, &filter, err);

	if (result)
		return result;
	finish(&selecting, ret);
	return 0;
}

int selection_set(const struct selection_source *source, const struct store_choice *choice,
		  const char *name, struct selection *ret, struct cov_error *err)
{
	COV_AUTO(selecting_deinit) struct selecting selecting = { .source = *source };
	COV_AUTO(filter_deinit) struct filter filter = { .kind = SET };
	int result = select_footprints(&selecting, choice, name, &filter, err);

	if (result)
		return result;
	finish(&selecting, ret);
	return 0;
}
