/*
 * report_code.c - lines, counts and calls of one view as parts of the report.
 *
 * Numbers stand in lists of columns, ascending ones as differences, which compresses well. Files
 * are places in the study's paths, functions places in the list of all functions, platforms places
 * in the study's platforms and bits of masks.
 */
#include "venn/report/report_code.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/collector.h"
#include "venn/report/report_json.h"
#include "venn/store/store_function.h"

static const double WHOLE_MAX = 9007199254740992; /* 2^53: up to it doubles hold whole numbers */

void report_code_deinit(struct report_code *code)
{
	store_code_deinit(&code->lines);
	store_function_calls_deinit(&code->calls);
	free(code->called);
	memset(code, 0, sizeof(*code));
}

static int compare_called(const void *a, const void *b)
{
	const struct report_called *first = a, *second = b;

	if (first->place != second->place)
		return first->place < second->place ? -1 : 1;
	return first->id < second->id ? -1 : 1;
}

/* Functions that somebody called, in the order of the study's list. */
static void list_called(const struct report_study *study, struct report_code *code)
{
	const struct store_functions *all = &study->functions;

	code->called_count = 0;
	for (size_t i = 0; i < all->copy_count && i < code->calls.copy_count; i++) {
		if (all->place_of[i] == STORE_NOT_LISTED ||
		    !store_function_is_called(&code->calls, i))
			continue;
		code->called = cov_grow(code->called, code->called_count, &code->called_capacity,
					sizeof(*code->called));
		code->called[code->called_count++] =
		    (struct report_called){ all->place_of[i], (uint32_t)i };
	}
	if (code->called_count)
		qsort(code->called, code->called_count, sizeof(*code->called), compare_called);
}

int report_code_read(struct store *store, const struct report_study *study, size_t view,
		     struct report_code *ret, struct cov_error *err)
{
	const struct store_query *query = &study->views[view].query;

	ret->lines.universe = &study->files;
	int result = store_code_read(store, query, &ret->lines, err);
	store_function_calls_deinit(&ret->calls);
	if (result == 0)
		result = store_function_calls(store, query, &ret->calls, err);
	if (result == 0)
		list_called(study, ret);
	return result;
}

/* Bits of a view's platforms as bits of the study's. */
static int64_t study_mask(const struct report_view *view, uint64_t mask)
{
	int64_t result = 0;

	for (size_t i = 0; i < view->query.platform_count; i++) {
		if (mask >> i & 1)
			result |= (int64_t)1 << view->places[i];
	}
	return result;
}

/* Where the function around a line is in the list of all functions; -1 for none. */
static int64_t function_place(const struct report_study *study, const struct report_code *code,
			      const struct store_code_line *line)
{
	if (line->function == STORE_NO_FUNCTION)
		return -1;
	uint32_t place = study->functions.place_of[code->lines.functions[line->function].id];
	return place == STORE_NOT_LISTED ? -1 : (int64_t)place;
}

static void add_columns(struct report_column *columns, const char *const *keys, size_t count,
			struct cov_text *ret)
{
	report_json_begin(ret, '{');
	for (size_t i = 0; i < count; i++) {
		report_json_key(ret, keys[i]);
		report_json_column(ret, &columns[i]);
	}
	report_json_end(ret, '}');
}

void report_code_known_deinit(struct report_code_known *known)
{
	free(known->functions);
	memset(known, 0, sizeof(*known));
}

void report_code_note(const struct report_study *study, const struct report_code *code,
		      struct report_code_known *known)
{
	size_t line_count = study->files.line_count;

	if (!known->functions)
		known->functions = cov_xcalloc(line_count, sizeof(*known->functions));
	for (size_t i = 0; i < line_count; i++) {
		const struct store_code_line *line = store_code_line(&code->lines, (int64_t)i);

		if (line)
			known->functions[i] = (uint32_t)(function_place(study, code, line) + 2);
	}
}

/*
 * "files" has pairs: place of a file as difference, number of its rows. Line numbers begin anew in
 * each file; "ids" are line ids, between which are those of lines that nobody executed.
 */
void report_code_where(const struct report_study *study, const struct report_code_known *known,
		       struct cov_text *ret)
{
	enum { FILES, IDS, LINES, FUNCTIONS, COLUMNS };
	static const char *const keys[COLUMNS] = { "files", "ids", "lines", "functions" };
	const struct cov_kernel *kernel = &study->files;
	struct report_column columns[COLUMNS] = { 0 };

	for (size_t file = 0; known->functions && file < kernel->file_count; file++) {
		int64_t rows = 0;

		columns[LINES].last = 0;
		for (size_t i = kernel->file_line_first[file];
		     i < kernel->file_line_first[file + 1]; i++) {
			if (!known->functions[i])
				continue;
			rows++;
			report_json_add_difference(&columns[IDS], (int64_t)i);
			report_json_add_difference(&columns[LINES], kernel->line_numbers[i]);
			report_json_add_difference(&columns[FUNCTIONS],
						   (int64_t)known->functions[i] - 2);
		}
		if (!rows)
			continue;
		report_json_add_difference(&columns[FILES], (int64_t)file);
		report_json_add(&columns[FILES], rows);
	}
	add_columns(columns, keys, COLUMNS, ret);
}

/* Rows of all lines that somebody executed: those of report_code_where() with these ids. */
void report_code_lines(const struct report_study *study, size_t index,
		       const struct report_code *code, struct cov_text *ret)
{
	enum { IDS, KEPT, REMOVED, COLUMNS };
	static const char *const keys[COLUMNS] = { "ids", "kept", "removed" };
	const struct report_view *view = &study->views[index];
	struct report_column columns[COLUMNS] = { 0 };

	for (size_t i = 0; i < study->files.line_count; i++) {
		const struct store_code_line *line = store_code_line(&code->lines, (int64_t)i);

		if (!line)
			continue;
		report_json_add_difference(&columns[IDS], (int64_t)i);
		report_json_add(&columns[KEPT], study_mask(view, line->kept));
		report_json_add(&columns[REMOVED], study_mask(view, line->executed & ~line->kept));
	}
	add_columns(columns, keys, COLUMNS, ret);
}

/* A list for each platform of the study; empty for one that did not run this. */
void report_code_counts(const struct report_study *study, size_t index,
			const struct report_code *code, struct cov_text *ret)
{
	const struct report_view *view = &study->views[index];

	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->platforms.count; i++) {
		int place = report_study_place(view, i);

		report_json_begin(ret, '[');
		for (int64_t j = 0; place >= 0 && j < view->query.line_count; j++) {
			if (code->lines.line_of[j])
				report_json_number(ret, store_code_count(&code->lines, &view->query,
									 j, (size_t)place));
		}
		report_json_end(ret, ']');
	}
	report_json_end(ret, ']');
}

/* As short as it can be written: most are whole, others fractions because of the observers. */
static void add_whole_or_real(struct cov_text *text, double number)
{
	if (number < WHOLE_MAX && number == (double)(int64_t)number)
		report_json_number(text, (int64_t)number);
	else
		report_json_value(text, cov_json_real(number));
}

/* Whether the next copy is one of another function. */
static bool is_last_copy(const struct report_code *code, size_t index)
{
	return index + 1 == code->called_count ||
	       code->called[index + 1].place != code->called[index].place;
}

/* Of one platform: calls of each function, those of its copies added up. */
static void add_calls(const struct report_code *code, size_t platform, struct cov_text *text)
{
	int64_t sum = 0;

	for (size_t i = 0; i < code->called_count; i++) {
		size_t index = store_function_index(&code->calls, code->called[i].id, platform);

		sum = cov_number_add(sum, code->calls.calls[index]);
		if (!is_last_copy(code, i))
			continue;
		report_json_number(text, sum);
		sum = 0;
	}
}

static void add_baseline(const struct report_code *code, size_t platform, struct cov_text *text)
{
	double sum = 0;

	for (size_t i = 0; i < code->called_count; i++) {
		size_t index = store_function_index(&code->calls, code->called[i].id, platform);

		sum += code->calls.baseline[index];
		if (!is_last_copy(code, i))
			continue;
		add_whole_or_real(text, sum);
		sum = 0;
	}
}

/* Functions that somebody called. "calls" and "baseline" have a list for each platform. */
void report_code_calls(const struct report_study *study, size_t index,
		       const struct report_code *code, struct cov_text *ret)
{
	static const struct {
		const char *key;
		void (*add)(const struct report_code *code, size_t platform, struct cov_text *text);
	} lists[] = { { "calls", add_calls }, { "baseline", add_baseline } };
	const struct report_view *view = &study->views[index];
	struct report_column functions = { 0 };

	for (size_t i = 0; i < code->called_count; i++) {
		if (is_last_copy(code, i))
			report_json_add_difference(&functions, code->called[i].place);
	}
	report_json_begin(ret, '{');
	report_json_key(ret, "functions");
	report_json_column(ret, &functions);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		report_json_key(ret, lists[i].key);
		report_json_begin(ret, '[');
		for (size_t j = 0; j < study->platforms.count; j++) {
			int place = report_study_place(view, j);

			report_json_begin(ret, '[');
			if (place >= 0)
				lists[i].add(code, (size_t)place, ret);
			report_json_end(ret, ']');
		}
		report_json_end(ret, ']');
	}
	report_json_end(ret, '}');
}
