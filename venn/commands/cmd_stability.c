/* cmd_stability.c - covdb stability: how far repeated trials agree, and what noise is left. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_query.h"
#include "venn/store/store_stability.h"

enum { DRAWS = 200, INTERVAL_TRIALS = 5, CONTRADICTIONS_SHOWN = 20 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "dir", 0, "DIR", "directory of the kernel (default: ., all of it)" },
	{ "workload", 'w', "NAME", "one workload (default: all, and no ranges of regions)" },
	{ "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "seed", 0, "N", "of the drawn studies (default: 1)" },
	{ "format", 0, "text|json|csv", "how to print; csv: the agreement of trials" },
	{ 0 },
};

/* A region of the chosen platforms, and how large it is in studies of one trial each. */
struct ranged_region {
	uint64_t mask;
	int64_t lines;
	int64_t agreed; /* lines of it that each of its platforms executed in all trials */
	int64_t sizes[DRAWS];
};

struct stability {
	struct store_agreements agreements;
	struct store_removals removals;
	struct store_contradictions contradictions;
	struct ranged_region *regions; /* [region_count], largest first; owned */
	size_t region_count;
	size_t trial_count_min; /* of the platforms that have ranges */
};

static void stability_deinit(struct stability *stability)
{
	store_agreements_deinit(&stability->agreements);
	store_removals_deinit(&stability->removals);
	store_contradictions_deinit(&stability->contradictions);
	free(stability->regions);
}

COV_DEFINE_AUTO_STRUCT(struct stability, stability_deinit)

/*
 * What one workload's trials executed in the directory. Lines that the same trials of the same
 * footprints executed are one row: a word with a bit for each footprint that has them, then a word
 * per platform with a bit for each trial that executed them.
 */
struct sample {
	size_t platform_count;
	uint64_t *rows; /* [row_count][platform_count + 1]; owned */
	int64_t *lines; /* [row_count]; owned */
	size_t row_count;
	size_t trial_counts[STORE_PLATFORMS_MAX];
};

static void sample_deinit(struct sample *sample)
{
	free(sample->rows);
	free(sample->lines);
}

COV_DEFINE_AUTO_STRUCT(struct sample, sample_deinit)

static int compare_rows(const void *a, const void *b, void *size_bytes)
{
	return memcmp(a, b, *(const size_t *)size_bytes);
}

/* Make rows of what is known of each line. @words: [platform_count + 1][line_count] */
static void sort_sample(struct sample *sample, const uint64_t *words, size_t line_count)
{
	size_t width = sample->platform_count + 1, row_bytes = width * sizeof(uint64_t);
	size_t count = 0;

	sample->rows = cov_xcalloc(line_count * width, sizeof(uint64_t));
	sample->lines = cov_xcalloc(line_count, sizeof(int64_t));
	for (size_t i = 0; i < line_count; i++) {
		for (size_t j = 0; words[i] && j < width; j++)
			sample->rows[count * width + j] = words[j * line_count + i];
		count += words[i] != 0;
	}
	qsort_r(sample->rows, count, row_bytes, compare_rows, &row_bytes);
	for (size_t i = 0; i < count; i++) {
		uint64_t *last = sample->rows + (sample->row_count - 1) * width;

		if (!i || memcmp(last, sample->rows + i * width, row_bytes) != 0)
			memmove(sample->rows + sample->row_count++ * width,
				sample->rows + i * width, row_bytes);
		sample->lines[sample->row_count - 1]++;
	}
}

static int read_sample(struct store *store, const struct store_query *query, struct sample *ret,
		       struct cov_error *err)
{
	size_t line_first = (size_t)query->line_first, line_count = (size_t)query->line_count;
	COV_AUTO(free)
	uint64_t *words = cov_xcalloc(line_count * (query->platform_count + 1), sizeof(*words));
	int result = 0;

	ret->platform_count = query->platform_count;
	for (size_t i = 0; result == 0 && i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		result = store_footprint_masks(store, platform->footprint_id, line_first,
					       line_count, (uint64_t)1 << i, words, err);
		if (result == 0)
			result = store_trial_masks(
			    store, query->kernel_id, platform->id, query->workload_id, line_first,
			    line_count, words + (i + 1) * line_count, &ret->trial_counts[i], err);
	}
	if (result == 0)
		sort_sample(ret, words, line_count);
	return result;
}

/*
 * Lines of each region, of @regions, if only the @wanted trials were made. @is_strict: lines that
 * some platform of their region did not execute in all of them are not counted at all.
 */
static void count_wanted(const struct sample *sample, const uint64_t *wanted, bool is_strict,
			 const struct ranged_region *regions, size_t region_count, int64_t *ret)
{
	size_t width = sample->platform_count + 1;

	memset(ret, 0, region_count * sizeof(*ret));
	for (size_t i = 0; i < sample->row_count; i++) {
		const uint64_t *row = sample->rows + i * width;
		uint64_t mask = 0;
		size_t place = 0;

		for (size_t j = 0; j < sample->platform_count; j++) {
			if (row[0] >> j & 1 && (row[j + 1] & wanted[j]) == wanted[j])
				mask |= (uint64_t)1 << j;
		}
		if (is_strict && mask != row[0])
			continue;
		while (place < region_count && regions[place].mask != mask)
			place++;
		if (place < region_count)
			ret[place] += sample->lines[i];
	}
}

static int compare_regions(const void *a, const void *b)
{
	const struct ranged_region *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

static int compare_sizes(const void *a, const void *b)
{
	const int64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

/* The regions as they are. */
static void list_regions(const struct sample *sample, struct stability *stability)
{
	size_t width = sample->platform_count + 1, capacity = 0;

	for (size_t i = 0; i < sample->row_count; i++) {
		uint64_t mask = sample->rows[i * width];
		size_t place = 0;

		while (place < stability->region_count && stability->regions[place].mask != mask)
			place++;
		if (place == stability->region_count) {
			stability->regions = cov_grow(stability->regions, place, &capacity,
						      sizeof(*stability->regions));
			memset(&stability->regions[place], 0, sizeof(*stability->regions));
			stability->regions[place].mask = mask;
			stability->region_count++;
		}
		stability->regions[place].lines += sample->lines[i];
	}
	qsort(stability->regions, stability->region_count, sizeof(*stability->regions),
	      compare_regions);
}

/* Regions with the sizes they have in DRAWS studies, each of one trial per platform. */
static void range_regions(const struct sample *sample, uint64_t seed, struct stability *stability)
{
	uint64_t wanted[STORE_PLATFORMS_MAX];

	list_regions(sample, stability);
	size_t count = stability->region_count;
	COV_AUTO(free) int64_t *sizes = cov_xcalloc(count, sizeof(*sizes));
	stability->trial_count_min = COV_STABILITY_TRIALS_MAX;
	for (size_t i = 0; i < sample->platform_count; i++) {
		wanted[i] = ((uint64_t)1 << sample->trial_counts[i]) - 1;
		if (sample->trial_counts[i] < stability->trial_count_min)
			stability->trial_count_min = sample->trial_counts[i];
	}
	count_wanted(sample, wanted, true, stability->regions, count, sizes);
	for (size_t i = 0; i < count; i++)
		stability->regions[i].agreed = sizes[i];
	for (size_t draw = 0; stability->trial_count_min > 1 && draw < DRAWS; draw++) {
		for (size_t i = 0; i < sample->platform_count; i++)
			wanted[i] = (uint64_t)1 << cov_random_next(&seed) % sample->trial_counts[i];
		count_wanted(sample, wanted, false, stability->regions, count, sizes);
		for (size_t i = 0; i < count; i++)
			stability->regions[i].sizes[draw] = sizes[i];
	}
	for (size_t i = 0; i < count; i++)
		qsort(stability->regions[i].sizes, DRAWS, sizeof(int64_t), compare_sizes);
}

static int read_stability(const struct question *question, const char *directory, uint64_t seed,
			  struct stability *ret, struct cov_error *err)
{
	const struct store_query *query = &question->query;
	struct store *store = question->store;
	COV_AUTO(sample_deinit) struct sample sample = { 0 };
	int result = store_agreement_list(store, query->analysis.id, directory, query->workload,
					  &ret->agreements, err);

	if (result == 0)
		result = store_removal_list(store, query->kernel_id, query->workload,
					    &ret->removals, err);
	if (result == 0)
		result = store_contradiction_list(store, query->kernel_id, query->line_first,
						  query->line_count, &ret->contradictions, err);
	if (result || !query->workload_id)
		return result;
	result = read_sample(store, query, &sample, err);
	if (result == 0)
		range_regions(&sample, seed, ret);
	return result;
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
		{ "PLATFORMS", "platforms", ROWS_WORD }, { "LINES", "lines", ROWS_COUNT },
		{ "AGREED", "agreed", ROWS_COUNT },      { "LOW", "low", ROWS_FIGURE },
		{ "HIGH", "high", ROWS_FIGURE },
	};
	/* With few trials all that was drawn, with more the middle 95 %. */
	size_t cut = stability->trial_count_min < INTERVAL_TRIALS ? 0 : DRAWS / 40;

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < stability->region_count; i++) {
		const struct ranged_region *region = &stability->regions[i];
		COV_AUTO(cov_text_deinit) struct cov_text names = { 0 };
		bool can_tell = stability->trial_count_min > 1;

		for (size_t j = 0; j < query->platform_count; j++) {
			if (region->mask >> j & 1)
				cov_text_print(&names, "%s%s", names.length ? "+" : "",
					       query->platforms[j].name);
		}
		rows_word(rows, names.data);
		rows_count(rows, region->lines);
		rows_count(rows, region->agreed);
		add_number(rows, can_tell ? (double)region->sizes[cut] : NAN);
		add_number(rows, can_tell ? (double)region->sizes[DRAWS - 1 - cut] : NAN);
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

/* The four tables. */
struct tables {
	struct rows agreements, regions, removals, contradictions;
};

static void tables_deinit(struct tables *tables)
{
	rows_deinit(&tables->agreements);
	rows_deinit(&tables->regions);
	rows_deinit(&tables->removals);
	rows_deinit(&tables->contradictions);
}

COV_DEFINE_AUTO_STRUCT(struct tables, tables_deinit)

static void print_json(const struct question *question, const struct tables *tables)
{
	const struct store_query *query = &question->query;
	json_t *whole =
	    json_pack("{s:s, s:s, s:s?, s:o, s:o, s:o, s:o}", "rule", query->analysis.rule,
		      "baseline", query->analysis.baseline, "workload", query->workload,
		      "agreement", rows_to_json(&tables->agreements), "regions",
		      rows_to_json(&tables->regions), "rules", rows_to_json(&tables->removals),
		      "contradictions", rows_to_json(&tables->contradictions));

	json_dumpf(whole, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(whole);
}

static void print_text(const struct question *question, const struct stability *stability,
		       const struct tables *tables)
{
	question_print_scope(question);
	puts("Lines of each footprint that any, all but one, or all of its trials executed; how "
	     "far two\ntrials agree, as the noise ceiling of any comparison; and how many lines "
	     "there are at least,\nseen or not\n");
	rows_print(&tables->agreements, ROWS_TEXT);
	if (tables->regions.cell_count) {
		printf("\nRegions: lines that all trials of the platforms agree on, and the size "
		       "in studies of\none trial each, %s of %d drawn\n\n",
		       stability->trial_count_min < INTERVAL_TRIALS ? "lowest and highest"
								    : "the middle 95 %",
		       DRAWS);
		rows_print(&tables->regions, ROWS_TEXT);
	}
	puts("\nWhat each rule removes of the lines executed in the whole kernel\n");
	rows_print(&tables->removals, ROWS_TEXT);
	printf("\nFunctions whose counters contradicted each other in some trial: %zu\n",
	       stability->contradictions.count);
	if (stability->contradictions.count)
		putchar('\n');
	rows_print(&tables->contradictions, ROWS_TEXT);
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
	if (result == 0)
		result = read_stability(&question, directory, seed, &stability, err);
	if (result)
		return result;
	fill_agreements(&stability, &question.query, &tables.agreements);
	fill_regions(&stability, &question.query, &tables.regions);
	fill_removals(&stability, &question.query, &tables.removals);
	fill_contradictions(&stability,
			    question.format == ROWS_TEXT ? CONTRADICTIONS_SHOWN : SIZE_MAX,
			    &tables.contradictions);
	if (question.format == ROWS_JSON)
		print_json(&question, &tables);
	else if (question.format == ROWS_CSV)
		rows_print(&tables.agreements, ROWS_CSV);
	else
		print_text(&question, &stability, &tables);
	return 0;
}

const struct cov_command cmd_stability = {
	.name = "stability",
	.operands = "",
	.summary = "how far repeated trials agree, and what each rule removes",
	.details =
	    "JACCARD is the mean over pairs of trials of the lines both executed to those either "
	    "did: no difference between platforms means more than that between trials of one. AT "
	    "LEAST is Chao's lower bound (Chao2) of the lines that further trials would show. "
	    "Trials of the observer tell what capturing itself executes. What needs repeated "
	    "trials, and there are none, is said to be unknown.\n\n"
	    "Examples:\n"
	    "  $ covdb stability --dir net\n"
	    "  $ covdb stability --workload cpu --platforms runc,gvisor --format json",
	.options = options,
	.run = stability_run,
};
