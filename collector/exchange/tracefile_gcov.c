/*
 * tracefile_gcov.c - reader of what 'gcov --json-format' writes.
 *
 * Format: gcov(1) of GCC 9 and newer, option --json-format: one file per object, compressed by
 * gzip.
 */
#include "collector/exchange/tracefile_gcov.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/exchange/tracefile.h"
#include "collector/gcov/source_path.h"

enum {
	GZIP_OR_ZLIB = 15 + 32, /* window bits: the format is found by its header */
	TEXT_BYTES_MAX = 1 << 30,
	CHUNK_BYTES = 1 << 18,
};

static void inflate_end(z_stream *stream)
{
	inflateEnd(stream);
}

COV_DEFINE_AUTO_STRUCT(z_stream, inflate_end)

static int decompress(const void *data, size_t size, const char *name, struct cov_text *out,
		      struct cov_error *err)
{
	COV_AUTO(inflate_end) z_stream stream = { 0 };

	if (size > UINT_MAX)
		return cov_fail(err, COV_ERR_FORMAT, "%s: larger than 4 GiB", name);
	if (inflateInit2(&stream, GZIP_OR_ZLIB) != Z_OK)
		return cov_fail(err, COV_ERR_SYSTEM, "%s: cannot initialise zlib", name);
	stream.next_in = (Bytef *)(uintptr_t)data; /* zlib only reads it */
	stream.avail_in = (uInt)size;
	for (;;) {
		stream.next_out = (Bytef *)cov_text_reserve(out, CHUNK_BYTES);
		stream.avail_out = CHUNK_BYTES;
		int status = inflate(&stream, Z_NO_FLUSH);

		out->length += CHUNK_BYTES - stream.avail_out;
		if (status == Z_STREAM_END)
			return 0;
		if (status != Z_OK || (!stream.avail_in && stream.avail_out))
			return cov_fail(err, COV_ERR_FORMAT, "%s: not whole, or not by gzip", name);
		if (out->length > TEXT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s: larger than 1 GiB", name);
	}
}

static bool is_line_number(json_int_t number)
{
	return number > 0 && number <= UINT32_MAX;
}

/* What is not a branch is passed over: lines are what is wanted, and GCC 14 has more kinds. */
static void read_branches(struct tracefile_file *file, json_t *list, uint32_t line, int64_t count,
			  uint32_t source)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		json_int_t taken = 0;
		int is_throw = 0, is_fallthrough = 0;

		if (json_unpack(item, "{s:I, s?b, s?b}", "count", &taken, "throw", &is_throw,
				"fallthrough", &is_fallthrough) != 0)
			continue;
		branches_add(&file->branches,
			     (struct cov_branch){
				 .line = line,
				 .source = source,
				 .flags = (is_throw ? PLAN_BRANCH_THROW : 0) |
					  (is_fallthrough ? PLAN_BRANCH_FALLTHROUGH : 0),
				 .taken = count ? taken < 0 ? 0 : taken : COV_BRANCH_NOT_EVALUATED,
			     });
	}
}

static int read_file(struct cov_tracefile *tracefile, json_t *root, const char *cwd,
		     const char *name, struct cov_error *err)
{
	json_t *lines, *functions, *item;
	json_error_t error;
	const char *path;
	size_t i;

	if (json_unpack_ex(root, &error, 0, "{s:s, s:o, s:o}", "file", &path, "lines", &lines,
			   "functions", &functions) != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: %s", name, error.text);
	COV_AUTO(free) char *shown = source_path_relative(path, cwd, NULL, 0);
	struct tracefile_file *file = tracefile_add_file(tracefile, shown, strlen(shown));

	json_array_foreach(lines, i, item)
	{
		json_int_t line, count;

		if (json_unpack_ex(item, &error, 0, "{s:I, s:I}", "line_number", &line, "count",
				   &count) != 0)
			return cov_fail(err, COV_ERR_FORMAT, "%s: a line of %s: %s", name, path,
					error.text);
		if (!is_line_number(line))
			return cov_fail(err, COV_ERR_FORMAT, "%s: %s has a line %lld", name, path,
					(long long)line);
		tracefile_add_line(file, (uint32_t)line, count);
		read_branches(file, json_object_get(item, "branches"), (uint32_t)line, count,
			      (uint32_t)i);
	}
	json_array_foreach(functions, i, item)
	{
		json_int_t start_line, end_line, calls;
		const char *function;

		if (json_unpack_ex(item, &error, 0, "{s:s, s:I, s:I, s:I}", "name", &function,
				   "start_line", &start_line, "end_line", &end_line,
				   "execution_count", &calls) != 0)
			return cov_fail(err, COV_ERR_FORMAT, "%s: a function of %s: %s", name, path,
					error.text);
		if (!is_line_number(start_line) || !is_line_number(end_line))
			return cov_fail(err, COV_ERR_FORMAT, "%s: %s is at line %lld", name,
					function, (long long)start_line);
		tracefile_add_function(tracefile, file,
				       (struct tracefile_function){ (uint32_t)start_line,
								    (uint32_t)end_line, calls,
								    function },
				       strlen(function));
	}
	return 0;
}

static void json_unref(json_t *json)
{
	json_decref(json);
}

COV_DEFINE_AUTO(json_t *, json_unref)

int tracefile_gcov_read(const void *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err)
{
	static const unsigned char gzip_magic[] = { 0x1f, 0x8b };
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	json_error_t error;
	json_t *files, *file;
	const char *cwd = "";
	size_t i;
	int result = 0;

	if (size >= sizeof(gzip_magic) && memcmp(data, gzip_magic, sizeof(gzip_magic)) == 0)
		result = decompress(data, size, name, &text, err);
	else
		cov_text_add(&text, data, size);
	if (result)
		return result;
	COV_AUTO(json_unref)
	json_t *root = json_loadb(text.data ? text.data : "", text.length, 0, &error);
	if (!root)
		return cov_fail(err, COV_ERR_FORMAT, "%s:%d: %s", name, error.line, error.text);
	if (json_unpack_ex(root, &error, 0, "{s:o, s?s}", "files", &files,
			   "current_working_directory", &cwd) != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: not gcov's JSON: %s", name, error.text);
	json_array_foreach(files, i, file)
	{
		result = read_file(tracefile, file, cwd, name, err);
		if (result)
			return result;
	}
	return 0;
}
