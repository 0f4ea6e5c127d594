/* export_write.c - counts as JSON, as CSV, and as syzkaller's coverage. */
#include "venn/export/export_write.h"

#include <inttypes.h>
#include <jansson.h>
#include <libxml/xmlstring.h>
#include <string.h>

#include "collector/base/error.h"
#include "venn/print/rows.h"

static int check_text(const char *text, struct cov_error *err)
{
	bool has_control = false;

	for (const char *byte = text; *byte; byte++)
		has_control |= (unsigned char)*byte < ' ';
	if (has_control || !xmlCheckUTF8(BAD_CAST text))
		return cov_fail(err, COV_ERR_FORMAT, "'%s' cannot be written in this format", text);
	return 0;
}

int export_write_check(const struct cov_tracefile *tracefile, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		result = check_text(file->path, err);
		for (size_t j = 0; result == 0 && j < file->function_count; j++)
			result = check_text(file->functions[j].name, err);
	}
	return result;
}

static json_t *list_lines(const struct tracefile_file *file)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < file->line_count; i++)
		json_array_append_new(lines, json_pack("{s:I, s:I}", "line",
						       (json_int_t)file->lines[i].line, "count",
						       (json_int_t)file->lines[i].count));
	return lines;
}

static json_t *list_functions(const struct tracefile_file *file)
{
	json_t *functions = json_array();

	for (size_t i = 0; i < file->function_count; i++) {
		const struct tracefile_function *function = &file->functions[i];

		json_array_append_new(
		    functions,
		    json_pack("{s:s, s:I, s:o, s:I}", "name", function->name, "line",
			      (json_int_t)function->start_line, "end_line",
			      function->end_line ? json_integer(function->end_line) : json_null(),
			      "calls", (json_int_t)function->calls));
	}
	return functions;
}

/* File by file: one tree for a whole kernel would take half a gigabyte of memory. */
void export_write_json(const struct cov_tracefile *tracefile, FILE *out)
{
	fputs("{\"files\": [\n", out);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];
		json_t *json = json_pack("{s:s, s:o, s:o}", "file", file->path, "lines",
					 list_lines(file), "functions", list_functions(file));

		json_dumpf(json, out, JSON_COMPACT);
		fputs(i + 1 < tracefile->file_count ? ",\n" : "\n", out);
		json_decref(json);
	}
	fputs("]}\n", out);
}

void export_write_csv(const struct cov_tracefile *tracefile, FILE *out)
{
	fputs("file,line,count\n", out);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		for (size_t j = 0; j < file->line_count; j++) {
			rows_write_csv_word(file->path, out);
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

	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		for (size_t j = 0; j < file->line_count; j++) {
			json_int_t line = file->lines[j].line;
			json_t *json = json_pack(
			    "{s:s, s:s, s:I, s:i, s:I, s:i, s:I, s:b, s:i}", "file_path",
			    file->path, "func_name", function_of(file, file->lines[j].line), "sl",
			    line, "sc", 0, "el", line, "ec", WHOLE_LINE, "hit_count",
			    (json_int_t)file->lines[j].count, "inline", 0, "pc", 0);

			json_dumpf(json, out, JSON_COMPACT);
			putc('\n', out);
			json_decref(json);
		}
	}
}
