/* kernel_options.c - which options of its configuration each object of a kernel needs. */
#include "collector/decode/kernel_options.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

void kernel_options_deinit(struct cov_kernel_options *options)
{
	free(options->items);
	free(options->text);
	memset(options, 0, sizeof(*options));
}

static bool is_option(const char *word)
{
	size_t length = 0;

	while (isalnum((unsigned char)word[length]) || word[length] == '_')
		length++;
	return length && !word[length];
}

/* A line, which is cut into its words. Return: NULL, or what is wrong. */
static const char *parse_line(char *line, struct cov_kernel_options *options)
{
	const char *object = strsep(&line, " ");

	if (!cov_has_suffix(object, ".o") || *object == '/')
		return "it does not begin with an object";
	for (char *word = strsep(&line, " "); word; word = strsep(&line, " ")) {
		if (!*word)
			continue;
		if (!is_option(word))
			return "what is behind the object is no list of options";
		options->items = cov_grow(options->items, options->count, &options->capacity,
					  sizeof(*options->items));
		options->items[options->count++] = (struct kernel_option){ word, object };
	}
	return NULL;
}

static int compare_items(const void *a, const void *b)
{
	const struct kernel_option *first = a, *second = b;
	int order = strcmp(first->option, second->option);

	return order ? order : strcmp(first->object, second->object);
}

static void settle(struct cov_kernel_options *options)
{
	size_t kept = 0;

	qsort(options->items, options->count, sizeof(*options->items), compare_items);
	for (size_t i = 0; i < options->count; i++) {
		if (!kept || compare_items(&options->items[kept - 1], &options->items[i]) != 0)
			options->items[kept++] = options->items[i];
	}
	options->count = kept;
}

int kernel_options_parse(const char *text, size_t size, const char *name,
			 struct cov_kernel_options *out, struct cov_error *err)
{
	COV_AUTO(kernel_options_deinit) struct cov_kernel_options options = { 0 };

	if (memchr(text, '\0', size))
		return cov_fail(err, COV_ERR_FORMAT, "%s: a NUL byte", name);
	options.text = cov_xstrndup(text, size);
	char *rest = options.text;
	for (size_t number = 1; rest; number++) {
		char *line = strsep(&rest, "\n");
		const char *why = *line ? parse_line(line, &options) : NULL;

		if (why)
			return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: %s", name, number, why);
	}
	if (!options.count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no object in it needs an option", name);
	settle(&options);
	*out = options;
	memset(&options, 0, sizeof(options));
	return 0;
}

int kernel_options_read(const char *path, struct cov_kernel_options *out, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read(path, &text, &size, err);

	return result ? result : kernel_options_parse(text, size, path, out, err);
}
