/* report_source.c - the sources of a kernel as parts of the report. */
#include "venn/report/report_source.h"

#include <jansson.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/questions/source_text.h"
#include "venn/report/report_json.h"

/*
 * Where a file of the tree really is; NULL if it is not there, or not in the tree: a report is sent
 * to others, and a database that names other files of this machine must not bring them along.
 * free() it.
 */
static char *path_within(const char *directory, const char *file)
{
	COV_AUTO(free) char *root = realpath(directory, NULL);
	COV_AUTO(free) char *path = source_text_path(directory, file);
	COV_AUTO(free) char *real = realpath(path, NULL);
	size_t length = root ? strlen(root) : 0;
	char *result = real;

	if (!root || !real || strncmp(real, root, length) != 0 || real[length] != '/')
		return NULL;
	real = NULL;
	return result;
}

static size_t count_lines(const char *data, size_t size)
{
	size_t count = 0;

	for (const char *at = data; at < data + size; count++) {
		const char *end = memchr(at, '\n', (size_t)(data + size - at));

		at = end ? end + 1 : data + size;
	}
	return count;
}

/* The text of a file, or null if it is not there or too short for the lines of the kernel. */
static json_t *text_json(const char *directory, const struct cov_kernel *kernel, size_t file)
{
	COV_AUTO(free) char *path = path_within(directory, kernel->files[file]);
	COV_AUTO(free) char *data = NULL;
	size_t first = kernel->file_line_first[file], next = kernel->file_line_first[file + 1];
	struct cov_error ignored;
	size_t size;

	if (!path || cov_file_read(path, &data, &size, &ignored) != 0 ||
	    (first < next && kernel->line_numbers[next - 1] > count_lines(data, size)))
		return json_null();
	return cov_json_text(data, size);
}

void report_source_json(const struct report_study *study, const char *directory, size_t index,
			size_t *count, size_t *missing, struct cov_text *ret)
{
	const struct report_chunk *chunk = &study->chunks[index];
	const struct cov_kernel *kernel = &study->files;

	report_json_begin(ret, '[');
	for (size_t i = chunk->file_first; i < chunk->file_first + chunk->file_count; i++) {
		size_t first = kernel->file_line_first[i], next = kernel->file_line_first[i + 1];
		json_t *text = text_json(directory, kernel, i);

		*count += json_is_string(text);
		*missing +=
		    json_is_null(text) && memchr(study->is_linked + first, 1, next - first) != NULL;
		report_json_value(ret, text);
	}
	report_json_end(ret, ']');
}
