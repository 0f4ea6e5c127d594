/* cmd_venn_list.c - the lines, functions or files of a set of lines. */
#include "venn/commands/cmd_venn_list.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/commands/carried.h"
#include "venn/commands/question.h"
#include "venn/sets/expression.h"
#include "venn/store/store.h"
#include "venn/store/store_code.h"
#include "venn/store/store_file.h"
#include "venn/store/store_function.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

enum unit { LINES, FUNCTIONS, FILES };
enum order { BY_PLACE, BY_LINES, BY_RATE };

/* A line of the set, or what holds some of them. */
struct item {
	size_t place;  /* of a line in the query's range; of what holds them: of its first one */
	size_t holder; /* index of the file, if files are listed; of the function, or behind those
			  of a file, for its lines that are in no function */
	int64_t lines;
	double rate_per_s; /* of a line: on the platform where it is highest */
};

struct list {
	struct question question;
	struct store_code code;   /* unless files are listed */
	struct store_files files; /* if they are: of the query's range */
	struct expression expression;
	enum unit unit;
	enum order order;
	struct carried carried;
	struct item *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

static void list_deinit(struct list *list)
{
	free(list->items);
	carried_deinit(&list->carried);
	expression_deinit(&list->expression);
	store_code_deinit(&list->code);
	store_file_list_deinit(&list->files);
	question_deinit(&list->question);
}

COV_DEFINE_AUTO_STRUCT(struct list, list_deinit)

static void print_rows(const struct list *list, struct rows *rows)
{
	const struct question *question = &list->question;

	store_transaction_end(question->store);
	if (list->carried.name) {
		rows->about =
		    question_about(question->command, question->kernel.name, &question->query);
		cov_json_set(rows->about, "carried", carried_json(&list->carried));
		carried_say(&list->carried, question->command);
	}
	rows->none = cov_format("no line of %s is in that set", question->query.directory);
	question_print(question, rows, list->count);
}

static double rate_per_s(const struct list *list, const struct store_code_line *line,
			 size_t platform)
{
	const struct store_query *query = &list->question.query;
	size_t index = (size_t)(line - list->code.lines);
	int64_t count = list->code.counts[index * query->platform_count + platform];
	int64_t duration_ns = query->platforms[platform].duration_ns;

	if (!(line->kept >> platform & 1))
		return 0;
	return duration_ns ? (double)count * 1e9 / (double)duration_ns : NAN;
}

static uint32_t file_of(const struct list *list, size_t place)
{
	return list->code.kernel.line_files[(size_t)list->question.query.line_first + place];
}

/* The function that a line is counted for, or its file. */
static size_t holder_of(const struct list *list, const struct store_code_line *line, size_t place)
{
	return line->function != STORE_NO_FUNCTION
		   ? line->function
		   : list->code.function_count + file_of(list, place);
}

static struct item *add_item(struct list *list, size_t place, size_t holder)
{
	list->items = cov_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count] = (struct item){ .place = place, .holder = holder };
	return &list->items[list->count++];
}

static void add_line(struct list *list, const struct store_code_line *line, size_t place)
{
	const struct store_query *query = &list->question.query;
	struct item *item = add_item(list, place, 0);

	carried_count(&list->carried, (uint32_t)query->line_first + (uint32_t)place);
	for (size_t i = 0; i < query->platform_count; i++) {
		double rate = rate_per_s(list, line, i);

		item->rate_per_s = rate > item->rate_per_s ? rate : item->rate_per_s;
	}
}

/* Each line of the set, or each function that holds one. */
static void find_items(struct list *list)
{
	const struct store_query *query = &list->question.query;
	size_t holder_count = list->code.function_count + list->code.kernel.file_count;
	COV_AUTO(free) size_t *items = cov_xcalloc(holder_count, sizeof(*items)); /* 1 + index */

	for (size_t place = 0; place < (size_t)query->line_count; place++) {
		const struct store_code_line *line = store_code_line(&list->code, (int64_t)place);

		if (!line || !expression_has(&list->expression, line->kept))
			continue;
		if (list->unit == LINES) {
			add_line(list, line, place);
			continue;
		}
		size_t holder = holder_of(list, line, place);
		if (!items[holder]) {
			add_item(list, place, holder);
			items[holder] = list->count;
		}
		list->items[items[holder] - 1].lines++;
	}
}

/* The lines of the set, 64 at a time. @platforms: [query->platform_count][@word_count] */
static void select_lines(const struct list *list, const uint64_t *platforms, size_t word_count,
			 struct cov_footprint *ret)
{
	uint64_t words[STORE_PLATFORMS_MAX];

	for (size_t i = (size_t)list->question.query.line_first / 64; i < word_count; i++) {
		for (size_t j = 0; j < list->question.query.platform_count; j++)
			words[j] = platforms[j * word_count + i];
		ret->words[i] = expression_words(&list->expression, words);
	}
}

/* Each file that holds a line of the set: neither functions nor how often lines ran are read. */
static int find_files(struct list *list, struct cov_error *err)
{
	const struct store_query *query = &list->question.query;
	struct store *store = list->question.store;
	const struct store_range range = store_query_range(query);
	size_t end = range.line_first + range.line_count, word_count = (end + 63) / 64;
	COV_AUTO(free)
	uint64_t *platforms = cov_xcalloc(word_count * query->platform_count, sizeof(*platforms));
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	int result = store_mask_words(store, query, platforms, word_count, err);

	if (result == 0)
		result = store_file_list(store, query->kernel_id, &range, &list->files, err);
	if (result)
		return result;
	cov_footprint_init(&lines, end);
	select_lines(list, platforms, word_count, &lines);
	for (size_t i = 0; i < list->files.count; i++) {
		const struct store_range *file = &list->files.items[i].range;
		size_t count =
		    cov_footprint_count_within(&lines, file->line_first, file->line_count);

		if (count)
			add_item(list, file->line_first - range.line_first, i)->lines =
			    (int64_t)count;
	}
	return 0;
}

/* Largest first; equal ones by place. */
static int compare_items(const void *a, const void *b)
{
	const struct item *first = a, *second = b;

	if (first->rate_per_s != second->rate_per_s)
		return first->rate_per_s > second->rate_per_s ? -1 : 1;
	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->place > second->place) - (first->place < second->place);
}

static void print_lines(const struct list *list)
{
	const struct store_query *query = &list->question.query;
	const struct cov_kernel *kernel = &list->code.kernel;
	static const struct rows_column carried[] = { CARRIED_COLUMNS };
	struct rows_column columns[3 + STORE_PLATFORMS_MAX + CARRIED_COLUMN_COUNT] = {
		{ "FILE", "file", ROWS_WORD },
		{ "LINE", "line", ROWS_NUMBER },
		{ "PLATFORMS", "platforms", ROWS_SET },
	};
	size_t column_count = 3 + query->platform_count;
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = column_count };

	if (list->carried.name) {
		memcpy(columns + column_count, carried, sizeof(carried));
		rows.column_count += CARRIED_COLUMN_COUNT;
	}
	for (size_t i = 0; i < query->platform_count; i++)
		columns[3 + i] = (struct rows_column){
			rows_name(&rows, cov_format("%s/s", query->platforms[i].name)),
			rows_name(&rows, cov_format("%s_per_s", query->platforms[i].name)),
			ROWS_FIGURE,
		};
	for (size_t i = 0; i < question_shown(&list->question, list->count); i++) {
		size_t place = list->items[i].place;
		const struct store_code_line *line = store_code_line(&list->code, (int64_t)place);

		rows_word(&rows, kernel->files[file_of(list, place)]);
		rows_count(&rows, kernel->line_numbers[(size_t)query->line_first + place]);
		question_set(query, line->kept, &rows);
		for (size_t j = 0; j < query->platform_count; j++)
			rows_number(&rows, rate_per_s(list, line, j));
		if (list->carried.name)
			carried_add(&list->carried, (uint32_t)query->line_first + (uint32_t)place,
				    &rows);
	}
	print_rows(list, &rows);
}

/* How many lines of a file are in no function. */
static void add_outside_row(const struct list *list, const struct item *item, struct rows *rows)
{
	rows_word(rows, question_no_function(&list->question));
	rows_word(rows, list->code.kernel.files[item->holder - list->code.function_count]);
	rows_missing(rows);
	rows_count(rows, item->lines);
}

static int print_functions(const struct list *list, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "FUNCTION", "function", ROWS_WORD },
		{ "FILE", "file", ROWS_WORD },
		{ "LINE", "line", ROWS_NUMBER },
		{ "LINES", "lines", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 4 };

	for (size_t i = 0; i < question_shown(&list->question, list->count); i++) {
		const struct item *item = &list->items[i];

		if (item->holder >= list->code.function_count) {
			add_outside_row(list, item, &rows);
			continue;
		}
		const struct store_code_function *function = &list->code.functions[item->holder];
		COV_AUTO(free) char *name = NULL;
		int result = store_function_name(
		    list->question.store, list->question.query.kernel_id, function->id, &name, err);
		if (result)
			return result;
		rows_word(&rows, name);
		rows_word(&rows, list->code.kernel.files[function->file_id]);
		rows_count(&rows, function->start_line);
		rows_count(&rows, item->lines);
	}
	print_rows(list, &rows);
	return 0;
}

static void print_files(const struct list *list)
{
	static const struct rows_column columns[] = {
		{ "FILE", "file", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 2 };

	for (size_t i = 0; i < question_shown(&list->question, list->count); i++) {
		rows_word(&rows, list->files.items[list->items[i].holder].path);
		rows_count(&rows, list->items[i].lines);
	}
	print_rows(list, &rows);
}

static int read_options(const struct cov_arguments *arguments, struct list *list,
			struct cov_error *err)
{
	static const char *const units[] = { "lines", "functions", "files", NULL };
	static const char *const orders[] = { "place", "lines", "rate", NULL };
	int unit = LINES;
	int result = cov_option_choice(arguments, "list", units, &unit, err);
	int order = unit == LINES ? BY_PLACE : BY_LINES;

	if (result == 0)
		result = cov_option_choice(arguments, "sort", orders, &order, err);
	if (result)
		return result;
	if (order == (unit == LINES ? BY_LINES : BY_RATE))
		return cov_fail(err, COV_ERR_USAGE, "%s are not sorted by %s", units[unit],
				orders[order]);
	list->unit = (enum unit)unit;
	list->code.is_of_lines = unit == LINES;
	list->order = (enum order)order;
	return 0;
}

int cmd_venn_list_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(list_deinit) struct list list = { 0 };
	const struct store_query *query = &list.question.query;
	const char *names[STORE_PLATFORMS_MAX];
	int result = read_options(arguments, &list, err);

	if (result == 0)
		result = question_open(arguments, cov_option_value(arguments, "dir"), NULL,
				       &list.question, err);
	store_query_names(query, names);
	if (result == 0)
		result = expression_parse(arguments->operands[0], names, query->platform_count,
					  &list.expression, err);
	if (result == 0)
		result = list.unit == FILES
			     ? find_files(&list, err)
			     : store_code_read(list.question.store, query, &list.code, err);
	if (result == 0)
		result = carried_open(arguments, list.question.store, list.question.kernel.name,
				      &list.carried, err);
	if (result)
		return result;
	if (list.unit != FILES)
		find_items(&list);
	if (list.order != BY_PLACE && list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_items);
	if (list.unit == FUNCTIONS)
		result = print_functions(&list, err);
	else if (list.unit == FILES)
		print_files(&list);
	else
		print_lines(&list);
	return result;
}
