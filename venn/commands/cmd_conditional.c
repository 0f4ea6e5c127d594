/* cmd_conditional.c - covdb conditional: code that some execute, in functions that all execute. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/questions/branch.h"
#include "venn/questions/conditional.h"
#include "venn/sets/mask.h"
#include "venn/store/store.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	QUESTION_SETS,
	OPTIONS_LIMIT(20),
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "only", 0, "PLATFORM", "only code that this platform alone executes" },
	{ "shared", 0, "footprint|executed",
	  "a platform executes a function if a line is in its footprint, or if one is executed at "
	  "all, idle included (default: footprint)" },
	{ "sort", 0, "rate|lines", "most executed or longest first (default: rate)" },
	{ 0 },
};

/* Of the lines that one platform alone executes, how many are in which functions. */
struct exclusive {
	int64_t lines;
	int64_t shared;  /* in functions that all platforms execute */
	int64_t unknown; /* in no function */
};

/* What is asked, read and found. */
struct search {
	struct question question;
	struct store_code code;
	struct conditional_hunks hunks;
	int shared; /* enum conditional_shared */
	struct exclusive exclusive[STORE_PLATFORMS_MAX];
};

static void search_deinit(struct search *search)
{
	conditional_hunks_deinit(&search->hunks);
	store_code_deinit(&search->code);
	question_deinit(&search->question);
}

COV_DEFINE_AUTO_STRUCT(struct search, search_deinit)

static void count_exclusive(struct search *search)
{
	for (size_t i = 0; i < search->code.line_count; i++) {
		const struct store_code_line *line = &search->code.lines[i];

		if (!line->kept || line->kept & (line->kept - 1))
			continue;
		struct exclusive *exclusive = &search->exclusive[__builtin_ctzll(line->kept)];
		exclusive->lines++;
		exclusive->shared += conditional_is_shared(
		    &search->code, line, (enum conditional_shared)search->shared,
		    mask_all(search->question.query.platform_count));
		exclusive->unknown += line->function == STORE_NO_FUNCTION;
	}
}

static int compare_lines(const void *a, const void *b)
{
	const struct conditional_hunk *first = a, *second = b;

	if (first->count != second->count)
		return first->count > second->count ? -1 : 1;
	return conditional_compare(a, b);
}

static void make_columns(const struct store_query *query, struct rows *rows,
			 struct rows_column *columns, unsigned char *leave)
{
	struct rows_column *column = columns;

	*column++ = (struct rows_column){ "FUNCTION", "function", ROWS_WORD };
	*column++ = (struct rows_column){ "FILE", "file", ROWS_WORD };
	*column++ = (struct rows_column){ "FROM", "from", ROWS_NUMBER };
	*column++ = (struct rows_column){ "TO", "to", ROWS_NUMBER };
	*column++ = (struct rows_column){ "LINES", "lines", ROWS_COUNT };
	for (size_t i = 0; i < query->platform_count; i++)
		*column++ = (struct rows_column){
			rows_name(rows, cov_format("%s/s", query->platforms[i].name)),
			rows_name(rows, cov_format("%s_per_s", query->platforms[i].name)),
			ROWS_FIGURE
		};
	*column++ = (struct rows_column){ "BRANCH", "branch", ROWS_WORD };
	/* The shares at the branch, then TO and LINES; who executes it, and where from, stay. */
	memset(leave + (column - columns), ROWS_STAYS - 1, query->platform_count);
	leave[3] = leave[4] = ROWS_STAYS - 2;
	memset(leave + 5, ROWS_STAYS, query->platform_count);
	for (size_t i = 0; i < query->platform_count; i++)
		*column++ = (struct rows_column){
			rows_name(rows, cov_format("TAKEN %s", query->platforms[i].name)),
			rows_name(rows, cov_format("%s_taken", query->platforms[i].name)),
			ROWS_SHARE
		};
	rows->columns = columns;
	rows->leave = leave;
	rows->column_count = (size_t)(column - columns);
}

static int add_row(const struct search *search, const struct branch_search *branches,
		   const struct conditional_hunk *hunk, struct rows *rows, struct cov_error *err)
{
	const struct question *question = &search->question;
	const struct store_query *query = &question->query;
	const struct cov_kernel *kernel = &search->code.kernel;
	uint32_t line_id = (uint32_t)(query->line_first + hunk->first);
	COV_AUTO(free) char *name = NULL;
	COV_AUTO(free) char *where = NULL;
	struct branch branch;
	int result = store_function_name(question->store, query->kernel_id,
					 search->code.functions[hunk->function].id, &name, err);

	if (result == 0)
		result = branch_find(branches, hunk->function, line_id, hunk->mask, &branch, err);
	if (result)
		return result;
	rows_word(rows, name);
	rows_word(rows, kernel->files[kernel->line_files[line_id]]);
	rows_count(rows, kernel->line_numbers[line_id]);
	rows_count(rows, kernel->line_numbers[line_id + hunk->count - 1]);
	rows_count(rows, hunk->count);
	for (size_t i = 0; i < query->platform_count; i++) {
		if (hunk->mask >> i & 1)
			rows_number(rows, conditional_rate(query, &search->code, hunk, i));
		else
			rows_missing(rows);
	}
	if (branch.file)
		where = cov_format("%s:%lld", branch.file, (long long)branch.line);
	rows_word(rows, where);
	for (size_t i = 0; i < query->platform_count; i++)
		rows_number(rows, branch.file ? branch.taken[i] : NAN);
	return 0;
}

static void add_exclusive_rows(const struct search *search, struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "ONLY HERE", "exclusive", ROWS_COUNT },
		{ "IN SHARED FUNCTIONS", "in_shared_functions", ROWS_COUNT },
		{ "IN NO FUNCTION", "in_no_function", ROWS_COUNT },
		{ "SHARE", "share_in_shared_functions", ROWS_SHARE },
		{ "IN OTHERS", "in_other_functions", ROWS_COUNT },
	};

	rows->columns = columns;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; i < search->question.query.platform_count; i++) {
		const struct exclusive *exclusive = &search->exclusive[i];

		rows_word(rows, search->question.query.platforms[i].name);
		rows_count(rows, exclusive->lines);
		rows_count(rows, exclusive->shared);
		rows_count(rows, exclusive->unknown);
		rows_number(rows, exclusive->lines
				      ? (double)exclusive->shared / (double)exclusive->lines
				      : NAN);
		rows_count(rows, exclusive->lines - exclusive->shared - exclusive->unknown);
	}
}

static double share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

/* What each platform adds to the first. */
static void add_added_rows(const struct search *search, struct rows *rows)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "AGAINST", "against", ROWS_WORD },
		{ "ADDED", "added", ROWS_COUNT },
		{ "IN ITS FUNCTIONS", "in_functions_of_footprint", ROWS_COUNT },
		{ "NEW FUNCTIONS", "in_functions_beyond_footprint", ROWS_COUNT },
		{ "SHARE", "share_in_functions_of_footprint", ROWS_SHARE },
		{ "IN EXECUTED", "in_functions_executed", ROWS_COUNT },
		{ "NEVER EXECUTED", "in_functions_not_executed", ROWS_COUNT },
		{ "SHARE", "share_in_functions_executed", ROWS_SHARE },
		{ "IN NO FUNCTION", "in_no_function", ROWS_COUNT },
	};
	/* A share that follows from the two counts before it. */
	static const unsigned char leave[] = { 0, 0, 0, 0, 0, 0, 0, 0, 9, 0 };
	const struct store_query *query = &search->question.query;

	rows->columns = columns;
	rows->leave = leave;
	rows->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 1; i < query->platform_count; i++) {
		const struct conditional_added added = conditional_added(&search->code, i, 0);

		rows_word(rows, query->platforms[i].name);
		rows_word(rows, query->platforms[0].name);
		rows_count(rows, added.lines);
		for (int j = CONDITIONAL_FOOTPRINT; j <= CONDITIONAL_EXECUTED; j++) {
			rows_count(rows, added.shared[j]);
			rows_count(rows, added.fresh[j]);
			rows_number(rows, share(added.shared[j], added.lines));
		}
		rows_count(rows, added.unknown);
	}
}

static int print_hunks(struct search *search, struct cov_error *err)
{
	const struct question *question = &search->question;
	COV_AUTO(free)
	struct rows_column *columns =
	    cov_xcalloc(6 + 2 * question->query.platform_count, sizeof(*columns));
	COV_AUTO(free)
	unsigned char *leave = cov_xcalloc(6 + 2 * question->query.platform_count, sizeof(*leave));
	COV_AUTO(rows_deinit) struct rows rows = { 0 };
	COV_AUTO(rows_deinit) struct rows exclusive = { 0 };
	COV_AUTO(rows_deinit) struct rows added = { 0 };
	struct branch_search branches = { question->store, &question->query, &search->code };
	int result = 0;

	make_columns(&question->query, &rows, columns, leave);
	for (size_t i = 0; result == 0 && i < question_shown(question, search->hunks.count); i++)
		result = add_row(search, &branches, &search->hunks.items[i], &rows, err);
	if (result)
		return result;
	store_transaction_end(question->store);
	add_exclusive_rows(search, &exclusive);
	add_added_rows(search, &added);
	if (question->format == ROWS_JSON) {
		rows.about = question_about("conditional", question->kernel.name, &question->query);
		cov_json_set(rows.about, "hunks", rows_to_json(&rows));
		cov_json_set(rows.about, "exclusive", rows_to_json(&exclusive));
		cov_json_set(rows.about, "added", rows_to_json(&added));
	}
	rows.none = cov_format("no code: in %s none is executed by some of these platforms and not "
			       "by the others, in functions that all of them execute",
			       question->query.directory);
	question_print(question, &rows, search->hunks.count);
	if (question->format == ROWS_TEXT) {
		putchar('\n');
		rows_print(&exclusive, ROWS_TEXT);
		putchar('\n');
		rows_print(&added, ROWS_TEXT);
	}
	return 0;
}

static int conditional_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const sorts[] = { "rate", "lines", NULL };
	static const char *const shareds[] = { "footprint", "executed", NULL };
	const char *only = cov_option_value(arguments, "only");
	COV_AUTO(search_deinit) struct search search = { 0 };
	struct question *question = &search.question;
	size_t place = 0;
	int sort = 0;
	int result = cov_option_choice(arguments, "sort", sorts, &sort, err);

	if (result == 0)
		result = cov_option_choice(arguments, "shared", shareds, &search.shared, err);
	if (result == 0)
		result = question_open(arguments, cov_option_value(arguments, "dir"), NULL,
				       question, err);
	if (result == 0 && only)
		result = store_query_place(&question->query, only, &place, err);
	if (result == 0 && question->query.platform_count < 2)
		result = cov_fail(err, COV_ERR_MISMATCH, "it takes two platforms to compare");
	if (result == 0)
		result = store_code_read(question->store, &question->query, &search.code, err);
	if (result)
		return result;
	conditional_find(&(struct conditional_search){ &question->query, &search.code,
						       (enum conditional_shared)search.shared,
						       only ? (uint64_t)1 << place : 0 },
			 &search.hunks);
	count_exclusive(&search);
	if (sort && search.hunks.count)
		qsort(search.hunks.items, search.hunks.count, sizeof(*search.hunks.items),
		      compare_lines);
	return print_hunks(&search, err);
}

const struct cov_command cmd_conditional = {
	.name = "conditional",
	.operands = "",
	.summary = "code that only some platforms execute, in functions that all of them execute",
	.details =
	    "A row is a run of instrumented lines of one function that the same platforms "
	    "execute beyond the baseline and the others not at all, with the executions "
	    "per second of its busiest line. A function is executed by a platform whose "
	    "footprint has a line of it. BRANCH is the nearest branch that decides about "
	    "the first of the lines and that platforms took differently: below each "
	    "platform's name, how often it was left towards the lines, of all times that "
	    "the platform came there. It stays empty where only copies of an inline "
	    "function ran that are part of other functions.\n\n"
	    "The table below shows how much of what one platform alone executes is "
	    "conditional: the lines of its footprint only, how many are in functions that "
	    "all platforms execute, and their SHARE; lines of inline functions that have "
	    "no copy of their own are in no function. Compilers that do not record where a "
	    "function ends (GCC before 8) leave most lines in none.\n\n"
	    "The last table sets each platform against the first, as the paper does against "
	    "the host: the lines that it ADDED to the first's footprint are in functions "
	    "of that, in NEW FUNCTIONS, or in no function; and likewise in functions that the "
	    "first has EXECUTED at all, idle included, or not.\n\n"
	    "Examples:\n"
	    "  $ covdb conditional --dir mm --workload memory\n"
	    "  $ covdb conditional --platforms runc,gvisor --only gvisor --sort lines\n"
	    "  $ covdb conditional --format json --limit 0",
	.options = options,
	.is_paged = true,
	.run = conditional_run,
};
