/* range.c - how commands show the range of a number of lines. */
#include "venn/commands/range.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/base/json.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "collector/base/text.h"

static void add_span(struct rows *rows, int64_t low, int64_t high)
{
	COV_AUTO(free) char *first = cov_number_grouped(low);
	COV_AUTO(free) char *last = cov_number_grouped(high);
	COV_AUTO(free) char *text = cov_format("%s-%s", first, last);

	rows_missing(rows);
	rows_shown_as(rows, text);
}

void range_add_text(const struct diagram *diagram, const struct diagram_range *range,
		    struct rows *rows)
{
	if (range->resample_count) {
		add_span(rows, range->low, range->high);
	} else {
		rows_missing(rows);
		rows_shown_as(rows, "cannot tell");
	}
	if (range_has_rules(diagram))
		add_span(rows, range->rule_low, range->rule_high);
}

static void add_count(struct rows *rows, bool can_tell, int64_t count)
{
	if (can_tell)
		rows_count(rows, count);
	else
		rows_missing(rows);
}

void range_add(const struct diagram *diagram, const struct diagram_range *range, struct rows *rows)
{
	bool can_tell = range->resample_count > 0;

	add_count(rows, can_tell, range->low);
	add_count(rows, can_tell, range->high);
	add_count(rows, range_has_rules(diagram), range->rule_low);
	add_count(rows, range_has_rules(diagram), range->rule_high);
	add_count(rows, can_tell, (int64_t)range->resample_count);
}

static void set_count(json_t *object, const char *key, bool can_tell, int64_t count)
{
	cov_json_set(object, key, can_tell ? cov_json_integer(count) : json_null());
}

void range_set_json(const struct diagram *diagram, const struct diagram_range *range,
		    json_t *object)
{
	bool can_tell = range->resample_count > 0;

	set_count(object, "low", can_tell, range->low);
	set_count(object, "high", can_tell, range->high);
	set_count(object, "rule_low", range_has_rules(diagram), range->rule_low);
	set_count(object, "rule_high", range_has_rules(diagram), range->rule_high);
	set_count(object, "resamples", can_tell, (int64_t)range->resample_count);
}

void range_print_notes(const struct diagram *diagram)
{
	const struct store_query *query = &diagram->query;

	if (query->resample_count)
		cov_screen_print(
		    0,
		    "\nOVER TRIALS: fewest and most lines in %zu studies that each lack a trial "
		    "of every group%s\n",
		    query->resample_count,
		    query->resample_count == COV_RESAMPLE_MAX ? ", or a tenth of them" : "");
	else
		cov_screen_print(
		    0,
		    "\nOVER TRIALS: with fewer than %d trials of a platform and workload, or "
		    "with tracefiles, covdb cannot tell\n",
		    COV_RESAMPLE_TRIALS_MIN);
	if (!range_has_rules(diagram)) {
		cov_screen_print(0, "OVER RULES: there are footprints by one rule only\n");
		return;
	}
	cov_screen_print(0, "OVER RULES: by %s", query->analysis.rule);
	for (size_t i = 0; i < diagram->others.count; i++)
		cov_screen_print(0, ", %s", diagram->others.items[i].rule);
	cov_screen_print(0, "\n");
}
