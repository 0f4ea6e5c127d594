/* report_file.c - instrumented lines and functions of consecutive files, as a part of the report.
 */
#include "venn/report/report_file.h"

#include "collector/base/json.h"
#include "venn/report/report_json.h"

/* Those of @file, from @next on, which goes to the first of another. */
static void add_functions(const struct store_functions *functions, size_t file, size_t *next,
			  struct cov_text *ret)
{
	for (; *next < functions->count; ++*next) {
		const struct store_function *at = &functions->items[*next];

		if (at->file_id > (int64_t)file)
			break;
		report_json_begin(ret, '[');
		report_json_number(ret, at->start_line);
		report_json_number(ret, at->end_line);
		report_json_value(ret, cov_json_name(at->name));
		report_json_end(ret, ']');
	}
}

static void add_file(const struct report_study *study, size_t file, size_t *next,
		     struct cov_text *ret)
{
	const struct cov_kernel *kernel = &study->files;
	struct report_column lines = { 0 };

	for (size_t i = kernel->file_line_first[file]; i < kernel->file_line_first[file + 1]; i++) {
		if (study->is_linked[i])
			report_json_add_difference(&lines, kernel->line_numbers[i]);
	}
	report_json_begin(ret, '{');
	report_json_key(ret, "lines");
	report_json_column(ret, &lines);
	report_json_key(ret, "functions");
	report_json_begin(ret, '[');
	add_functions(&study->functions, file, next, ret);
	report_json_end(ret, ']');
	report_json_end(ret, '}');
}

void report_file_json(const struct report_study *study, size_t index, struct cov_text *ret)
{
	const struct report_chunk *chunk = &study->chunks[index];
	size_t next = 0;

	while (next < study->functions.count &&
	       study->functions.items[next].file_id < (int64_t)chunk->file_first)
		next++;
	report_json_begin(ret, '[');
	for (size_t i = 0; i < chunk->file_count; i++)
		add_file(study, chunk->file_first + i, &next, ret);
	report_json_end(ret, ']');
}
