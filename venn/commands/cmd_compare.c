/* cmd_compare.c - covdb compare: what one side executes that the other does not, beyond noise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/change/compare.h"
#include "venn/change/sides.h"
#include "venn/change/tally.h"
#include "venn/commands/compare_limits.h"
#include "venn/commands/compare_say.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/questions/maintainers.h"

static const double default_rate = 0.05;

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "from", 0, "DIR[@REVISION]",
	  "the sources of OLD, or a git repository at a revision (default: where it was built)" },
	{ "to", 0, "DIR[@REVISION]", "the sources of NEW" },
	{ "dir", 0, "DIR", "directory or file of the kernels (default: ., all of them)" },
	{ "list", 0, "directories|functions|lines", "what the rows are (default: directories)" },
	{ "by", 0, "GROUP", "subsystem: a row per subsystem, by MAINTAINERS of --kernel-src" },
	{ "kernel-src", 0, "DIR", "with --by: the kernel's source tree" },
	{ "unit", 0, "trial|boot",
	  "what is compared with what: single trials, or all of a boot of the machine as one "
	  "(default: trial)" },
	{ "fdr", 0, "SHARE", "false ones among all discoveries, on average (default: 0.05)" },
	{ "fail-above", 0, "PATH=N,...",
	  "end with status 1 if more than N lines below PATH are gained or new code" },
	OPTIONS_LIMIT(20),
	OPTIONS_FORMAT,
	{ 0 },
};

enum list_kind { LIST_DIRECTORIES, LIST_FUNCTIONS, LIST_LINES };

/* What was asked, and what is known. */
struct comparison {
	struct sides_asked asked;
	struct sides sides;
	struct compare compare;
	struct maintainers maintainers;
	struct compare_limits limits;
	char *directory; /* canonical; owned */
	double fdr;
	int list; /* enum list_kind */
	bool is_by_subsystem;
	enum rows_format format;
	size_t limit;
};

static void comparison_deinit(struct comparison *comparison)
{
	compare_limits_deinit(&comparison->limits);
	compare_deinit(&comparison->compare);
	sides_deinit(&comparison->sides);
	maintainers_deinit(&comparison->maintainers);
	free(comparison->directory);
}

COV_DEFINE_AUTO_STRUCT(struct comparison, comparison_deinit)

/* What a table shows and what is compared: not what is alike. */
static const struct class_column {
	enum compare_class class;
	const char *title;
} class_columns[] = {
	{ COMPARE_GAINED, "GAINED" },
	{ COMPARE_LOST, "LOST" },
	{ COMPARE_MORE, "MORE" },
	{ COMPARE_LESS, "LESS" },
	{ COMPARE_NEW, "NEW CODE" },
	{ COMPARE_GONE, "CODE GONE" },
	{ COMPARE_UNCARRIED, "NOT CARRIED" },
	{ COMPARE_LEFT_OUT, "LEFT OUT" },
	{ COMPARE_ALIKE, "ALIKE" },
};

enum { CLASS_COLUMNS = sizeof(class_columns) / sizeof(*class_columns) };

static struct compare_scope scope_of(const struct comparison *comparison)
{
	return (struct compare_scope){ &comparison->asked, &comparison->sides, &comparison->compare,
				       comparison->fdr };
}

/* Print @count rows that there are, of which @rows has those that are shown. */
static void print_rows(const struct comparison *comparison, struct rows *rows, size_t count)
{
	const struct compare_scope scope = scope_of(comparison);

	rows->about = question_about("compare", NULL, NULL);
	compare_scope_json(&scope, rows->about);
	rows->none = cov_format("nothing differs in %s", comparison->directory);
	if (comparison->format == ROWS_TEXT)
		compare_say_scope(&scope);
	options_print(rows, comparison->format, count);
}

static void add_count(struct rows *rows, const struct comparison *comparison,
		      const struct tally_count *count)
{
	bool has_range = comparison->compare.resample_count > 0;

	rows_count(rows, count->lines);
	if (comparison->format == ROWS_TEXT) {
		COV_AUTO(free) char *shown = rows_shown(rows);
		COV_AUTO(free) char *low = cov_number_grouped(count->low);
		COV_AUTO(free) char *high = cov_number_grouped(count->high);
		COV_AUTO(free) char *text = cov_format("%s (%s-%s)", shown, low, high);

		if (count->low != count->high)
			rows_shown_as(rows, text);
		return;
	}
	const int64_t bounds[] = { count->low, count->high };
	for (size_t i = 0; i < 2; i++) {
		if (has_range)
			rows_count(rows, bounds[i]);
		else
			rows_missing(rows);
	}
}

static void add_place(struct rows *rows, const struct comparison *comparison,
		      const struct tally_row *row)
{
	rows_word(rows, row->name);
	for (size_t i = 0; i < CLASS_COLUMNS; i++)
		add_count(rows, comparison, &row->counts[class_columns[i].class]);
}

static void print_places(const struct comparison *comparison)
{
	COV_AUTO(tally_deinit) struct tally tally = { 0 };
	struct rows_column columns[1 + 3 * CLASS_COLUMNS];
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns };
	struct rows_column *column = columns;

	*column++ = comparison->is_by_subsystem
			? (struct rows_column){ "SUBSYSTEM", "subsystem", ROWS_WORD }
			: (struct rows_column){ "DIRECTORY", "directory", ROWS_WORD };
	for (size_t i = 0; i < CLASS_COLUMNS; i++) {
		const char *key = compare_class_key(class_columns[i].class);

		*column++ = (struct rows_column){ class_columns[i].title, key, ROWS_COUNT };
		if (comparison->format == ROWS_TEXT)
			continue;
		*column++ = (struct rows_column){ "", rows_name(&rows, cov_format("%s_low", key)),
						  ROWS_COUNT };
		*column++ = (struct rows_column){ "", rows_name(&rows, cov_format("%s_high", key)),
						  ROWS_COUNT };
	}
	rows.column_count = (size_t)(column - columns);
	tally_places(&comparison->sides, &comparison->compare, comparison->directory,
		     comparison->is_by_subsystem ? &comparison->maintainers : NULL, &tally);
	bool has_sum = comparison->format == ROWS_TEXT;
	for (size_t i = 0; i < tally.count && i < comparison->limit; i++)
		add_place(&rows, comparison, &tally.rows[i]);
	if (has_sum)
		add_place(&rows, comparison, &tally.all);
	print_rows(comparison, &rows, tally.count + has_sum);
}

static void print_functions(const struct comparison *comparison)
{
	COV_AUTO(tally_functions_deinit) struct tally_functions functions = { 0 };
	struct rows_column columns[5 + CLASS_COLUMNS] = {
		{ "FILE", "file", ROWS_WORD },
		{ "FUNCTION", "function", ROWS_WORD },
		{ "BECAME", "became", ROWS_WORD },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 5 + CLASS_COLUMNS };

	for (size_t i = 0; i < CLASS_COLUMNS; i++)
		columns[3 + i] =
		    (struct rows_column){ class_columns[i].title,
					  compare_class_key(class_columns[i].class), ROWS_COUNT };
	columns[3 + CLASS_COLUMNS] = (struct rows_column){ "OLD/S", "old_per_s", ROWS_FIGURE };
	columns[4 + CLASS_COLUMNS] = (struct rows_column){ "NEW/S", "new_per_s", ROWS_FIGURE };
	tally_functions(&comparison->sides, &comparison->compare, comparison->directory,
			&functions);
	for (size_t i = 0; i < functions.count && i < comparison->limit; i++) {
		const struct tally_function *function = &functions.items[i];

		rows_word(&rows, function->file);
		rows_word(&rows, function->name);
		rows_word(&rows, function->became);
		for (size_t j = 0; j < CLASS_COLUMNS; j++)
			rows_count(&rows, function->lines[class_columns[j].class]);
		rows_number(&rows, function->old_rate);
		rows_number(&rows, function->new_rate);
	}
	print_rows(comparison, &rows, functions.count);
}

static void add_line(struct rows *rows, const struct sides *sides, const struct compare *compare,
		     const struct compare_line *line)
{
	rows_word(rows, tally_file(sides, line));
	if (line->new == JOIN_NONE)
		rows_missing(rows);
	else
		rows_count(rows, sides->new.kernel.line_numbers[line->new]);
	if (line->old == JOIN_NONE)
		rows_missing(rows);
	else
		rows_count(rows, sides->old.kernel.line_numbers[line->old]);
	rows_word(rows, compare_class_name(compare_class_of(compare, line)));
	rows_number(rows, line->old_rate);
	rows_number(rows, line->new_rate);
	rows_count(rows, line->old_trials);
	rows_count(rows, line->new_trials);
}

static void print_lines(const struct comparison *comparison)
{
	static const struct rows_column columns[] = {
		{ "FILE", "file", ROWS_WORD },
		{ "LINE", "line", ROWS_NUMBER },
		{ "OLD LINE", "old_line", ROWS_NUMBER },
		{ "BECAME", "became", ROWS_WORD },
		{ "OLD/S", "old_per_s", ROWS_FIGURE },
		{ "NEW/S", "new_per_s", ROWS_FIGURE },
		{ "OLD TRIALS", "old_trials", ROWS_COUNT },
		{ "NEW TRIALS", "new_trials", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 8 };
	size_t count = 0;

	for (size_t i = 0; i < comparison->compare.line_count; i++) {
		const struct compare_line *line = &comparison->compare.lines[i];

		if (compare_class_of(&comparison->compare, line) != COMPARE_ALIKE &&
		    tally_is_below(tally_file(&comparison->sides, line), comparison->directory) &&
		    count++ < comparison->limit)
			add_line(&rows, &comparison->sides, &comparison->compare, line);
	}
	print_rows(comparison, &rows, count);
}

static int read_options(const struct cov_arguments *arguments, struct comparison *ret,
			struct cov_error *err)
{
	static const char *const lists[] = { "directories", "functions", "lines", NULL };
	static const char *const groups[] = { "subsystem", NULL };
	const char *directory = cov_option_value(arguments, "dir");
	bool by_subsystem = cov_option_value(arguments, "by") != NULL;
	const char *kernel_src = by_subsystem ? options_kernel_src(arguments)
					      : cov_option_value(arguments, "kernel-src");
	const char *limits = cov_option_value(arguments, "fail-above");
	static const char *const units[] = { "trial", "boot", NULL };
	int group = 0, unit = OBSERVATIONS_TRIAL;
	int result = cov_option_choice(arguments, "list", lists, &ret->list, err);

	ret->is_by_subsystem = by_subsystem;
	ret->fdr = default_rate;
	if (result == 0)
		result = cov_option_choice(arguments, "by", groups, &group, err);
	if (result == 0)
		result = cov_option_choice(arguments, "unit", units, &unit, err);
	if (result == 0 && ret->is_by_subsystem != (kernel_src != NULL))
		return cov_fail(err, COV_ERR_USAGE, "--by and --kernel-src need each other");
	if (result == 0 && ret->is_by_subsystem && ret->list != LIST_DIRECTORIES)
		return cov_fail(err, COV_ERR_USAGE, "--by does not go with --list");
	if (result == 0)
		result = options_format(arguments, &ret->format, err);
	if (result == 0)
		result = options_limit(arguments, ret->format, &ret->limit, err);
	/* There are few directories, and as many subsystems as are asked for. */
	if (ret->list == LIST_DIRECTORIES && !cov_option_value(arguments, "limit"))
		ret->limit = SIZE_MAX;
	if (result == 0)
		result = cov_option_share(arguments, "fdr", &ret->fdr, err);
	if (result == 0 && limits)
		result = compare_limits_parse(limits, &ret->limits, err);
	if (result == 0 && ret->is_by_subsystem)
		result = maintainers_read(kernel_src, &ret->maintainers, err);
	ret->directory = kernel_directory_name(directory ? directory : ".");
	ret->asked = (struct sides_asked){
		.old = arguments->operands[0],
		.new = arguments->operands[1],
		.old_source = cov_option_value(arguments, "from"),
		.new_source = cov_option_value(arguments, "to"),
		.database = cov_option_value(arguments, "db"),
		.unit = (enum observations_unit)unit,
	};
	return result;
}

static int check_directory(const struct sides *sides, const char *directory, struct cov_error *err)
{
	size_t first;

	if (kernel_directory_range(&sides->old.kernel, directory, &first) ||
	    kernel_directory_range(&sides->new.kernel, directory, &first))
		return 0;
	return cov_fail(err, COV_ERR_MISMATCH,
			"neither side has an instrumented directory or file %s", directory);
}

/* A limit of what is not there would never be exceeded. */
static int check_directories(const struct comparison *comparison, struct cov_error *err)
{
	const struct compare_limits *limits = &comparison->limits;
	int result = check_directory(&comparison->sides, comparison->directory, err);

	for (size_t i = 0; result == 0 && i < limits->count; i++)
		result = check_directory(&comparison->sides, limits->items[i].directory, err);
	return result;
}

static int compare_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(comparison_deinit) struct comparison comparison = { 0 };
	int result = read_options(arguments, &comparison, err);

	if (result == 0)
		result = sides_open(&comparison.asked, &comparison.sides, err);
	if (result == 0)
		result = check_directories(&comparison, err);
	if (result)
		return result;
	compare_sides(&comparison.sides.old, &comparison.sides.new, &comparison.sides.join,
		      comparison.fdr, &comparison.compare);
	const struct compare_scope scope = scope_of(&comparison);
	compare_say_warnings(&scope);
	if (comparison.list == LIST_DIRECTORIES)
		print_places(&comparison);
	else if (comparison.list == LIST_FUNCTIONS)
		print_functions(&comparison);
	else
		print_lines(&comparison);
	return compare_limits_check(&comparison.limits, &comparison.sides, &comparison.compare);
}

const struct cov_command cmd_compare = {
	.name = "compare",
	.operands = "OLD NEW",
	.summary = "what one side executes that the other does not, beyond the noise of trials",
	.details =
	    "OLD and NEW are [DATABASE:][KERNEL:]PLATFORM[/WORKLOAD[/NUMBER]],..., all good trials of "
	    "a platform and workload, phase, group or baseline, or one of them; or the name of a "
	    "tracefile. Of several workloads, all of a platform if none is named, the first trials "
	    "are one, added up, the second ones another. What capturing itself executes is taken "
	    "off.\n\n"
	    "Lines of two kernels are joined as 'covdb kernel diff' does. GAINED are lines that no "
	    "trial of OLD executed, but NEW does, more than chance deals them out; LOST the other "
	    "way round; MORE and LESS are executed by both, with another rate per second; NEW CODE "
	    "and CODE GONE are executed lines that only one of the kernels has; NOT CARRIED over "
	    "are those whose file has no source, LEFT OUT those of objects that are damaged in a "
	    "trial. Ranges are over resamples, each without a trial of either side. With too few "
	    "trials noise cannot be told from change, which is said, and all that differs is "
	    "there.\n\n"
	    "Examples:\n"
	    "  $ covdb compare runc/cpu runc/stream --dir net\n"
	    "  $ covdb compare 5.4:runc/cpu 6.1:runc/cpu --from linux@v5.4 --to linux@v6.1\n"
	    "  $ covdb compare old.sqlite:gvisor/memory gvisor/memory --list functions\n"
	    "  $ covdb compare runc gvisor --by subsystem --kernel-src linux\n"
	    "  $ covdb compare old.info new.info --fail-above net=100,mm=0 --format json",
	.options = options,
	.operand_count_min = 2,
	.operand_count_max = 2,
	.is_paged = true,
	.run = compare_run,
};
