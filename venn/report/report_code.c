/*
 * report_code.c - lines, counts and calls of a study as parts of the report.
 *
 * Numbers stand in lists of columns, ascending ones as differences, which compresses well. Files
 * are places in the study's paths, functions places in the list of all functions, platforms places
 * in the study's platforms and bits of masks.
 */
#include "venn/report/report_code.h"

#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/report/report_data.h"
#include "venn/report/report_study.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"

static const double WHOLE_MAX = 9007199254740992; /* 2^53: up to it doubles hold whole numbers */

/* A list under construction, of differences if wanted. */
struct column {
	json_t *list; /* owned */
	int64_t last;
};

static struct column column_start(void)
{
	return (struct column){ .list = cov_json_array() };
}

static void add_number(struct column *column, int64_t number)
{
	cov_json_append(column->list, cov_json_integer(number));
}

static void add_difference(struct column *column, int64_t number)
{
	add_number(column, number - column->last);
	column->last = number;
}

static void column_end(struct column *column, json_t *object, const char *key)
{
	cov_json_set(object, key, column->list);
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

/* Where a function of the code is in the list of all functions; -1 for none. */
static int64_t function_place(const struct report_study *study, const struct report_view *view,
			      uint32_t index)
{
	const struct store_functions *all = &study->functions;
	size_t low = 0, high = all->count;

	if (index == STORE_NO_FUNCTION)
		return -1;
	const struct store_code_function *wanted = &view->code.functions[index];
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct store_function *at = &all->items[middle];

		if (at->file_id < wanted->file_id ||
		    (at->file_id == wanted->file_id && at->start_line < wanted->start_line))
			low = middle + 1;
		else
			high = middle;
	}
	/* Functions that one macro makes begin on the same line. */
	for (size_t i = low; i < all->count && all->items[i].file_id == wanted->file_id &&
			     all->items[i].start_line == wanted->start_line;
	     i++) {
		if (all->items[i].id == wanted->id)
			return (int64_t)i;
	}
	return low < all->count ? (int64_t)low : -1;
}

json_t *report_code_functions(const struct report_study *study)
{
	json_t *object = cov_json_object(), *names = cov_json_array();
	struct column files = column_start(), starts = column_start();

	for (size_t i = 0; i < study->functions.count; i++) {
		const struct store_function *function = &study->functions.items[i];

		cov_json_append(names, cov_json_name(function->name));
		add_difference(&files, function->file_id);
		add_difference(&starts, function->start_line);
	}
	cov_json_set(object, "names", names);
	column_end(&files, object, "files");
	column_end(&starts, object, "starts");
	return object;
}

/*
 * Rows of all lines that somebody executed. "files" has pairs: place of a file as difference,
 * number of its rows. Line numbers begin anew in each file; "ids" are line ids, between which are
 * those of lines that nobody executed.
 */
json_t *report_code_lines(const struct report_study *study, size_t index)
{
	const struct report_view *view = &study->views[index];
	const struct cov_kernel *kernel = &view->code.kernel;
	struct column files = column_start(), lines = column_start(), kept = column_start();
	struct column removed = column_start(), functions = column_start(), ids = column_start();
	json_t *object = cov_json_object();

	for (size_t file = 0; file < kernel->file_count; file++) {
		int64_t rows = 0;

		lines.last = 0;
		for (size_t i = kernel->file_line_first[file];
		     i < kernel->file_line_first[file + 1]; i++) {
			const struct store_code_line *line =
			    store_code_line(&view->code, (int64_t)i);

			if (!line)
				continue;
			rows++;
			add_difference(&ids, (int64_t)i);
			add_difference(&lines, kernel->line_numbers[i]);
			add_number(&kept, study_mask(view, line->kept));
			add_number(&removed, study_mask(view, line->executed & ~line->kept));
			add_difference(&functions, function_place(study, view, line->function));
		}
		if (!rows)
			continue;
		add_difference(&files, (int64_t)file);
		add_number(&files, rows);
	}
	column_end(&files, object, "files");
	column_end(&ids, object, "ids");
	column_end(&lines, object, "lines");
	column_end(&kept, object, "kept");
	column_end(&removed, object, "removed");
	column_end(&functions, object, "functions");
	return object;
}

/* A list for each platform of the study; empty for one that did not run this. */
json_t *report_code_counts(const struct report_study *study, size_t index)
{
	const struct report_view *view = &study->views[index];
	json_t *list = cov_json_array();

	for (size_t i = 0; i < study->platforms.count; i++)
		cov_json_append(list, cov_json_array());
	for (size_t j = 0; j < view->query.platform_count; j++) {
		json_t *counts = json_array_get(list, view->places[j]);

		for (int64_t i = 0; i < view->query.line_count; i++) {
			if (view->code.line_of[i])
				cov_json_append(counts, cov_json_integer(store_code_count(
							    &view->code, &view->query, i, j)));
		}
	}
	return list;
}

static bool is_same_function(const struct store_function *a, const struct store_function *b)
{
	return a->file_id == b->file_id && a->start_line == b->start_line &&
	       strcmp(a->name, b->name) == 0;
}

/* As short as it can be written: most are whole, others fractions because of the observers. */
static json_t *whole_or_real(double number)
{
	return number < WHOLE_MAX && number == (double)(int64_t)number
		   ? cov_json_integer((int64_t)number)
		   : cov_json_real(number);
}

/* Functions that somebody called. "calls" and "baseline" have a list for each platform. */
json_t *report_code_calls(const struct report_study *study, size_t index)
{
	const struct report_view *view = &study->views[index];
	json_t *object = cov_json_object(), *calls = cov_json_array(), *baseline = cov_json_array();
	struct column functions = column_start();
	size_t place = 0;

	for (size_t i = 0; i < study->platforms.count; i++) {
		cov_json_append(calls, cov_json_array());
		cov_json_append(baseline, cov_json_array());
	}
	for (size_t i = 0; i < view->functions.count; i++) {
		const struct store_function *function = &view->functions.items[i];

		/* Both lists have the same order, and the other one has all. */
		while (place < study->functions.count &&
		       !is_same_function(&study->functions.items[place], function))
			place++;
		add_difference(&functions, (int64_t)place);
		for (size_t j = 0; j < view->query.platform_count; j++) {
			cov_json_append(json_array_get(calls, view->places[j]),
					cov_json_integer(function->calls[j]));
			cov_json_append(json_array_get(baseline, view->places[j]),
					whole_or_real(function->baseline_calls[j]));
		}
	}
	column_end(&functions, object, "functions");
	cov_json_set(object, "calls", calls);
	cov_json_set(object, "baseline", baseline);
	return object;
}

/* What one platform executed of a file in one view: places among its lines, counts, who kept. */
static json_t *hits_json(const struct report_study *study, size_t file, size_t index, size_t j)
{
	const struct report_view *view = &study->views[index];
	const struct cov_kernel *kernel = &view->code.kernel;
	struct column places = column_start(), counts = column_start(), kept = column_start();
	int64_t place = -1;

	for (size_t i = kernel->file_line_first[file]; i < kernel->file_line_first[file + 1]; i++) {
		const struct store_code_line *line = store_code_line(&view->code, (int64_t)i);

		place += study->is_linked[i];
		if (!line || !(line->executed >> j & 1))
			continue;
		add_difference(&places, place);
		add_number(&counts, store_code_count(&view->code, &view->query, (int64_t)i, j));
		add_number(&kept, line->kept >> j & 1);
	}
	if (!json_array_size(places.list)) {
		json_decref(places.list);
		json_decref(counts.list);
		json_decref(kept.list);
		return NULL;
	}
	return cov_json_pack("[I, I, o, o, o]", (json_int_t)index, (json_int_t)view->places[j],
			     places.list, counts.list, kept.list);
}

static json_t *file_json(const struct report_study *study, size_t file, size_t *function)
{
	const struct cov_kernel *kernel = report_study_files(study);
	json_t *hits = cov_json_array(), *functions = cov_json_array();
	struct column lines = column_start();

	for (size_t i = kernel->file_line_first[file]; i < kernel->file_line_first[file + 1]; i++) {
		if (study->is_linked[i])
			add_difference(&lines, kernel->line_numbers[i]);
	}
	for (; *function < study->functions.count; ++*function) {
		const struct store_function *at = &study->functions.items[*function];

		if (at->file_id > (int64_t)file)
			break;
		cov_json_append(functions,
				cov_json_pack("[I, I, o]", (json_int_t)at->start_line,
					      (json_int_t)at->end_line, cov_json_name(at->name)));
	}
	for (size_t i = 0; i < study->view_count; i++) {
		for (size_t j = 0; j < study->views[i].query.platform_count; j++) {
			json_t *part = hits_json(study, file, i, j);

			if (part)
				cov_json_append(hits, part);
		}
	}
	return cov_json_pack("{so, so, so}", "lines", lines.list, "functions", functions, "hits",
			     hits);
}

json_t *report_code_chunk(const struct report_study *study, size_t index)
{
	const struct report_chunk *chunk = &study->chunks[index];
	json_t *list = cov_json_array();
	size_t function = 0;

	while (function < study->functions.count &&
	       study->functions.items[function].file_id < (int64_t)chunk->file_first)
		function++;
	for (size_t i = 0; i < chunk->file_count; i++)
		cov_json_append(list, file_json(study, chunk->file_first + i, &function));
	return list;
}
