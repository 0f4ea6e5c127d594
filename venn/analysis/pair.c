/* pair.c - which baseline each group of trials is set against, and by which rule. */
#include "venn/analysis/pair.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/analysis/block_rule.h"

static const char own_baseline[] = "own";

const struct store_group pair_nothing = { .kind = STORE_IDLE, .duration_ns = 1 };

enum { PERMUTATION_TRIALS = 5 }; /* with so many or more, the rule permutation is the default */

static char *full_name(const struct store_group *group)
{
	return cov_format("%s/%s", group->platform, group->workload);
}

/* Whether "idle" or "host/idle" means a baseline; without a name an idle machine is meant. */
static bool is_meant(const struct store_group *baseline, const char *name)
{
	COV_AUTO(free) char *full = full_name(baseline);

	if (!store_workload_is_baseline(baseline->kind))
		return false;
	if (!name)
		return baseline->kind == STORE_IDLE && baseline->is_on_host;
	return strcmp(name, baseline->workload) == 0 || strcmp(name, full) == 0;
}

static int fail_baseline(const struct store_groups *groups, const char *name, bool is_ambiguous,
			 struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	COV_AUTO(cov_suggestion_deinit)
	struct cov_suggestion suggestion = { .word = name ? name : "" };

	for (size_t i = 0; i < groups->count; i++) {
		COV_AUTO(free) char *full = full_name(&groups->items[i]);

		if (!store_workload_is_baseline(groups->items[i].kind))
			continue;
		cov_text_print(&list, "%s%s", list.length ? ", " : "", full);
		cov_suggest(&suggestion, full);
	}
	if (!list.length)
		return cov_fail(err, COV_ERR_MISMATCH,
				"no baseline was imported: nothing to subtract from the trials");
	if (is_ambiguous)
		return cov_fail(err, COV_ERR_MISMATCH,
				"there are several baselines: %s; choose one with --baseline",
				list.data);
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no baseline %s%s", name, only);
}

/* The baseline that all trials are set against. */
static int choose_baseline(const struct store_groups *groups, const char *name,
			   const struct store_group **ret, struct cov_error *err)
{
	size_t match_count = 0, baseline_count = 0;
	const struct store_group *only = NULL;

	for (size_t i = 0; i < groups->count; i++) {
		const struct store_group *group = &groups->items[i];

		if (store_workload_is_baseline(group->kind)) {
			baseline_count++;
			only = group;
		}
		if (is_meant(group, name)) {
			match_count++;
			*ret = group;
		}
	}
	if (!name && baseline_count == 1) {
		*ret = only;
		return 0;
	}
	return match_count == 1 ? 0 : fail_baseline(groups, name, !name || match_count, err);
}

/*
 * The idle baseline of the platform that a group ran on; NULL if it has none, or is of the
 * observer, which does not depend on the platform.
 */
static int choose_own_baseline(const struct store_groups *groups, size_t index,
			       const struct store_group **ret, struct cov_error *err)
{
	const struct store_group *group = &groups->items[index];
	bool is_first = index == 0 || groups->items[index - 1].platform_id != group->platform_id;

	*ret = NULL;
	if (group->kind == STORE_OBSERVER)
		return 0;
	for (size_t i = 0; i < groups->count; i++) {
		const struct store_group *other = &groups->items[i];

		if (other->kind != STORE_IDLE || other->platform_id != group->platform_id)
			continue;
		if (*ret)
			return cov_fail(err, COV_ERR_MISMATCH,
					"platform %s has two idle baselines of its own, %s and %s",
					group->platform, (*ret)->workload, other->workload);
		*ret = other;
	}
	if (!*ret && is_first)
		cov_say("%s: left out: it has no idle baseline of its own", group->platform);
	return 0;
}

int pair_groups(const struct store_groups *groups, const char *name, struct pairs *ret,
		struct cov_error *err)
{
	COV_AUTO(pair_deinit) struct pairs pairs = { 0 };
	bool is_own = name && strcmp(name, own_baseline) == 0;
	const struct store_group *baseline = NULL;
	size_t workload_count = 0;
	int result = is_own ? 0 : choose_baseline(groups, name, &baseline, err);

	if (result)
		return result;
	pairs.baseline = is_own ? cov_xstrdup(own_baseline) : full_name(baseline);
	pairs.footprints = cov_xcalloc(groups->count, sizeof(*pairs.footprints));
	for (size_t i = 0; i < groups->count; i++) {
		const struct store_group *group = &groups->items[i];

		const struct store_group *against = group->is_set ? &pair_nothing : baseline;

		if (is_own && !group->is_set)
			result = choose_own_baseline(groups, i, &against, err);
		if (result)
			return result;
		if (!against || group == against)
			continue;
		workload_count += group->kind == STORE_WORKLOAD;
		pairs.footprints[pairs.count++] =
		    (struct store_footprint){ .group = group, .baseline = against };
	}
	if (!workload_count)
		return cov_fail(err, COV_ERR_MISMATCH, "no trial of a workload to compare%s",
				is_own ? ": no platform has an idle baseline of its own" : "");
	*ret = pairs;
	memset(&pairs, 0, sizeof(pairs));
	return 0;
}

void pair_deinit(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++)
		store_footprint_deinit(&pairs->footprints[i]);
	free(pairs->footprints);
	free(pairs->baseline);
	memset(pairs, 0, sizeof(*pairs));
}

enum cov_rule pair_usual_rule(const struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		const struct store_footprint *footprint = &pairs->footprints[i];

		if (footprint->group->is_set)
			continue;
		if (footprint->group->kind == STORE_WORKLOAD &&
		    (footprint->group->trial_count < PERMUTATION_TRIALS ||
		     footprint->baseline->trial_count < PERMUTATION_TRIALS))
			return COV_RULE_RATE;
		if (footprint->group->tracefile_count || footprint->baseline->tracefile_count)
			return COV_RULE_RATE;
	}
	return COV_RULE_PERMUTATION;
}

static double least_p(enum cov_rule rule, const struct store_footprint *footprint)
{
	if (footprint->group->is_set)
		return 0; /* it is not tested */
	return block_rule_p_min(rule, (size_t)footprint->group->trial_count,
				(size_t)footprint->baseline->trial_count);
}

double pair_share_needed(enum cov_rule rule, double rate, const struct store_footprint *footprint)
{
	return least_p(rule, footprint) / rate;
}

/*
 * Whether the rule can tell nothing about a group. One phase is as good as all those of its
 * platform: together they would be without it.
 */
static bool is_untold(const struct pairs *pairs, size_t index, enum cov_rule rule, double rate,
		      const struct store_footprint **cause)
{
	const struct store_footprint *footprint = &pairs->footprints[index];

	*cause = footprint;
	if (footprint->group->kind != STORE_PHASE)
		return least_p(rule, footprint) > rate;
	for (size_t i = 0; i < pairs->count; i++) {
		*cause = &pairs->footprints[i];
		if ((*cause)->group->kind == STORE_PHASE &&
		    (*cause)->group->platform_id == footprint->group->platform_id &&
		    least_p(rule, *cause) > rate)
			return true;
	}
	return false;
}

static void say_untold(enum cov_rule rule, const struct store_footprint *cause)
{
	bool is_phase = cause->group->kind == STORE_PHASE;

	cov_say("%s %s: the rule %s cannot tell with %lld trials against %lld of the baseline: "
		"its smallest possible p-value is %.3g; by that rule there is no footprint of %s%s",
		cause->group->platform, cause->group->workload, cov_rule_name(rule),
		(long long)cause->group->trial_count, (long long)cause->baseline->trial_count,
		least_p(rule, cause), is_phase ? "any phase on " : "it",
		is_phase ? cause->group->platform : "");
}

/* An empty footprint would say that nothing was executed because of it. */
static void leave_out_untold(struct pairs *pairs, enum cov_rule rule, double rate)
{
	COV_AUTO(free) bool *is_left_out = cov_xcalloc(pairs->count, sizeof(bool));
	const struct store_footprint *cause, *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		is_left_out[i] = is_untold(pairs, i, rule, rate, &cause);
		if (is_left_out[i] && cause != last)
			say_untold(rule, cause);
		last = is_left_out[i] ? cause : last;
	}
	for (size_t i = 0; i < pairs->count; i++) {
		if (!is_left_out[i])
			pairs->footprints[count++] = pairs->footprints[i];
	}
	pairs->count = count;
}

int pair_rule(struct pairs *pairs, double rate, enum cov_rule *rule, struct cov_error *err)
{
	bool is_sampled = false;

	if (*rule == COV_RULE_COUNT)
		*rule = pair_usual_rule(pairs);

	for (size_t i = 0; i < pairs->count; i++) {
		const struct store_footprint *footprint = &pairs->footprints[i];
		int64_t trials = footprint->group->trial_count;
		int64_t idle = footprint->baseline->trial_count;

		if (footprint->group->is_set)
			continue;
		if (cov_rule_is_test(*rule) &&
		    (footprint->group->tracefile_count || footprint->baseline->tracefile_count))
			return cov_fail(
			    err, COV_ERR_MISMATCH,
			    "%s %s: some trials came from tracefiles, which have no counts of blocks: only "
			    "the rule rate can compare them",
			    footprint->group->platform, footprint->group->workload);
		double least = least_p(*rule, footprint);
		if (footprint->group->kind == STORE_WORKLOAD && least > rate)
			return cov_fail(
			    err, COV_ERR_MISMATCH,
			    "%s %s: the rule %s cannot tell with %lld trials against %lld of the baseline: "
			    "its smallest possible p-value is %.3g; it takes 5 trials of each",
			    footprint->group->platform, footprint->group->workload,
			    cov_rule_name(*rule), (long long)trials, (long long)idle, least);
		is_sampled |= block_rule_is_sampled(*rule, (size_t)trials, (size_t)idle);
	}
	leave_out_untold(pairs, *rule, rate);
	if (is_sampled)
		block_rule_say_sampled();
	return 0;
}
