/* cmd_functions.c - covdb functions: how often each platform calls each function. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/store/store_find.h"
#include "venn/store/store_function.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	QUESTION_SETS,
	OPTIONS_LIMIT(20),
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "only", 0, "PLATFORM", "only functions that this platform alone calls" },
	{ "sort", 0, "rate|calls|ratio|name", "what comes first (default: rate)" },
	{ 0 },
};

enum sort { SORT_RATE, SORT_CALLS, SORT_RATIO, SORT_NAME };

/* A function and what it is sorted by. */
struct entry {
	const struct store_function *function;
	const char *only; /* the only platform that calls it beyond the baseline, or NULL */
	double ratio;     /* of the highest to the lowest rate; NAN if some platform has none */
	double key;       /* the largest comes first */
};

struct entries {
	struct entry *items; /* [count]; owned */
	size_t count;
};

static struct entry make_entry(const struct store_query *query,
			       const struct store_function *function, enum sort sort)
{
	double highest = 0, lowest = INFINITY, calls = 0;
	struct entry entry = { .function = function };
	size_t caller_count = 0;

	for (size_t i = 0; i < query->platform_count; i++) {
		double rate = store_function_rate(query, function, i);

		highest = fmax(highest, rate);
		lowest = fmin(lowest, rate);
		calls += (double)function->calls[i];
		if (rate > 0 && ++caller_count == 1)
			entry.only = query->platforms[i].name;
	}
	if (caller_count != 1)
		entry.only = NULL;
	entry.ratio = lowest > 0 && query->platform_count > 1 ? highest / lowest : NAN;
	entry.key = sort == SORT_CALLS ? calls : highest;
	if (sort == SORT_RATIO)
		entry.key = isnan(entry.ratio) ? 0 : entry.ratio;
	return entry;
}

static int compare_keys(const void *a, const void *b)
{
	const struct entry *first = a, *second = b;

	if (first->key != second->key)
		return first->key > second->key ? -1 : 1;
	return first->function < second->function ? -1 : 1; /* in order of file and line */
}

static int compare_names(const void *a, const void *b)
{
	const struct entry *first = a, *second = b;
	int order = strcmp(first->function->name, second->function->name);

	return order ? order : compare_keys(a, b);
}

static void sort_entries(const struct store_query *query, const struct store_functions *functions,
			 const char *only, enum sort sort, struct entries *ret)
{
	ret->items = cov_xcalloc(functions->count, sizeof(*ret->items));
	for (size_t i = 0; i < functions->count; i++) {
		struct entry entry = make_entry(query, &functions->items[i], sort);

		if (!only || (entry.only && strcmp(entry.only, only) == 0))
			ret->items[ret->count++] = entry;
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items),
		      sort == SORT_NAME ? compare_names : compare_keys);
}

static void add_row(struct rows *rows, const struct store_query *query, const struct entry *entry)
{
	const struct store_function *function = entry->function;

	rows_word(rows, function->name);
	rows_word(rows, function->file);
	rows_count(rows, function->start_line);
	for (size_t i = 0; i < query->platform_count; i++) {
		rows_count(rows, function->calls[i]);
		rows_number(rows, store_function_rate(query, function, i));
	}
	rows_number(rows, entry->ratio);
	rows_word(rows, entry->only);
}

static char *why_none(const struct question *question, const char *only)
{
	const struct store_query *query = &question->query;

	if (only)
		return cov_format("no function: none of those that fit is called beyond the "
				  "baseline by %s alone",
				  only);
	return cov_format("no function: no platform called one of %s", query->directory);
}

static void print_entries(const struct question *question, const struct entries *entries,
			  const char *only)
{
	const struct store_query *query = &question->query;
	size_t column_count = 5 + 2 * query->platform_count, shown = 0;
	COV_AUTO(free) struct rows_column *columns = cov_xcalloc(column_count, sizeof(*columns));
	COV_AUTO(free) unsigned char *leave = cov_xcalloc(column_count, sizeof(*leave));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = column_count, .leave = leave };
	struct rows_column *column = columns;

	*column++ = (struct rows_column){ "FUNCTION", "function", ROWS_WORD };
	*column++ = (struct rows_column){ "FILE", "file", ROWS_WORD };
	*column++ = (struct rows_column){ "LINE", "line", ROWS_NUMBER };
	for (size_t i = 0; i < query->platform_count; i++) {
		const char *name = query->platforms[i].name;

		*column++ =
		    (struct rows_column){ name, rows_name(&rows, cov_format("%s_calls", name)),
					  ROWS_COUNT };
		*column++ = (struct rows_column){ rows_name(&rows, cov_format("%s/s", name)),
						  rows_name(&rows, cov_format("%s_per_s", name)),
						  ROWS_FIGURE };
		leave[column - columns - 1] = ROWS_STAYS - 1; /* all rates, first */
	}
	*column++ = (struct rows_column){ "RATIO", "ratio", ROWS_FIGURE };
	*column++ = (struct rows_column){ "ONLY", "only", ROWS_WORD };
	/* Then what can be seen in the counts, and the line; the counts stay. */
	leave[column_count - 1] = ROWS_STAYS - 2;
	leave[column_count - 2] = ROWS_STAYS - 3;
	leave[2] = ROWS_STAYS - 4;
	shown = question_shown(question, entries->count);
	for (size_t i = 0; i < shown; i++)
		add_row(&rows, query, &entries->items[i]);
	rows.none = why_none(question, only);
	question_print(question, &rows, entries->count);
}

static void entries_deinit(struct entries *entries)
{
	free(entries->items);
}

COV_DEFINE_AUTO_STRUCT(struct entries, entries_deinit)

/* Those of a name or pattern; if there is none of a name, those that have it in theirs. */
static int list_functions(const struct question *question, const char *glob,
			  struct store_functions *functions, struct cov_error *err)
{
	const struct store_query *query = &question->query;
	bool is_whole = strcmp(query->directory, ".") == 0;
	int result = store_function_list(question->store, query, glob, functions, err);

	if (result || !glob || functions->count)
		return result;
	if (!store_find_is_glob(glob)) {
		COV_AUTO(free) char *part = cov_format("*%s*", glob);

		store_function_list_deinit(functions);
		memset(functions, 0, sizeof(*functions));
		result = store_function_list(question->store, query, part, functions, err);
		if (result)
			return result;
		if (functions->count) {
			cov_say("no function is called %s: here are those that have it in their "
				"names",
				glob);
			return 0;
		}
	}
	COV_AUTO(free)
	char *where = is_whole ? cov_xstrdup("") : cov_format(" in %s", query->directory);
	return store_find_function_fail(question->store, query->kernel_id, glob, where, err);
}

static int functions_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const sorts[] = { "rate", "calls", "ratio", "name", NULL };
	const char *glob = arguments->operand_count ? arguments->operands[0] : NULL;
	const char *only = cov_option_value(arguments, "only");
	COV_AUTO(question_deinit) struct question question = { 0 };
	COV_AUTO(store_function_list_deinit) struct store_functions functions = { 0 };
	COV_AUTO(entries_deinit) struct entries entries = { 0 };
	int sort = SORT_RATE;
	size_t place;
	int result = cov_option_choice(arguments, "sort", sorts, &sort, err);

	if (result == 0)
		result = question_open(arguments, cov_option_value(arguments, "dir"), NULL,
				       &question, err);
	if (result == 0 && only)
		result = store_query_place(&question.query, only, &place, err);
	if (result == 0)
		result = list_functions(&question, glob, &functions, err);
	if (result)
		return result;
	store_transaction_end(question.store);
	sort_entries(&question.query, &functions, only, (enum sort)sort, &entries);
	print_entries(&question, &entries, only);
	return 0;
}

const struct cov_command cmd_functions = {
	.name = "functions",
	.operands = "[NAME]",
	.summary = "how often each platform calls each function",
	.details = "For each platform its calls in all trials of the workload, without those of "
		   "capturing itself, which may leave less than 0; and, under /s, the "
		   "calls per second of these trials minus those per second in the baseline: 0 "
		   "when a function is called no more often than there. RATIO is that of the "
		   "highest rate to the lowest; ONLY names the platform that alone has a rate. "
		   "Without a name functions that were never called are left out. A name is a "
		   "function's, or a shell pattern; if no function has it, those are listed that "
		   "have it in their names. A header's "
		   "function that has copies in several objects is one row. A function that was "
		   "inlined everywhere has no calls of its own.\n\n"
		   "Examples:\n"
		   "  $ covdb functions do_mmap --workload memory\n"
		   "  $ covdb functions 'tcp_*' --sort ratio --platforms runc,gvisor\n"
		   "  $ covdb functions --only gvisor --dir mm",
	.options = options,
	.operand_count_max = 1,
	.is_paged = true,
	.run = functions_run,
};
