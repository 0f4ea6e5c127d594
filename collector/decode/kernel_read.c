/* kernel_read.c - read and compile the notes of a kernel build. */
#include "collector/decode/kernel_read.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/progress.h"
#include "collector/base/text.h"
#include "collector/decode/counters.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_index.h"
#include "collector/decode/match.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"
#include "collector/decode/votes.h"
#include "collector/gcov/gcda.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/compiler.h"
#include "collector/plan/pack.h"
#include "collector/plan/survey.h"

#define NO_PREFIX SIZE_MAX

/* One notes file on its way to an object. */
struct outcome {
	const char *name; /* of the file, in the tree or in kernel_reader.names */
	struct plan plan;
	size_t prefix_length;  /* that its name votes for, or NO_PREFIX */
	struct cov_text body;  /* for KERNEL_BODIES */
	uint32_t joined_file;  /* as in struct cov_object */
	int64_t *joined;       /* the same */
	struct cov_error *err; /* NULL: it is compiled; owned */
};

struct reading {
	const struct tree *tree;
	enum kernel_depth depth;
	struct outcome *outcomes; /* [tree->file_count] */
	struct tree_content contents[COV_THREADS_MAX];
	struct gcno gcnos[COV_THREADS_MAX];
	struct compiler compilers[COV_THREADS_MAX];
	const struct tree *snapshot; /* for KERNEL_RAN */
	uint32_t *files; /* [tree->file_count], of the snapshot, or MATCH_NONE; NULL: as in the
			    tree; owned */
	struct tree_content files_contents[COV_THREADS_MAX];
	struct gcda gcdas[COV_THREADS_MAX];
	struct cov_arena counters[COV_THREADS_MAX]; /* of one object */
	struct cov_progress progress;
};

/*
 * The functions that ran, by the file of the snapshot that is called like the notes. If that turns
 * out to be another object's, others will be compiled when they are evaluated.
 */
static void compile_ran(struct reading *reading, size_t index, size_t thread)
{
	struct outcome *outcome = &reading->outcomes[index];
	struct plan *plan = &outcome->plan;
	struct tree_content *content = &reading->files_contents[thread];
	uint32_t file = reading->files ? reading->files[index] : (uint32_t)index;
	enum cov_problem_kind kind;
	struct cov_error reason;

	if (file == MATCH_NONE || tree_read(reading->snapshot, file, content, &reason) != 0)
		return;
	cov_arena_clear(&reading->counters[thread]);
	int64_t *counters =
	    cov_arena_alloc(&reading->counters[thread], plan->counter_count, sizeof(*counters));
	if (counters_join(plan, content, &reading->gcdas[thread], counters, &kind, &reason) != 0)
		return;
	outcome->joined_file = file + 1;
	for (uint32_t i = 0; i < plan->function_count; i++) {
		if (plan_has_run(&plan->functions[i], counters)) {
			plan_compile_functions(&reading->compilers[thread], plan, counters);
			outcome->joined =
			    cov_xcopy(counters, plan->counter_count, sizeof(*counters));
			return;
		}
	}
}

static void pack(struct outcome *outcome)
{
	pack_body(&outcome->plan, &outcome->body);
	/* It grew by doubling, and stays. */
	outcome->body.data = cov_xrealloc(outcome->body.data, outcome->body.length);
	plan_drop_arrays(&outcome->plan);
}

/*
 * How much stands before the path of an object in @name, of its notes: its own source file has the
 * same path, relative to the build tree. A copy of the build path counts as such a prefix.
 */
static size_t find_prefix(const char *name, const struct plan *plan)
{
	size_t stem_length = strlen(name) - strlen(".gcno");

	for (uint32_t i = 0; i < plan->source_count; i++) {
		const char *source = plan->texts + plan->sources[i];
		size_t length = strlen(source);

		if (length < strlen(".c") || strcmp(source + length - strlen(".c"), ".c") != 0)
			continue;
		length -= strlen(".c");
		if (length <= stem_length &&
		    memcmp(name + stem_length - length, source, length) == 0 &&
		    (length == stem_length || name[stem_length - length - 1] == '/'))
			return stem_length - length;
	}
	return NO_PREFIX;
}

/* The notes @data as a plan, whose functions are compiled if all are to be. */
static int compile(struct reading *reading, const char *data, size_t size, size_t thread,
		   struct outcome *outcome, struct cov_error *err)
{
	struct gcno *gcno = &reading->gcnos[thread];
	struct compiler *compiler = &reading->compilers[thread];
	int result = gcno_parse(data, size, gcno, err);

	if (result == 0)
		result = plan_survey(compiler, gcno, &outcome->plan, err);
	if (result)
		return result;
	outcome->prefix_length = find_prefix(outcome->name, &outcome->plan);
	if (reading->depth != KERNEL_RAN)
		plan_compile_functions(compiler, &outcome->plan, NULL);
	if (reading->depth == KERNEL_BODIES)
		pack(outcome);
	return 0;
}

static struct cov_error *keep_failure(const struct cov_error *err)
{
	return cov_xcopy(err, 1, sizeof(*err));
}

static void read_one(void *context, size_t index, size_t thread)
{
	struct reading *reading = context;
	struct outcome *outcome = &reading->outcomes[index];
	struct tree_content *content = &reading->contents[thread];
	struct cov_error err;

	outcome->name = reading->tree->files[index].name;
	int result = tree_read(reading->tree, index, content, &err);
	if (result == 0)
		result = compile(reading, content->data, content->size, thread, outcome, &err);
	if (result == 0 && reading->depth == KERNEL_RAN)
		compile_ran(reading, index, thread);
	if (result)
		outcome->err = keep_failure(&err);
	cov_progress_step(&reading->progress);
}

/* "net/core/dev.gcno" as "net/core/dev.o"; @prefix is dropped where it stands. */
static char *object_path(const char *name, const char *prefix)
{
	size_t prefix_length = strlen(prefix);

	if (strncmp(name, prefix, prefix_length) == 0)
		name += prefix_length;
	return cov_format("%.*s.o", (int)(strlen(name) - strlen(".gcno")), name);
}

static int compare_objects(const void *a, const void *b)
{
	const struct cov_object *first = a, *second = b;

	return strcmp(first->path, second->path);
}

static void add_problem(struct cov_problems *problems, const char *name,
			const struct cov_error *reason)
{
	cov_problems_add(problems,
			 reason->code == COV_ERR_SYSTEM ? COV_PROBLEM_UNREADABLE
							: COV_PROBLEM_BAD_NOTES,
			 name, reason->message);
}

/* Objects, in the order of the files. */
static void take_outcomes(const struct outcome *outcomes, size_t count, struct cov_kernel *kernel,
			  struct cov_problems *problems)
{
	struct votes votes = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (!outcomes[i].err && outcomes[i].prefix_length != NO_PREFIX)
			votes_cast(&votes, outcomes[i].name, outcomes[i].prefix_length);
	}
	COV_AUTO(free) char *prefix = votes_close(&votes);

	kernel->objects = cov_xcalloc(count, sizeof(*kernel->objects));
	for (size_t i = 0; i < count; i++) {
		if (outcomes[i].err) {
			add_problem(problems, outcomes[i].name, outcomes[i].err);
			free(outcomes[i].err);
			continue;
		}
		kernel->objects[kernel->object_count++] = (struct cov_object){
			.plan = outcomes[i].plan,
			.body = outcomes[i].body.data,
			.body_bytes = outcomes[i].body.length,
			.notes_index = i,
			.joined_file = outcomes[i].joined_file,
			.joined = outcomes[i].joined,
			.path = object_path(outcomes[i].name, prefix),
			.notes = cov_xstrdup(outcomes[i].name),
		};
	}
}

static void reading_deinit(struct reading *reading)
{
	free(reading->files);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		tree_content_deinit(&reading->contents[i]);
		gcno_deinit(&reading->gcnos[i]);
		compiler_deinit(&reading->compilers[i]);
		tree_content_deinit(&reading->files_contents[i]);
		gcda_deinit(&reading->gcdas[i]);
		cov_arena_deinit(&reading->counters[i]);
	}
	*reading = (struct reading){ .depth = reading->depth };
}

static void order_objects(struct cov_kernel *kernel)
{
	qsort(kernel->objects, kernel->object_count, sizeof(*kernel->objects), compare_objects);
	kernel_index(kernel);
}

void kernel_read_tree(const struct tree *tree, enum kernel_depth depth, const struct tree *snapshot,
		      struct cov_kernel *out, struct cov_problems *problems)
{
	struct cov_kernel kernel = {
		.partial_notes = depth == KERNEL_RAN ? tree : NULL,
		.joined_of = depth == KERNEL_RAN ? snapshot : NULL,
	};
	COV_AUTO(free)
	struct outcome *outcomes = cov_xcalloc(tree->file_count, sizeof(*outcomes));
	struct reading reading = {
		.tree = tree,
		.depth = depth,
		.outcomes = outcomes,
		.snapshot = snapshot,
	};

	if (depth == KERNEL_RAN && !tree->is_beside) {
		reading.files = cov_xcalloc(tree->file_count, sizeof(*reading.files));
		match_notes(tree, snapshot, reading.files);
	}
	cov_progress_start(&reading.progress, "reading notes", tree->file_count);
	cov_parallel_for(tree->file_count, read_one, &reading);
	cov_progress_end(&reading.progress);
	reading_deinit(&reading);
	for (size_t i = 0; i < tree->gap_count; i++)
		add_problem(problems, tree->gaps[i].name, &tree->gaps[i].err);
	take_outcomes(outcomes, tree->file_count, &kernel, problems);
	/* What comes now finds its memory, which is there, in place of memory that has to be
	 * cleared. */
	free(outcomes);
	outcomes = NULL;
	order_objects(&kernel);
	*out = kernel;
}

int kernel_read_notes(const char *notes, enum kernel_depth depth, struct cov_kernel *out,
		      struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	int result = tree_open(notes, ".gcno", &tree, err);

	if (result == 0)
		kernel_read_tree(&tree, depth, NULL, out, problems);
	return result;
}

struct kernel_reader {
	struct reading reading;
	pthread_mutex_t mutex;    /* of what follows */
	struct outcome *outcomes; /* [count]; owned */
	size_t count, capacity;
	struct cov_arena names;
};

struct kernel_reader *kernel_reader_new(void)
{
	struct kernel_reader *reader = cov_xcalloc(1, sizeof(*reader));

	reader->reading.depth = KERNEL_BODIES;
	pthread_mutex_init(&reader->mutex, NULL);
	return reader;
}

void kernel_reader_add(struct kernel_reader *reader, const char *name, const char *data,
		       size_t size, size_t thread)
{
	struct outcome outcome = { .name = name };
	struct cov_error err;

	if (compile(&reader->reading, data, size, thread, &outcome, &err))
		outcome.err = keep_failure(&err);
	pthread_mutex_lock(&reader->mutex);
	outcome.name = cov_arena_text(&reader->names, name, strlen(name));
	reader->outcomes =
	    cov_grow(reader->outcomes, reader->count, &reader->capacity, sizeof(*reader->outcomes));
	reader->outcomes[reader->count++] = outcome;
	pthread_mutex_unlock(&reader->mutex);
}

static int compare_outcomes(const void *a, const void *b)
{
	const struct outcome *first = a, *second = b;

	return strcmp(first->name, second->name);
}

void kernel_reader_finish(struct kernel_reader *reader, struct cov_kernel *out,
			  struct cov_problems *problems)
{
	struct cov_kernel kernel = { 0 };

	reading_deinit(&reader->reading);
	if (reader->count)
		qsort(reader->outcomes, reader->count, sizeof(*reader->outcomes), compare_outcomes);
	take_outcomes(reader->outcomes, reader->count, &kernel, problems);
	free(reader->outcomes);
	reader->outcomes = NULL;
	reader->count = 0;
	order_objects(&kernel);
	*out = kernel;
}

void kernel_reader_free(struct kernel_reader *reader)
{
	if (!reader)
		return;
	reading_deinit(&reader->reading);
	for (size_t i = 0; i < reader->count; i++) {
		plan_deinit(&reader->outcomes[i].plan);
		cov_text_deinit(&reader->outcomes[i].body);
		free(reader->outcomes[i].err);
	}
	free(reader->outcomes);
	cov_arena_deinit(&reader->names);
	pthread_mutex_destroy(&reader->mutex);
	free(reader);
}
