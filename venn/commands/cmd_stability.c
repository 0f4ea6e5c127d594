/* cmd_stability.c - covdb stability: how far repeated trials agree, and what noise is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/screen.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/analysis/remainder.h"
#include "venn/commands/cmd_stability_trials.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_load.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_query.h"
#include "venn/store/store_stability.h"
#include "venn/store/store_transaction.h"

enum { CONTRADICTIONS_SHOWN = 20 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "dir", 0, "DIR", "directory of the kernel (default: ., all of it)" },
	OPTIONS_WORKLOADS(
	    "workloads or groups (default: all); ranges of regions are of a single one"),
	{ "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "list", 0, NULL, "the functions in which trials of a workload and platform differ" },
	OPTIONS_LIMIT(20),
	{ "seed", 0, "N", "of the drawn studies (default: 1)" },
	{ "format", 0, OPTIONS_FORMATS,
	  "how to print; not text or json: the agreement of trials on footprints, or the list" },
	OPTIONS_CSV_SAFE,
	{ 0 },
};

struct stability {
	struct rows executed; /* of single trials */
	struct store_agreements agreements;
	struct store_removals removals;
	struct store_contradictions contradictions;
	struct cov_resample resample; /* of one workload; else no regions */
	struct remainder *remainders; /* [remainder_count], of each way of capturing; owned */
	size_t remainder_count;
};

static void stability_deinit(struct stability *stability)
{
	rows_deinit(&stability->executed);
	store_stability_agreements_deinit(&stability->agreements);
	store_stability_removals_deinit(&stability->removals);
	store_stability_contradictions_deinit(&stability->contradictions);
	cov_resample_deinit(&stability->resample);
	for (size_t i = 0; i < stability->remainder_count; i++)
		remainder_deinit(&stability->remainders[i]);
	free(stability->remainders);
}

COV_DEFINE_AUTO_STRUCT(struct stability, stability_deinit)

/* The regions of what one workload's trials executed in the directory. */
static int resample(const struct store_query *query, struct store_tile_ids *tiles,
		    const struct cmd_stability_trials_masks *masks, uint64_t seed,
		    struct cov_resample *ret, struct cov_error *err)
{
	int result = store_mask_places_of(tiles, query, masks->words, err);

	if (result)
		return result;
	const struct cov_resample_trials trials = {
		.words = masks->words,
		.line_count = (size_t)query->line_count,
		.trial_counts = masks->trial_counts,
		.footprint_count = query->platform_count,
	};
	cov_resample_of(&trials, seed, ret);
	return 0;
}

/* What the database is asked for. */
static int ask(const struct question *question, uint64_t seed, struct stability *ret,
	       struct cov_error *err)
{
	const struct store_query *query = &question->query;
	struct store *store = question->store;
	COV_AUTO(cmd_stability_trials_masks_deinit) struct cmd_stability_trials_masks masks = { 0 };
	COV_AUTO(store_tile_ids_deinit)
	struct store_tile_ids tiles = store_mask_tiles(store, query);
	bool has_regions = query->workloads.name && query->workloads.count == 1;

	if (has_regions)
		masks.words = cov_xcalloc((size_t)query->line_count * (query->platform_count + 1),
					  sizeof(*masks.words));
	int result = cmd_stability_trials_fill(question, &tiles, &masks, &ret->executed, err);
	if (result == 0)
		result = store_stability_agreements(store, query->analysis.id, query->directory,
						    &query->workloads, &ret->agreements, err);
	if (result == 0)
		result = store_stability_removals(store, &question->kernel, &query->workloads,
						  &ret->removals, err);
	if (result == 0)
		result =
		    store_stability_contradictions(store, query->kernel_id, query->line_first,
						   query->line_count, &ret->contradictions, err);
	if (result || !has_regions)
		return result;
	return resample(query, &tiles, &masks, seed, &ret->resample, err);
}

/* What is left of the observers of each way of capturing. */
struct measuring {
	const struct cov_kernel *kernel;
	const struct store_observers *observers;
	const struct remainder_places *places;
	struct remainder *remainders; /* [observers->count] */
	struct cov_error *errors;     /* the same, with a code if it failed */
};

static void measure_one(void *context, size_t item)
{
	const struct measuring *measuring = context;

	remainder_measure(measuring->kernel, &measuring->observers->sets[item], measuring->places,
			  &measuring->remainders[item], &measuring->errors[item]);
}

static int measure_observers(const struct cov_kernel *kernel,
			     const struct store_observers *observers,
			     const struct remainder_places *places, struct stability *ret,
			     struct cov_error *err)
{
	COV_AUTO(free) struct cov_error *errors = cov_xcalloc(observers->count, sizeof(*errors));
	struct measuring measuring = { kernel, observers, places, NULL, errors };

	ret->remainder_count = observers->count;
	ret->remainders = cov_xcalloc(observers->count, sizeof(*ret->remainders));
	measuring.remainders = ret->remainders;
	cov_parallel_each(observers->count, measure_one, &measuring);
	return cov_error_first(errors, observers->count, err);
}

/* The objects that some observer ran. */
static int load_ran(struct store *store, int64_t kernel_id, const struct store_observers *observers,
		    struct cov_kernel *kernel, struct cov_error *err)
{
	COV_AUTO(free) unsigned char *ran = cov_xcalloc(kernel->object_count, 1);

	for (size_t i = 0; i < observers->count; i++)
		counters_mark_ran(kernel, observers->sets[i].items,
				  (size_t)observers->sets[i].count, ran);
	return store_load_ran(store, kernel_id, ran, kernel, err);
}

/* @store: asked in place of the question's */
static int read_observers(const struct question *question, struct store *store,
			  struct stability *ret, struct cov_error *err)
{
	const struct store_query *query = &question->query;
	const struct store_range range = store_query_range(query);
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(store_observer_deinit) struct store_observers observers = { 0 };
	COV_AUTO(store_directory_list_deinit) struct store_directories directories = { 0 };
	COV_AUTO(remainder_places_deinit) struct remainder_places places = { 0 };
	int result = store_load_outline(store, query->kernel_id, &kernel, err);

	if (result == 0)
		result =
		    store_observer_read(store, query->kernel_id, &kernel, true, &observers, err);
	if (result == 0)
		result = load_ran(store, query->kernel_id, &observers, &kernel, err);
	if (result == 0)
		result = store_directory_list(store, query->kernel_id, &directories, err);
	if (result)
		return result;
	remainder_places_find(&directories, query->directory, &range, &places);
	return measure_observers(&kernel, &observers, &places, ret, err);
}

/* What is done at the same time, each with a connection of its own. */
struct reading {
	const struct question *question;
	struct store *again; /* for the observers */
	uint64_t seed;
	struct stability *ret;
	struct cov_error errors[2]; /* with a code if it failed */
};

static void read_one(void *context, size_t item)
{
	struct reading *reading = context;
	struct cov_error *err = &reading->errors[item];

	if (item == 0)
		read_observers(reading->question, reading->again, reading->ret, err);
	else
		ask(reading->question, reading->seed, reading->ret, err);
}

static int read_stability(const struct question *question, uint64_t seed, struct stability *ret,
			  struct cov_error *err)
{
	COV_AUTO(store_close)
	struct store *again = cov_thread_count() > 1 ? store_open_again(question->store) : NULL;
	struct reading reading = { .question = question, .again = again, .seed = seed, .ret = ret };

	if (!again) {
		int result = read_observers(question, question->store, ret, err);

		return result ? result : ask(question, seed, ret, err);
	}
	cov_parallel_each(2, read_one, &reading);
	return cov_error_first(reading.errors, 2, err);
}

static void add_number(struct rows *rows, double number)
{
	if (isnan(number)) {
		rows_missing(rows);
		rows_shown_as(rows, "cannot tell");
	} else {
		rows_number(rows, number);
	}
}

static bool is_asked(const struct store_query *query, const char *platform)
{
	for (size_t i = 0; i < query->platform_count; i++) {
		if (strcmp(query->platforms[i].name, platform) == 0)
			return true;
	}
	return false;
}

static void fill_agreements(const struct stability *stability, const struct store_query *query,
			    struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "TRIALS", "trials", ROWS_COUNT },    { "ANY", "lines_any", ROWS_COUNT },
		{ "MOST", "lines_most", ROWS_COUNT },  { "ALL", "lines_all", ROWS_COUNT },
		{ "JACCARD", "jaccard", ROWS_FIGURE }, { "AT LEAST", "chao2", ROWS_FIGURE },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->agreements.count; i++) {
		const struct store_agreement *item = &stability->agreements.items[i];

		if (!is_asked(query, item->platform))
			continue;
		rows_word(rows, item->platform);
		rows_word(rows, item->workload);
		rows_count(rows, item->trial_count);
		rows_count(rows, item->stability.any);
		rows_count(rows, item->stability.most);
		rows_count(rows, item->stability.all);
		add_number(rows, item->stability.jaccard);
		add_number(rows, item->stability.chao2);
	}
}

static void fill_regions(const struct stability *stability, const struct store_query *query,
			 struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "PLATFORMS", "platforms", ROWS_SET }, { "LINES", "lines", ROWS_COUNT },
		{ "AGREED", "agreed", ROWS_COUNT },     { "LOW", "low", ROWS_FIGURE },
		{ "HIGH", "high", ROWS_FIGURE },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->resample.region_count; i++) {
		const struct cov_resample_region *region = &stability->resample.regions[i];

		question_set(query, region->mask, rows);
		rows_count(rows, region->lines);
		rows_count(rows, region->agreed);
		add_number(rows, region->low);
		add_number(rows, region->high);
	}
}

static void fill_removals(const struct stability *stability, const struct store_query *query,
			  struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "RULE", "rule", ROWS_WORD },         { "BASELINE", "baseline", ROWS_WORD },
		{ "PLATFORM", "platform", ROWS_WORD }, { "HIT", "hit", ROWS_COUNT },
		{ "REMOVED", "removed", ROWS_COUNT },  { "KEPT", "kept", ROWS_COUNT },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->removals.count; i++) {
		const struct store_removal *item = &stability->removals.items[i];

		if (!is_asked(query, item->platform))
			continue;
		rows_word(rows, item->rule);
		rows_word(rows, item->baseline);
		rows_word(rows, item->platform);
		rows_count(rows, item->hit);
		rows_count(rows, item->removed);
		rows_count(rows, item->kept);
	}
}

static void fill_contradictions(const struct stability *stability, size_t limit, struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "FUNCTION", "function", ROWS_WORD }, { "FILE", "file", ROWS_WORD },
		{ "LINE", "line", ROWS_NUMBER },       { "TRIALS", "trials", ROWS_COUNT },
		{ "MISSING", "missing", ROWS_COUNT },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->contradictions.count && i < limit; i++) {
		const struct store_contradiction *item = &stability->contradictions.items[i];

		rows_word(rows, item->function);
		rows_word(rows, item->file);
		rows_count(rows, item->start_line);
		rows_count(rows, item->trial_count);
		rows_count(rows, item->missing_max);
	}
}

static void fill_remainders(const struct stability *stability, struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "CAPTURED BY", "capture", ROWS_WORD },
		{ "WITHIN", "captures_within", ROWS_COUNT },
		{ "OBSERVERS", "observers", ROWS_COUNT },
		{ "DIRECTORY", "directory", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
		{ "LEFT", "left", ROWS_FIGURE },
		{ "BELOW", "functions_below", ROWS_FIGURE },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->remainder_count; i++) {
		const struct remainder *remainder = &stability->remainders[i];

		for (size_t j = 0; j < remainder->part_count; j++) {
			rows_word(rows, cov_manifest_way_names[remainder->capture.way]);
			rows_count(rows, remainder->capture.within);
			rows_count(rows, remainder->observers);
			rows_word(rows, remainder->parts[j].directory);
			rows_count(rows, remainder->parts[j].lines);
			add_number(rows, remainder->parts[j].left);
			add_number(rows, remainder->below);
		}
	}
}

/* The tables besides that of single trials. */
struct tables {
	struct rows agreements, regions, removals, contradictions, remainders;
};

static void tables_deinit(struct tables *tables)
{
	rows_deinit(&tables->agreements);
	rows_deinit(&tables->regions);
	rows_deinit(&tables->removals);
	rows_deinit(&tables->contradictions);
	rows_deinit(&tables->remainders);
}

COV_DEFINE_AUTO_STRUCT(struct tables, tables_deinit)

static void print_json(const struct question *question, const struct stability *stability,
		       struct tables *tables)
{
	const struct store_query *query = &question->query;
	json_t *whole = question_about("stability", question->kernel.name, query);

	cov_json_set(whole, "workload", cov_json_name(query->workloads.name));
	cov_json_set(whole, "agreement", rows_to_json(&tables->agreements));
	cov_json_set(whole, "regions", rows_to_json(&tables->regions));
	cov_json_set(whole, "rules", rows_to_json(&tables->removals));
	cov_json_set(whole, "contradictions", rows_to_json(&tables->contradictions));
	cov_json_set(whole, "observers", rows_to_json(&tables->remainders));
	cov_json_set(whole, "executed", rows_to_json(&stability->executed));
	tables->agreements.about = whole;
	rows_print(&tables->agreements, ROWS_JSON);
}

static void print_text(const struct question *question, const struct stability *stability,
		       const struct tables *tables)
{
	question_print_scope(question);
	cov_screen_print(
	    0,
	    "Lines that any, all but one, or all trials executed, before any rule, and how far two "
	    "trials agree; the seconds of one trial\n\n");
	rows_print(&stability->executed, ROWS_TEXT);
	cov_screen_print(
	    0,
	    "\nLines of each footprint that any, all but one, or all of its trials executed; how "
	    "far two trials agree, as the noise ceiling of any comparison; and how many lines "
	    "are executed at least, kept by the rule or not, seen or not\n\n");
	rows_print(&tables->agreements, ROWS_TEXT);
	if (tables->regions.cell_count) {
		cov_screen_print(
		    0,
		    "\nRegions: lines that all trials of the platforms agree on, and the size "
		    "in studies of one trial each, %s of %d drawn\n\n",
		    stability->resample.trial_count_min < COV_RESAMPLE_INTERVAL_TRIALS
			? "lowest and highest"
			: "the middle 95 %",
		    COV_RESAMPLE_DRAWS);
		rows_print(&tables->regions, ROWS_TEXT);
	}
	cov_screen_print(0,
			 "\nWhat each rule removes of the lines executed in the whole kernel\n\n");
	rows_print(&tables->removals, ROWS_TEXT);
	cov_screen_print(0,
			 "\nFunctions whose counters contradicted each other in some trial: %zu\n",
			 stability->contradictions.count);
	if (stability->contradictions.count)
		putchar('\n');
	rows_print(&tables->contradictions, ROWS_TEXT);
	if (!stability->remainder_count) {
		cov_screen_print(
		    0, "\nThere is no observer: what capturing executes is in every trial\n");
		return;
	}
	cov_screen_print(
	    0,
	    "\nLines that observers execute, and those left of one when the others are taken off, "
	    "as they are off every trial; functions of the whole kernel in which one has less\n\n");
	rows_print(&tables->remainders, ROWS_TEXT);
}

static int stability_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "dir");
	COV_AUTO(free) char *directory = kernel_directory_name(given ? given : ".");
	COV_AUTO(question_deinit) struct question question = { 0 };
	COV_AUTO(stability_deinit) struct stability stability = { 0 };
	COV_AUTO(tables_deinit) struct tables tables = { 0 };
	uint64_t seed = 1;
	int result = cov_option_number(arguments, "seed", 0, UINT64_MAX, &seed, err);

	if (result == 0)
		result = question_open(arguments, directory, NULL, &question, err);
	if (result == 0 && store_query_is_file(&question.query))
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s is a file: agreement is known of directories", directory);
	if (result == 0 && cov_option_value(arguments, "list"))
		return cmd_stability_trials_list(&question, err);
	if (result == 0 && cov_option_value(arguments, "limit"))
		result = cov_fail(err, COV_ERR_USAGE, "--limit needs --list");
	if (result == 0)
		result = read_stability(&question, seed, &stability, err);
	if (result)
		return result;
	store_transaction_end(question.store);
	fill_agreements(&stability, &question.query, &tables.agreements);
	fill_regions(&stability, &question.query, &tables.regions);
	fill_removals(&stability, &question.query, &tables.removals);
	fill_contradictions(&stability,
			    question.format == ROWS_TEXT ? CONTRADICTIONS_SHOWN : SIZE_MAX,
			    &tables.contradictions);
	fill_remainders(&stability, &tables.remainders);
	if (question.format == ROWS_JSON)
		print_json(&question, &stability, &tables);
	else if (question.format != ROWS_TEXT)
		rows_print(&tables.agreements, question.format);
	else
		print_text(&question, &stability, &tables);
	return 0;
}

const struct cov_command cmd_stability = {
	.name = "stability",
	.operands = "",
	.summary = "how far repeated trials agree, and what each rule removes",
	.details =
	    "The first table is of what single trials executed, before any rule and with "
	    "what capturing executes; --list names the functions in which they differ, "
	    "with the lines that not all trials executed, and those that any did.\n\n"
	    "JACCARD is the mean over pairs of trials of the lines both executed to those "
	    "either did: no difference between platforms means more than that between "
	    "trials of one. AT LEAST is Chao's lower bound (Chao2) of the lines executed, "
	    "kept by the rule or not, that further trials would show. What capturing itself executes is taken off each "
	    "trial by observers; LEFT is the noise of that, the lines left of an observer "
	    "without the mean of the others, in the directory and those right below it. "
	    "Figures that need repeated trials are unknown where there are "
	    "none.\n\n"
	    "Examples:\n"
	    "  $ covdb stability --dir net\n"
	    "  $ covdb stability --phase steady -w memory -p host --list\n"
	    "  $ covdb stability --workload cpu --platforms runc,gvisor --format json",
	.options = options,
	.is_paged = true,
	.run = stability_run,
};
