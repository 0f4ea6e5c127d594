/* kernel.c - a kernel build: its compiled objects and its universe of instrumented lines. */
#include "collector/decode/kernel.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/progress.h"
#include "collector/base/text.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"
#include "collector/gcov/gcno.h"
#include "collector/gcov/source_path.h"
#include "collector/plan/compile.h"
#include "collector/plan/pack.h"
#include "collector/plan/survey.h"

/* One notes file on its way to an object. */
struct outcome {
	struct plan plan;
	struct cov_text body;     /* for KERNEL_BODIES */
	const void *survey_notes; /* [survey_notes_bytes], for KERNEL_SURVEY */
	size_t survey_notes_bytes;
	bool is_compiled;
	struct cov_error err;
};

struct reading {
	const struct tree *tree;
	enum kernel_depth depth;
	struct outcome *outcomes; /* [tree->file_count] */
	struct tree_content contents[COV_THREADS_MAX];
	struct cov_arena memories[COV_THREADS_MAX]; /* of survey_notes; become the kernel's */
	struct cov_progress progress;
};

static void read_one(void *context, size_t index, size_t thread)
{
	struct reading *reading = context;
	struct outcome *outcome = &reading->outcomes[index];
	struct tree_content *content = &reading->contents[thread];
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };

	outcome->is_compiled =
	    tree_read(reading->tree, index, content, &outcome->err) == 0 &&
	    gcno_parse(content->data, content->size, &gcno, &outcome->err) == 0 &&
	    plan_survey(&gcno, &outcome->plan, &outcome->err) == 0;
	if (outcome->is_compiled && reading->depth != KERNEL_SURVEY) {
		plan_compile_functions(&outcome->plan, &gcno, NULL);
		if (reading->depth == KERNEL_BODIES) {
			pack_body(&outcome->plan, &outcome->body);
			/* It grew by doubling, and stays. */
			outcome->body.data = cov_xrealloc(outcome->body.data, outcome->body.length);
			plan_drop_arrays(&outcome->plan);
		}
	} else if (outcome->is_compiled) {
		outcome->survey_notes_bytes = content->size;
		outcome->survey_notes =
		    cov_arena_text(&reading->memories[thread], content->data, content->size);
	}
	cov_progress_step(&reading->progress);
}

/* A text and how many objects voted for it. */
struct vote {
	char *text;
	size_t count;
};

struct votes {
	struct vote *items; /* [count]; owned */
	size_t count, capacity;
};

static void cast_vote(struct votes *votes, const char *text, size_t length)
{
	for (size_t i = 0; i < votes->count; i++) {
		struct vote *vote = &votes->items[i];

		if (strncmp(vote->text, text, length) == 0 && vote->text[length] == '\0') {
			vote->count++;
			return;
		}
	}
	votes->items =
	    cov_grow(votes->items, votes->count, &votes->capacity, sizeof(*votes->items));
	votes->items[votes->count++] = (struct vote){ cov_xstrndup(text, length), 1 };
}

/* The text with the most votes, or ""; free() it. Empties @votes. */
static char *close_votes(struct votes *votes)
{
	char *winner = cov_xstrdup("");
	size_t winner_count = 0;

	for (size_t i = 0; i < votes->count; i++) {
		struct vote *vote = &votes->items[i];

		if (vote->count > winner_count) {
			free(winner);
			winner = vote->text;
			winner_count = vote->count;
		} else {
			free(vote->text);
		}
	}
	free(votes->items);
	memset(votes, 0, sizeof(*votes));
	return winner;
}

/*
 * Votes for what stands before the path of an object in the names of the notes: its own source file
 * has the same path, relative to the build tree. A copy of the build path counts as such a prefix.
 */
static void vote_prefix(struct votes *votes, const char *name, const struct plan *plan)
{
	size_t stem_length = strlen(name) - strlen(".gcno");

	for (uint32_t i = 0; i < plan->source_count; i++) {
		const char *source = plan->texts + plan->sources[i];
		size_t length = strlen(source);

		if (length < strlen(".c") || strcmp(source + length - strlen(".c"), ".c") != 0)
			continue;
		length -= strlen(".c");
		if (length > stem_length ||
		    memcmp(name + stem_length - length, source, length) != 0 ||
		    (length < stem_length && name[stem_length - length - 1] != '/'))
			continue;
		cast_vote(votes, name, stem_length - length);
		return;
	}
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
static void take_outcomes(const struct reading *reading, struct cov_kernel *kernel,
			  struct cov_problems *problems)
{
	const struct tree *tree = reading->tree;
	const struct outcome *outcomes = reading->outcomes;
	struct votes votes = { 0 };

	for (size_t i = 0; i < tree->file_count; i++) {
		if (outcomes[i].is_compiled)
			vote_prefix(&votes, tree->files[i].name, &outcomes[i].plan);
	}
	COV_AUTO(free) char *prefix = close_votes(&votes);

	kernel->objects = cov_xcalloc(tree->file_count, sizeof(*kernel->objects));
	for (size_t i = 0; i < tree->file_count; i++) {
		if (!outcomes[i].is_compiled) {
			add_problem(problems, tree->files[i].name, &outcomes[i].err);
			continue;
		}
		kernel->objects[kernel->object_count++] = (struct cov_object){
			.plan = outcomes[i].plan,
			.body = outcomes[i].body.data,
			.body_bytes = outcomes[i].body.length,
			.survey_notes = outcomes[i].survey_notes,
			.survey_notes_bytes = outcomes[i].survey_notes_bytes,
			.path = object_path(tree->files[i].name, prefix),
			.notes = cov_xstrdup(tree->files[i].name),
		};
	}
}

void kernel_read_tree(const struct tree *tree, enum kernel_depth depth, struct cov_kernel *out,
		      struct cov_problems *problems)
{
	struct cov_kernel kernel = { 0 };
	COV_AUTO(free)
	struct outcome *outcomes = cov_xcalloc(tree->file_count, sizeof(*outcomes));
	struct reading reading = { .tree = tree, .depth = depth, .outcomes = outcomes };

	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		reading.memories[i].is_large = true;
	cov_progress_start(&reading.progress, "reading notes", tree->file_count);
	cov_parallel_for(tree->file_count, read_one, &reading);
	cov_progress_end(&reading.progress);
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		tree_content_deinit(&reading.contents[i]);
		cov_arena_join(&kernel.notes_memory, &reading.memories[i]);
	}
	for (size_t i = 0; i < tree->gap_count; i++)
		add_problem(problems, tree->gaps[i].name, &tree->gaps[i].err);
	take_outcomes(&reading, &kernel, problems);
	qsort(kernel.objects, kernel.object_count, sizeof(*kernel.objects), compare_objects);
	kernel_index(&kernel);
	*out = kernel;
}

int kernel_read_notes(const char *notes, enum kernel_depth depth, struct cov_kernel *out,
		      struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	int result = tree_open(notes, ".gcno", &tree, err);

	if (result == 0)
		kernel_read_tree(&tree, depth, out, problems);
	return result;
}

/* Votes for the directory below which @object's own source file has the object's path. */
static void vote_source_root(struct votes *votes, const struct cov_object *object)
{
	const struct plan *plan = &object->plan;
	size_t stem_length = strlen(object->path) - strlen(".o");
	const char *base = strrchr(object->path, '/');

	base = base ? base + 1 : object->path;
	size_t base_length = strlen(base) - strlen("o"); /* with the dot */
	for (uint32_t i = 0; i < plan->source_count; i++) {
		const char *name = plan->texts + plan->sources[i];
		const char *name_base = strrchr(name, '/');

		if (strncmp(name_base ? name_base + 1 : name, base, base_length) != 0)
			continue;
		COV_AUTO(free)
		char *path = source_path_relative(plan->texts + plan->sources[i],
						  plan->texts + plan->cwd, NULL, 0);
		size_t length = strlen(path);
		size_t tail_length = stem_length + strlen("/") + strlen(".c");

		if (length <= tail_length || path[length - tail_length] != '/' ||
		    strcmp(path + length - strlen(".c"), ".c") != 0 ||
		    strncmp(path + length - tail_length + 1, object->path, stem_length) != 0)
			continue;
		cast_vote(votes, path, length - tail_length);
		return;
	}
}

static void find_roots(struct cov_kernel *kernel)
{
	struct votes build = { 0 }, source = { 0 };

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct plan *plan = &kernel->objects[i].plan;
		const char *cwd = plan->texts + plan->cwd;

		if (*cwd)
			cast_vote(&build, cwd, strlen(cwd));
		vote_source_root(&source, &kernel->objects[i]);
	}
	free(kernel->build_root);
	free(kernel->source_root);
	kernel->build_root = close_votes(&build);
	kernel->source_root = close_votes(&source);
}

/* A source as some objects spell it: most spellings are shared by many. */
struct spelling {
	const char *name; /* as the plan has it; NULL for a free place */
	const char *cwd;
	char *shown; /* as covdb shows it; owned until it becomes a file's name */
	uint32_t file;
};

/* All spellings by hash of their name. */
struct spellings {
	struct spelling *items; /* [size], a power of two; owned */
	size_t size;
	size_t count;
};

static size_t hash_name(const char *name)
{
	size_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 1099511628211u;
	return hash ^ hash >> 29;
}

static struct spelling *find_spelling(const struct spellings *spellings, const char *name,
				      const char *cwd)
{
	size_t place = hash_name(name) & (spellings->size - 1);

	for (; spellings->items[place].name; place = (place + 1) & (spellings->size - 1)) {
		const struct spelling *item = &spellings->items[place];

		if (strcmp(item->name, name) == 0 && strcmp(item->cwd, cwd) == 0)
			break;
	}
	return &spellings->items[place];
}

static void grow_spellings(struct spellings *spellings)
{
	struct spellings larger = {
		.size = spellings->size ? 2 * spellings->size : 4096,
		.count = spellings->count,
	};

	larger.items = cov_xcalloc(larger.size, sizeof(*larger.items));
	for (size_t i = 0; i < spellings->size; i++) {
		const struct spelling *item = &spellings->items[i];

		if (item->name)
			*find_spelling(&larger, item->name, item->cwd) = *item;
	}
	free(spellings->items);
	*spellings = larger;
}

static void collect_spellings(const struct cov_kernel *kernel, struct spellings *spellings)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct plan *plan = &kernel->objects[i].plan;
		const char *cwd = plan->texts + plan->cwd;

		for (uint32_t j = 0; j < plan->source_count; j++) {
			if (2 * spellings->count >= spellings->size)
				grow_spellings(spellings);
			const char *name = plan->texts + plan->sources[j];
			struct spelling *item = find_spelling(spellings, name, cwd);

			spellings->count += !item->name;
			item->name = name;
			item->cwd = cwd;
		}
	}
}

static int compare_shown(const void *a, const void *b)
{
	const struct spelling *const *first = a, *const *second = b;

	return strcmp((*first)->shown, (*second)->shown);
}

/* Give every spelling its file; equal files are one. */
static void number_files(struct cov_kernel *kernel, struct spellings *spellings)
{
	COV_AUTO(free)
	struct spelling **sorted = cov_xcalloc(spellings->count, sizeof(*sorted));
	bool is_source_longer = strlen(kernel->source_root) > strlen(kernel->build_root);
	const char *roots[] = {
		is_source_longer ? kernel->source_root : kernel->build_root,
		is_source_longer ? kernel->build_root : kernel->source_root,
	};
	size_t count = 0;

	for (size_t i = 0; i < spellings->size; i++) {
		struct spelling *item = &spellings->items[i];

		if (!item->name)
			continue;
		item->shown = source_path_relative(item->name, item->cwd, roots, 2);
		sorted[count++] = item;
	}
	qsort(sorted, count, sizeof(*sorted), compare_shown);
	kernel->files = cov_xcalloc(count, sizeof(*kernel->files));
	for (size_t i = 0; i < count; i++) {
		bool is_new =
		    i == 0 || strcmp(kernel->files[kernel->file_count - 1], sorted[i]->shown) != 0;

		if (is_new)
			kernel->files[kernel->file_count++] = sorted[i]->shown;
		else
			free(sorted[i]->shown);
		sorted[i]->file = (uint32_t)(kernel->file_count - 1);
	}
}

/* Fill kernel.files and every object's source_files. */
static void index_files(struct cov_kernel *kernel)
{
	struct spellings spellings = { 0 };

	collect_spellings(kernel, &spellings);
	number_files(kernel, &spellings);
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];
		const struct plan *plan = &object->plan;

		object->source_files = cov_xcalloc(plan->source_count, sizeof(uint32_t));
		for (uint32_t j = 0; j < plan->source_count; j++)
			object->source_files[j] =
			    find_spelling(&spellings, plan->texts + plan->sources[j],
					  plan->texts + plan->cwd)
				->file;
	}
	free(spellings.items);
}

/* One line of one object, on its way into the universe. */
struct keyed_line {
	uint64_t key; /* file, line */
	uint32_t object;
	uint32_t line;
};

/* Sort by key, 11 bits at a time, from the lowest on; @spare is as large as @lines. */
static void sort_lines(struct keyed_line *lines, struct keyed_line *spare, size_t count,
		       uint64_t key_max)
{
	enum { DIGIT_BITS = 11, DIGIT_COUNT = 1 << DIGIT_BITS };
	struct keyed_line *from = lines, *to = spare;

	for (unsigned shift = 0; shift < 64 && key_max >> shift; shift += DIGIT_BITS) {
		size_t places[DIGIT_COUNT] = { 0 };
		size_t place = 0;

		for (size_t i = 0; i < count; i++)
			places[from[i].key >> shift & (DIGIT_COUNT - 1)]++;
		for (size_t i = 0; i < DIGIT_COUNT; i++) {
			size_t digit_count = places[i];

			places[i] = place;
			place += digit_count;
		}
		for (size_t i = 0; i < count; i++)
			to[places[from[i].key >> shift & (DIGIT_COUNT - 1)]++] = from[i];
		struct keyed_line *swap = from;
		from = to;
		to = swap;
	}
	if (from != lines)
		memcpy(lines, from, count * sizeof(*lines));
}

/* Every instrumented line of every object, by file and line. */
static struct keyed_line *collect_lines(struct cov_kernel *kernel, size_t *count_out)
{
	size_t total = 0, count = 0;
	uint64_t key_max = 0;

	for (size_t i = 0; i < kernel->object_count; i++)
		total += kernel->objects[i].plan.line_count;
	struct keyed_line *lines = cov_xcalloc(total, sizeof(*lines));
	COV_AUTO(free) struct keyed_line *spare = cov_xcalloc(total, sizeof(*spare));
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];

		object->line_ids = cov_xcalloc(object->plan.line_count, sizeof(uint32_t));
		for (uint32_t j = 0; j < object->plan.line_count; j++) {
			const struct plan_line *line = &object->plan.lines[j];
			uint64_t key =
			    (uint64_t)object->source_files[line->source] << 32 | line->line;

			lines[count++] = (struct keyed_line){ key, (uint32_t)i, j };
			if (key > key_max)
				key_max = key;
		}
	}
	sort_lines(lines, spare, count, key_max);
	*count_out = count;
	return lines;
}

static void index_lines(struct cov_kernel *kernel)
{
	size_t count;
	COV_AUTO(free) struct keyed_line *lines = collect_lines(kernel, &count);
	uint64_t last_key = UINT64_MAX;

	kernel->line_numbers = cov_xcalloc(count, sizeof(uint32_t));
	kernel->line_files = cov_xcalloc(count, sizeof(uint32_t));
	kernel->file_line_first = cov_xcalloc(kernel->file_count + 1, sizeof(uint32_t));
	for (size_t i = 0; i < count; i++) {
		uint32_t file = (uint32_t)(lines[i].key >> 32);

		if (lines[i].key != last_key) {
			kernel->line_numbers[kernel->line_count] = (uint32_t)lines[i].key;
			kernel->line_files[kernel->line_count++] = file;
			kernel->file_line_first[file + 1]++;
		}
		last_key = lines[i].key;
		kernel->objects[lines[i].object].line_ids[lines[i].line] =
		    (uint32_t)(kernel->line_count - 1);
	}
	for (size_t i = 0; i < kernel->file_count; i++)
		kernel->file_line_first[i + 1] += kernel->file_line_first[i];
}

void kernel_number(struct cov_kernel *kernel)
{
	kernel->counter_count = 0;
	kernel->function_count = 0;
	free(kernel->line_copies);
	kernel->line_copies = cov_xcalloc(kernel->line_count, sizeof(*kernel->line_copies));
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];

		object->counter_first = kernel->counter_count;
		object->function_first = kernel->function_count;
		kernel->counter_count += object->plan.counter_count;
		kernel->function_count += object->plan.function_count;
		for (uint32_t j = 0; j < object->plan.line_count; j++) {
			unsigned char *copies = &kernel->line_copies[object->line_ids[j]];

			if (*copies < KERNEL_COPIES_MANY)
				++*copies;
		}
	}
}

void kernel_index(struct cov_kernel *kernel)
{
	find_roots(kernel);
	index_files(kernel);
	index_lines(kernel);
	kernel_number(kernel);
}

bool kernel_are_references_valid(const struct cov_kernel *kernel, const struct cov_object *object)
{
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		if (object->line_ids[i] >= kernel->line_count)
			return false;
	}
	for (uint32_t i = 0; i < object->plan.function_count; i++) {
		if (object->plan.functions[i].source >= kernel->file_count)
			return false;
	}
	return true;
}

void kernel_drop_objects(struct cov_kernel *kernel)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];

		free(object->path);
		free(object->notes);
		plan_deinit(&object->plan);
		if (!kernel->image)
			free(object->body);
		free(object->line_ids);
		free(object->source_files);
	}
	cov_arena_deinit(&kernel->notes_memory);
	free(kernel->image);
	kernel->image = NULL;
	free(kernel->objects);
	kernel->objects = NULL;
	kernel->object_count = 0;
}

void kernel_deinit(struct cov_kernel *kernel)
{
	kernel_drop_objects(kernel);
	for (size_t i = 0; i < kernel->file_count; i++)
		free(kernel->files[i]);
	free(kernel->files);
	free(kernel->build_root);
	free(kernel->source_root);
	free(kernel->file_line_first);
	free(kernel->line_numbers);
	free(kernel->line_files);
	free(kernel->line_copies);
	memset(kernel, 0, sizeof(*kernel));
}
