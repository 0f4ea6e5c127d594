/* report_rules.c - the whole kernel by each rule and baseline in the database. */
#include "venn/report/report_rules.h"

#include <math.h>
#include <string.h>

#include "collector/base/json.h"
#include "venn/questions/diagram.h"
#include "venn/report/report_json.h"

/* The place of a platform in the study; -1 for one that has no footprint there. */
static int place_of(const struct report_study *study, const char *name)
{
	for (size_t i = 0; i < study->platforms.count; i++) {
		if (strcmp(study->platforms.items[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

/* What a footprint has at least, by place in the study; null where it is not known. */
static void add_least(const struct report_study *study, const struct diagram *diagram,
		      struct cov_text *ret)
{
	double least[REPORT_PLATFORMS_MAX];

	for (size_t i = 0; i < study->platforms.count; i++)
		least[i] = NAN;
	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		int place = place_of(study, diagram_platform(diagram, i));

		if (place >= 0)
			least[place] = diagram->rows[0].at_least[i];
	}
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->platforms.count; i++)
		report_json_value(ret, cov_json_real(least[i]));
	report_json_end(ret, ']');
}

/* Fewest and most lines in any resample; null with too few trials. */
static void add_range(const struct diagram_range *range, struct cov_text *ret)
{
	if (!range->resample_count) {
		report_json_value(ret, json_null());
		return;
	}
	report_json_begin(ret, '[');
	report_json_number(ret, range->low);
	report_json_number(ret, range->high);
	report_json_end(ret, ']');
}

/* The range of each total, by place in the study; null where it is not known. */
static void add_ranges(const struct report_study *study, const struct diagram *diagram,
		       struct cov_text *ret)
{
	struct diagram_range ranges[REPORT_PLATFORMS_MAX] = { 0 };

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		int place = place_of(study, diagram_platform(diagram, i));

		if (place >= 0)
			ranges[place] = diagram->rows[0].total_ranges[i];
	}
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->platforms.count; i++)
		add_range(&ranges[i], ret);
	report_json_end(ret, ']');
}

/* Lists: mask of places in the study, lines, their range. */
static void add_regions(const struct report_study *study, const struct diagram *diagram,
			struct cov_text *ret)
{
	const struct diagram_row *row = &diagram->rows[0];

	report_json_begin(ret, '[');
	for (size_t i = 0; i < row->region_count; i++) {
		int64_t mask = 0;

		for (size_t j = 0; j < diagram->query.platform_count; j++) {
			int place = place_of(study, diagram_platform(diagram, j));

			if (place >= 0 && row->regions[i].mask >> j & 1)
				mask |= (int64_t)1 << place;
		}
		report_json_begin(ret, '[');
		report_json_number(ret, mask);
		report_json_number(ret, row->regions[i].lines);
		add_range(&row->regions[i].range, ret);
		report_json_end(ret, ']');
	}
	report_json_end(ret, ']');
}

static int add_view(struct store *store, const struct report_study *study,
		    const struct store_choice *choice, size_t view, struct cov_text *ret,
		    struct cov_error *err)
{
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	const struct store_asked asked = {
		.choice = *choice,
		.directory = ".",
		.workloads.names = view ? study->workloads.items[view - 1].name : NULL,
	};
	int result = diagram_read(store, &asked, 0, &diagram, err);

	if (result)
		return result;
	report_json_begin(ret, '{');
	report_json_key(ret, "least");
	add_least(study, &diagram, ret);
	report_json_key(ret, "ranges");
	add_ranges(study, &diagram, ret);
	report_json_key(ret, "regions");
	add_regions(study, &diagram, ret);
	report_json_end(ret, '}');
	return 0;
}

static int add_analysis(struct store *store, const struct report_study *study,
			const struct store_analysis *analysis, struct cov_text *ret,
			struct cov_error *err)
{
	const struct store_choice choice = { study->kernel->id, analysis->rule,
					     analysis->baseline };
	int result = 0;

	report_json_begin(ret, '{');
	report_json_set(ret, "rule", cov_json_name(analysis->rule));
	report_json_set(ret, "baseline", cov_json_name(analysis->baseline));
	report_json_set(ret, "is_shown", json_boolean(analysis->id == study->analysis.id));
	report_json_key(ret, "views");
	report_json_begin(ret, '[');
	for (size_t i = 0; result == 0 && i < study->view_count; i++)
		result = add_view(store, study, &choice, i, ret, err);
	report_json_end(ret, ']');
	report_json_end(ret, '}');
	return result;
}

int report_rules_json(struct store *store, const struct report_study *study, struct cov_text *ret,
		      struct cov_error *err)
{
	COV_AUTO(store_analysis_list_deinit) struct store_analyses analyses = { 0 };
	const struct store_choice any = { .kernel_id = study->kernel->id };
	int result = store_analysis_list(store, &any, &analyses, err);

	report_json_begin(ret, '[');
	for (size_t i = 0; result == 0 && i < analyses.count; i++) {
		if (analyses.items[i].is_current)
			result = add_analysis(store, study, &analyses.items[i], ret, err);
	}
	report_json_end(ret, ']');
	return result;
}
