/* compare_say.c - what 'compare' says of its sides, and of how they were tested. */
#include "venn/commands/compare_say.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/screen.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"

static const char *workload_of(const char *name)
{
	return strchr(name, '/') + 1;
}

static bool has_workload(const struct side *side, const char *workload)
{
	for (size_t i = 0; i < side->workload_count; i++) {
		if (strcmp(workload_of(side->workloads[i]), workload) == 0)
			return true;
	}
	return false;
}

/* Trials for which there is none of another workload, and of which one. */
static void warn_left_out(const struct compare_scope *scope, const char *text,
			  const struct side *side)
{
	const struct observations *observations = &side->observations;
	size_t fewest = 0;

	if (!observations->left_out_count)
		return;
	if (scope->asked->unit == OBSERVATIONS_BOOT) {
		cov_say("covdb compare: %s: left out are %zu trials, whose boots have none of "
			"another workload",
			text, observations->left_out_count);
		return;
	}
	for (size_t i = 1; i < side->workload_count; i++) {
		if (observations->member_counts[i] < observations->member_counts[fewest])
			fewest = i;
	}
	cov_say("covdb compare: %s: left out are %zu trials, since of %s there are only %zu", text,
		observations->left_out_count, side->workloads[fewest],
		observations->member_counts[fewest]);
}

/* Where several workloads are one side: those that the other side is without. */
static void warn_unequal(const char *text, const struct side *side, const struct side *other)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	if (side->workload_count + other->workload_count < 3 || !other->workload_count)
		return;
	for (size_t i = 0; i < side->workload_count; i++) {
		if (!has_workload(other, workload_of(side->workloads[i])))
			cov_text_print(&list, "%s%s", list.length ? ", " : "", side->workloads[i]);
	}
	if (list.length)
		cov_say("covdb compare: %s: the other side has no trials of these workloads, and "
			"what differs may be theirs: %s",
			text, list.data);
}

/* Trials of one boot have more in common than those of two, which no test of trials knows. */
static void warn_boots(const struct compare_scope *scope)
{
	const struct sides *sides = scope->sides;
	size_t old = sides->old.observations.boot_count, new = sides->new.observations.boot_count;

	if (scope->asked->unit == OBSERVATIONS_BOOT || !scope->compare->is_tested ||
	    compare_scope_boots(sides) != 0)
		return;
	cov_say("covdb compare: no boot of the machine has trials of both sides (%zu and %zu "
		"boots): what differs from boot to boot counts as change%s",
		old, new,
		compare_p_min(old, new) <= scope->fdr ? "; --unit boot tests boots"
						      : ", and boots are too few to test them");
}

void compare_say_warnings(const struct compare_scope *scope)
{
	const struct sides *sides = scope->sides;

	warn_left_out(scope, scope->asked->old, &sides->old);
	warn_left_out(scope, scope->asked->new, &sides->new);
	warn_unequal(scope->asked->old, &sides->old, &sides->new);
	warn_unequal(scope->asked->new, &sides->new, &sides->old);
	warn_boots(scope);
}

/* The share of the tests that must have the smallest p-value before any is a discovery. */
static double share_needed(const struct compare_scope *scope)
{
	return scope->compare->p_min / scope->fdr;
}

static const char *unit_of(const struct compare_scope *scope)
{
	return scope->asked->unit == OBSERVATIONS_BOOT ? "boots" : "trials";
}

static void print_side(const struct compare_scope *scope, const char *label, const char *text,
		       const struct side *side)
{
	const struct observations *observations = &side->observations;

	cov_screen_print(0, "%s: %s", label, text);
	if (side->about.name)
		cov_screen_print(
		    0, " of kernel %s, %zu %s%s, %.1f s%s", side->about.name, side->trial_count,
		    unit_of(scope), side->workload_count > 1 ? " of each workload, added up" : "",
		    (double)side->duration_ns / 1e9,
		    side->observed_count + observations->left_out_count == observations->trial_count
			? ""
			: ", observers not taken off");
	cov_screen_print(0, "\n");
}

void compare_say_scope(const struct compare_scope *scope)
{
	const struct compare *compare = scope->compare;
	const struct sides *sides = scope->sides;

	print_side(scope, "old", scope->asked->old, &sides->old);
	print_side(scope, "new", scope->asked->new, &sides->new);
	if (compare->is_tested)
		cov_screen_print(
		    0,
		    "permutation test, false discovery rate %g: of %zu tests whether a line is "
		    "executed %zu are discoveries, of %zu how often %zu; the smallest p-value "
		    "is %.2g, which %.1f %% of the tests must have before one is\n",
		    scope->fdr, compare->presence_tests, compare->presence_discoveries,
		    compare->rate_tests, compare->rate_discoveries, compare->p_min,
		    100 * share_needed(scope));
	else
		cov_screen_print(
		    0,
		    "%zu and %zu %s: cannot tell noise from change, all that differs is "
		    "here\n",
		    sides->old.trial_count, sides->new.trial_count, unit_of(scope));
	if (compare->is_tested && !compare->resample_count)
		cov_screen_print(0, "too few %s to tell ranges\n", unit_of(scope));
	if (!isnan(compare->ratio))
		cov_screen_print(0, "new by old %s of lines that both execute: median %.3g\n",
				 sides->old.duration_ns && sides->new.duration_ns ? "rate"
										  : "count",
				 compare->ratio);
	if (sides->old_missing || sides->new_missing)
		cov_screen_print(0, "files without source: %zu old, %zu new\n", sides->old_missing,
				 sides->new_missing);
	cov_screen_print(0, "\n");
}
