/* counters.c - the raw counters of one snapshot, in the order of a kernel's objects. */
#include "collector/decode/counters.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/match.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"
#include "collector/gcov/gcda.h"
#include "collector/gcov/gcov_format.h"

enum { MARK_EACH = 64 };

/* Functions of a .gcda come in the order of the notes, so the one after the last is tried first. */
static const struct plan_function *find_function(const struct plan *plan, uint32_t ident,
						 uint32_t *next)
{
	for (uint32_t i = 0; i < plan->function_count; i++) {
		uint32_t place = *next + i;

		if (place >= plan->function_count)
			place -= plan->function_count;
		if (plan->functions[place].ident == ident) {
			*next = place + 1 < plan->function_count ? place + 1 : 0;
			return &plan->functions[place];
		}
	}
	return NULL;
}

static int join_function(const struct plan *plan, const struct plan_function *function,
			 const struct gcda *gcda, const struct gcda_function *data, int64_t *values,
			 struct cov_error *err)
{
	if (data->lineno_checksum != function->lineno_checksum ||
	    data->cfg_checksum != function->cfg_checksum)
		return cov_fail(err, COV_ERR_MISMATCH,
				"function %s: checksums %08x %08x, in the notes %08x %08x",
				plan->texts + function->name, data->lineno_checksum,
				data->cfg_checksum, function->lineno_checksum,
				function->cfg_checksum);
	if (!data->has_counters)
		return 0;
	if (data->counter_count != function->counter_count)
		return cov_fail(err, COV_ERR_MISMATCH, "function %s: %u counters, in the notes %u",
				plan->texts + function->name, data->counter_count,
				function->counter_count);
	if (data->is_zero)
		return 0;
	for (uint32_t i = 0; i < data->counter_count; i++) {
		int64_t *value = &values[function->counter_first + i];

		*value =
		    (int64_t)((uint64_t)*value + (uint64_t)gcda->counters[data->counter_first + i]);
	}
	return 0;
}

/*
 * A file that ends early between two records still parses. The kernel writes every function of
 * an object and no end marker; libgcov writes an end marker.
 */
static bool is_cut_between_records(const struct plan *plan, const struct gcda *gcda)
{
	const struct gcda_function *last;

	if (gcda->has_end_marker || !plan->function_count)
		return false;
	if (gcda->function_count < plan->function_count)
		return true;
	last = &gcda->functions[gcda->function_count - 1];
	return !last->has_counters;
}

static int join(const struct plan *plan, const struct gcda *gcda, int64_t *values,
		enum cov_problem_kind *kind, struct cov_error *err)
{
	uint32_t next = 0;

	*kind = COV_PROBLEM_VERSION;
	if (gcda->version != plan->version) {
		char own[GCOV_VERSION_TEXT_BYTES], notes[GCOV_VERSION_TEXT_BYTES];

		gcov_format_version_text(gcda->version, own);
		gcov_format_version_text(plan->version, notes);
		return cov_fail(err, COV_ERR_MISMATCH, "compiler version %s, in the notes %s", own,
				notes);
	}
	*kind = COV_PROBLEM_STAMP;
	if (gcda->stamp != plan->stamp)
		return cov_fail(err, COV_ERR_MISMATCH,
				"stamp %08x, in the notes %08x: another compilation", gcda->stamp,
				plan->stamp);
	*kind = COV_PROBLEM_TRUNCATED;
	if (is_cut_between_records(plan, gcda))
		return cov_fail(err, COV_ERR_FORMAT, "%u functions, in the notes %u",
				gcda->function_count, plan->function_count);
	*kind = COV_PROBLEM_CHECKSUM;
	for (uint32_t i = 0; i < gcda->function_count; i++) {
		const struct plan_function *function =
		    find_function(plan, gcda->functions[i].ident, &next);

		/* gcov passes over a function that the notes do not have. */
		if (!function)
			continue;
		int result = join_function(plan, function, gcda, &gcda->functions[i], values, err);
		if (result)
			return result;
	}
	return 0;
}

int counters_join(const struct plan *plan, const struct tree_content *content, struct gcda *gcda,
		  int64_t *values, enum cov_problem_kind *kind, struct cov_error *err)
{
	*kind = COV_PROBLEM_DAMAGED;
	int result = gcda_parse(content->data, content->size, gcda, err);
	if (result) {
		if (result == COV_ERR_TRUNCATED)
			*kind = COV_PROBLEM_TRUNCATED;
		else if (result == COV_ERR_MISMATCH)
			*kind = COV_PROBLEM_VERSION;
		return result;
	}
	result = join(plan, gcda, values, kind, err);
	if (result)
		memset(values, 0, plan->counter_count * sizeof(*values));
	return result;
}

/* The snapshot being read. Each file has an object of its own, so threads do not meet. */
struct reading {
	const struct cov_kernel *kernel;
	struct tree *tree;
	const uint32_t *objects; /* [tree->file_count], or MATCH_NONE */
	struct cov_counters *counters;
	struct file_problem *problems; /* [tree->file_count] */
	struct tree_content contents[COV_THREADS_MAX];
	struct gcda gcdas[COV_THREADS_MAX];
};

/* What is wrong with a file, if anything. */
struct file_problem {
	enum cov_problem_kind kind;
	char *message; /* NULL when it is fine; owned */
};

/* The counters of file @index. Return: 0, or as @err, with @kind, says. */
static int read_counters(struct reading *reading, size_t index, size_t thread,
			 enum cov_problem_kind *kind, struct cov_error *err)
{
	const struct cov_object *object = &reading->kernel->objects[reading->objects[index]];
	struct tree_content *content = &reading->contents[thread];
	int64_t *values = reading->counters->values + object->counter_first;

	if (reading->kernel->joined_of == reading->tree && object->joined_file == index + 1) {
		if (object->joined)
			memcpy(values, object->joined,
			       object->plan.counter_count * sizeof(*values));
		return 0;
	}
	*kind = COV_PROBLEM_UNREADABLE;
	int result = tree_read(reading->tree, index, content, err);
	return result ? result
		      : counters_join(&object->plan, content, &reading->gcdas[thread], values, kind,
				      err);
}

static void read_one(void *context, size_t index, size_t thread)
{
	struct reading *reading = context;
	uint32_t object_index = reading->objects[index];
	struct file_problem *problem = &reading->problems[index];
	struct cov_counters *counters = reading->counters;
	struct cov_error err;

	if (object_index == MATCH_NONE) {
		problem->kind = COV_PROBLEM_NO_NOTES;
		problem->message = cov_xstrdup("no such object in the notes");
		return;
	}
	if (read_counters(reading, index, thread, &problem->kind, &err) == 0) {
		counters->states[object_index] = COV_OBJECT_DECODED;
		counters->files[object_index] = reading->tree->files[index].name;
		reading->tree->files[index].name = NULL;
		return;
	}
	counters->states[object_index] = COV_OBJECT_BAD;
	problem->message = cov_xstrdup(err.message);
}

static void read_all(struct reading *reading, struct cov_problems *problems)
{
	const struct tree *tree = reading->tree;
	COV_AUTO(free)
	struct file_problem *file_problems = cov_xcalloc(tree->file_count, sizeof(*file_problems));

	reading->problems = file_problems;
	cov_parallel_for(tree->file_count, read_one, reading);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		tree_content_deinit(&reading->contents[i]);
		gcda_deinit(&reading->gcdas[i]);
	}
	for (size_t i = 0; i < tree->gap_count; i++)
		cov_problems_add(problems, COV_PROBLEM_UNREADABLE, tree->gaps[i].name,
				 tree->gaps[i].err.message);
	for (size_t i = 0; i < tree->file_count; i++) {
		if (file_problems[i].message)
			cov_problems_add(problems, file_problems[i].kind, tree->files[i].name,
					 file_problems[i].message);
		else
			reading->counters->decoded_count++;
		free(file_problems[i].message);
	}
}

int counters_read_tree(const struct cov_kernel *kernel, struct tree *tree, struct cov_counters *out,
		       struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(free) uint32_t *objects = cov_xcalloc(tree->file_count, sizeof(*objects));

	if (!match_objects(kernel, tree, objects))
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: none of its %zu objects (%s, ...) is in the notes", tree->path,
				tree->file_count, tree->files[0].name);

	struct cov_counters counters = {
		.values = cov_block_take_zeroed(kernel->counter_count, sizeof(int64_t)),
		.states = cov_xcalloc(kernel->object_count, 1),
		.files = cov_xcalloc(kernel->object_count, sizeof(char *)),
		.file_count = kernel->object_count,
	};
	struct reading reading = {
		.kernel = kernel,
		.tree = tree,
		.objects = objects,
		.counters = &counters,
	};
	read_all(&reading, problems);
	*out = counters;
	return 0;
}

int counters_read(const struct cov_kernel *kernel, const char *snapshot, struct cov_counters *out,
		  struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	int result = tree_open(snapshot, ".gcda", &tree, err);

	return result ? result : counters_read_tree(kernel, &tree, out, problems, err);
}

static void add_states(const struct cov_kernel *kernel, struct cov_counters *sum,
		       const unsigned char *states)
{
	sum->decoded_count = 0;
	for (size_t i = 0; i < kernel->object_count; i++) {
		/* What is bad in one of them has no sum: their times would not fit its counters. */
		if (states[i] == COV_OBJECT_BAD || sum->states[i] == COV_OBJECT_ABSENT)
			sum->states[i] = states[i];
		sum->decoded_count += sum->states[i] == COV_OBJECT_DECODED;
	}
}

void counters_add(const struct cov_kernel *kernel, struct cov_counters *sum,
		  const struct cov_counters *more)
{
	for (size_t i = 0; i < kernel->counter_count; i++)
		sum->values[i] = cov_number_add(sum->values[i], more->values[i]);
	add_states(kernel, sum, more->states);
}

/* The first of every MARK_EACH counters. */
struct counters_mark {
	uint32_t after;  /* the place of the counter before it; 0: there is none */
	uint32_t offset; /* in bytes */
};

struct counters_walk counters_walk(const struct cov_few_counters *few)
{
	const unsigned char *bytes = (const unsigned char *)few->bytes.data;

	return (struct counters_walk){ .from = { bytes, bytes + few->bytes.length, false } };
}

void counters_few_add(struct cov_few_counters *few, size_t place, int64_t value, size_t *last)
{
	if (few->count++ % MARK_EACH == 0) {
		few->marks =
		    cov_grow(few->marks, few->mark_count, &few->mark_capacity, sizeof(*few->marks));
		few->marks[few->mark_count++] =
		    (struct counters_mark){ (uint32_t)*last, (uint32_t)few->bytes.length };
	}
	cov_narrow_add(&few->bytes, place - *last);
	cov_narrow_add(&few->bytes, cov_narrow_fold(value));
	*last = place;
}

void counters_few_end(struct cov_few_counters *few)
{
	if (!few->count)
		return;
	few->bytes.data = cov_xrealloc(few->bytes.data, few->bytes.length);
	few->bytes.capacity = few->bytes.length;
	few->marks = cov_xreallocarray(few->marks, few->mark_count, sizeof(*few->marks));
	few->mark_capacity = few->mark_count;
}

void counters_add_few(const struct cov_kernel *kernel, struct cov_counters *sum,
		      const struct cov_few_counters *more)
{
	struct counters_walk walk = counters_walk(more);

	while (counters_walk_next(&walk))
		sum->values[walk.place] = cov_number_add(sum->values[walk.place], walk.value);
	add_states(kernel, sum, more->states);
}

static bool are_eight_zero(const int64_t *values)
{
	int64_t any = 0;

	for (size_t i = 0; i < 8; i++)
		any |= values[i];
	return !any;
}

void counters_keep_few(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       struct cov_few_counters *ret)
{
	size_t last = 0;

	*ret = (struct cov_few_counters){ .states = cov_xcalloc(kernel->object_count, 1) };
	memcpy(ret->states, counters->states, kernel->object_count);
	for (size_t i = 0; i < kernel->counter_count; i++) {
		/* Most follow others that are 0. */
		while (i + 8 <= kernel->counter_count && are_eight_zero(counters->values + i))
			i += 8;
		if (i < kernel->counter_count && counters->values[i])
			counters_few_add(ret, i, counters->values[i], &last);
	}
	counters_few_end(ret);
}

/* The last mark before which all places are below @first. */
static size_t find_mark(const struct cov_few_counters *few, size_t first)
{
	size_t low = 0, high = few->mark_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (few->marks[middle].after < first)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t counters_spread_few(const struct cov_few_counters *few, size_t first, size_t count,
			   int64_t *ret)
{
	struct counters_walk walk = counters_walk(few);
	size_t written = 0;

	if (!few->count)
		return 0;
	const struct counters_mark *mark = &few->marks[find_mark(few, first)];
	walk.from.next += mark->offset;
	walk.place = mark->after;
	while (counters_walk_next(&walk) && (walk.place < first || walk.place - first < count)) {
		if (walk.place < first)
			continue;
		ret[walk.place - first] = walk.value;
		written++;
	}
	return written;
}

void counters_few_sum(const struct cov_kernel *kernel, const struct cov_few_counters *a,
		      const struct cov_few_counters *b, struct cov_few_counters *ret)
{
	struct counters_walk first = counters_walk(a), second = counters_walk(b);
	bool has_first = counters_walk_next(&first), has_second = counters_walk_next(&second);
	size_t last = 0;

	*ret = (struct cov_few_counters){ .states = cov_xmalloc(kernel->object_count) };
	memcpy(ret->states, a->states, kernel->object_count);
	while (has_first || has_second) {
		bool takes_first = has_first && (!has_second || first.place <= second.place);
		bool takes_second = has_second && (!has_first || second.place <= first.place);
		int64_t value =
		    cov_number_add(takes_first ? first.value : 0, takes_second ? second.value : 0);

		if (value)
			counters_few_add(ret, takes_first ? first.place : second.place, value,
					 &last);
		if (takes_first)
			has_first = counters_walk_next(&first);
		if (takes_second)
			has_second = counters_walk_next(&second);
	}
	counters_few_end(ret);
}

void counters_mark_ran(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		       size_t count, unsigned char *ran)
{
	for (size_t i = 0; i < count; i++) {
		struct counters_walk walk = counters_walk(&snapshots[i]);
		size_t object = 0;

		while (counters_walk_next(&walk)) {
			object = kernel_object_of(kernel, walk.place, object);
			ran[object] = 1;
		}
	}
}

void counters_few_deinit(struct cov_few_counters *few)
{
	cov_text_deinit(&few->bytes);
	free(few->marks);
	free(few->states);
	memset(few, 0, sizeof(*few));
}

void counters_deinit(struct cov_counters *counters)
{
	for (size_t i = 0; i < counters->file_count; i++)
		free(counters->files[i]);
	free(counters->files);
	cov_block_give(counters->values);
	free(counters->states);
	memset(counters, 0, sizeof(*counters));
}
