/* cmd_metrics.c - covdb metrics: what the workloads measured, per platform, with its spread. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "differ/differ.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_metric.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	OPTIONS_WORKLOADS("of these workloads or groups (default: all)"),
	{ "platforms", 'p', "A,B,...", "these platforms (default: all)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static bool is_chosen(const char *platforms, const char *name)
{
	size_t length = strlen(name);

	for (const char *place = platforms; place; place = strchr(place, ',')) {
		place += *place == ',';
		if (strncmp(place, name, length) == 0 && (!place[length] || place[length] == ','))
			return true;
	}
	return !platforms;
}

/* {"kib":4,"unmap":false} as "kib=4 unmap=false"; free() it. */
static char *shown_labels(const char *labels)
{
	struct cov_text text = { 0 };
	json_t *object = json_loads(labels, 0, NULL);
	const char *key;
	json_t *value;

	cov_text_print(&text, "%s", "");
	json_object_foreach(object, key, value)
	{
		COV_AUTO(free)
		char *shown = cov_json_format(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
		const char *plain = json_string_value(value);

		cov_text_print(&text, "%s%s=%s", text.length ? " " : "", key,
			       plain ? plain : shown);
	}
	json_decref(object);
	return text.data;
}

/* Whether two figures are of the same thing on the same platform, in different trials. */
static bool is_same(const struct store_metric *a, const struct store_metric *b)
{
	return strcmp(a->workload, b->workload) == 0 && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->labels, b->labels) == 0 && strcmp(a->unit, b->unit) == 0 &&
	       strcmp(a->platform, b->platform) == 0;
}

static void add_row(struct rows *rows, const struct store_metric *first, size_t count)
{
	COV_AUTO(free) double *values = cov_xcalloc(count, sizeof(*values));
	COV_AUTO(free) char *labels = shown_labels(first->labels);
	bool is_emulated = false;

	for (size_t i = 0; i < count; i++) {
		values[i] = first[i].value;
		is_emulated |= first[i].is_emulated;
	}
	struct cov_median median = cov_median_of(values, count);
	rows_word(rows, first->workload);
	rows_word(rows, first->name);
	rows_word(rows, labels);
	rows_word(rows, first->platform);
	rows_count(rows, (int64_t)count);
	rows_number(rows, median.median);
	rows_number(rows, median.low);
	rows_number(rows, median.high);
	rows_number(rows, median.confidence);
	rows_word(rows, first->unit);
	rows_bool(rows, is_emulated);
	rows_shown_as(rows, is_emulated ? "emulated" : "");
}

static int fail_metric(struct store *store, int64_t kernel_id, const char *metric,
		       struct cov_error *err)
{
	const struct store_union_asked all = { 0 };
	COV_AUTO(store_metric_list_deinit) struct store_metrics list = { 0 };
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = metric };
	int result = store_metric_list(store, kernel_id, &all, NULL, &list, err);

	if (result)
		return result;
	for (size_t i = 0; i < list.count; i++) {
		if (strcmp(list.items[i].name, metric) == 0)
			return cov_fail(
			    err, COV_ERR_MISMATCH,
			    "no trial of these workloads has the metric %s, as those of "
			    "%s have",
			    metric, list.items[i].workload);
		cov_suggest(&suggestion, list.items[i].name);
	}
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "no trial has a metric %s%s", metric, only);
}

/* Each of --platforms has to have metrics. */
static int check_platforms(const char *platforms, const struct store_metrics *list,
			   struct cov_error *err)
{
	COV_AUTO(free) char *copy = platforms ? cov_xstrdup(platforms) : NULL;
	char *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = name };
		bool is_there = false;

		for (size_t i = 0; i < list->count; i++) {
			is_there |= strcmp(list->items[i].platform, name) == 0;
			cov_suggest(&suggestion, list->items[i].platform);
		}
		COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
		if (!is_there)
			return cov_fail(err, COV_ERR_MISMATCH,
					"there is no platform '%s' with such metrics%s", name,
					only);
	}
	return 0;
}

static int metrics_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "WORKLOAD", "workload", ROWS_WORD },
		{ "METRIC", "metric", ROWS_WORD },
		{ "LABELS", "labels", ROWS_WORD },
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "TRIALS", "trials", ROWS_COUNT },
		{ "MEDIAN", "median", ROWS_FIGURE },
		{ "LOW", "low", ROWS_FIGURE },
		{ "HIGH", "high", ROWS_FIGURE },
		{ "CONFIDENCE", "confidence", ROWS_SHARE },
		{ "UNIT", "unit", ROWS_WORD },
		{ "", "emulated", ROWS_BOOL },
	};
	/* The spread before the median; the unit, and what is not to be trusted, beside it. */
	static const unsigned char leave[] = { 0,  0,  0,  ROWS_STAYS, 9,         ROWS_STAYS,
					       10, 10, 11, ROWS_STAYS, ROWS_STAYS };
	const char *metric = arguments->operand_count ? arguments->operands[0] : NULL;
	const char *platforms = cov_option_value(arguments, "platforms");
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 11, .leave = leave };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_metric_list_deinit) struct store_metrics list = { 0 };
	struct store_union_asked asked;
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_workloads(arguments, &asked, err);
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_metric_list(store, kernel.id, &asked, metric, &list, err);
	if (result)
		return result;
	if (metric && !list.count)
		return fail_metric(store, kernel.id, metric, err);
	store_transaction_end(store);
	result = check_platforms(platforms, &list, err);
	if (result)
		return result;
	for (size_t i = 0, count; i < list.count; i += count) {
		count = 1;
		while (i + count < list.count && is_same(&list.items[i], &list.items[i + count]))
			count++;
		if (is_chosen(platforms, list.items[i].platform))
			add_row(&rows, &list.items[i], count);
	}
	rows.none = cov_xstrdup("no trial of these platforms and workloads printed a metric");
	rows.about = question_about("metrics", kernel.name, NULL);
	question_print_rows(&rows, format);
	return 0;
}

const struct cov_command cmd_metrics = {
	.name = "metrics",
	.operands = "[METRIC]",
	.summary = "what the workloads measured, per platform, with its spread",
	.details =
	    "Medians over trials. LOW and HIGH are the two trials between which the true median is "
	    "with the CONFIDENCE given: the narrowest such pair of at least 95 %, or, of too few "
	    "trials for that, the lowest and the highest. No distribution is assumed.\n\n"
	    "'emulated' marks what was measured on a processor made of software: it says nothing "
	    "about the platform.\n\n"
	    "Examples:\n"
	    "  $ covdb metrics\n"
	    "  $ covdb metrics bandwidth_total --workload stream\n"
	    "  $ covdb metrics --platforms host,gvisor --format csv",
	.options = options,
	.operand_count_max = 1,
	.is_paged = true,
	.run = metrics_run,
};
