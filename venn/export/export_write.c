/* export_write.c - counts as JSON, as CSV, and as syzkaller's coverage. */
#include "venn/export/export_write.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/csv.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/base/utf8.h"
#include "venn/print/rows.h"

static json_t *list_lines(const struct tracefile_file *file)
{
	json_t *lines = cov_json_array();

	for (size_t i = 0; i < file->line_count; i++)
		cov_json_append(lines,
				cov_json_pack("{s:I, s:I}", "line", (json_int_t)file->lines[i].line,
					      "count", (json_int_t)file->lines[i].count));
	return lines;
}

/* The number of a line, or of none. */
static json_t *line_or_null(uint32_t line)
{
	return line ? cov_json_integer(line) : json_null();
}

static json_t *list_functions(const struct tracefile_file *file)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };
	json_t *functions = cov_json_array();

	for (size_t i = 0; i < file->function_count; i++) {
		const struct tracefile_function *function = &file->functions[i];

		cov_json_append(functions,
				cov_json_pack("{s:s, s:o, s:o, s:I}", "name",
					      cov_utf8_name(function->name, &memory), "line",
					      line_or_null(function->start_line), "end_line",
					      line_or_null(function->end_line), "calls",
					      (json_int_t)function->calls));
	}
	return functions;
}

/* File by file: one tree for a whole kernel would take half a gigabyte of memory. */
void export_write_json(const struct cov_tracefile *tracefile, FILE *out)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };

	fputs("{\"files\": [\n", out);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];
		json_t *json =
		    cov_json_pack("{s:s, s:o, s:o}", "file", cov_utf8_name(file->path, &memory),
				  "lines", list_lines(file), "functions", list_functions(file));

		cov_json_print(json, JSON_COMPACT, out);
		fputs(i + 1 < tracefile->file_count ? ",\n" : "\n", out);
		json_decref(json);
	}
	fputs("]}\n", out);
}

void export_write_csv(const struct cov_tracefile *tracefile, bool is_safe, FILE *out)
{
	fputs("file,line,count\n", out);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		for (size_t j = 0; j < file->line_count; j++) {
			cov_csv_write(file->path, is_safe, out);
			fprintf(out, ",%" PRIu32 ",%" PRId64 "\n", file->lines[j].line,
				file->lines[j].count);
		}
	}
}

/* Name of the innermost function that a line is in; "" if none is known. */
static const char *function_of(const struct tracefile_file *file, uint32_t line)
{
	size_t low = 0, high = file->function_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (file->functions[middle].start_line <= line)
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- > 0) {
		if (file->functions[low].end_line >= line)
			return file->functions[low].name;
	}
	return "";
}

/* Keys and their order are those of CoverageInfo in syzkaller's pkg/cover. */
void export_write_syzkaller(const struct cov_tracefile *tracefile, FILE *out)
{
	enum { WHOLE_LINE = -1 };
	COV_AUTO(cov_text_deinit) struct cov_text path = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text name = { 0 };

	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		for (size_t j = 0; j < file->line_count; j++) {
			json_int_t line = file->lines[j].line;
			json_t *json = cov_json_pack(
			    "{s:s, s:s, s:I, s:i, s:I, s:i, s:I, s:b, s:i}", "file_path",
			    cov_utf8_name(file->path, &path), "func_name",
			    cov_utf8_name(function_of(file, file->lines[j].line), &name), "sl",
			    line, "sc", 0, "el", line, "ec", WHOLE_LINE, "hit_count",
			    (json_int_t)file->lines[j].count, "inline", 0, "pc", 0);

			cov_json_print(json, JSON_COMPACT, out);
			putc('\n', out);
			json_decref(json);
		}
	}
}
