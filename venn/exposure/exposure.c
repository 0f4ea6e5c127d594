/* exposure.c - which known vulnerabilities lie in which platform's footprint. */
#include "venn/exposure/exposure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/store.h"
#include "venn/store/store_compiled.h"
#include "venn/store/store_load.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_stability.h"

const char *const exposure_level_names[] = { "file", "function", "line", NULL };
const char *const exposure_state_names[] = { "executed", "not observed", "not instrumented",
					     "not compiled", "unknown" };

/* What items are decided from. */
struct deciding {
	const struct exposure_records *records;
	const struct store_query *query;
	const uint64_t *masks; /* [query->line_count], places of platforms */
	struct exposure *out;
};

static bool is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strcmp(directory, ".") == 0 ||
	       (strncmp(path, directory, length) == 0 && (path[length] == '/' || !path[length]));
}

static bool is_source(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0 || strcmp(dot, ".S") == 0);
}

/* Which platforms execute a line of [first, last] of a file; *has_lines: one is instrumented. */
static uint64_t executed_in(const struct deciding *deciding, int64_t file_id, int64_t first,
			    int64_t last, bool *has_lines)
{
	const struct cov_kernel *kernel = &deciding->records->kernel;
	size_t low = kernel->file_line_first[file_id];
	size_t end = kernel->file_line_first[file_id + 1], high = end;
	uint64_t executed = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kernel->line_numbers[middle] < first)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && kernel->line_numbers[low] <= last; low++) {
		*has_lines = true;
		executed |= deciding->masks[low - (size_t)deciding->query->line_first];
	}
	return executed;
}

static void add_function(struct exposure_item *item, const char *name)
{
	for (size_t i = 0; i < item->function_count; i++) {
		if (strcmp(item->functions[i], name) == 0)
			return;
	}
	item->functions =
	    cov_xreallocarray(item->functions, item->function_count + 1, sizeof(*item->functions));
	item->functions[item->function_count++] = name;
}

/* The first function of @file_id whose name is not below @name, of [length] bytes. */
static size_t find_function(const struct store_cve_functions *functions, int64_t file_id,
			    const char *name, size_t length)
{
	size_t low = 0, high = functions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct store_cve_function *function = &functions->items[middle];
		int order = 0;

		if (function->file_id != file_id)
			order = function->file_id < file_id ? -1 : 1;
		else if (name)
			order = strncmp(function->name, name, length);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_function(const struct store_cve_function *function, int64_t file_id,
			const char *name, size_t length)
{
	return function->file_id == file_id && strncmp(function->name, name, length) == 0 &&
	       !function->name[length];
}

/* Functions of a file that the text names. */
static uint64_t match_words(const struct deciding *deciding, const struct store_cve_file *file,
			    struct exposure_item *item, bool *has_lines)
{
	const struct store_cve_functions *functions = &deciding->records->functions;
	uint64_t executed = 0;

	for (const char *word = item->concern->words; *word;) {
		size_t length = strcspn(word, " ");
		size_t i = find_function(functions, file->file_id, word, length);

		/* A longer name that begins so may come before its equals: none is below. */
		for (; i < functions->count && functions->items[i].file_id == file->file_id &&
		       strncmp(functions->items[i].name, word, length) == 0;
		     i++) {
			const struct store_cve_function *function = &functions->items[i];
			bool has_own = false;

			if (!is_function(function, file->file_id, word, length))
				continue;
			executed |= executed_in(deciding, file->file_id, function->first,
						function->last, &has_own);
			if (has_own)
				add_function(item, function->name);
			*has_lines |= has_own;
		}
		word += length;
		word += *word == ' ';
	}
	return executed;
}

/* Functions of a file in which there are lines of the fix. */
static uint64_t match_around(const struct deciding *deciding, const struct store_cve_file *file,
			     struct exposure_item *item, bool *has_lines)
{
	const struct store_cve_functions *functions = &deciding->records->functions;
	const struct store_cve_concern *concern = item->concern;
	uint64_t executed = 0;

	for (size_t i = find_function(functions, file->file_id, NULL, 0);
	     i < functions->count && functions->items[i].file_id == file->file_id; i++) {
		const struct store_cve_function *function = &functions->items[i];
		bool is_in = false, has_own = false;

		for (size_t j = 0; j < concern->line_count; j++) {
			const struct store_cve_line *line = &concern->lines[j];

			is_in |= strcmp(line->path, file->path) == 0 &&
				 line->first <= function->last && line->last >= function->first;
		}
		if (!is_in)
			continue;
		executed |=
		    executed_in(deciding, file->file_id, function->first, function->last, &has_own);
		if (has_own)
			add_function(item, function->name);
		*has_lines |= has_own;
	}
	return executed;
}

static uint64_t match_lines(const struct deciding *deciding, const struct store_cve_file *file,
			    const struct store_cve_concern *concern, bool *has_lines)
{
	uint64_t executed = 0;

	for (size_t i = 0; i < concern->line_count; i++) {
		const struct store_cve_line *line = &concern->lines[i];

		if (line->is_exact && strcmp(line->path, file->path) == 0)
			executed |= executed_in(deciding, file->file_id, line->first, line->last,
						has_lines);
	}
	return executed;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is instrumented of it. Return: whether something is known that is as fine as asked for. */
static bool decide_level(const struct deciding *deciding, enum exposure_level asked,
			 struct exposure_item *item)
{
	uint64_t executed[EXPOSURE_FINEST] = { 0 };
	bool has[EXPOSURE_FINEST] = { true };
	int level = EXPOSURE_LINE;

	for (size_t i = 0; i < item->file_count; i++) {
		const struct store_cve_file *file = item->files[i];

		if (file->file_id < 0)
			continue;
		executed[EXPOSURE_FILE] |=
		    executed_in(deciding, file->file_id, 0, INT64_MAX, &has[EXPOSURE_FILE]);
		executed[EXPOSURE_LINE] |=
		    match_lines(deciding, file, item->concern, &has[EXPOSURE_LINE]);
		executed[EXPOSURE_FUNCTION] |=
		    item->concern->line_count
			? match_around(deciding, file, item, &has[EXPOSURE_FUNCTION])
			: match_words(deciding, file, item, &has[EXPOSURE_FUNCTION]);
	}
	if (item->function_count)
		qsort(item->functions, item->function_count, sizeof(*item->functions),
		      compare_names);
	if (asked != EXPOSURE_FINEST)
		level = (int)asked;
	else
		while (!has[level])
			level--;
	item->level = (enum exposure_level)level;
	item->executed = executed[level];
	return has[level];
}

static void decide_rest(const struct exposure_records *records, struct exposure_item *item)
{
	bool is_instrumented = false, is_compiled = false;
	/* Of a Makefile or a device tree it cannot be said so. */
	bool is_absent = records->is_compiled_known && item->file_count > 0;

	for (size_t i = 0; i < item->file_count; i++) {
		const struct store_cve_file *file = item->files[i];

		is_instrumented |= file->line_count > 0;
		is_compiled |= file->is_compiled;
		is_absent &= is_source(file->path);
	}
	if (is_instrumented)
		item->rest = EXPOSURE_NOT_OBSERVED;
	else if (is_compiled)
		item->rest = EXPOSURE_NOT_INSTRUMENTED;
	else
		item->rest = is_absent ? EXPOSURE_NOT_COMPILED : EXPOSURE_UNKNOWN;
}

static void free_item(struct exposure_item *item)
{
	free(item->files);
	free(item->functions);
}

static void decide_one(const struct deciding *deciding, const struct store_cve_concern *concern,
		       enum exposure_level level)
{
	struct exposure *out = deciding->out;
	struct exposure_item item = { .concern = concern };
	bool is_fine = true;

	item.files = cov_xcalloc(concern->file_count, sizeof(*item.files));
	for (size_t i = 0; i < concern->file_count; i++) {
		if (is_below(concern->files[i].path, deciding->query->directory))
			item.files[item.file_count++] = &concern->files[i];
	}
	decide_rest(deciding->records, &item);
	if (item.file_count && item.rest == EXPOSURE_NOT_OBSERVED)
		is_fine = decide_level(deciding, level, &item);
	if (item.file_count && is_fine && !concern->is_in_source) {
		out->items[out->count++] = item;
		return;
	}
	if (item.file_count) {
		out->fixed_count += concern->is_in_source;
		out->coarse_count += !concern->is_in_source;
	}
	free_item(&item);
}

static int compare_items(const void *a, const void *b)
{
	const struct exposure_item *first = a, *second = b;
	int first_state = first->executed ? EXPOSURE_EXECUTED : (int)first->rest;
	int second_state = second->executed ? EXPOSURE_EXECUTED : (int)second->rest;
	double first_score = isnan(first->concern->score) ? -1 : first->concern->score;
	double second_score = isnan(second->concern->score) ? -1 : second->concern->score;

	if (first_state != second_state)
		return first_state - second_state;
	if (first_score != second_score)
		return first_score > second_score ? -1 : 1;
	return strcmp(first->concern->name, second->concern->name);
}

/* All functions of the files that some record names. */
static int read_functions(struct store *store, int64_t kernel_id, const char *directory,
			  struct exposure_records *records, struct cov_error *err)
{
	size_t file_count = records->kernel.file_count;
	COV_AUTO(free) bool *is_wanted = cov_xcalloc(file_count, sizeof(*is_wanted));

	for (size_t i = 0; i < records->concerns.count; i++) {
		const struct store_cve_concern *concern = &records->concerns.items[i];

		for (size_t j = 0; j < concern->file_count; j++) {
			int64_t file = concern->files[j].file_id;

			if (file >= (int64_t)file_count)
				return cov_fail(err, COV_ERR_STORE,
						"file %s has a number that is too large",
						concern->files[j].path);
			if (file >= 0 && is_below(concern->files[j].path, directory))
				is_wanted[file] = true;
		}
	}
	return store_cve_functions(store, kernel_id, is_wanted, file_count, &records->functions,
				   err);
}

void exposure_records_deinit(struct exposure_records *records)
{
	kernel_deinit(&records->kernel);
	store_cve_concern_deinit(&records->concerns);
	store_cve_functions_deinit(&records->functions);
	memset(records, 0, sizeof(*records));
}

int exposure_records_read(struct store *store, int64_t kernel_id, const char *directory,
			  int64_t version, struct exposure_records *ret, struct cov_error *err)
{
	COV_AUTO(exposure_records_deinit) struct exposure_records records = { .version = version };
	int result = store_cve_state(store, version, &records.state, err);

	if (result == 0 && !records.state.records)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "there are no CVE records: 'covdb cve add DIR' adds them");
	if (result == 0)
		result = store_compiled_is_known(store, kernel_id, &records.is_compiled_known, err);
	if (result == 0)
		result = store_load_universe(store, kernel_id, &records.kernel, err);
	if (result == 0)
		result = store_cve_concern(store, kernel_id, version, &records.concerns, err);
	if (result == 0)
		result = read_functions(store, kernel_id, directory, &records, err);
	if (result)
		return result;
	*ret = records;
	memset(&records, 0, sizeof(records));
	return 0;
}

void exposure_decide(const struct exposure_records *records, const struct store_query *query,
		     const uint64_t *masks, enum exposure_level level, struct exposure *ret)
{
	const struct deciding deciding = { records, query, masks, ret };

	*ret =
	    (struct exposure){ .items = cov_xcalloc(records->concerns.count, sizeof(*ret->items)) };
	for (size_t i = 0; i < records->concerns.count; i++)
		decide_one(&deciding, &records->concerns.items[i], level);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_items);
}

static int read_masks(struct store *store, const struct store_query *query, uint64_t *masks,
		      struct exposure_extent *extent, struct cov_error *err)
{
	int result = store_mask_places(store, query, masks, err);

	for (int64_t i = 0; result == 0 && i < query->line_count; i++) {
		for (uint64_t left = masks[i]; left; left &= left - 1)
			extent->lines[__builtin_ctzll(left)]++;
	}
	return result;
}

int exposure_open(struct store *store, const struct exposure_records *records,
		  const struct store_query *query, enum exposure_level level, struct exposure *ret,
		  struct cov_error *err)
{
	COV_AUTO(free) uint64_t *masks = cov_xcalloc((size_t)query->line_count, sizeof(*masks));

	struct exposure_extent extent = { 0 };
	int result = read_masks(store, query, masks, &extent, err);
	if (result == 0)
		result = store_cve_trials(store, query, extent.trials, err);
	if (result == 0)
		result =
		    store_stability_at_least(store, query, query->directory, extent.at_least, err);
	if (result)
		return result;
	exposure_decide(records, query, masks, level, ret);
	ret->extent = extent;
	return 0;
}

enum exposure_state exposure_state_of(const struct exposure_item *item, size_t place)
{
	return item->executed >> place & 1 ? EXPOSURE_EXECUTED : item->rest;
}

double exposure_chance(int64_t trials)
{
	return trials > 0 ? 1 - pow(0.05, 1 / (double)trials) : 1;
}

void exposure_deinit(struct exposure *exposure)
{
	for (size_t i = 0; i < exposure->count; i++)
		free_item(&exposure->items[i]);
	free(exposure->items);
	memset(exposure, 0, sizeof(*exposure));
}
