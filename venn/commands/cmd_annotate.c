/* cmd_annotate.c - covdb annotate: a source file beside how often each platform executes it. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/questions/source_text.h"
#include "venn/sets/mask.h"
#include "venn/store/store_find.h"
#include "venn/store/store_line.h"
#include "venn/store/store_place.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	QUESTION_SETS,
	OPTIONS_LIMIT(0),
	{ "dir", 0, "DIR", "what FILE is relative to (default: the kernel's root)" },
	{ "kernel-src", 0, "DIR", "the kernel's source tree (default: where it was built)" },
	{ "hits", 0, "count|rate", "count over all trials, or per second (default: count)" },
	{ "sort", 0, "line|hits", "hits: instrumented lines, highest count first (default: line)" },
	{ 0 },
};

/* What is printed: rows of a file, some of which are instrumented lines. */
struct listing {
	const struct question *question;
	const struct source_text *text;
	const struct place *place;
	bool is_instrumented_only; /* sorted by hits */
	bool is_rate;
	const struct store_line **lines; /* [count], NULL where not instrumented; owned */
	int64_t *numbers;                /* [count], line numbers; owned */
	size_t count;
};

static void listing_deinit(struct listing *listing)
{
	free(listing->lines);
	free(listing->numbers);
}

COV_DEFINE_AUTO_STRUCT(struct listing, listing_deinit)

/* What the operand names: "mm/mmap.c", "mm/mmap.c:10", "mm/mmap.c:10-20", "do_mmap",
 * "mm/mmap.c:do_mmap". */
struct place {
	char *file;     /* NULL until the function was found; owned */
	char *function; /* NULL: none is named; owned */
	int64_t from;
	int64_t to;
};

static void place_deinit(struct place *place)
{
	free(place->file);
	free(place->function);
}

COV_DEFINE_AUTO_STRUCT(struct place, place_deinit)

static int parse_place(const char *operand, const char *directory, struct place *ret,
		       struct cov_error *err)
{
	const char *colon = strrchr(operand, ':');
	size_t length = colon ? (size_t)(colon - operand) : strlen(operand);
	const char *end;
	uint64_t from, to;

	ret->file = cov_format("%s%s%.*s", directory ? directory : "", directory ? "/" : "",
			       (int)length, operand);
	ret->from = 1;
	ret->to = INT64_MAX;
	if (!colon)
		return 0;
	if (length && colon[1] && !isdigit((unsigned char)colon[1])) {
		ret->function = cov_xstrdup(colon + 1);
		return 0;
	}
	if (length && cov_number_read(colon + 1, INT64_MAX, &end, &from) && from >= 1) {
		ret->from = ret->to = (int64_t)from;
		if (!*end)
			return 0;
		if (*end == '-' && cov_number_read(end + 1, INT64_MAX, NULL, &to) && to >= from) {
			ret->to = (int64_t)to;
			return 0;
		}
	}
	return cov_fail(err, COV_ERR_USAGE,
			"'%s' is not FILE, FILE:LINE, FILE:FROM-TO, FUNCTION or FILE:FUNCTION",
			operand);
}

/* Whether a word is that of a file, there or not. */
static bool is_like_file(const char *word)
{
	const char *dot = strrchr(word, '.');

	return strchr(word, '/') || (dot && dot[1] && strchr("chS", dot[1]) && !dot[2]);
}

/* One of the functions of a name in different files; the lines of those of one are taken together.
 */
static int choose_function(const struct store_find_hits *hits, const char *name,
			   struct place *place, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	const struct store_find_hit *first = &hits->items[0];

	place->from = first->start_line;
	place->to = first->end_line;
	for (size_t i = 0; i < hits->count; i++) {
		const struct store_find_hit *hit = &hits->items[i];

		if (i == 0 || strcmp(hit->file, hits->items[i - 1].file) != 0)
			cov_text_print(&list, "%s%s", i ? ", " : "", hit->file);
		place->to = hit->end_line > place->to ? hit->end_line : place->to;
	}
	if (strcmp(first->file, hits->items[hits->count - 1].file) != 0)
		return cov_fail(err, COV_ERR_MISMATCH,
				"there are several functions %s: in %s; name one by FILE:%s", name,
				list.data, name);
	/* Compilers that do not record where a function ends. */
	if (place->to < place->from)
		place->to = INT64_MAX;
	free(place->file);
	place->file = cov_xstrdup(first->file);
	return 0;
}

/* The lines of the function, if the operand names one. */
static int find_function(const struct cov_arguments *arguments, struct place *place,
			 struct cov_error *err)
{
	const char *operand = arguments->operands[0];
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_find_deinit) struct store_find_hits hits = { 0 };
	const char *name = place->function ? place->function : operand;
	const char *file = place->function ? place->file : NULL;

	if (!place->function && (strchr(operand, ':') || is_like_file(operand)))
		return 0;
	int result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0 && !place->function) {
		struct cov_error absent;

		COV_AUTO(free) char *path = kernel_directory_name(place->file);
		result = store_place_check(store, kernel.id, path, &absent);
		if (result == 0)
			return 0; /* a file, or a directory, which is told so */
		result =
		    result == COV_ERR_MISMATCH ? 0 : cov_fail(err, result, "%s", absent.message);
	}
	if (result == 0)
		result = store_find_function(store, kernel.id, file, name, &hits, err);
	return result ? result : choose_function(&hits, name, place, err);
}

static void add_line(struct listing *listing, int64_t number, const struct store_line *line)
{
	listing->numbers[listing->count] = number;
	listing->lines[listing->count++] = line;
}

/* All lines of the text, or without it those that are instrumented. */
static void list_lines(struct listing *listing, const struct store_lines *lines,
		       const struct place *place, bool is_instrumented_only)
{
	size_t text_count = is_instrumented_only ? 0 : listing->text->count;
	int64_t next = place->from;

	listing->lines = cov_xcalloc(lines->count + text_count, sizeof(*listing->lines));
	listing->numbers = cov_xcalloc(lines->count + text_count, sizeof(*listing->numbers));
	for (size_t i = 0; i < lines->count; i++) {
		const struct store_line *line = &lines->items[i];

		if (line->line < place->from || line->line > place->to)
			continue;
		for (; next < line->line && next <= (int64_t)text_count; next++)
			add_line(listing, next, NULL);
		add_line(listing, line->line, line);
		next = line->line + 1;
	}
	for (; next <= place->to && next <= (int64_t)text_count; next++)
		add_line(listing, next, NULL);
}

static double rate_at(const struct listing *listing, const struct store_line *line, size_t i)
{
	int64_t duration_ns = listing->question->query.platforms[i].duration_ns;

	return duration_ns ? (double)line->counts[i] * 1e9 / (double)duration_ns : NAN;
}

static void add_count(struct rows *rows, const struct listing *listing,
		      const struct store_line *line, size_t i)
{
	bool is_kept = line && line->kept >> i & 1;

	if (!line)
		rows_missing(rows);
	else if (listing->is_rate)
		rows_number(rows, rate_at(listing, line, i));
	else
		rows_count(rows, line->counts[i]);
	if (!line) {
		rows_shown_as(rows, "");
	} else if (!(line->executed >> i & 1)) {
		rows_shown_as(rows, "-");
	} else if (!is_kept) {
		COV_AUTO(free) char *shown = rows_shown(rows);
		COV_AUTO(free) char *marked = cov_format("(%s)", shown);

		rows_shown_as(rows, marked);
	}
	if (listing->question->format == ROWS_TEXT)
		return;
	if (line)
		rows_bool(rows, is_kept);
	else
		rows_missing(rows);
}

static void add_row(struct rows *rows, const struct listing *listing, size_t index)
{
	const struct store_query *query = &listing->question->query;
	const struct store_line *line = listing->lines[index];
	size_t text_index = (size_t)listing->numbers[index] - 1;
	bool is_of_some = line && line->kept && line->kept != mask_all(query->platform_count);

	rows_count(rows, listing->numbers[index]);
	for (size_t i = 0; i < query->platform_count; i++)
		add_count(rows, listing, line, i);
	if (listing->question->format == ROWS_TEXT)
		rows_word(rows, is_of_some ? "*" : "");
	else
		question_set(query, is_of_some ? line->kept : 0, rows);
	rows_word(rows, text_index < listing->text->count ? listing->text->lines[text_index] : "");
}

static char *why_none(const struct listing *listing)
{
	const struct place *place = listing->place;
	size_t count = listing->text->count;

	if (listing->is_instrumented_only)
		return cov_format("no line: none of %s from %lld on is instrumented", place->file,
				  (long long)place->from);
	if (count && place->from > (int64_t)count)
		return cov_format("no line: %s has %zu lines, none from %lld on", place->file,
				  count, (long long)place->from);
	return cov_format("no line: %s has no instrumented line there, and no source text",
			  place->file);
}

static void print_listing(const struct listing *listing)
{
	const struct question *question = listing->question;
	const struct store_query *query = &question->query;
	bool is_text = question->format == ROWS_TEXT;
	const char *unit = listing->is_rate ? "per_s" : "hits";
	COV_AUTO(free)
	struct rows_column *columns = cov_xcalloc(3 + 2 * query->platform_count, sizeof(*columns));
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns };
	struct rows_column *column = columns;

	*column++ = (struct rows_column){ "LINE", "line", ROWS_NUMBER };
	for (size_t i = 0; i < query->platform_count; i++) {
		const char *name = query->platforms[i].name;

		*column++ =
		    (struct rows_column){ name, rows_name(&rows, cov_format("%s_%s", name, unit)),
					  listing->is_rate ? ROWS_FIGURE : ROWS_COUNT };
		if (!is_text)
			*column++ =
			    (struct rows_column){ "", rows_name(&rows, cov_format("%s_kept", name)),
						  ROWS_BOOL };
	}
	*column++ = (struct rows_column){ "", "only", is_text ? ROWS_WORD : ROWS_SET };
	*column++ = (struct rows_column){ "SOURCE", "source", ROWS_WORD };
	rows.column_count = (size_t)(column - columns);
	for (size_t i = 0; i < question_shown(question, listing->count); i++)
		add_row(&rows, listing, i);
	rows.none = why_none(listing);
	question_print(question, &rows, listing->count);
}

/* The highest count of any platform first, or count per second. */
static int compare_counts(const void *a, const void *b, void *context)
{
	const struct listing *listing = context;
	const struct store_line *lines[] = { *(const struct store_line *const *)a,
					     *(const struct store_line *const *)b };
	double highest[2] = { 0 };

	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < listing->question->query.platform_count; j++)
			highest[i] =
			    fmax(highest[i], listing->is_rate ? rate_at(listing, lines[i], j)
							      : (double)lines[i]->counts[j]);
	}
	if (highest[0] != highest[1])
		return highest[0] > highest[1] ? -1 : 1;
	return lines[0]->line < lines[1]->line ? -1 : 1;
}

static void sort_by_count(struct listing *listing)
{
	if (listing->count)
		qsort_r(listing->lines, listing->count, sizeof(*listing->lines), compare_counts,
			listing);
	for (size_t i = 0; i < listing->count; i++)
		listing->numbers[i] = listing->lines[i]->line;
}

/* Without --kernel-src the text is welcome, but not needed. */
static int read_text(const struct question *question, const char *directory,
		     const struct place *place, const struct store_lines *lines,
		     struct source_text *text, struct cov_error *err)
{
	int result = source_text_read(&question->kernel, directory, place->file, text, err);

	if (result && directory)
		return result;
	if (result)
		cov_say("no source text: %s; --kernel-src says where the sources are",
			err->message);
	else if (lines->count && lines->items[lines->count - 1].line > (int64_t)text->count)
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s has %zu lines, but the kernel has code after that: these are not its "
		    "sources",
		    place->file, text->count);
	return 0;
}

static int annotate_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const units[] = { "count", "rate", NULL };
	static const char *const sorts[] = { "line", "hits", NULL };
	COV_AUTO(place_deinit) struct place place = { 0 };
	COV_AUTO(question_deinit) struct question question = { 0 };
	COV_AUTO(store_line_list_deinit) struct store_lines lines = { 0 };
	COV_AUTO(source_text_deinit) struct source_text text = { 0 };
	COV_AUTO(listing_deinit)
	struct listing listing = { .question = &question, .text = &text, .place = &place };
	int unit = 0, sort = 0;
	int result = cov_option_choice(arguments, "hits", units, &unit, err);

	if (result == 0)
		result = cov_option_choice(arguments, "sort", sorts, &sort, err);
	if (result == 0)
		result = parse_place(arguments->operands[0], cov_option_value(arguments, "dir"),
				     &place, err);
	if (result == 0)
		result = find_function(arguments, &place, err);
	if (result == 0)
		result = question_open(arguments, place.file, NULL, &question, err);
	if (result == 0 && !store_query_is_file(&question.query))
		result = cov_fail(err, COV_ERR_USAGE, "%s is a directory, not a file", place.file);
	if (result == 0)
		result = store_line_list(question.store, &question.query, &lines, err);
	if (result == 0)
		result =
		    read_text(&question, options_kernel_src(arguments), &place, &lines, &text, err);
	if (result)
		return result;
	store_transaction_end(question.store);
	/* A file is read whole, not its beginning. */
	if (!cov_option_value(arguments, "limit"))
		question.limit = SIZE_MAX;
	listing.is_rate = unit;
	listing.is_instrumented_only = sort;
	list_lines(&listing, &lines, &place, sort);
	if (sort)
		sort_by_count(&listing);
	print_listing(&listing);
	return 0;
}

const struct cov_command cmd_annotate = {
	.name = "annotate",
	.operands = "FILE[:FROM-TO]\n[FILE:]FUNCTION",
	.summary = "a source file beside how often each platform executes its lines",
	.details = "As Figure 7 of the VEE '20 paper. A line that is not instrumented has nothing "
		   "beside it; '-' is a line that was not executed; a count in parentheses is no "
		   "more than what the baseline executes anyway. A '*' marks lines that only some "
		   "of the platforms execute beyond the baseline. In JSON and CSV 'kept' says "
		   "whether a line is in the platform's footprint, and 'only' in whose when it is "
		   "not in all of them. A function is named by its file as well where there are "
		   "several of its name; the end of the file's path will do.\n\n"
		   "Examples:\n"
		   "  $ covdb annotate do_mmap --workload memory\n"
		   "  $ covdb annotate dev.c:netif_rx\n"
		   "  $ covdb annotate mm/mmap.c:1534-1571 --workload memory\n"
		   "  $ covdb annotate net/core/dev.c --sort hits --limit 10 --hits rate\n"
		   "  $ covdb annotate mm/mmap.c --kernel-src /usr/src/linux --format csv",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = annotate_run,
};
