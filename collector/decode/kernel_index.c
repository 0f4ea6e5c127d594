/* kernel_index.c - the universe of instrumented lines of a kernel, from the plans of its objects.
 */
#include "collector/decode/kernel_index.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/votes.h"
#include "collector/gcov/source_path.h"

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
		votes_cast(votes, path, length - tail_length);
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
			votes_cast(&build, cwd, strlen(cwd));
		vote_source_root(&source, &kernel->objects[i]);
	}
	free(kernel->build_root);
	free(kernel->source_root);
	kernel->build_root = votes_close(&build);
	kernel->source_root = votes_close(&source);
}

/* A source as some objects spell it: most spellings are shared by many. */
struct spelling {
	const char *name; /* as the plan has it */
	const char *cwd;
	char *shown; /* as covdb shows it; owned until it becomes a file's name */
	uint32_t file;
};

/* All spellings by hash of their name. */
struct spellings {
	struct spelling *items; /* [count]; owned */
	size_t count, capacity;
	uint32_t *table; /* [table_size], a power of two: index + 1; owned */
	size_t table_size;
};

static void spellings_deinit(struct spellings *spellings)
{
	free(spellings->items);
	free(spellings->table);
}

/* Where the table has a spelling, or would have it. */
static uint32_t *find_spelling(const struct spellings *spellings, const char *name, const char *cwd)
{
	size_t mask = spellings->table_size - 1;
	size_t place = cov_text_hash(name, strlen(name)) & mask;

	for (; spellings->table[place]; place = (place + 1) & mask) {
		const struct spelling *item = &spellings->items[spellings->table[place] - 1];

		if (strcmp(item->name, name) == 0 &&
		    (item->cwd == cwd || strcmp(item->cwd, cwd) == 0))
			break;
	}
	return &spellings->table[place];
}

/* The index of a spelling, which is added when it is new. */
static uint32_t intern_spelling(struct spellings *spellings, const char *name, const char *cwd)
{
	if (2 * spellings->count >= spellings->table_size) {
		free(spellings->table);
		spellings->table_size = spellings->table_size ? 2 * spellings->table_size : 4096;
		spellings->table = cov_xcalloc(spellings->table_size, sizeof(*spellings->table));
		for (size_t i = 0; i < spellings->count; i++)
			*find_spelling(spellings, spellings->items[i].name,
				       spellings->items[i].cwd) = (uint32_t)i + 1;
	}
	uint32_t *place = find_spelling(spellings, name, cwd);
	if (!*place) {
		spellings->items = cov_grow(spellings->items, spellings->count,
					    &spellings->capacity, sizeof(*spellings->items));
		spellings->items[spellings->count++] = (struct spelling){ name, cwd, NULL, 0 };
		*place = (uint32_t)spellings->count;
	}
	return *place - 1;
}

/* All spellings; source_files become indices of them. */
static void collect_spellings(struct cov_kernel *kernel, struct spellings *spellings)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];
		const struct plan *plan = &object->plan;

		object->source_files = cov_xcalloc(plan->source_count, sizeof(uint32_t));
		for (uint32_t j = 0; j < plan->source_count; j++)
			object->source_files[j] = intern_spelling(
			    spellings, plan->texts + plan->sources[j], plan->texts + plan->cwd);
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

	for (size_t i = 0; i < spellings->count; i++) {
		struct spelling *item = &spellings->items[i];

		item->shown = source_path_relative(item->name, item->cwd, roots, 2);
		sorted[i] = item;
	}
	qsort(sorted, spellings->count, sizeof(*sorted), compare_shown);
	kernel->files = cov_xcalloc(spellings->count, sizeof(*kernel->files));
	for (size_t i = 0; i < spellings->count; i++) {
		bool is_new =
		    i == 0 || strcmp(kernel->files[kernel->file_count - 1], sorted[i]->shown) != 0;

		if (is_new)
			kernel->files[kernel->file_count++] = sorted[i]->shown;
		else
			free(sorted[i]->shown);
		sorted[i]->file = (uint32_t)(kernel->file_count - 1);
	}
}

/* Lines of a file that follow each other; which of them are instrumented is a bit each. */
struct line_word {
	uint64_t key; /* file, line / LINE_WORD_BITS */
	uint64_t bits;
	uint32_t line_first; /* the id of the first of them */
};

enum { LINE_WORD_SHIFT = 6, LINE_WORD_BITS = 1 << LINE_WORD_SHIFT };

/* The words that hold all instrumented lines of objects, by hash of their keys. */
struct line_words {
	struct line_word *items; /* [count]; owned */
	size_t count, capacity;
	uint32_t *table; /* [table_size], a power of two: index + 1; owned */
	size_t table_size;
};

static void line_words_deinit(struct line_words *words)
{
	free(words->items);
	free(words->table);
}

/* Where the table has the word of @key, or would have it. */
static uint32_t *find_word(const struct line_words *words, uint64_t key)
{
	size_t place = (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & (words->table_size - 1);

	while (words->table[place] && words->items[words->table[place] - 1].key != key)
		place = (place + 1) & (words->table_size - 1);
	return &words->table[place];
}

/* The index of the word of @key, which is added when it is new. */
static uint32_t intern_word(struct line_words *words, uint64_t key)
{
	if (2 * words->count >= words->table_size) {
		free(words->table);
		words->table_size = words->table_size ? 4 * words->table_size : 1 << 16;
		words->table = cov_xcalloc(words->table_size, sizeof(*words->table));
		for (size_t i = 0; i < words->count; i++)
			*find_word(words, words->items[i].key) = (uint32_t)i + 1;
	}
	uint32_t *place = find_word(words, key);
	if (!*place) {
		words->items =
		    cov_grow(words->items, words->count, &words->capacity, sizeof(*words->items));
		words->items[words->count++] = (struct line_word){ .key = key };
		*place = (uint32_t)words->count;
	}
	return *place - 1;
}

/* What is made of all objects on the way to their lines' ids. */
struct indexing {
	struct cov_kernel *kernel;
	struct spellings spellings;
	struct line_words words[COV_THREADS_MAX]; /* those that each thread has met */
	unsigned char *threads; /* [kernel->object_count], which thread an object's lines are of */
};

static void indexing_deinit(struct indexing *indexing)
{
	spellings_deinit(&indexing->spellings);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		line_words_deinit(&indexing->words[i]);
	free(indexing->threads);
}

COV_DEFINE_AUTO_STRUCT(struct indexing, indexing_deinit)

/* The files and the lines of an object; its line_ids become indices of words. */
static void collect_words(void *context, size_t index, size_t thread)
{
	struct indexing *indexing = context;
	struct cov_object *object = &indexing->kernel->objects[index];
	struct line_words *words = &indexing->words[thread];
	uint64_t last_key = UINT64_MAX;
	uint32_t last = 0;

	for (uint32_t i = 0; i < object->plan.source_count; i++)
		object->source_files[i] = indexing->spellings.items[object->source_files[i]].file;
	indexing->threads[index] = (unsigned char)thread;
	object->line_ids = cov_xmalloc(object->plan.line_count * sizeof(uint32_t));
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		const struct plan_line *line = &object->plan.lines[i];
		uint64_t file = object->source_files[line->source];
		uint64_t key = (file << 32 | line->line) >> LINE_WORD_SHIFT;

		if (key != last_key)
			last = intern_word(words, key);
		last_key = key;
		words->items[last].bits |= UINT64_C(1) << line->line % LINE_WORD_BITS;
		object->line_ids[i] = last;
	}
}

/* A word by its key, to be sorted. */
struct keyed_word {
	uint64_t key;
	struct line_word *word;
};

/* Sort by key, 11 bits at a time, from the lowest on; @spare is as large as @sorted. */
static void sort_keys(struct keyed_word *sorted, struct keyed_word *spare, size_t count)
{
	enum { DIGIT_BITS = 11, DIGIT_COUNT = 1 << DIGIT_BITS };
	struct keyed_word *from = sorted, *to = spare;
	uint64_t key_max = 0;

	for (size_t i = 0; i < count; i++)
		key_max = sorted[i].key > key_max ? sorted[i].key : key_max;
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
		struct keyed_word *swap = from;
		from = to;
		to = swap;
	}
	if (from != sorted)
		memcpy(sorted, from, count * sizeof(*sorted));
}

/* The words of all threads, sorted by key. */
static struct keyed_word *sort_words(struct indexing *indexing, size_t *count_out)
{
	size_t count = 0, next = 0;

	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		count += indexing->words[i].count;
	struct keyed_word *sorted = cov_xmalloc(count * sizeof(*sorted));
	COV_AUTO(free) struct keyed_word *spare = cov_xmalloc(count * sizeof(*spare));
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct line_words *words = &indexing->words[i];

		for (size_t j = 0; j < words->count; j++)
			sorted[next++] =
			    (struct keyed_word){ words->items[j].key, &words->items[j] };
	}
	sort_keys(sorted, spare, count);
	*count_out = count;
	return sorted;
}

/* Words of one key get the bits of all of them. Return: how many lines there are. */
static size_t join_words(const struct keyed_word *sorted, size_t count)
{
	size_t line_count = 0;

	for (size_t i = 0, end; i < count; i = end) {
		uint64_t bits = 0;

		for (end = i; end < count && sorted[end].key == sorted[i].key; end++)
			bits |= sorted[end].word->bits;
		for (size_t j = i; j < end; j++)
			sorted[j].word->bits = bits;
		line_count += (size_t)__builtin_popcountll(bits);
	}
	return line_count;
}

/* Number the lines by file and line. */
static void number_lines(struct indexing *indexing)
{
	struct cov_kernel *kernel = indexing->kernel;
	size_t word_count;
	COV_AUTO(free) struct keyed_word *sorted = sort_words(indexing, &word_count);
	size_t line_count = join_words(sorted, word_count);

	kernel->line_numbers = cov_xmalloc(line_count * sizeof(uint32_t));
	kernel->line_files = cov_xmalloc(line_count * sizeof(uint32_t));
	kernel->file_line_first = cov_xcalloc(kernel->file_count + 1, sizeof(uint32_t));
	for (size_t i = 0; i < word_count; i++) {
		struct line_word *word = sorted[i].word;
		uint32_t file = (uint32_t)(word->key >> (32 - LINE_WORD_SHIFT));
		uint32_t line = (uint32_t)(word->key << LINE_WORD_SHIFT);

		if (i && sorted[i - 1].key == word->key) {
			word->line_first = sorted[i - 1].word->line_first;
			continue;
		}
		word->line_first = (uint32_t)kernel->line_count;
		for (uint64_t rest = word->bits; rest; rest &= rest - 1) {
			kernel->line_numbers[kernel->line_count] =
			    line + (uint32_t)__builtin_ctzll(rest);
			kernel->line_files[kernel->line_count++] = file;
		}
		kernel->file_line_first[file + 1] = (uint32_t)kernel->line_count;
	}
	/* A file without a line, as one that only functions are said to be in. */
	for (size_t i = 0; i < kernel->file_count; i++) {
		if (kernel->file_line_first[i + 1] < kernel->file_line_first[i])
			kernel->file_line_first[i + 1] = kernel->file_line_first[i];
	}
}

/* From the index of a word to the id of the line. */
static void place_lines(void *context, size_t index, size_t thread)
{
	const struct indexing *indexing = context;
	struct cov_object *object = &indexing->kernel->objects[index];
	const struct line_word *words = indexing->words[indexing->threads[index]].items;

	(void)thread;
	for (uint32_t i = 0; i < object->plan.line_count; i++) {
		const struct line_word *word = &words[object->line_ids[i]];
		uint64_t bit = UINT64_C(1) << object->plan.lines[i].line % LINE_WORD_BITS;

		object->line_ids[i] =
		    word->line_first + (uint32_t)__builtin_popcountll(word->bits & (bit - 1));
	}
}

void kernel_index_number(struct cov_kernel *kernel)
{
	kernel->counter_count = 0;
	kernel->function_count = 0;
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];

		object->counter_first = kernel->counter_count;
		object->function_first = kernel->function_count;
		kernel->counter_count += object->plan.counter_count;
		kernel->function_count += object->plan.function_count;
	}
}

unsigned char *kernel_index_copies(const struct cov_kernel *kernel)
{
	unsigned char *ret = cov_xcalloc(kernel->line_count, sizeof(*ret));

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; j < object->plan.line_count; j++) {
			unsigned char *copies = &ret[object->line_ids[j]];

			if (*copies < KERNEL_COPIES_MANY)
				++*copies;
		}
	}
	return ret;
}

/* Where the sources are, and how they are spelled: neither needs the other. */
static void find_sources(void *context, size_t index, size_t thread)
{
	struct indexing *indexing = context;

	(void)thread;
	if (index)
		collect_spellings(indexing->kernel, &indexing->spellings);
	else
		find_roots(indexing->kernel);
}

void kernel_index(struct cov_kernel *kernel)
{
	COV_AUTO(indexing_deinit) struct indexing indexing = { .kernel = kernel };

	indexing.threads = cov_xmalloc(kernel->object_count);
	cov_parallel_for(2, find_sources, &indexing);
	number_files(kernel, &indexing.spellings);
	cov_parallel_for(kernel->object_count, collect_words, &indexing);
	number_lines(&indexing);
	cov_parallel_for(kernel->object_count, place_lines, &indexing);
	kernel_index_number(kernel);
}
