/* cmd_top.c - covdb top: what differs most between two platforms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	OPTIONS_LIMIT(20),
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "by", 0, "rate|lines",
	  "calls per second, or lines that only one executes (default: rate)" },
	{ "of", 0, "functions|files", "what is compared (default: functions)" },
	{ "sort", 0, "both|first|second",
	  "what differs either way, or in favour of one (default: both)" },
	{ 0 },
};

enum { FIRST = 0, SECOND = 1, NO_FUNCTION = -1 };
enum sort { SORT_BOTH, SORT_FIRST, SORT_SECOND };

/* A function, or a file, on two platforms. */
struct item {
	int64_t file_id;
	int64_t function_id; /* when compared by lines; or NO_FUNCTION: of the file's other lines */
	const char *file;    /* borrowed */
	const char *name;    /* of the function, borrowed; NULL for a file */
	int64_t line;
	int64_t calls[2];
	double rates[2]; /* calls per second beyond the baseline's */
	int64_t common;  /* lines of both */
	int64_t only[2]; /* lines of one */
	double score;    /* the largest comes first */
};

struct items {
	struct item *items; /* [count], by file and line until sorted; owned */
	size_t count;
	size_t capacity;
};

static void items_deinit(struct items *items)
{
	free(items->items);
}

/* What top works on. */
struct comparison {
	struct question question;
	struct store_functions functions; /* by rate */
	struct store_code code;           /* by lines */
	struct items items;
	int by_lines;
	int of_files;
	int sort;
};

static void comparison_deinit(struct comparison *comparison)
{
	store_function_list_deinit(&comparison->functions);
	store_code_deinit(&comparison->code);
	items_deinit(&comparison->items);
	question_deinit(&comparison->question);
}

COV_DEFINE_AUTO_STRUCT(struct comparison, comparison_deinit)

/* The item added last if it has the same file, when files are compared; else a new one. */
static struct item *add_item(struct comparison *comparison, int64_t file_id, const char *file)
{
	struct items *items = &comparison->items;

	if (comparison->of_files && items->count &&
	    items->items[items->count - 1].file_id == file_id)
		return &items->items[items->count - 1];
	items->items =
	    cov_grow(items->items, items->count, &items->capacity, sizeof(*items->items));
	items->items[items->count] = (struct item){ .file_id = file_id, .file = file };
	return &items->items[items->count++];
}

static void add_by_rate(struct comparison *comparison)
{
	const struct store_query *query = &comparison->question.query;

	for (size_t i = 0; i < comparison->functions.count; i++) {
		const struct store_function *function = &comparison->functions.items[i];
		struct item *item = add_item(comparison, function->file_id, function->file);

		item->name = comparison->of_files ? NULL : function->name;
		item->line = function->start_line;
		for (size_t j = FIRST; j <= SECOND; j++) {
			item->calls[j] = cov_number_add(item->calls[j], function->calls[j]);
			item->rates[j] += store_function_rate(query, function, j);
		}
	}
}

/*
 * The item that a line counts for: of its file, or of its function; lines outside of functions are
 * an item of their own for each file.
 * @place_of: [function_count + file_count], 1 + the place of the item of each; 0: none yet
 */
static struct item *find_item(struct comparison *comparison, const struct store_code_line *line,
			      uint32_t file_id, uint32_t *place_of)
{
	const struct store_code *code = &comparison->code;
	bool is_outside = line->function == STORE_NO_FUNCTION;
	size_t index = is_outside ? code->function_count + file_id : line->function;
	const char *file = code->kernel.files[file_id];

	if (comparison->of_files)
		return add_item(comparison, file_id, file);
	if (place_of[index])
		return &comparison->items.items[place_of[index] - 1];
	struct item *item = add_item(comparison, file_id, file);
	place_of[index] = (uint32_t)comparison->items.count;
	item->function_id = is_outside ? NO_FUNCTION : code->functions[index].id;
	item->line = is_outside ? 0 : code->functions[index].start_line;
	return item;
}

static void add_by_lines(struct comparison *comparison)
{
	const struct store_query *query = &comparison->question.query;
	const struct store_code *code = &comparison->code;
	COV_AUTO(free)
	uint32_t *place_of =
	    cov_xcalloc(code->function_count + code->kernel.file_count, sizeof(*place_of));

	for (int64_t i = 0; i < query->line_count; i++) {
		const struct store_code_line *line = store_code_line(code, i);

		if (!line || !line->kept)
			continue;
		uint32_t file_id = code->kernel.line_files[query->line_first + i];
		struct item *item = find_item(comparison, line, file_id, place_of);
		item->common += line->kept == 3;
		item->only[FIRST] += line->kept == 1;
		item->only[SECOND] += line->kept == 2;
	}
}

/*
 * How many times as often the first calls it as the second, as a logarithm. Adding half a call on
 * each side keeps one call in a long time against none from being the largest difference.
 */
static double rate_difference(const struct store_query *query, const struct item *item)
{
	double rates[2];

	for (size_t i = FIRST; i <= SECOND; i++) {
		double seconds = (double)query->platforms[i].duration_ns / 1e9;

		rates[i] = item->rates[i] + 0.5 / seconds;
	}
	return log(rates[FIRST] / rates[SECOND]);
}

static int compare_items(const void *a, const void *b)
{
	const struct item *first = a, *second = b;

	if (first->score != second->score)
		return first->score > second->score ? -1 : 1;
	if (first->file_id != second->file_id)
		return first->file_id < second->file_id ? -1 : 1;
	if (first->line != second->line)
		return first->line < second->line ? -1 : 1;
	if (first->function_id != second->function_id)
		return first->function_id < second->function_id ? -1 : 1;
	return first->name ? strcmp(first->name, second->name) : 0;
}

/* Score and sort what differs; what does not is dropped. */
static void sort_items(struct comparison *comparison)
{
	struct items *items = &comparison->items;
	size_t kept = 0;

	for (size_t i = 0; i < items->count; i++) {
		struct item item = items->items[i];
		double first, second;

		if (comparison->by_lines) {
			first = (double)item.only[FIRST];
			second = (double)item.only[SECOND];
		} else {
			double difference = rate_difference(&comparison->question.query, &item);

			first = fmax(difference, 0);
			second = fmax(-difference, 0);
			if (item.rates[FIRST] == 0 && item.rates[SECOND] == 0)
				continue;
		}
		item.score = first + second;
		if (comparison->sort != SORT_BOTH)
			item.score = comparison->sort == SORT_FIRST ? first : second;
		if (item.score > 0)
			items->items[kept++] = item;
	}
	items->count = kept;
	if (kept)
		qsort(items->items, kept, sizeof(*items->items), compare_items);
}

static void make_columns(const struct comparison *comparison, struct rows *rows,
			 struct rows_column *columns)
{
	struct rows_column *column = columns;

	if (!comparison->of_files)
		*column++ = (struct rows_column){ "FUNCTION", "function", ROWS_WORD };
	*column++ = (struct rows_column){ "FILE", "file", ROWS_WORD };
	if (!comparison->of_files)
		*column++ = (struct rows_column){ "LINE", "line", ROWS_NUMBER };
	if (comparison->by_lines)
		*column++ = (struct rows_column){ "COMMON", "common", ROWS_COUNT };
	for (size_t i = FIRST; i <= SECOND; i++) {
		const char *name = comparison->question.query.platforms[i].name;

		if (comparison->by_lines) {
			*column++ =
			    (struct rows_column){ rows_name(rows, cov_format("ONLY %s", name)),
						  rows_name(rows, cov_format("%s_only", name)),
						  ROWS_COUNT };
			continue;
		}
		*column++ =
		    (struct rows_column){ name, rows_name(rows, cov_format("%s_calls", name)),
					  ROWS_COUNT };
		*column++ = (struct rows_column){ rows_name(rows, cov_format("%s/s", name)),
						  rows_name(rows, cov_format("%s_per_s", name)),
						  ROWS_FIGURE };
	}
	if (!comparison->by_lines)
		*column++ = (struct rows_column){ "RATIO", "ratio", ROWS_FIGURE };
	rows->columns = columns;
	rows->column_count = (size_t)(column - columns);
}

static int add_row(const struct comparison *comparison, struct rows *rows, const struct item *item,
		   struct cov_error *err)
{
	const struct question *question = &comparison->question;
	COV_AUTO(free) char *name = NULL;
	bool is_ratio = item->rates[FIRST] > 0 && item->rates[SECOND] > 0;

	bool is_outside = comparison->by_lines && item->function_id == NO_FUNCTION;

	if (!comparison->of_files && comparison->by_lines && !is_outside) {
		int result = store_function_name(question->store, question->query.kernel_id,
						 item->function_id, &name, err);
		if (result)
			return result;
	}
	if (!comparison->of_files && is_outside) {
		rows_word(rows, question_no_function(question));
	} else if (!comparison->of_files) {
		rows_word(rows, name ? name : item->name);
	}
	rows_word(rows, item->file);
	if (!comparison->of_files && is_outside)
		rows_missing(rows);
	else if (!comparison->of_files)
		rows_count(rows, item->line);
	if (comparison->by_lines) {
		rows_count(rows, item->common);
		rows_count(rows, item->only[FIRST]);
		rows_count(rows, item->only[SECOND]);
		return 0;
	}
	for (size_t i = FIRST; i <= SECOND; i++) {
		rows_count(rows, item->calls[i]);
		rows_number(rows, item->rates[i]);
	}
	rows_number(rows, is_ratio ? item->rates[FIRST] / item->rates[SECOND] : NAN);
	return 0;
}

static int print_items(const struct comparison *comparison, struct cov_error *err)
{
	const struct question *question = &comparison->question;
	struct rows_column columns[8];
	COV_AUTO(rows_deinit) struct rows rows = { 0 };

	make_columns(comparison, &rows, columns);
	for (size_t i = 0; i < question_shown(question, comparison->items.count); i++) {
		int result = add_row(comparison, &rows, &comparison->items.items[i], err);

		if (result)
			return result;
	}
	store_transaction_end(question->store);
	rows.none = cov_format("nothing differs between %s and %s in %s",
			       question->query.platforms[FIRST].name,
			       question->query.platforms[SECOND].name, question->query.directory);
	question_print(question, &rows, comparison->items.count);
	return 0;
}

static int read_options(const struct cov_arguments *arguments, struct comparison *comparison,
			struct cov_error *err)
{
	static const char *const bys[] = { "rate", "lines", NULL };
	static const char *const ofs[] = { "functions", "files", NULL };
	static const char *const sorts[] = { "both", "first", "second", NULL };
	int result = cov_option_choice(arguments, "by", bys, &comparison->by_lines, err);

	if (result == 0)
		result = cov_option_choice(arguments, "of", ofs, &comparison->of_files, err);
	if (result == 0)
		result = cov_option_choice(arguments, "sort", sorts, &comparison->sort, err);
	return result;
}

static int top_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(free)
	char *platforms = cov_format("%s,%s", arguments->operands[0], arguments->operands[1]);
	COV_AUTO(comparison_deinit) struct comparison comparison = { 0 };
	struct question *question = &comparison.question;
	int result = read_options(arguments, &comparison, err);

	if (result == 0 && cov_option_value(arguments, "platforms"))
		result = cov_fail(err, COV_ERR_USAGE,
				  "top takes the two platforms as operands, not by --platforms");
	if (result == 0)
		result = question_open(arguments, cov_option_value(arguments, "dir"), platforms,
				       question, err);
	for (size_t i = 0; result == 0 && i < question->query.platform_count; i++) {
		if (question->query.platforms[i].is_set)
			result = cov_fail(err, COV_ERR_USAGE,
					  "%s is a set of lines, without rates to compare",
					  question->query.platforms[i].name);
	}
	if (result == 0 && comparison.by_lines)
		result = store_code_read(question->store, &question->query, &comparison.code, err);
	else if (result == 0)
		result = store_function_list(question->store, &question->query, NULL,
					     &comparison.functions, err);
	if (result)
		return result;
	if (comparison.by_lines)
		add_by_lines(&comparison);
	else
		add_by_rate(&comparison);
	sort_items(&comparison);
	return print_items(&comparison, err);
}

const struct cov_command cmd_top = {
	.name = "top",
	.operands = "PLATFORM[/WORKLOAD] PLATFORM[/WORKLOAD]",
	.summary = "what differs most between two platforms, or workloads of one",
	.details =
	    "By rate: functions, or files with the calls of all their functions, by how many times "
	    "as often one platform calls them as the other, per second and beyond the baseline's "
	    "rate; half a call is added on both sides, so that one call against none does not come "
	    "first. RATIO is without that, of the first to the second. By lines: the lines that "
	    "one of them executes beyond the baseline and the other does not, and those in "
	    "common; lines that are in no function of the kernel's objects, as inline functions "
	    "without a copy, are a row of their own for each file.\n\n"
	    "Examples:\n"
	    "  $ covdb top runc gvisor --workload memory\n"
	    "  $ covdb top runc/cpu runc/stream\n"
	    "  $ covdb top runc gvisor --by lines --of files --dir net\n"
	    "  $ covdb top host microvm --by lines --sort second --limit 10",
	.options = options,
	.operand_count_min = 2,
	.operand_count_max = 2,
	.is_paged = true,
	.run = top_run,
};
