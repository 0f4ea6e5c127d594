/* cmd_summary.c - covdb summary: the lines that each platform executes, all workloads united. */
#include <math.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/screen.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/commands/range.h"
#include "venn/print/rows.h"
#include "venn/questions/diagram.h"
#include "venn/questions/published.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "all", 'a', NULL,
	  "the numbers that others publish instead of ranges: functions, system calls" },
	{ 0 },
};

/* The cells of all formats. */
static void add_platform(const struct diagram *diagram, size_t place, struct rows *rows)
{
	const struct diagram_row *row = &diagram->rows[0];
	int64_t lines = row->totals[place];

	rows_word(rows, diagram_platform(diagram, place));
	rows_count(rows, lines);
	rows_count(rows, row->found);
	rows_number(rows, row->found ? (double)lines / (double)row->found : 0);
	rows_number(rows, row->at_least[place]);
}

#define COLUMNS                                                                                    \
	{ "PLATFORM", "platform", ROWS_WORD }, { "LINES", "lines", ROWS_COUNT },                   \
	    { "FOUND", "found", ROWS_COUNT }, { "COVERAGE", "coverage", ROWS_SHARE },              \
	{                                                                                          \
		"AT LEAST", "at_least", ROWS_FIGURE                                                \
	}
enum { COLUMN_COUNT = 5 };

static void print_text(const struct diagram *diagram)
{
	static const struct rows_column columns[] = { COLUMNS, RANGE_TEXT_COLUMNS };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = COLUMN_COUNT + 1 + range_has_rules(diagram) };

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		add_platform(diagram, i, &rows);
		range_add_text(diagram, &diagram->rows[0].total_ranges[i], &rows);
	}
	rows_print(&rows, ROWS_TEXT);
	range_print_notes(diagram);
}

static void print_rows(const struct diagram *diagram, struct rows *rows, enum rows_format format)
{
	rows->about = question_about("summary", diagram->query.kernel, &diagram->query);
	cov_json_set(rows->about, "dir", cov_json_name(diagram->rows[0].directory));
	rows_print(rows, format);
}

static void print_summary(const struct diagram *diagram, enum rows_format format)
{
	static const struct rows_column columns[] = { COLUMNS, RANGE_COLUMNS };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = COLUMN_COUNT + RANGE_COLUMN_COUNT };

	if (format == ROWS_TEXT) {
		print_text(diagram);
		return;
	}
	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		add_platform(diagram, i, &rows);
		range_add(diagram, &diagram->rows[0].total_ranges[i], &rows);
	}
	print_rows(diagram, &rows, format);
}

/* Why a cell is empty, below the table. */
static void print_reasons(const struct published *published, size_t count)
{
	bool lacks_seen = false, lacks_allowed = false;

	for (size_t i = 0; i < count; i++) {
		lacks_seen |= !published[i].has_seen;
		lacks_allowed |= !published[i].has_allowed;
	}
	if (lacks_seen)
		cov_screen_print(0,
				 "\nSEEN: no function here is known for a system call of x86-64\n");
	if (lacks_allowed)
		cov_screen_print(
		    0,
		    "\nALLOWED: there is no trial of system calls of a platform that has its filters; "
		    "see 'covdb syscalls --help'\n");
}

static void add_number(struct rows *rows, bool is_known, int64_t number)
{
	if (is_known)
		rows_count(rows, number);
	else
		rows_missing(rows);
}

static void print_published(const struct diagram *diagram, const struct published *published,
			    enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
		{ "FOUND", "found", ROWS_COUNT },
		{ "TIMES LESS", "times_less", ROWS_FIGURE },
		{ "FUNCTIONS", "functions", ROWS_COUNT },
		{ "CALLS SEEN", "calls_seen", ROWS_COUNT },
		{ "CALLS ALLOWED", "calls_allowed", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(*columns) };
	const struct diagram_row *row = &diagram->rows[0];
	size_t count = diagram->query.platform_count;

	for (size_t i = 0; i < count; i++) {
		int64_t lines = row->totals[i];

		rows_word(&rows, diagram_platform(diagram, i));
		rows_count(&rows, lines);
		rows_count(&rows, row->found);
		rows_number(&rows, lines ? (double)row->found / (double)lines : NAN);
		rows_count(&rows, published[i].functions);
		add_number(&rows, published[i].has_seen, published[i].calls_seen);
		add_number(&rows, published[i].has_allowed, published[i].calls_allowed);
	}
	print_rows(diagram, &rows, format);
	if (format == ROWS_TEXT)
		print_reasons(published, count);
}

static int summary_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "dir");
	COV_AUTO(free) char *directory = kernel_directory_name(given ? given : ".");
	enum rows_format format;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	struct store_asked asked = { .directory = directory,
				     .platforms = cov_option_value(arguments, "platforms") };
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	struct published published[STORE_PLATFORMS_MAX] = { 0 };
	bool is_all = cov_option_value(arguments, "all") != NULL;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_workloads(arguments, &asked.workloads, err);
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = options_choice(arguments, &kernel, &asked.choice, err);
	if (result == 0)
		result = diagram_read(store, &asked, 0, &diagram, err);
	if (result == 0 && is_all)
		result = published_read(store, &diagram.query, published, err);
	if (result)
		return result;
	store_transaction_end(store);
	if (format == ROWS_TEXT)
		question_print_scope_of(&diagram.query);
	if (is_all)
		print_published(&diagram, published, format);
	else
		print_summary(&diagram, format);
	return 0;
}

const struct cov_command cmd_summary = {
	.name = "summary",
	.operands = "",
	.summary = "lines and coverage per platform, all workloads united",
	.details =
	    "As Table 2 of the VEE '20 paper: LINES are those of the footprint, COVERAGE their "
	    "share of the lines FOUND. What is not among them may be executed all the same: AT LEAST "
	    "so many lines are, whatever the rule keeps, by what only one or two trials executed "
	    "(Chao2, a lower bound of what more trials would show).\n\n"
	    "OVER TRIALS are the fewest and the most lines of a footprint in as many studies as "
	    "there are trials, up to ten, each without one of every platform and workload; OVER "
	    "RULES those by the rules that there are current footprints of, against the same "
	    "baseline. In JSON and CSV they are low, high, rule_low and rule_high, and resamples "
	    "is how many studies; null or empty where that cannot be told.\n\n"
	    "With --all the numbers stand there that others publish: TIMES LESS is FOUND divided by "
	    "LINES; FUNCTIONS those of which the footprint has a line; CALLS SEEN the system calls "
	    "made more often than in the baseline, CALLS ALLOWED those that the "
	    "filtered role that may make most may make, or all. docs/rules.md has the source of each.\n\n"
	    "Examples:\n"
	    "  $ covdb summary\n"
	    "  $ covdb summary --all\n"
	    "  $ covdb summary --dir arch/x86 --format csv",
	.options = options,
	.is_paged = true,
	.run = summary_run,
};
