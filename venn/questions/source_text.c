/* source_text.c - the text of a kernel's source file, if it is available. */
#include "venn/questions/source_text.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/store_kernel.h"

enum { TAB_COLUMNS = 8 };

void source_text_deinit(struct source_text *text)
{
	for (size_t i = 0; i < text->count; i++)
		free(text->lines[i]);
	free(text->lines);
	memset(text, 0, sizeof(*text));
}

/* A table cannot hold tabs. */
static char *expand_tabs(const char *line, size_t length)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\t')
			cov_text_print(&text, "%*s", (int)(TAB_COLUMNS - text.length % TAB_COLUMNS),
				       "");
		else if (line[i] != '\r' && line[i] != '\f')
			cov_text_add(&text, &line[i], 1);
	}
	return text.data ? text.data : cov_xstrdup("");
}

char *source_text_path(const char *directory, const char *file)
{
	return *file == '/' ? cov_xstrdup(file) : cov_format("%s/%s", directory, file);
}

static int read_at(const char *directory, const char *file, struct source_text *ret,
		   struct cov_error *err)
{
	COV_AUTO(free) char *path = source_text_path(directory, file);
	COV_AUTO(free) char *data = NULL;
	size_t size;
	int result = cov_file_read(path, &data, &size, err);

	if (result)
		return result;
	for (const char *line = data; line < data + size;) {
		const char *end = memchr(line, '\n', (size_t)(data + size - line));

		if (!end)
			end = data + size;
		ret->lines = cov_grow(ret->lines, ret->count, &ret->capacity, sizeof(*ret->lines));
		ret->lines[ret->count++] = expand_tabs(line, (size_t)(end - line));
		line = end + 1;
	}
	return 0;
}

int source_text_read(const struct store_kernel *kernel, const char *directory, const char *file,
		     struct source_text *ret, struct cov_error *err)
{
	int result;

	if (directory)
		return read_at(directory, file, ret, err);
	result = read_at(kernel->source_root, file, ret, err);
	/* Generated sources are in the build tree only. */
	return result ? read_at(kernel->build_root, file, ret, err) : 0;
}
