/* join.c - the lines of one kernel in another. */
#include "venn/change/join.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "venn/history/history_renames.h"

/* Joining files, by several threads. */
struct joining {
	struct join_kernel old, new;
	struct join *join;
	struct cov_error errors[COV_THREADS_MAX]; /* code 0 when fine */
};

const char *join_fate_name(enum join_fate fate)
{
	static const char *const names[] = { "same",    "moved",     "without code",
					     "changed", "only here", "without source" };

	return names[fate];
}

static void side_deinit(struct join_side *side)
{
	free(side->lines);
	free(side->fates);
	free(side->files);
}

void join_deinit(struct join *join)
{
	side_deinit(&join->old);
	side_deinit(&join->new);
	memset(join, 0, sizeof(*join));
}

/* All is only here. */
static void side_init(struct join_side *side, const struct cov_kernel *kernel)
{
	side->line_count = kernel->line_count;
	side->file_count = kernel->file_count;
	side->lines = cov_xcalloc(side->line_count, sizeof(*side->lines));
	side->fates = cov_xcalloc(side->line_count, sizeof(*side->fates));
	side->files = cov_xcalloc(side->file_count, sizeof(*side->files));
	memset(side->lines, 0xff, side->line_count * sizeof(*side->lines));
	memset(side->fates, JOIN_ONLY, side->line_count);
	memset(side->files, 0xff, side->file_count * sizeof(*side->files));
}

void join_itself(const struct cov_kernel *kernel, struct join *ret)
{
	struct join_side *const sides[] = { &ret->old, &ret->new };

	for (size_t i = 0; i < 2; i++) {
		side_init(sides[i], kernel);
		for (size_t j = 0; j < kernel->line_count; j++)
			sides[i]->lines[j] = (uint32_t)j;
		for (size_t j = 0; j < kernel->file_count; j++)
			sides[i]->files[j] = (uint32_t)j;
		memset(sides[i]->fates, JOIN_SAME, kernel->line_count);
	}
}

static void join_files(struct join *join, size_t old, size_t new)
{
	join->old.files[old] = (uint32_t) new;
	join->new.files[new] = (uint32_t)old;
}

/* Both lists are sorted. */
static void join_paths(const struct joining *joining)
{
	const struct cov_kernel *old = joining->old.kernel, *new = joining->new.kernel;

	for (size_t i = 0, j = 0; i < old->file_count && j < new->file_count;) {
		int order = strcmp(old->files[i], new->files[j]);

		if (order == 0)
			join_files(joining->join, i, j);
		i += order <= 0;
		j += order >= 0;
	}
}

/* Files of one kernel that the other has not under their path. */
struct strays {
	const char **paths;         /* [count]; owned, as are the next two; paths are borrowed */
	struct history_text *texts; /* [count] */
	size_t *files;              /* [count], of the kernel */
	size_t count;
};

static void strays_deinit(struct strays *strays)
{
	free(strays->paths);
	free(strays->texts);
	free(strays->files);
}

COV_DEFINE_AUTO_STRUCT(struct strays, strays_deinit)

/* A tree of git has no other names. */
static bool is_in_tree(const char *path)
{
	return *path && *path != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../");
}

static void find_strays(struct join_kernel side, const struct join_side *joined, struct strays *ret)
{
	size_t most = side.kernel->file_count;

	ret->paths = cov_xcalloc(most, sizeof(*ret->paths));
	ret->texts = cov_xcalloc(most, sizeof(*ret->texts));
	ret->files = cov_xcalloc(most, sizeof(*ret->files));
	for (size_t i = 0; i < most; i++) {
		if (joined->files[i] != JOIN_NONE || !side.sources->texts[i].bytes ||
		    !is_in_tree(side.kernel->files[i]))
			continue;
		ret->paths[ret->count] = side.kernel->files[i];
		ret->texts[ret->count] = side.sources->texts[i];
		ret->files[ret->count++] = i;
	}
}

static int join_renamed(const struct joining *joining, struct cov_error *err)
{
	struct join *join = joining->join;
	COV_AUTO(strays_deinit) struct strays old = { 0 };
	COV_AUTO(strays_deinit) struct strays new = { 0 };

	find_strays(joining->old, &join->old, &old);
	find_strays(joining->new, &join->new, &new);
	COV_AUTO(free) size_t *found = cov_xcalloc(old.count, sizeof(*found));
	const struct history_files old_files = { old.paths, old.texts, old.count };
	const struct history_files new_files = { new.paths, new.texts, new.count };
	int result = history_renames(&old_files, &new_files, found, err);
	for (size_t i = 0; result == 0 && i < old.count; i++) {
		if (found[i] == SIZE_MAX)
			continue;
		join_files(join, old.files[i], new.files[found[i]]);
		join->renamed_count++;
	}
	return result;
}

/* The line id of a line of a file; JOIN_NONE: it has no code. */
static uint32_t find_line(const struct cov_kernel *kernel, size_t file, uint32_t number)
{
	uint32_t low = kernel->file_line_first[file], end = kernel->file_line_first[file + 1];

	for (uint32_t high = end; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (kernel->line_numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end && kernel->line_numbers[low] == number ? low : JOIN_NONE;
}

/* One of the two files that are joined, and the lines of the other. */
struct half {
	const struct cov_kernel *kernel, *other;
	size_t file, other_file;
	const struct history_side *texts; /* NULL: there is no source of one of them */
	struct join_side *side;
};

static enum join_fate fate_of(const struct half *half, uint32_t line)
{
	uint32_t number = half->kernel->line_numbers[line];

	if (!half->texts)
		return JOIN_UNKNOWN;
	uint32_t other = half->texts->others[number];
	if (!other)
		return half->texts->is_replaced[number] ? JOIN_CHANGED : JOIN_ONLY;
	half->side->lines[line] = find_line(half->other, half->other_file, other);
	if (half->side->lines[line] == JOIN_NONE)
		return JOIN_NO_CODE;
	return other == number && strcmp(half->kernel->files[half->file],
					 half->other->files[half->other_file]) == 0
		   ? JOIN_SAME
		   : JOIN_MOVED;
}

static void join_half(const struct half *half)
{
	for (uint32_t i = half->kernel->file_line_first[half->file];
	     i < half->kernel->file_line_first[half->file + 1]; i++)
		half->side->fates[i] = (unsigned char)fate_of(half, i);
}

static void join_one(void *context, size_t file, size_t thread)
{
	struct joining *joining = context;
	struct join *join = joining->join;
	COV_AUTO(history_lines_deinit) struct history_lines lines = { 0 };
	size_t other = join->old.files[file];

	if (other == JOIN_NONE || joining->errors[thread].code)
		return;
	struct history_text old = joining->old.sources->texts[file];
	struct history_text new = joining->new.sources->texts[other];
	bool is_known = old.bytes && new.bytes;
	if (is_known && history_lines_match(old, new, &lines, &joining->errors[thread]) != 0)
		return;
	const struct half halves[] = {
		{ joining->old.kernel, joining->new.kernel, file, other,
		  is_known ? &lines.old : NULL, &join->old },
		{ joining->new.kernel, joining->old.kernel, other, file,
		  is_known ? &lines.new : NULL, &join->new },
	};
	join_half(&halves[0]);
	join_half(&halves[1]);
}

/* Without its source a file cannot be found under another name: it may be there or not. */
static void mark_unknown(struct join_kernel side, struct join_side *joined)
{
	for (size_t i = 0; i < side.kernel->file_count; i++) {
		if (joined->files[i] != JOIN_NONE || side.sources->texts[i].bytes)
			continue;
		for (uint32_t j = side.kernel->file_line_first[i];
		     j < side.kernel->file_line_first[i + 1]; j++)
			joined->fates[j] = JOIN_UNKNOWN;
	}
}

int join_kernels(struct join_kernel old, struct join_kernel new, struct join *ret,
		 struct cov_error *err)
{
	COV_AUTO(join_deinit) struct join join = { 0 };
	struct joining joining = { .old = old, .new = new, .join = &join };

	side_init(&join.old, old.kernel);
	side_init(&join.new, new.kernel);
	join_paths(&joining);
	int result = join_renamed(&joining, err);
	if (result)
		return result;
	cov_parallel_for(old.kernel->file_count, join_one, &joining);
	result = cov_error_first(joining.errors, COV_THREADS_MAX, err);
	if (result)
		return result;
	mark_unknown(old, &join.old);
	mark_unknown(new, &join.new);
	*ret = join;
	memset(&join, 0, sizeof(join));
	return 0;
}
