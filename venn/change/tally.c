/* tally.c - a comparison added up: by directory, by subsystem, by function. */
#include "venn/change/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "venn/change/directories.h"
#include "venn/change/functions.h"

void tally_deinit(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->rows[i].name);
	free(tally->rows);
	free(tally->all.name);
	memset(tally, 0, sizeof(*tally));
}

const char *tally_file(const struct sides *sides, const struct compare_line *line)
{
	const struct cov_kernel *kernel =
	    line->new == JOIN_NONE ? &sides->old.kernel : &sides->new.kernel;

	return kernel->files[kernel->line_files[line->new == JOIN_NONE ? line->old : line->new]];
}

bool tally_is_below(const char *file, const char *below)
{
	size_t length = strlen(below);

	return strcmp(below, ".") == 0 ||
	       (strncmp(file, below, length) == 0 && (file[length] == '/' || !file[length]));
}

/* Lines of a row, resample by resample, the whole last. */
struct sums {
	int64_t counts[COMPARE_CLASS_COUNT][COV_RESAMPLE_MAX + 1];
};

/* What lines are added up in. */
struct adding {
	const struct compare *compare;
	struct directories names;
	struct sums *sums; /* [names.count]; owned */
	size_t sums_count;
	struct sums all;
};

static void adding_deinit(struct adding *adding)
{
	directories_deinit(&adding->names);
	free(adding->sums);
}

COV_DEFINE_AUTO_STRUCT(struct adding, adding_deinit)

static void add_to(const struct compare *compare, const struct compare_line *line,
		   struct sums *sums)
{
	for (size_t i = 0; i <= compare->resample_count; i++)
		sums->counts[compare->classes[line->classes + i]][i]++;
}

static void add_line(struct adding *adding, const struct compare_line *line, long row)
{
	if (row == DIRECTORIES_NONE)
		return;
	if (adding->names.count > adding->sums_count) {
		adding->sums =
		    cov_xreallocarray(adding->sums, adding->names.count, sizeof(*adding->sums));
		memset(adding->sums + adding->sums_count, 0,
		       (adding->names.count - adding->sums_count) * sizeof(*adding->sums));
		adding->sums_count = adding->names.count;
	}
	add_to(adding->compare, line, &adding->sums[row]);
}

static void conclude(const struct compare *compare, const struct sums *sums,
		     struct tally_count *counts)
{
	for (size_t i = 0; i < COMPARE_CLASS_COUNT; i++) {
		const int64_t *lines = sums->counts[i];
		struct tally_count *count = &counts[i];

		*count = (struct tally_count){ lines[compare->resample_count],
					       lines[compare->resample_count],
					       lines[compare->resample_count] };
		for (size_t j = 0; j < compare->resample_count; j++) {
			count->low = lines[j] < count->low ? lines[j] : count->low;
			count->high = lines[j] > count->high ? lines[j] : count->high;
		}
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct tally_row *left = a, *right = b;

	return strcmp(left->name, right->name);
}

void tally_places(const struct sides *sides, const struct compare *compare, const char *below,
		  const struct maintainers *maintainers, struct tally *ret)
{
	COV_AUTO(adding_deinit) struct adding adding = { .compare = compare };
	COV_AUTO(free)
	size_t *found = cov_xcalloc(maintainers ? maintainers->subsystem_count : 0, sizeof(*found));

	for (size_t i = 0; i < compare->line_count; i++) {
		const struct compare_line *line = &compare->lines[i];
		const char *file = tally_file(sides, line);

		if (!tally_is_below(file, below))
			continue;
		add_to(compare, line, &adding.all);
		if (!maintainers) {
			add_line(&adding, line, directories_place(&adding.names, file, below));
			continue;
		}
		size_t count = maintainers_find(maintainers, file, found);
		for (size_t j = 0; j < count; j++)
			add_line(
			    &adding, line,
			    directories_find(&adding.names, maintainers->subsystems[found[j]]));
	}
	ret->count = adding.names.count;
	ret->rows = cov_xcalloc(ret->count, sizeof(*ret->rows));
	for (size_t i = 0; i < ret->count; i++) {
		ret->rows[i].name = cov_xstrdup(adding.names.names[i]);
		conclude(compare, &adding.sums[i], ret->rows[i].counts);
	}
	qsort(ret->rows, ret->count, sizeof(*ret->rows), compare_rows);
	ret->all.name = cov_xstrdup("all");
	conclude(compare, &adding.all, ret->all.counts);
}

void tally_functions_deinit(struct tally_functions *functions)
{
	free(functions->items);
	memset(functions, 0, sizeof(*functions));
}

/* Functions of the new kernel, then those of the old one alone, then what is outside of both. */
struct numbering {
	const struct sides *sides;
	struct functions old, new; /* owned, as is the next */
	uint32_t *joined;          /* [old.count], which of the new each old one is */
};

static void numbering_deinit(struct numbering *numbering)
{
	functions_deinit(&numbering->old);
	functions_deinit(&numbering->new);
	free(numbering->joined);
}

COV_DEFINE_AUTO_STRUCT(struct numbering, numbering_deinit)

static void numbering_init(const struct sides *sides, struct numbering *ret)
{
	ret->sides = sides;
	functions_list(&sides->old.kernel, &ret->old);
	functions_list(&sides->new.kernel, &ret->new);
	ret->joined = cov_xcalloc(ret->old.count, sizeof(*ret->joined));
	functions_join(&ret->old, &ret->new, sides->join.old.files, ret->joined);
}

static size_t number_of(const struct numbering *numbering, const struct compare_line *line)
{
	const struct sides *sides = numbering->sides;
	size_t new_count = numbering->new.count, old_count = numbering->old.count;

	if (line->new != JOIN_NONE) {
		uint32_t function = numbering->new.of_lines[line->new];

		return function == FUNCTIONS_NONE
			   ? new_count + old_count + sides->new.kernel.line_files[line->new]
			   : function;
	}
	uint32_t function = numbering->old.of_lines[line->old];
	if (function == FUNCTIONS_NONE)
		return new_count + old_count + sides->new.kernel.file_count +
		       sides->old.kernel.line_files[line->old];
	return numbering->joined[function] == FUNCTIONS_NONE ? new_count + function
							     : numbering->joined[function];
}

static const char *name_of(const struct numbering *numbering, size_t number)
{
	size_t new_count = numbering->new.count;

	if (number < new_count)
		return numbering->new.items[number].name;
	number -= new_count;
	return number < numbering->old.count ? numbering->old.items[number].name : "";
}

static int64_t turned(const struct tally_function *function)
{
	return function->lines[COMPARE_GAINED] + function->lines[COMPARE_NEW] +
	       function->lines[COMPARE_LOST] + function->lines[COMPARE_GONE];
}

/* @old_rate, @new_rate: 0 if that side executed no line of it */
static const char *became(const struct tally_function *function)
{
	int64_t up = function->lines[COMPARE_GAINED] + function->lines[COMPARE_NEW];
	int64_t down = function->lines[COMPARE_LOST] + function->lines[COMPARE_GONE];

	if (up && function->old_rate == 0)
		return "gained";
	if (down && function->new_rate == 0)
		return "lost";
	up += function->lines[COMPARE_MORE];
	down += function->lines[COMPARE_LESS];
	return up && !down ? "more often" : down && !up ? "less often" : "changed";
}

static int compare_functions(const void *a, const void *b)
{
	const struct tally_function *left = a, *right = b;
	int64_t difference = turned(right) - turned(left);

	if (difference)
		return difference < 0 ? -1 : 1;
	int order = strcmp(left->file, right->file);
	return order ? order : strcmp(left->name, right->name);
}

static void add_to_function(const struct sides *sides, const struct compare *compare,
			    const struct compare_line *line, struct tally_function *function)
{
	function->file = tally_file(sides, line);
	function->lines[compare_class_of(compare, line)]++;
	function->old_rate = fmax(function->old_rate, line->old_rate);
	function->new_rate = fmax(function->new_rate, line->new_rate);
}

static bool is_alike(const struct tally_function *function)
{
	for (size_t i = 0; i < COMPARE_CLASS_COUNT; i++) {
		if (i != COMPARE_ALIKE && function->lines[i])
			return false;
	}
	return true;
}

void tally_functions(const struct sides *sides, const struct compare *compare, const char *below,
		     struct tally_functions *ret)
{
	COV_AUTO(numbering_deinit) struct numbering numbering = { 0 };

	numbering_init(sides, &numbering);
	size_t most = numbering.new.count + numbering.old.count + sides->new.kernel.file_count +
		      sides->old.kernel.file_count;
	ret->items = cov_xcalloc(most, sizeof(*ret->items));
	for (size_t i = 0; i < compare->line_count; i++) {
		const struct compare_line *line = &compare->lines[i];
		size_t number = number_of(&numbering, line);

		if (!tally_is_below(tally_file(sides, line), below))
			continue;
		add_to_function(sides, compare, line, &ret->items[number]);
		ret->items[number].name = name_of(&numbering, number);
	}
	for (size_t i = 0; i < most; i++) {
		struct tally_function *function = &ret->items[i];

		if (!function->name || is_alike(function))
			continue;
		function->became = became(function);
		ret->items[ret->count++] = *function;
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), compare_functions);
}
