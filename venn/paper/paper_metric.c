/* paper_metric.c - panels of what workloads measured. */
#include "venn/paper/paper_metric.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "differ/differ.h"
#include "venn/store/store_metric.h"

/* A figure of the panel. */
struct figure {
	const struct store_metric *metric;
	char *at; /* what its label has; "": the panel is by none; owned */
};

struct figures {
	struct figure *items; /* [count]; owned */
	size_t count;
};

static void figures_deinit(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		free(figures->items[i].at);
	free(figures->items);
}

COV_DEFINE_AUTO_STRUCT(struct figures, figures_deinit)

/* "4", "false"; "" if there is no such label; free() it. */
static char *label_text(const char *labels, const char *name)
{
	json_t *object = json_loads(labels, 0, NULL);
	const json_t *value = json_object_get(object, name);
	const char *plain = json_string_value(value);
	char *text = plain   ? cov_xstrdup(plain)
		     : value ? cov_json_format(value, JSON_ENCODE_ANY)
			     : cov_xstrdup("");

	json_decref(object);
	return text;
}

static bool is_of_panel(const struct paper_panel *panel, const struct store_metric *metric)
{
	if (!panel->where.count)
		return true;
	COV_AUTO(free) char *text = label_text(metric->labels, panel->where.texts[0]);
	return strcmp(text, panel->where.texts[1]) == 0;
}

/* Numbers by their value, texts by their bytes. */
static int compare_at(const void *a, const void *b)
{
	const char *first = ((const struct figure *)a)->at,
		   *second = ((const struct figure *)b)->at;
	double x = strtod(first, NULL), y = strtod(second, NULL);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(first, second);
}

static void choose(const struct paper_panel *panel, const struct store_metrics *list,
		   struct figures *ret)
{
	ret->items = cov_xcalloc(list->count, sizeof(*ret->items));
	for (size_t i = 0; i < list->count; i++) {
		if (is_of_panel(panel, &list->items[i]))
			ret->items[ret->count++] = (struct figure){
				&list->items[i],
				panel->by ? label_text(list->items[i].labels, panel->by)
					  : cov_xstrdup(""),
			};
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_at);
}

static double paper_value(const struct paper_panel *panel, const char *role, const char *at)
{
	for (size_t i = 0; i < panel->value_count; i++) {
		const struct paper_value *value = &panel->values[i];

		if (value->platform && strcmp(value->platform, role) == 0 &&
		    (!value->at || strcmp(value->at, at) == 0))
			return value->value;
	}
	return NAN;
}

/* The figures of one platform among @count that belong together. */
static void add_row(struct paper_answer *answer, const struct paper_label *label,
		    const char *platform, const struct figure *figures, size_t count)
{
	const struct paper_panel *panel = answer->panel;
	COV_AUTO(free) double *values = cov_xcalloc(count, sizeof(*values));
	size_t found = 0;

	for (size_t i = 0; platform && i < count; i++) {
		if (strcmp(figures[i].metric->platform, platform) != 0)
			continue;
		values[found++] = figures[i].metric->value;
		answer->is_emulated |= figures[i].metric->is_emulated;
	}
	double paper = paper_value(panel, label->role, figures[0].at);
	if (!found && isnan(paper))
		return;
	struct paper_row *row = paper_answer_add(
	    answer,
	    *figures[0].at ? cov_format("%s=%s", panel->by, figures[0].at) : cov_xstrdup(""),
	    label->label, platform);
	row->paper = paper;
	row->trials = (int64_t)found;
	if (!found)
		return;
	struct cov_median median = cov_median_of(values, found);
	row->here = median.median;
	row->low = median.low;
	row->high = median.high;
}

/* What the paper has where the study has nothing: ten instances, for example. */
static void add_absent(const struct paper_study *study, struct paper_answer *answer,
		       const struct figures *figures)
{
	const struct paper_panel *panel = answer->panel;

	for (size_t i = 0; i < panel->value_count; i++) {
		const struct paper_value *value = &panel->values[i];
		bool is_there = !value->platform || !value->at;

		for (size_t j = 0; !is_there && j < figures->count; j++)
			is_there = strcmp(figures->items[j].at, value->at) == 0;
		for (size_t j = 0; !is_there && j < study->book->label_count; j++) {
			const struct paper_label *label = &study->book->labels[j];

			if (strcmp(label->role, value->platform) == 0)
				paper_answer_add(answer, cov_format("%s=%s", panel->by, value->at),
						 label->label,
						 paper_answer_name(study, label->role))
				    ->paper = value->value;
		}
	}
}

int paper_metric(const struct paper_study *study, struct paper_answer *answer,
		 struct cov_error *err)
{
	const struct paper_panel *panel = answer->panel;
	const char *workload = paper_answer_name(study, panel->workload);
	struct store_union_asked asked = { workload, NULL };
	COV_AUTO(store_metric_list_deinit) struct store_metrics list = { 0 };
	COV_AUTO(figures_deinit) struct figures figures = { 0 };
	int result = store_metric_list(study->store, study->choice.kernel_id, &asked, panel->metric,
				       &list, err);

	if (result)
		return result;
	choose(panel, &list, &figures);
	if (!figures.count)
		return cov_fail(err, COV_ERR_MISMATCH, "no trial of %s measured %s", workload,
				panel->metric);
	for (size_t i = 0, count; i < figures.count; i += count) {
		count = 1;
		while (i + count < figures.count &&
		       strcmp(figures.items[i].at, figures.items[i + count].at) == 0)
			count++;
		for (size_t j = 0; j < study->book->label_count; j++)
			add_row(answer, &study->book->labels[j],
				paper_answer_name(study, study->book->labels[j].role),
				&figures.items[i], count);
	}
	add_absent(study, answer, &figures);
	answer->note = cov_format("labels of the first: %s", figures.items[0].metric->labels);
	answer->command = cov_format("covdb metrics %s --workload %s", panel->metric, workload);
	return 0;
}
