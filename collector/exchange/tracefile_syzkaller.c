/*
 * tracefile_syzkaller.c - reader of the coverage that syzkaller serves and syz-cover exports.
 *
 * Format: google/syzkaller of 2026-08, pkg/cover: CoverageInfo (also with the fields that syz-ci
 * puts before it), ProgramCoverage, lineCoverExport, and the text of DoRawCoverFiles.
 */
#include "collector/exchange/tracefile_syzkaller.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/utf8.h"
#include "collector/exchange/tracefile.h"

/* No statement is as long; a range may be anything in a damaged file. */
enum { RANGE_LINES_MAX = 1 << 16 };

/* Where a document is, and what it is added to. */
struct reading {
	const char *name; /* of the file, for messages */
	size_t line;
	struct cov_tracefile *tracefile;
};

static int fail(const struct reading *reading, const char *why, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: not syzkaller's coverage: %s", reading->name,
			reading->line, why);
}

/* The file of a path, which mostly is the one before; NULL if it is that of none. */
static struct tracefile_file *find_file(const struct reading *reading, const char *path)
{
	struct cov_tracefile *tracefile = reading->tracefile;
	COV_AUTO(free) char *bytes = cov_xstrdup(path);

	cov_utf8_restore(bytes);
	tracefile->has_no_counts = true;
	if (tracefile->file_count) {
		struct tracefile_file *last = &tracefile->files[tracefile->file_count - 1];

		if (strcmp(last->path, bytes) == 0)
			return last;
	}
	struct tracefile_file *file = tracefile_add_file(tracefile, bytes, strlen(bytes));
	return *file->path ? file : NULL;
}

/* Return: NULL, or why it is no range of lines. */
static const char *add_range(const struct reading *reading, struct tracefile_file *file,
			     int64_t first, int64_t last, bool has_run)
{
	if (first < 0 || first > UINT32_MAX || last > UINT32_MAX)
		return "the number of a line is out of range";
	/* Debug information may have them the other way round. */
	if (last < first)
		last = first;
	if (last - first >= RANGE_LINES_MAX)
		return "a range has more than 65536 lines";
	for (int64_t i = first; i <= last; i++) {
		if (i)
			tracefile_add_line(file, (uint32_t)i, has_run);
		else
			tracefile_remark(&reading->tracefile->remarks, TRACEFILE_LINE_0,
					 reading->name, reading->line);
	}
	return NULL;
}

/* A name may be that of a part or a copy of the function, as foo.cold and foo.constprop.0 are. */
static void add_function(const struct reading *reading, struct tracefile_file *file,
			 const char *name, bool has_run)
{
	COV_AUTO(free) char *bytes = cov_xstrdup(name);

	cov_utf8_restore(bytes);
	size_t length = strcspn(bytes, ".");
	if (!length)
		return;
	if (file->function_count) {
		struct tracefile_function *last = &file->functions[file->function_count - 1];

		if (strlen(last->name) == length && memcmp(last->name, bytes, length) == 0) {
			last->calls |= has_run;
			return;
		}
	}
	tracefile_add_function(reading->tracefile, file,
			       (struct tracefile_function){ .name = bytes, .calls = has_run },
			       length);
}

/*
 * A member that is a whole number. They all are reals if an address is among them, which is beyond
 * what the reader of JSON has for integers. Return: whether it is one.
 */
static bool read_number(json_t *root, const char *key, int64_t *ret)
{
	json_t *value = json_object_get(root, key);
	double number = json_number_value(value);

	if (!json_is_number(value) || fabs(number) > (double)UINT32_MAX * 2 ||
	    number != floor(number))
		return false;
	*ret = (int64_t)number;
	return true;
}

/* A line of /cover?jsonl=1. */
static int read_frame(const struct reading *reading, json_t *root, struct cov_error *err)
{
	const char *path = json_string_value(json_object_get(root, "file_path"));
	const char *function = json_string_value(json_object_get(root, "func_name"));
	int64_t first, last, count;

	if (!path || !function)
		return fail(reading, "file_path or func_name is no text", err);
	if (!read_number(root, "sl", &first) || !read_number(root, "el", &last) ||
	    !read_number(root, "hit_count", &count))
		return fail(reading, "sl, el or hit_count is no number", err);
	struct tracefile_file *file = find_file(reading, path);
	const char *why = file ? add_range(reading, file, first, last, count > 0)
			       : "file_path is the path of no file";
	if (why)
		return fail(reading, why, err);
	add_function(reading, file, function, count > 0);
	return 0;
}

static int read_block(const struct reading *reading, struct tracefile_file *file, json_t *block,
		      bool *has_run, struct cov_error *err)
{
	int64_t first, last, count = 1;

	/* A block that is listed was covered, but for an older form that says how often. */
	if (!read_number(block, "from_line", &first) || !read_number(block, "to_line", &last) ||
	    (json_object_get(block, "hit_count") && !read_number(block, "hit_count", &count)))
		return fail(reading, "from_line, to_line or hit_count is no number", err);
	*has_run |= count > 0;
	const char *why = add_range(reading, file, first, last, count > 0);
	return why ? fail(reading, why, err) : 0;
}

static int read_function(const struct reading *reading, struct tracefile_file *file, json_t *root,
			 struct cov_error *err)
{
	json_t *blocks = json_object_get(root, "covered_blocks"), *block;
	const char *name = json_string_value(json_object_get(root, "func_name"));
	bool has_run = false;
	size_t i;
	int result = 0;

	if (!blocks)
		blocks = json_object_get(root, "blocks");
	if (!name || !json_is_array(blocks))
		return fail(reading, "a function without func_name or covered_blocks", err);
	json_array_foreach(blocks, i, block)
	{
		if (result == 0)
			result = read_block(reading, file, block, &has_run, err);
	}
	if (result == 0)
		add_function(reading, file, name, has_run);
	return result;
}

/* A file of what one program covered. */
static int read_program_file(const struct reading *reading, json_t *root, struct cov_error *err)
{
	const char *path = json_string_value(json_object_get(root, "file_path"));
	json_t *functions = json_object_get(root, "functions"), *function;
	struct tracefile_file *file = path ? find_file(reading, path) : NULL;
	size_t i;
	int result = 0;

	if (!file || !json_is_array(functions))
		return fail(reading, "a file without file_path or functions", err);
	json_array_foreach(functions, i, function)
	{
		if (result == 0)
			result = read_function(reading, file, function, err);
	}
	return result;
}

static int read_program(const struct reading *reading, json_t *root, struct cov_error *err)
{
	json_t *coverage = json_object_get(root, "coverage"), *file;
	size_t i;
	int result = 0;

	if (!json_is_array(coverage))
		return fail(reading, "coverage is no list", err);
	json_array_foreach(coverage, i, file)
	{
		if (result == 0)
			result = read_program_file(reading, file, err);
	}
	return result;
}

/* A list of lines; there may be none. */
static const char *add_lines(const struct reading *reading, struct tracefile_file *file,
			     json_t *list, bool has_run)
{
	const char *why = list && !json_is_array(list) ? "lines are no list" : NULL;
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		json_int_t line = json_integer_value(item);

		if (!why && !json_is_integer(item))
			why = "a line is no number";
		if (!why)
			why = add_range(reading, file, line, line, has_run);
	}
	return why;
}

/* All files of 'syz-cover --exports json'. */
static int read_export(const struct reading *reading, json_t *root, struct cov_error *err)
{
	json_t *item;
	size_t i;

	if (!json_array_size(root))
		return fail(reading, "an empty list", err);
	json_array_foreach(root, i, item)
	{
		const char *path = json_string_value(json_object_get(item, "Filename"));
		struct tracefile_file *file = path ? find_file(reading, path) : NULL;
		const char *why = file ? NULL : "an entry without Filename";

		if (!why)
			why = add_lines(reading, file, json_object_get(item, "Uncovered"), false);
		if (!why)
			why = add_lines(reading, file, json_object_get(item, "Covered"), true);
		if (!why)
			why = add_lines(reading, file, json_object_get(item, "Both"), true);
		if (why)
			return fail(reading, why, err);
	}
	return 0;
}

bool tracefile_syzkaller_is(json_t *root)
{
	return json_is_array(root) || json_object_get(root, "file_path") ||
	       json_object_get(root, "coverage");
}

int tracefile_syzkaller_read(json_t *root, const char *name, size_t line,
			     struct cov_tracefile *tracefile, struct cov_error *err)
{
	const struct reading reading = { name, line, tracefile };

	if (json_is_array(root))
		return read_export(&reading, root, err);
	return json_object_get(root, "file_path") ? read_frame(&reading, root, err)
						  : read_program(&reading, root, err);
}

/* The last field of [*length] at @text, which loses it and the comma before it; NULL: none. */
static const char *cut_field(const char *text, size_t *length)
{
	const char *comma = memrchr(text, ',', *length);

	if (comma)
		*length = (size_t)(comma - text);
	return comma ? comma + 1 : NULL;
}

/*
 * PC,Module,Offset,Filename,Inline,StartLine,EndLine, the fifth of which older ones have not.
 * Nothing is quoted, so a comma may be in the name of the file only.
 */
static const char *read_row(const struct reading *reading, const char *text, size_t length,
			    bool has_inline)
{
	static const char no_row[] = "a row that has not the fields of its header";
	COV_AUTO(free) char *row = cov_xstrndup(text, length);
	uint64_t first, last;
	const char *end = cut_field(row, &length), *behind;

	if (!end || !cov_number_read(end, INT64_MAX, NULL, &last))
		return no_row;
	end = cut_field(row, &length);
	if (!end || !cov_number_read(end, INT64_MAX, &behind, &first) || *behind != ',')
		return no_row;
	if (has_inline && !cut_field(row, &length))
		return no_row;
	row[length] = '\0';
	const char *path = row;
	for (int i = 0; path && i < 3; i++) {
		path = strchr(path, ',');
		path = path ? path + 1 : NULL;
	}
	struct tracefile_file *file = path ? find_file(reading, path) : NULL;
	return file ? add_range(reading, file, (int64_t)first, (int64_t)last, true) : no_row;
}

int tracefile_syzkaller_read_frames(const char *text, size_t size, const char *name,
				    struct cov_tracefile *tracefile, struct cov_error *err)
{
	struct reading reading = { name, 0, tracefile };
	const char *end = text + size;
	bool has_inline = false;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		const char *next = newline ? newline + 1 : end, *why = NULL;

		if (length && text[length - 1] == '\r')
			length--;
		reading.line++;
		if (memchr(text, '\0', length))
			why = "a NUL byte";
		else if (reading.line == 1)
			has_inline = memmem(text, length, ",Inline,", strlen(",Inline,")) != NULL;
		else if (length)
			why = read_row(&reading, text, length, has_inline);
		if (why)
			return fail(&reading, why, err);
		text = next;
	}
	tracefile->has_no_counts = true;
	return 0;
}
