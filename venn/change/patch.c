/* patch.c - what executed the lines that a patch adds or changes. */
#include "venn/change/patch.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/change/sources.h"

static const double ns_per_s = 1e9;

const char *patch_why_name(enum patch_why why)
{
	static const char *const names[] = { NULL,
					     "no code",
					     "no code, outside of functions",
					     "its file is not compiled",
					     "not in the measured source",
					     "its object is not linked" };

	return names[why];
}

void patch_deinit(struct patch *patch)
{
	for (size_t i = 0; i < patch->source_count; i++) {
		free(patch->sources[i].name);
		free(patch->sources[i].counts);
		free(patch->sources[i].states);
	}
	free(patch->sources);
	free(patch->lines);
	free(patch->is_wanted);
	branches_deinit(&patch->branches);
	functions_deinit(&patch->functions);
	history_changes_deinit(&patch->changes);
	memset(patch, 0, sizeof(*patch));
}

/* While lines are looked for. */
struct locating {
	struct patch *patch;
	const struct cov_kernel *kernel;
	struct sources sources; /* of the kernel's files that are in the patch */
	uint32_t *files;        /* [changes.file_count], of the kernel; PATCH_NONE; owned */
};

static void locating_deinit(struct locating *locating)
{
	sources_deinit(&locating->sources);
	free(locating->files);
}

COV_DEFINE_AUTO_STRUCT(struct locating, locating_deinit)

static uint32_t find_file(const struct cov_kernel *kernel, const char *path)
{
	size_t low = 0, high = kernel->file_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(kernel->files[middle], path);

		if (order == 0)
			return (uint32_t)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return PATCH_NONE;
}

static uint32_t find_line(const struct cov_kernel *kernel, uint32_t file, uint32_t number)
{
	for (uint32_t i = kernel->file_line_first[file]; i < kernel->file_line_first[file + 1];
	     i++) {
		if (kernel->line_numbers[i] == number)
			return i;
	}
	return PATCH_NONE;
}

/* Where lines of a text begin, and where the last one ends; free() it. [line_count + 1] */
static const char **list_lines(struct history_text text)
{
	size_t count = history_lines_count(text);
	const char **lines = cov_xcalloc(count + 1, sizeof(*lines));

	for (size_t i = 0; i < count; i++) {
		const char *begin = i ? lines[i] : text.bytes;
		const char *end = memchr(begin, '\n', (size_t)(text.bytes + text.size - begin));

		lines[i] = begin;
		lines[i + 1] = end ? end + 1 : text.bytes + text.size + 1;
	}
	return lines;
}

/* Lines of a diff in a file: there if the text of that number is the same. */
static int locate_by_number(const struct locating *locating, struct history_text source,
			    size_t first, size_t end)
{
	struct patch *patch = locating->patch;
	size_t count = history_lines_count(source);
	COV_AUTO(free) const char **lines = list_lines(source);

	for (size_t i = first; i < end; i++) {
		const struct history_line *line = &patch->changes.lines[patch->lines[i].place];

		if (line->new_line > count)
			continue;
		const char *begin = lines[line->new_line - 1];
		size_t length = (size_t)(lines[line->new_line] - begin) - 1;

		if (length == line->text_bytes && memcmp(begin, line->text, length) == 0)
			patch->lines[i].kernel_line = line->new_line;
	}
	return 0;
}

/* Lines of a range: there if they are joined with one of the kernel's source. */
static int locate_by_text(const struct locating *locating, struct history_text source, size_t first,
			  size_t end, struct cov_error *err)
{
	struct patch *patch = locating->patch;
	const struct history_file *file = &patch->changes.files[patch->lines[first].file];
	COV_AUTO(history_lines_deinit) struct history_lines joined = { 0 };
	int result = history_lines_match(file->new_text, source, &joined, err);

	for (size_t i = first; result == 0 && i < end; i++)
		patch->lines[i].kernel_line =
		    joined.old.others[patch->changes.lines[patch->lines[i].place].new_line];
	return result;
}

static enum patch_why why_not(const struct patch_line *line)
{
	if (!line->kernel_line)
		return PATCH_NOT_THERE;
	if (line->line_id != PATCH_NONE)
		return PATCH_INSTRUMENTED;
	return line->function == FUNCTIONS_NONE ? PATCH_NO_FUNCTION : PATCH_NO_CODE;
}

/* The lines [first, end), which are of one file. */
static int locate_lines(struct locating *locating, size_t first, size_t end, struct cov_error *err)
{
	struct patch *patch = locating->patch;
	uint32_t file = locating->files[patch->lines[first].file];
	int result = 0;

	if (file == PATCH_NONE) {
		for (size_t i = first; i < end; i++)
			patch->lines[i].why = PATCH_NOT_COMPILED;
		return 0;
	}
	struct history_text source = locating->sources.texts[file];
	if (!source.bytes) {
		for (size_t i = first; i < end; i++)
			patch->lines[i].kernel_line =
			    patch->changes.lines[patch->lines[i].place].new_line;
	} else if (patch->changes.files[patch->lines[first].file].new_text.bytes) {
		result = locate_by_text(locating, source, first, end, err);
	} else {
		result = locate_by_number(locating, source, first, end);
	}
	for (size_t i = first; result == 0 && i < end; i++) {
		struct patch_line *line = &patch->lines[i];

		if (line->kernel_line) {
			line->line_id = find_line(locating->kernel, file, line->kernel_line);
			line->function = functions_find(&patch->functions, file, line->kernel_line);
		}
		line->why = why_not(line);
	}
	return result;
}

/* The added lines of all files. */
static void list_added(struct patch *patch)
{
	const struct history_changes *changes = &patch->changes;

	patch->lines = cov_xcalloc(changes->line_count, sizeof(*patch->lines));
	for (size_t i = 0; i < changes->file_count; i++) {
		const struct history_file *file = &changes->files[i];

		for (size_t j = file->hunk_first; j < file->hunk_first + file->hunk_count; j++) {
			const struct history_hunk *hunk = &changes->hunks[j];

			for (size_t k = hunk->line_first; k < hunk->line_first + hunk->line_count;
			     k++) {
				if (changes->lines[k].origin == HISTORY_ADDED)
					patch->lines[patch->line_count++] = (struct patch_line){
						.place = (uint32_t)k,
						.file = (uint32_t)i,
						.line_id = PATCH_NONE,
						.function = FUNCTIONS_NONE,
						.state = COV_LINE_NOT_INSTRUMENTED,
					};
			}
		}
	}
}

static int read_sources(struct locating *locating, const struct sources_from *from,
			struct cov_error *err)
{
	const struct cov_kernel *kernel = locating->kernel;
	const struct history_changes *changes = &locating->patch->changes;
	COV_AUTO(free) bool *is_wanted = cov_xcalloc(kernel->file_count, sizeof(*is_wanted));

	locating->files = cov_xcalloc(changes->file_count, sizeof(*locating->files));
	for (size_t i = 0; i < changes->file_count; i++) {
		locating->files[i] = find_file(kernel, changes->files[i].new_path);
		if (locating->files[i] != PATCH_NONE)
			is_wanted[locating->files[i]] = true;
	}
	struct sources_from wanted = *from;
	wanted.is_wanted = is_wanted;
	return sources_read(kernel, &wanted, &locating->sources, err);
}

/* Objects that have one of the lines. */
static void mark_wanted(struct patch *patch, const struct cov_kernel *kernel)
{
	COV_AUTO(free) bool *is_ours = cov_xcalloc(kernel->line_count, sizeof(*is_ours));

	patch->is_wanted = cov_xcalloc(kernel->object_count, 1);
	for (size_t i = 0; i < patch->line_count; i++) {
		if (patch->lines[i].line_id != PATCH_NONE)
			is_ours[patch->lines[i].line_id] = true;
	}
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; j < object->plan.line_count; j++)
			patch->is_wanted[i] |= is_ours[object->line_ids[j]];
	}
}

/* A kernel that does not have the patch is no answer. */
static int check_found(const struct locating *locating, struct cov_error *err)
{
	const struct patch *patch = locating->patch;
	size_t compiled = 0, there = 0;

	for (size_t i = 0; i < patch->line_count; i++) {
		compiled += patch->lines[i].why != PATCH_NOT_COMPILED;
		there += patch->lines[i].kernel_line != 0;
	}
	if (!compiled || there)
		return 0;
	return cov_fail(
	    err, COV_ERR_MISMATCH,
	    "none of the %zu lines that the patch adds to files of the kernel is in its "
	    "source: it was built without the patch",
	    compiled);
}

int patch_locate(struct patch *patch, const struct cov_kernel *kernel,
		 const struct sources_from *from, struct cov_error *err)
{
	COV_AUTO(locating_deinit)
	struct locating locating = { .patch = patch, .kernel = kernel };
	int result = read_sources(&locating, from, err);

	functions_list(kernel, &patch->functions);
	list_added(patch);
	patch->missing_count = locating.sources.missing_count;
	for (size_t first = 0, end; result == 0 && first < patch->line_count; first = end) {
		for (end = first;
		     end < patch->line_count && patch->lines[end].file == patch->lines[first].file;)
			end++;
		result = locate_lines(&locating, first, end, err);
	}
	if (result == 0)
		result = check_found(&locating, err);
	mark_wanted(patch, kernel);
	return result;
}

static bool has_line(const struct patch *patch, uint32_t line_id)
{
	for (size_t i = 0; i < patch->line_count; i++) {
		if (patch->lines[i].line_id == line_id)
			return true;
	}
	return false;
}

/* Those of a source have another source's number than all before. */
static void take_branches(struct patch *patch, const struct cov_branches *branches)
{
	uint32_t source = branches_next_source(&patch->branches), before = PATCH_NONE;
	bool is_ours = false;

	for (size_t i = 0; i < branches->count; i++) {
		struct cov_branch branch = branches->items[i];

		if (branch.line != before)
			is_ours = has_line(patch, branch.line);
		before = branch.line;
		branch.source = source;
		if (is_ours)
			branches_add(&patch->branches, branch);
	}
}

void patch_take(struct patch *patch, const struct patch_counts *counts)
{
	struct patch_source source = {
		.name = cov_xstrdup(counts->name),
		.is_baseline = counts->is_baseline,
		.duration_ns = counts->duration_ns,
		.counts = cov_xcalloc(patch->line_count, sizeof(int64_t)),
		.states = cov_xcalloc(patch->line_count, 1),
	};

	for (size_t i = 0; i < patch->line_count; i++) {
		uint32_t id = patch->lines[i].line_id;

		if (id == PATCH_NONE)
			continue;
		source.counts[i] = counts->counts->lines[id];
		source.states[i] = counts->counts->states[id];
		source.executed_count += source.states[i] >= COV_LINE_PARTLY;
	}
	take_branches(patch, counts->branches);
	patch->sources = cov_grow(patch->sources, patch->source_count, &patch->source_capacity,
				  sizeof(*patch->sources));
	patch->sources[patch->source_count++] = source;
}

static void conclude_branches(struct patch *patch, struct patch_line *line)
{
	for (size_t i = 0; i < patch->branches.count; i++) {
		const struct cov_branch *branch = &patch->branches.items[i];

		if (branch->line != line->line_id || branch->taken == COV_BRANCH_NOT_EVALUATED)
			continue;
		line->branch_count++;
		line->branch_never_count += branch->taken == 0;
	}
}

void patch_conclude(struct patch *patch)
{
	branches_settle(&patch->branches);
	for (size_t i = 0; i < patch->line_count; i++) {
		struct patch_line *line = &patch->lines[i];

		if (line->line_id == PATCH_NONE)
			continue;
		for (size_t j = 0; j < patch->source_count; j++) {
			if (patch->sources[j].states[i] > line->state)
				line->state = (enum cov_line_state)patch->sources[j].states[i];
		}
		if (line->state == COV_LINE_NOT_INSTRUMENTED)
			line->why = PATCH_NOT_LINKED;
		conclude_branches(patch, line);
	}
}

const struct patch_source *patch_best(const struct patch *patch)
{
	const struct patch_source *best = NULL;

	for (size_t i = 0; i < patch->source_count; i++) {
		const struct patch_source *source = &patch->sources[i];

		if (!source->is_baseline && source->executed_count &&
		    (!best || source->executed_count > best->executed_count))
			best = source;
	}
	return best;
}

void patch_add_to(struct patch_sum *sum, const struct patch_line *line)
{
	sum->lines++;
	sum->executed += line->state == COV_LINE_EXECUTED;
	sum->partly += line->state == COV_LINE_PARTLY;
	sum->not_executed += line->state == COV_LINE_NOT_EXECUTED;
	sum->not_instrumented += line->state == COV_LINE_NOT_INSTRUMENTED;
}

double patch_rate(const struct patch_source *source, size_t line)
{
	double count = (double)source->counts[line];

	return source->duration_ns ? count * ns_per_s / (double)source->duration_ns : count;
}
