/* tracefile.c - counts per line and function of source files, wherever they come from. */
#include "collector/exchange/tracefile.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/number.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/gcov/source_path.h"

void tracefile_drop_files(struct cov_tracefile *tracefile, size_t file_count)
{
	for (size_t i = file_count; i < tracefile->file_count; i++) {
		free(tracefile->files[i].lines);
		free(tracefile->files[i].functions);
		branches_deinit(&tracefile->files[i].branches);
	}
	tracefile->file_count = file_count;
}

void tracefile_deinit(struct cov_tracefile *tracefile)
{
	tracefile_drop_files(tracefile, 0);
	free(tracefile->files);
	cov_arena_deinit(&tracefile->texts);
	tracefile_remarks_deinit(&tracefile->remarks);
	memset(tracefile, 0, sizeof(*tracefile));
}

struct tracefile_file *tracefile_add_file(struct cov_tracefile *tracefile, const char *path,
					  size_t path_bytes)
{
	tracefile->files = cov_grow(tracefile->files, tracefile->file_count,
				    &tracefile->file_capacity, sizeof(*tracefile->files));
	struct tracefile_file *file = &tracefile->files[tracefile->file_count++];
	COV_AUTO(free) char *copy = cov_xstrndup(path, path_bytes);
	COV_AUTO(free) char *canonical = source_path_canonical(copy);
	*file = (struct tracefile_file){
		.path = cov_arena_text(&tracefile->texts, canonical, strlen(canonical)),
	};
	return file;
}

void tracefile_add_line(struct tracefile_file *file, uint32_t line, int64_t count)
{
	file->lines =
	    cov_grow(file->lines, file->line_count, &file->line_capacity, sizeof(*file->lines));
	file->lines[file->line_count++] = (struct tracefile_line){ line, count };
}

void tracefile_add_function(struct cov_tracefile *tracefile, struct tracefile_file *file,
			    struct tracefile_function function, size_t name_bytes)
{
	file->functions = cov_grow(file->functions, file->function_count, &file->function_capacity,
				   sizeof(*file->functions));
	function.name = cov_arena_text(&tracefile->texts, function.name, name_bytes);
	if (!function.start_line || function.end_line < function.start_line)
		function.end_line = 0;
	file->functions[file->function_count++] = function;
}

static int compare_lines(const void *a, const void *b)
{
	const struct tracefile_line *first = a, *second = b;

	return (first->line > second->line) - (first->line < second->line);
}

static int compare_functions(const void *a, const void *b)
{
	const struct tracefile_function *first = a, *second = b;

	if (first->start_line != second->start_line)
		return first->start_line < second->start_line ? -1 : 1;
	return strcmp(first->name, second->name);
}

static int compare_files(const void *a, const void *b)
{
	const struct tracefile_file *first = a, *second = b;

	return strcmp(first->path, second->path);
}

static bool is_sorted(const struct tracefile_file *file)
{
	for (size_t i = 1; i < file->line_count; i++) {
		if (file->lines[i - 1].line >= file->lines[i].line)
			return false;
	}
	return true;
}

static void settle_lines(struct tracefile_file *file)
{
	size_t kept = 0;

	if (is_sorted(file))
		return;
	qsort(file->lines, file->line_count, sizeof(*file->lines), compare_lines);
	for (size_t i = 0; i < file->line_count; i++) {
		const struct tracefile_line *line = &file->lines[i];

		if (kept && file->lines[kept - 1].line == line->line)
			file->lines[kept - 1].count =
			    cov_number_add(file->lines[kept - 1].count, line->count);
		else
			file->lines[kept++] = *line;
	}
	file->line_count = kept;
}

static int compare_names(const void *a, const void *b)
{
	const struct tracefile_function *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

/* The one of [@count] functions, sorted by name, that has the name of @wanted; NULL: none, several.
 */
static struct tracefile_function *find_only(struct tracefile_function **sorted, size_t count,
					    const struct tracefile_function *wanted)
{
	struct tracefile_function **found =
	    bsearch(&wanted, sorted, count, sizeof(*sorted), compare_names);

	if (!found || (found > sorted && compare_names(found - 1, found) == 0) ||
	    (found + 1 < sorted + count && compare_names(found, found + 1) == 0))
		return NULL;
	return *found;
}

/* Functions without a line come first. Those that another of that name is go to that one. */
static void place_functions(struct tracefile_file *file)
{
	size_t unplaced_count = 0, kept = 0;

	while (unplaced_count < file->function_count && !file->functions[unplaced_count].start_line)
		unplaced_count++;
	size_t count = file->function_count - unplaced_count;
	if (!unplaced_count || !count)
		return;
	COV_AUTO(free) struct tracefile_function **sorted = cov_xcalloc(count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &file->functions[unplaced_count + i];
	qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 0; i < unplaced_count; i++) {
		struct tracefile_function *function = &file->functions[i];
		struct tracefile_function *same = find_only(sorted, count, function);

		if (same)
			same->calls = cov_number_add(same->calls, function->calls);
		else
			file->functions[kept++] = *function;
	}
	memmove(file->functions + kept, file->functions + unplaced_count,
		count * sizeof(*file->functions));
	file->function_count = kept + count;
}

static void settle_functions(struct tracefile_file *file)
{
	size_t kept = 0;

	if (file->function_count)
		qsort(file->functions, file->function_count, sizeof(*file->functions),
		      compare_functions);
	for (size_t i = 0; i < file->function_count; i++) {
		const struct tracefile_function *function = &file->functions[i];
		struct tracefile_function *last = kept ? &file->functions[kept - 1] : NULL;

		if (!last || compare_functions(last, function) != 0) {
			file->functions[kept++] = *function;
			continue;
		}
		last->calls = cov_number_add(last->calls, function->calls);
		if (function->end_line > last->end_line)
			last->end_line = function->end_line;
	}
	file->function_count = kept;
	place_functions(file);
}

/* Move all of @from after what @to has. */
static void join_files(struct tracefile_file *to, struct tracefile_file *from)
{
	for (size_t i = 0; i < from->line_count; i++)
		tracefile_add_line(to, from->lines[i].line, from->lines[i].count);
	for (size_t i = 0; i < from->function_count; i++) {
		to->functions = cov_grow(to->functions, to->function_count, &to->function_capacity,
					 sizeof(*to->functions));
		to->functions[to->function_count++] = from->functions[i];
	}
	uint32_t source = branches_next_source(&to->branches);
	for (size_t i = 0; i < from->branches.count; i++) {
		struct cov_branch branch = from->branches.items[i];

		branch.source += source;
		branches_add(&to->branches, branch);
	}
	free(from->lines);
	free(from->functions);
	branches_deinit(&from->branches);
}

static void drop_counts(struct tracefile_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		file->lines[i].count = file->lines[i].count > 0;
	for (size_t i = 0; i < file->function_count; i++)
		file->functions[i].calls = file->functions[i].calls > 0;
}

void tracefile_settle(struct cov_tracefile *tracefile)
{
	size_t kept = 0;

	if (tracefile->file_count)
		qsort(tracefile->files, tracefile->file_count, sizeof(*tracefile->files),
		      compare_files);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		struct tracefile_file *file = &tracefile->files[i];

		if (kept && strcmp(tracefile->files[kept - 1].path, file->path) == 0)
			join_files(&tracefile->files[kept - 1], file);
		else
			tracefile->files[kept++] = *file;
	}
	tracefile->file_count = kept;
	for (size_t i = 0; i < kept; i++) {
		settle_lines(&tracefile->files[i]);
		settle_functions(&tracefile->files[i]);
		branches_settle(&tracefile->files[i].branches);
		if (tracefile->has_no_counts)
			drop_counts(&tracefile->files[i]);
	}
}

struct cov_tracefile_totals tracefile_total(const struct cov_tracefile *tracefile)
{
	struct cov_tracefile_totals totals = { 0 };

	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		totals.lines_found += file->line_count;
		totals.functions_found += file->function_count;
		for (size_t j = 0; j < file->line_count; j++)
			totals.lines_hit += file->lines[j].count > 0;
		for (size_t j = 0; j < file->function_count; j++)
			totals.functions_hit += file->functions[j].calls > 0;
		totals.branches_found += file->branches.count;
		for (size_t j = 0; j < file->branches.count; j++)
			totals.branches_hit += file->branches.items[j].taken > 0;
	}
	return totals;
}

/* Functions of the files in the range, as every object has them. */
static void add_functions(const struct cov_kernel *kernel, const struct cov_counts *counts,
			  const unsigned char *is_listed, uint32_t *places,
			  struct cov_tracefile *out)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];
			const char *name = object->plan.texts + function->name;
			uint32_t place = places[kernel_function_file(object, j)];

			if (!place || function->is_artificial ||
			    !is_listed[object->function_first + j])
				continue;
			tracefile_add_function(out, &out->files[place - 1],
					       (struct tracefile_function){
						   function->start_line, function->end_line,
						   counts->functions[object->function_first + j],
						   name },
					       strlen(name));
		}
	}
}

/* Both by line. Those of lines that did not run were not evaluated, whatever they say. */
static void add_branches(const struct cov_kernel *kernel, const struct cov_counts *counts,
			 const struct cov_branches *branches, const uint32_t *places,
			 struct cov_tracefile *out)
{
	for (size_t i = 0; i < branches->count; i++) {
		struct cov_branch branch = branches->items[i];
		uint32_t line_id = branch.line;
		uint32_t place = places[kernel->line_files[line_id]];

		if (!place || !counts->states[line_id])
			continue;
		branch.line = kernel->line_numbers[line_id];
		if (counts->lines[line_id] <= 0)
			branch.taken = COV_BRANCH_NOT_EVALUATED;
		branches_add(&out->files[place - 1].branches, branch);
	}
}

void tracefile_from_counts(const struct cov_kernel *kernel, const struct tracefile_choice *choice,
			   struct cov_tracefile *out)
{
	const struct cov_counts *counts = choice->counts;
	size_t line_end = choice->line_first + choice->line_count;
	/* Of each file of the kernel, 1 + its place among those of @out; 0 when it is not there. */
	COV_AUTO(free) uint32_t *places = cov_xcalloc(kernel->file_count, sizeof(*places));
	struct tracefile_file *file = NULL;
	uint32_t last = UINT32_MAX;

	memset(out, 0, sizeof(*out));
	for (size_t i = choice->line_first; i < line_end; i++) {
		if (!counts->states[i])
			continue;
		if (kernel->line_files[i] != last) {
			last = kernel->line_files[i];
			file = tracefile_add_file(out, kernel->files[last],
						  strlen(kernel->files[last]));
			places[last] = (uint32_t)out->file_count;
		}
		tracefile_add_line(file, kernel->line_numbers[i], counts->lines[i]);
	}
	add_functions(kernel, counts, choice->is_listed, places, out);
	if (choice->branches)
		add_branches(kernel, counts, choice->branches, places, out);
	tracefile_settle(out);
}

/* The functions that begin on one line, from @first on. Return: past the last. */
static size_t group_end(const struct tracefile_file *file, size_t first)
{
	size_t end = first + 1;

	while (end < file->function_count &&
	       file->functions[end].start_line == file->functions[first].start_line)
		end++;
	return end;
}

/* Count of the first line from @start to @end that ran; 0 if none did. */
static int64_t first_hit(const struct tracefile_file *file, uint32_t start, uint32_t end)
{
	size_t low = 0, high = file->line_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (file->lines[middle].line < start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < file->line_count && file->lines[low].line <= end; low++) {
		if (file->lines[low].count > 0)
			return file->lines[low].count;
	}
	return 0;
}

static void agree_group(struct tracefile_file *file, size_t first, size_t end)
{
	uint32_t end_line = 0;
	bool is_called = false;

	for (size_t i = first; i < end; i++) {
		is_called |= file->functions[i].calls > 0;
		if (file->functions[i].end_line > end_line)
			end_line = file->functions[i].end_line;
	}
	if (!end_line)
		return;
	int64_t count = first_hit(file, file->functions[first].start_line, end_line);
	if (is_called == (count > 0))
		return;
	for (size_t i = first; i < end; i++)
		file->functions[i].calls = count;
}

static void agree_branches(struct tracefile_file *file)
{
	struct cov_branches *branches = &file->branches;
	size_t kept = 0;

	for (size_t i = 0; i < branches->count;) {
		uint32_t line = branches->items[i].line;
		bool is_taken = false;
		size_t end = i;

		for (; end < branches->count && branches->items[end].line == line; end++)
			is_taken |= branches->items[end].taken > 0;
		bool has_run = first_hit(file, line, line) > 0;
		for (; i < end; i++) {
			if (has_run == is_taken)
				branches->items[kept++] = branches->items[i];
		}
	}
	branches->count = kept;
}

void tracefile_agree(struct cov_tracefile *tracefile)
{
	for (size_t i = 0; i < tracefile->file_count; i++) {
		struct tracefile_file *file = &tracefile->files[i];

		for (size_t j = 0; j < file->function_count;) {
			size_t end = group_end(file, j);

			agree_group(file, j, end);
			j = end;
		}
		agree_branches(file);
	}
}
