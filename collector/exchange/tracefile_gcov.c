/*
 * tracefile_gcov.c - reader of what 'gcov --json-format' writes.
 *
 * Format: gcov(1) of GCC 9 and newer, option --json-format: one document per object.
 */
#include "collector/exchange/tracefile_gcov.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/utf8.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_count.h"
#include "collector/gcov/source_path.h"

/* A document that is being read. */
struct reading {
	const char *name; /* of the file, for messages */
	struct cov_tracefile *tracefile;
	struct tracefile_file *file; /* the one that is being read */
	const char *path;            /* the same, as the document has it */
};

static void remark(const struct reading *reading, enum tracefile_remark_kind kind)
{
	tracefile_remark(&reading->tracefile->remarks, kind, reading->name, 0);
}

/* A member that is a count. Return: NULL, or why it is none. */
static const char *read_count(const struct reading *reading, json_t *item, const char *key,
			      int64_t *ret)
{
	json_t *value = json_object_get(item, key);
	const char *why = NULL;
	bool is_cut = false;

	if (json_is_integer(value))
		*ret = json_integer_value(value);
	else if (json_is_real(value))
		why = tracefile_count_real(json_real_value(value), ret, &is_cut);
	else
		why = "the count is no number";
	if (is_cut)
		remark(reading, TRACEFILE_COUNT_LARGE);
	return why;
}

/* A member that is the number of a line, 0 if it is on none. Return: NULL, or why it is none. */
static const char *read_line_number(json_t *item, const char *key, uint32_t *ret)
{
	json_t *value = json_object_get(item, key);

	if (!json_is_integer(value))
		return "the line is no number";
	if (json_integer_value(value) < 0)
		return "the number of the line is below 0";
	if (json_integer_value(value) > UINT32_MAX)
		return "the number of the line is too large";
	*ret = (uint32_t)json_integer_value(value);
	return NULL;
}

/* What is not a branch is passed over: lines are what is wanted, and GCC 14 has more kinds. */
static void read_branches(const struct reading *reading, json_t *list, uint32_t line, int64_t count,
			  uint32_t source)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		int64_t taken = 0;

		if (read_count(reading, item, "count", &taken) != NULL)
			continue;
		if (taken < 0)
			remark(reading, TRACEFILE_BRANCH_NEGATIVE);
		branches_add(
		    &reading->file->branches,
		    (struct cov_branch){
			.line = line,
			.source = source,
			.flags =
			    (json_is_true(json_object_get(item, "throw")) ? PLAN_BRANCH_THROW : 0) |
			    (json_is_true(json_object_get(item, "fallthrough"))
				 ? PLAN_BRANCH_FALLTHROUGH
				 : 0),
			.taken = count ? taken < 0 ? 0 : taken : COV_BRANCH_NOT_EVALUATED,
		    });
	}
}

static int read_line(const struct reading *reading, json_t *item, size_t index,
		     struct cov_error *err)
{
	uint32_t line = 0;
	int64_t count = 0;
	const char *why = read_line_number(item, "line_number", &line);

	if (!why)
		why = read_count(reading, item, "count", &count);
	if (why)
		return cov_fail(err, COV_ERR_FORMAT, "%s: line %zu of those listed of %s: %s",
				reading->name, index + 1, reading->path, why);
	if (!line) {
		remark(reading, TRACEFILE_LINE_0);
		return 0;
	}
	tracefile_add_line(reading->file, line, count);
	read_branches(reading, json_object_get(item, "branches"), line, count, (uint32_t)index);
	return 0;
}

/* The bytes of a name in a document; free() it. */
static char *restored(const char *name)
{
	char *copy = cov_xstrdup(name);

	cov_utf8_restore(copy);
	return copy;
}

static int read_function(const struct reading *reading, json_t *item, size_t index,
			 struct cov_error *err)
{
	const char *name = json_string_value(json_object_get(item, "name"));
	struct tracefile_function function = { 0 };
	const char *why = name && *name ? NULL : "it has no name";

	if (!why)
		why = read_line_number(item, "start_line", &function.start_line);
	if (!why)
		why = read_line_number(item, "end_line", &function.end_line);
	if (!why)
		why = read_count(reading, item, "execution_count", &function.calls);
	if (why)
		return cov_fail(err, COV_ERR_FORMAT, "%s: function %zu of %s: %s", reading->name,
				index + 1, reading->path, why);
	if (function.end_line < function.start_line)
		remark(reading, TRACEFILE_FUNCTION_END);
	COV_AUTO(free) char *bytes = restored(name);
	function.name = bytes;
	tracefile_add_function(reading->tracefile, reading->file, function, strlen(bytes));
	return 0;
}

static int read_file(struct reading *reading, json_t *root, const char *cwd, struct cov_error *err)
{
	json_t *lines, *functions, *item;
	json_error_t error;
	size_t i;
	int result = 0;

	if (json_unpack_ex(root, &error, 0, "{s:s, s:o, s:o}", "file", &reading->path, "lines",
			   &lines, "functions", &functions) != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: %s", reading->name, error.text);
	if (!json_is_array(lines) || !json_is_array(functions))
		return cov_fail(err, COV_ERR_FORMAT, "%s: no list of lines or functions of %s",
				reading->name, reading->path);
	COV_AUTO(free) char *path = restored(reading->path);
	COV_AUTO(free) char *shown = source_path_relative(path, cwd, NULL, 0);
	reading->file = tracefile_add_file(reading->tracefile, shown, strlen(shown));
	if (!*reading->file->path)
		return cov_fail(err, COV_ERR_FORMAT, "%s: '%s' is the path of no file",
				reading->name, reading->path);
	json_array_foreach(lines, i, item)
	{
		if (result == 0)
			result = read_line(reading, item, i, err);
	}
	json_array_foreach(functions, i, item)
	{
		if (result == 0)
			result = read_function(reading, item, i, err);
	}
	return result;
}

int tracefile_gcov_read(json_t *root, const char *name, struct cov_tracefile *tracefile,
			struct cov_error *err)
{
	struct reading reading = { .name = name, .tracefile = tracefile };
	json_error_t error;
	json_t *files, *file;
	const char *cwd = "";
	size_t i;
	int result = 0;

	if (json_unpack_ex(root, &error, 0, "{s:o, s?s}", "files", &files,
			   "current_working_directory", &cwd) != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: not gcov's JSON: %s", name, error.text);
	if (!json_is_array(files))
		return cov_fail(err, COV_ERR_FORMAT, "%s: not gcov's JSON: no list of files", name);
	COV_AUTO(free) char *directory = restored(cwd);
	json_array_foreach(files, i, file)
	{
		if (result == 0)
			result = read_file(&reading, file, directory, err);
	}
	return result;
}
