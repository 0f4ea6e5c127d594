/* tracefile_match.c - the lines and functions of a tracefile in a kernel. */
#include "collector/exchange/tracefile_match.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/number.h"
#include "collector/decode/kernel.h"
#include "collector/exchange/function_place.h"
#include "collector/exchange/tracefile.h"
#include "collector/gcov/gcov_format.h"
#include "collector/gcov/source_path.h"

enum { ROOTS_MAX = 64, UNKNOWN = UINT32_MAX };

void tracefile_match_deinit(struct cov_tracefile_match *match)
{
	counts_deinit(&match->counts);
	free(match->is_listed);
	branches_deinit(&match->branches);
	memset(match, 0, sizeof(*match));
}

/* Index of the file of the kernel with that path, or UNKNOWN. */
static uint32_t find_file(const struct cov_kernel *kernel, const char *path)
{
	size_t low = 0, high = kernel->file_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(path, kernel->files[middle]);

		if (order == 0)
			return (uint32_t)middle;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UNKNOWN;
}

/* Directories that files may be relative to, by how many files vote for each. */
struct roots {
	struct {
		char *path; /* owned */
		size_t votes;
	} items[ROOTS_MAX];
	size_t count;
};

static void roots_deinit(struct roots *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		free(roots->items[i].path);
}

COV_DEFINE_AUTO_STRUCT(struct roots, roots_deinit)

static void cast_vote(struct roots *roots, const char *path, size_t length)
{
	for (size_t i = 0; i < roots->count; i++) {
		if (strlen(roots->items[i].path) == length &&
		    memcmp(roots->items[i].path, path, length) == 0) {
			roots->items[i].votes++;
			return;
		}
	}
	/* There are few; were there more, the right one would not be the last to come. */
	if (roots->count == ROOTS_MAX)
		return;
	roots->items[roots->count].path = cov_xstrndup(path, length);
	roots->items[roots->count++].votes = 1;
}

/*
 * The one with most votes, of those that come first; free() it. That files are called as in the
 * kernel already is no reason against a root which begins with a slash: it changes none of these.
 */
static char *choose_root(const struct roots *roots)
{
	const char *best = "";
	size_t best_votes = 0;

	for (int pass = 0; pass < 2 && !*best; pass++) {
		for (size_t i = 0; i < roots->count; i++) {
			bool is_wanted = pass == 0 || *roots->items[i].path == '/';

			if (is_wanted && roots->items[i].votes > best_votes) {
				best_votes = roots->items[i].votes;
				best = roots->items[i].path;
			}
		}
		best_votes = 0;
	}
	return cov_xstrdup(best);
}

/* The directory below which most files of @tracefile are called as in the kernel; free() it. */
static char *find_root(const struct cov_kernel *kernel, const struct cov_tracefile *tracefile)
{
	COV_AUTO(roots_deinit) struct roots roots = { 0 };

	/* Of those with as many votes the kernel's own. */
	if (*kernel->source_root)
		roots.items[roots.count++].path = cov_xstrdup(kernel->source_root);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const char *path = tracefile->files[i].path;

		if (find_file(kernel, path) != UNKNOWN)
			cast_vote(&roots, "", 0);
		for (const char *slash = strchr(path + 1, '/'); slash;
		     slash = strchr(slash + 1, '/')) {
			if (find_file(kernel, slash + 1) != UNKNOWN)
				cast_vote(&roots, path, (size_t)(slash - path));
		}
	}
	return choose_root(&roots);
}

/* All functions of the kernel but artificial ones, each at its first copy. */
static struct function_place *list_places(const struct cov_kernel *kernel, size_t *count_out)
{
	size_t count, kept = 0;
	struct function_place *places = function_place_list(kernel, &count);

	for (size_t i = 0; i < count; i++) {
		if (places[i].is_artificial)
			continue;
		if (!kept || function_place_compare(&places[kept - 1], &places[i]) != 0)
			places[kept++] = places[i];
	}
	*count_out = kept;
	return places;
}

struct matching {
	const struct cov_kernel *kernel;
	struct function_place *places; /* [place_count], sorted; owned */
	size_t place_count;
	struct function_place
	    *names; /* the same, by file and name; NULL until it is needed; owned */
	struct cov_tracefile_match match;
};

static void matching_deinit(struct matching *matching)
{
	free(matching->places);
	free(matching->names);
	tracefile_match_deinit(&matching->match);
}

COV_DEFINE_AUTO_STRUCT(struct matching, matching_deinit)

static void note_unknown(struct cov_tracefile_match *match, const struct tracefile_file *file)
{
	if (!match->unknown)
		match->unknown = file->path;
}

/* Both are sorted by line. Several files of a tracefile may be one of the kernel: they add up. */
static void match_lines(struct matching *matching, const struct tracefile_file *file,
			uint32_t index)
{
	const struct cov_kernel *kernel = matching->kernel;
	struct cov_counts *counts = &matching->match.counts;
	size_t id = kernel->file_line_first[index], end = kernel->file_line_first[index + 1];

	for (size_t i = 0; i < file->line_count; i++) {
		const struct tracefile_line *line = &file->lines[i];

		while (id < end && kernel->line_numbers[id] < line->line)
			id++;
		if (id == end || kernel->line_numbers[id] != line->line) {
			matching->match.lines_unknown++;
			note_unknown(&matching->match, file);
			continue;
		}
		counts->lines[id] = cov_number_add(counts->lines[id], line->count);
		counts->states[id] = COV_LINE_NOT_EXECUTED;
	}
}

/* After all lines were matched. */
static void find_states(const struct cov_kernel *kernel, struct cov_counts *counts)
{
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (counts->lines[i] > 0)
			counts->states[i] = COV_LINE_EXECUTED;
		counts->found_count += counts->states[i] != COV_LINE_NOT_INSTRUMENTED;
		counts->hit_count += counts->lines[i] > 0;
		counts->negative_count += counts->lines[i] < 0;
	}
}

/* Both are sorted by line. */
static void match_branches(struct matching *matching, const struct tracefile_file *file,
			   uint32_t index, uint32_t source)
{
	const struct cov_kernel *kernel = matching->kernel;
	size_t id = kernel->file_line_first[index], end = kernel->file_line_first[index + 1];

	for (size_t i = 0; i < file->branches.count; i++) {
		struct cov_branch branch = file->branches.items[i];

		while (id < end && kernel->line_numbers[id] < branch.line)
			id++;
		if (id == end || kernel->line_numbers[id] != branch.line) {
			matching->match.branches_unknown++;
			note_unknown(&matching->match, file);
			continue;
		}
		branch.line = (uint32_t)id;
		branch.source = source;
		branches_add(&matching->match.branches, branch);
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct function_place *first = a, *second = b;

	if (first->file != second->file)
		return first->file < second->file ? -1 : 1;
	return strcmp(first->name, second->name);
}

/* A function; if its line is not known, the only one of its name in the file. NULL: there is none.
 */
static const struct function_place *find_place(struct matching *matching,
					       const struct function_place *wanted)
{
	const struct function_place *found =
	    bsearch(wanted, matching->places, matching->place_count, sizeof(*wanted),
		    function_place_compare);
	size_t count = matching->place_count;

	if (found || wanted->start_line || !count)
		return found;
	if (!matching->names) {
		matching->names = cov_xcalloc(count, sizeof(*matching->names));
		memcpy(matching->names, matching->places, count * sizeof(*matching->names));
		qsort(matching->names, count, sizeof(*matching->names), compare_names);
	}
	found = bsearch(wanted, matching->names, count, sizeof(*wanted), compare_names);
	if (!found || (found > matching->names && compare_names(found - 1, found) == 0) ||
	    (found + 1 < matching->names + count && compare_names(found, found + 1) == 0))
		return NULL;
	return found;
}

static void match_functions(struct matching *matching, const struct tracefile_file *file,
			    uint32_t index)
{
	struct cov_tracefile_match *match = &matching->match;

	for (size_t i = 0; i < file->function_count; i++) {
		const struct tracefile_function *function = &file->functions[i];
		struct function_place wanted = { .file = index,
						 .start_line = function->start_line,
						 .name = function->name };
		const struct function_place *place = find_place(matching, &wanted);

		if (!place) {
			match->functions_unknown++;
			note_unknown(match, file);
			continue;
		}
		match->counts.functions[place->function] =
		    cov_number_add(match->counts.functions[place->function], function->calls);
		match->is_listed[place->function] = 1;
	}
}

int tracefile_match(const struct cov_kernel *kernel, const struct cov_tracefile *tracefile,
		    struct cov_tracefile_match *ret, struct cov_error *err)
{
	COV_AUTO(free) char *root = find_root(kernel, tracefile);
	COV_AUTO(matching_deinit) struct matching matching = { .kernel = kernel };
	struct cov_counts *counts = &matching.match.counts;
	const char *const roots[] = { root };

	matching.places = list_places(kernel, &matching.place_count);
	counts->lines = cov_xcalloc(kernel->line_count, sizeof(int64_t));
	counts->states = cov_xcalloc(kernel->line_count, 1);
	counts->functions = cov_xcalloc(kernel->function_count, sizeof(int64_t));
	counts->contradictions = cov_xcalloc(kernel->function_count, sizeof(int64_t));
	matching.match.is_listed = cov_xcalloc(kernel->function_count, 1);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];
		COV_AUTO(free) char *path = source_path_relative(file->path, "", roots, 1);
		uint32_t index = find_file(kernel, file->path);

		if (index == UNKNOWN)
			index = find_file(kernel, path);

		if (index == UNKNOWN) {
			matching.match.files_unknown++;
			note_unknown(&matching.match, file);
			continue;
		}
		match_lines(&matching, file, index);
		match_functions(&matching, file, index);
		match_branches(&matching, file, index, (uint32_t)i);
	}
	branches_settle(&matching.match.branches);
	find_states(kernel, counts);
	if (!counts->found_count)
		return cov_fail(err, COV_ERR_MISMATCH, "none of its lines is in the kernel");
	*ret = matching.match;
	memset(&matching.match, 0, sizeof(matching.match));
	return 0;
}
