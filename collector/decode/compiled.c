/* compiled.c - what a kernel build compiled, by the commands that Kbuild keeps. */
#include "collector/decode/compiled.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/tree.h"
#include "collector/gcov/source_path.h"

/* Names as the commands spell them, each once: thousands of objects include the same headers. */
struct names {
	const char **items; /* [size], a power of two, NULL where free; owned */
	size_t size, count;
};

/* What one .cmd file says; all NULL if it is of no interest. */
struct command {
	char *product;      /* path of an object of the kernel, or NULL; owned, as is the next */
	char *stem;         /* of any product, without its suffix */
	const char *source; /* of names */
};

struct compiled_reader {
	struct cov_arena memories[COV_THREADS_MAX]; /* what the names are in */
	struct names names[COV_THREADS_MAX];
	pthread_mutex_t mutex;    /* of what follows */
	struct command *commands; /* [command_count]; owned */
	size_t command_count, command_capacity;
};

struct compiled_reader *compiled_reader_new(void)
{
	struct compiled_reader *reader = cov_xcalloc(1, sizeof(*reader));

	pthread_mutex_init(&reader->mutex, NULL);
	return reader;
}

void compiled_reader_free(struct compiled_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		cov_arena_deinit(&reader->memories[i]);
		free(reader->names[i].items);
	}
	for (size_t i = 0; i < reader->command_count; i++) {
		free(reader->commands[i].product);
		free(reader->commands[i].stem);
	}
	free(reader->commands);
	pthread_mutex_destroy(&reader->mutex);
	free(reader);
}

static const char **find_name(const struct names *names, const char *name, size_t length)
{
	size_t place = cov_text_hash(name, length) & (names->size - 1);

	while (names->items[place] && (strncmp(names->items[place], name, length) != 0 ||
				       names->items[place][length] != '\0'))
		place = (place + 1) & (names->size - 1);
	return &names->items[place];
}

/* @memory: of names that are new; NULL: @name stays where it is, and ends with NUL */
static const char *add_name(struct names *names, struct cov_arena *memory, const char *name,
			    size_t length)
{
	if (2 * names->count >= names->size) {
		struct names larger = { .size = names->size ? 2 * names->size : 4096,
					.count = names->count };

		larger.items = cov_xcalloc(larger.size, sizeof(*larger.items));
		for (size_t i = 0; i < names->size; i++) {
			const char *item = names->items[i];

			if (item)
				*find_name(&larger, item, strlen(item)) = item;
		}
		free(names->items);
		*names = larger;
	}
	const char **place = find_name(names, name, length);
	if (!*place) {
		*place = memory ? cov_arena_text(memory, name, length) : name;
		names->count++;
	}
	return *place;
}

/* What is behind @begin, with which a line begins; NULL: none does. */
static const char *find_line(const char *text, const char *begin)
{
	while (text && strncmp(text, begin, strlen(begin)) != 0) {
		text = strchr(text, '\n');
		text += text != NULL;
	}
	return text ? text + strlen(begin) : NULL;
}

/* The files of a list that goes on as long as its lines end with a backslash. */
static void add_list(struct names *names, struct cov_arena *memory, const char *list)
{
	for (;;) {
		list += strspn(list, " \t");
		size_t length = strcspn(list, " \t\n");

		if (length == 1 && *list == '\\' && list[1] == '\n') {
			list += 2;
			continue;
		}
		if (!length)
			return;
		/* $(wildcard include/config/SMP) is an option that it depends on. */
		if (*list == '$')
			length = strcspn(list, "\n)");
		else
			add_name(names, memory, list, length);
		list += length + (list[length] == ')');
	}
}

/* "net/core/.dev.o.cmd" is of "net/core/dev.o"; NULL: its name is another's. free() it. */
static char *product_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;

	if (*base != '.')
		return NULL;
	return cov_format("%.*s%.*s", (int)(base - name), name,
			  (int)(strlen(base + 1) - strlen(".cmd")), base + 1);
}

static void keep_command(struct compiled_reader *reader, const struct command *command)
{
	pthread_mutex_lock(&reader->mutex);
	reader->commands = cov_grow(reader->commands, reader->command_count,
				    &reader->command_capacity, sizeof(*reader->commands));
	reader->commands[reader->command_count++] = *command;
	pthread_mutex_unlock(&reader->mutex);
}

void compiled_reader_add(struct compiled_reader *reader, const char *name, const char *text,
			 size_t thread)
{
	struct command command = { 0 };
	struct names *names = &reader->names[thread];
	struct cov_arena *memory = &reader->memories[thread];
	COV_AUTO(free) char *product = product_of(name);
	const char *source = find_line(text, "source_");
	const char *value = source ? strstr(source, " := ") : NULL;

	/* What was linked or copied has none. */
	if (!product || !value)
		return;
	/* KVM is "arch/x86/kvm/../../../virt/kvm/kvm_main.o". Programs below tools/ have names of
	 * their own. */
	COV_AUTO(free) char *spelled = cov_xstrndup(source, (size_t)(value - source));
	COV_AUTO(free) char *canonical = source_path_canonical(spelled);
	if (strcmp(canonical, product) != 0)
		return;
	value += strlen(" := ");
	command.source = add_name(names, memory, value, strcspn(value, "\n"));
	COV_AUTO(free) char *list_begin = cov_format("deps_%s := ", spelled);
	const char *list = find_line(value, list_begin);
	if (list)
		add_list(names, memory, list);
	const char *suffix = strrchr(product, '.');
	command.stem = cov_xstrndup(product, suffix ? (size_t)(suffix - product) : 0);
	size_t first_line = strcspn(text, "\n");
	if (suffix && strcmp(suffix, ".o") == 0 &&
	    memmem(text, first_line, " -D__KERNEL__ ", strlen(" -D__KERNEL__ "))) {
		command.product = product;
		product = NULL;
	}
	keep_command(reader, &command);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int compare_objects(const void *a, const void *b)
{
	const struct compiled_object *first = a, *second = b;

	return strcmp(first->path, second->path);
}

static char *shown(const struct cov_kernel *kernel, const char *name)
{
	bool is_source_longer = strlen(kernel->source_root) > strlen(kernel->build_root);
	const char *roots[] = {
		is_source_longer ? kernel->source_root : kernel->build_root,
		is_source_longer ? kernel->build_root : kernel->source_root,
	};

	return source_path_relative(name, kernel->build_root, roots, 2);
}

static void take_files(const struct compiled_reader *reader, const struct cov_kernel *kernel,
		       struct cov_compiled *out)
{
	struct names all = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		for (size_t j = 0; j < reader->names[i].size; j++) {
			const char *name = reader->names[i].items[j];

			if (name)
				add_name(&all, NULL, name, strlen(name));
		}
	}
	out->files = cov_xcalloc(all.count, sizeof(*out->files));
	for (size_t i = 0; i < all.size; i++) {
		if (all.items[i])
			out->files[count++] = shown(kernel, all.items[i]);
	}
	free(all.items);
	qsort(out->files, count, sizeof(*out->files), compare_texts);
	for (size_t i = 0; i < count; i++) {
		if (out->file_count && strcmp(out->files[out->file_count - 1], out->files[i]) == 0)
			free(out->files[i]);
		else
			out->files[out->file_count++] = out->files[i];
	}
}

static void take_objects(struct compiled_reader *reader, const struct cov_kernel *kernel,
			 struct cov_compiled *out)
{
	out->objects = cov_xcalloc(reader->command_count, sizeof(*out->objects));
	for (size_t i = 0; i < reader->command_count; i++) {
		struct command *command = &reader->commands[i];

		if (!command->product)
			continue;
		out->objects[out->object_count++] = (struct compiled_object){
			.path = command->product,
			.source = shown(kernel, command->source),
		};
		command->product = NULL; /* now the list's */
	}
	qsort(out->objects, out->object_count, sizeof(*out->objects), compare_objects);
}

/*
 * A folder of notes, or a tree whose objects were removed, has some commands at most. Those of
 * objects with notes are there if all are; a few of these are of assembly made for its numbers
 * alone, kernel/bounds.s.
 */
static size_t count_without(const struct compiled_reader *reader, const struct cov_kernel *kernel)
{
	struct names stems = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < reader->command_count; i++) {
		const char *stem = reader->commands[i].stem;

		if (stem)
			add_name(&stems, NULL, stem, strlen(stem));
	}
	for (size_t i = 0; i < kernel->object_count; i++) {
		const char *path = kernel->objects[i].path;

		count += !stems.count || !*find_name(&stems, path, strlen(path) - strlen(".o"));
	}
	free(stems.items);
	return count;
}

void compiled_reader_finish(struct compiled_reader *reader, const struct cov_kernel *kernel,
			    struct cov_compiled *out)
{
	struct cov_compiled compiled = { .without_command = count_without(reader, kernel) };

	compiled.is_known = !compiled.without_command;
	if (compiled.is_known) {
		take_files(reader, kernel, &compiled);
		take_objects(reader, kernel, &compiled);
	}
	*out = compiled;
}

struct reading {
	const struct tree *tree;
	struct compiled_reader *reader;
	struct tree_content contents[COV_THREADS_MAX];
	struct cov_error errors[COV_THREADS_MAX]; /* of the last file that could not be read */
};

static void read_command(void *context, size_t index, size_t thread)
{
	struct reading *reading = context;
	struct tree_content *content = &reading->contents[thread];

	if (tree_read(reading->tree, index, content, &reading->errors[thread]) == 0) {
		/* The bytes of a file in an archive have no NUL behind them. */
		COV_AUTO(free) char *text = cov_xstrndup(content->data, content->size);

		compiled_reader_add(reading->reader, reading->tree->files[index].name, text,
				    thread);
	}
}

int compiled_read(const char *notes, const struct cov_kernel *kernel, struct cov_compiled *out,
		  struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(compiled_reader_free) struct compiled_reader *reader = compiled_reader_new();
	struct reading reading = { .tree = &tree, .reader = reader };
	int result = tree_open(notes, ".cmd", &tree, err);

	/* Its notes were read: it is there, and has none. */
	if (result && result != COV_ERR_FORMAT)
		return result;
	cov_parallel_for(tree.file_count, read_command, &reading);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		tree_content_deinit(&reading.contents[i]);
	result = cov_error_first(reading.errors, COV_THREADS_MAX, err);
	if (result)
		return result;
	compiled_reader_finish(reader, kernel, out);
	return 0;
}

void compiled_deinit(struct cov_compiled *compiled)
{
	for (size_t i = 0; i < compiled->object_count; i++) {
		free(compiled->objects[i].path);
		free(compiled->objects[i].source);
	}
	for (size_t i = 0; i < compiled->file_count; i++)
		free(compiled->files[i]);
	free(compiled->objects);
	free(compiled->files);
	memset(compiled, 0, sizeof(*compiled));
}
