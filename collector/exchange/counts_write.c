/* counts_write.c - the counts of a snapshot as rows, as an lcov tracefile, as JSON. */
#include "collector/exchange/counts_write.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/base/utf8.h"
#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_write.h"

enum {
	NUMBER_BYTES_MAX = 20, /* of a 64-bit number with its sign */
	PART_LINES = 8192,     /* formatted at a time: they stay in the processor's cache */
};

/* A function of one file, calls summed over the objects that have a copy. */
struct listed_function {
	uint32_t file;
	uint32_t start_line;
	const char *name;
	int64_t calls;
};

static int compare_functions(const void *a, const void *b)
{
	const struct listed_function *first = a, *second = b;

	if (first->file != second->file)
		return first->file < second->file ? -1 : 1;
	if (first->start_line != second->start_line)
		return first->start_line < second->start_line ? -1 : 1;
	return strcmp(first->name, second->name);
}

/* All functions of decoded objects, by file, line and name, each once. */
static struct listed_function *list_functions(const struct cov_kernel *kernel,
					      const struct cov_counters *counters,
					      const struct cov_counts *counts, size_t *count_out)
{
	struct listed_function *list = cov_xcalloc(kernel->function_count, sizeof(*list));
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			if (function->is_artificial)
				continue;
			list[count++] = (struct listed_function){
				kernel_function_file(object, j), function->start_line,
				object->plan.texts + function->name,
				counts->functions[object->function_first + j]
			};
		}
	}
	qsort(list, count, sizeof(*list), compare_functions);
	for (size_t i = 0; i < count; i++) {
		if (kept && compare_functions(&list[kept - 1], &list[i]) == 0)
			list[kept - 1].calls = cov_number_add(list[kept - 1].calls, list[i].calls);
		else
			list[kept++] = list[i];
	}
	*count_out = kept;
	return list;
}

/* Decimal digits of @number to @out, which has room for them. Return: past the last. */
static char *put_number(char *out, int64_t number)
{
	char digits[NUMBER_BYTES_MAX];
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	size_t length = 0;

	/* Nine lines of ten were not executed. */
	if (rest == (uint64_t)number && rest < 10) {
		*out = (char)('0' + rest);
		return out + 1;
	}
	do {
		digits[length++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		*out++ = '-';
	while (length)
		*out++ = digits[--length];
	return out;
}

struct printing {
	const struct cov_kernel *kernel;
	const struct cov_counts *counts;
	struct cov_text texts[COV_THREADS_MAX];
	struct cov_turns turns; /* to write a part */
	FILE *out;
};

/* Lines of one file, from @first up to @end. */
static void print_lines(const struct printing *printing, size_t first, size_t end,
			struct cov_text *text)
{
	const struct cov_kernel *kernel = printing->kernel;
	const char *name = kernel->files[kernel->line_files[first]];
	size_t name_length = strlen(name);
	size_t row_bytes_max = name_length + 2 * NUMBER_BYTES_MAX + 3;
	char *start = cov_text_reserve(text, row_bytes_max * (end - first)), *row = start;

	for (size_t i = first; i < end; i++) {
		if (!printing->counts->states[i])
			continue;
		memcpy(row, name, name_length);
		row += name_length;
		*row++ = '\t';
		row = put_number(row, kernel->line_numbers[i]);
		*row++ = '\t';
		row = put_number(row, printing->counts->lines[i]);
		*row++ = '\n';
	}
	text->length += (size_t)(row - start);
}

static void print_part(void *context, size_t index, size_t thread)
{
	struct printing *printing = context;
	const struct cov_kernel *kernel = printing->kernel;
	struct cov_text *text = &printing->texts[thread];
	size_t line = index * PART_LINES, end = line + PART_LINES;

	text->length = 0;
	if (end > kernel->line_count)
		end = kernel->line_count;
	while (line < end) {
		size_t file_end = kernel->file_line_first[kernel->line_files[line] + 1];
		size_t first = line;

		line = file_end < end ? file_end : end;
		print_lines(printing, first, line, text);
	}
	cov_turns_wait(&printing->turns, index);
	if (text->length)
		fwrite(text->data, 1, text->length, printing->out);
	cov_turns_end(&printing->turns);
}

/* A kernel has half a million rows: printf() would take longer than decoding them. */
void counts_write_tsv(const struct cov_kernel *kernel, const struct cov_counts *counts, FILE *out)
{
	struct printing printing = {
		.kernel = kernel, .counts = counts, .turns = COV_TURNS_INIT, .out = out
	};

	cov_parallel_for((kernel->line_count + PART_LINES - 1) / PART_LINES, print_part, &printing);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		cov_text_deinit(&printing.texts[i]);
}

/* The lines of one file and the functions that start in it. */
struct file_part {
	const struct cov_kernel *kernel;
	const struct cov_counts *counts;
	size_t file;
	const struct listed_function *functions; /* [function_count] */
	size_t function_count;
};

/* Call @write for each file that has a line or a function found. */
static void for_each_file(const struct cov_kernel *kernel, const struct cov_counters *counters,
			  const struct cov_counts *counts,
			  void (*write)(const struct file_part *part, bool is_first, FILE *out),
			  FILE *out)
{
	size_t function_count;
	COV_AUTO(free)
	struct listed_function *functions =
	    list_functions(kernel, counters, counts, &function_count);
	size_t next = 0;
	bool is_first = true;

	for (size_t i = 0; i < kernel->file_count; i++) {
		struct file_part part = { kernel, counts, i, functions + next, 0 };
		bool has_line = false;

		while (next < function_count && functions[next].file == i) {
			next++;
			part.function_count++;
		}
		for (size_t j = kernel->file_line_first[i]; j < kernel->file_line_first[i + 1]; j++)
			has_line |= counts->states[j] != COV_LINE_NOT_INSTRUMENTED;
		if (!has_line && !part.function_count)
			continue;
		write(&part, is_first, out);
		is_first = false;
	}
}

void counts_write_hits(const struct cov_kernel *kernel, const struct cov_counts *counts, FILE *out)
{
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (counts->lines[i] || counts->states[i] >= COV_LINE_PARTLY)
			fprintf(out, "%zu\t%" PRId64 "\t%u\n", i, counts->lines[i],
				(unsigned)counts->states[i]);
	}
}

void counts_write_info(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out)
{
	COV_AUTO(free) unsigned char *is_listed = counts_list_functions(kernel, counters);
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };

	const struct tracefile_choice all = {
		.counts = counts,
		.is_listed = is_listed,
		.line_count = kernel->line_count,
	};
	tracefile_from_counts(kernel, &all, &tracefile);
	tracefile_write_say_left_out(&tracefile);
	/* The source tree, where a build tree apart has only what is generated. */
	tracefile_write_info(&tracefile, kernel->source_root, COV_FUNCTIONS_OLD, out);
}

static void write_json_file(const struct file_part *part, bool is_first, FILE *out)
{
	const struct cov_kernel *kernel = part->kernel;
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };
	json_t *lines = cov_json_array(), *functions = cov_json_array();

	for (size_t i = kernel->file_line_first[part->file];
	     i < kernel->file_line_first[part->file + 1]; i++) {
		if (part->counts->states[i])
			cov_json_append(
			    lines, cov_json_pack("{s:I, s:I, s:s}", "line",
						 (json_int_t)kernel->line_numbers[i], "count",
						 (json_int_t)part->counts->lines[i], "state",
						 cov_line_state_name(part->counts->states[i])));
	}
	for (size_t i = 0; i < part->function_count; i++)
		cov_json_append(functions,
				cov_json_pack("{s:s, s:I, s:I}", "name",
					      cov_utf8_name(part->functions[i].name, &memory),
					      "line", (json_int_t)part->functions[i].start_line,
					      "calls", (json_int_t)part->functions[i].calls));
	json_t *file = cov_json_pack("{s:s, s:o, s:o}", "file",
				     cov_utf8_name(kernel->files[part->file], &memory), "lines",
				     lines, "functions", functions);
	if (!is_first)
		fputs(",\n", out);
	cov_json_print(file, JSON_COMPACT, out);
	json_decref(file);
}

void counts_write_json(const struct cov_kernel *kernel, const struct cov_counters *counters,
		       const struct cov_counts *counts, FILE *out)
{
	/* File by file: as one tree in memory, a kernel would take half a gigabyte. */
	fputs("{\"files\": [\n", out);
	for_each_file(kernel, counters, counts, write_json_file, out);
	fputs("\n]}\n", out);
}
