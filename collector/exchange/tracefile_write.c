/* tracefile_write.c - counts as an lcov tracefile. */
#include "collector/exchange/tracefile_write.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "collector/base/terminal.h"
#include "collector/exchange/tracefile.h"

static int64_t clamp(int64_t count)
{
	return count < 0 ? 0 : count;
}

/* A path or name that ends a record; an end of line in it, which would end it early, is escaped. */
static void end_record(const char *text, FILE *out)
{
	for (;;) {
		size_t length = strcspn(text, "\r\n");

		fwrite(text, 1, length, out);
		text += length;
		if (!*text)
			break;
		fprintf(out, "\\x%02x", (unsigned char)*text++);
	}
	putc('\n', out);
}

/* Functions without a line, which no reader takes, come first in a file. */
static size_t first_placed(const struct tracefile_file *file)
{
	size_t first = 0;

	while (first < file->function_count && !file->functions[first].start_line)
		first++;
	return first;
}

static void write_calls(const struct tracefile_file *file, size_t first, FILE *out)
{
	for (size_t i = first; i < file->function_count; i++) {
		fprintf(out, "FNDA:%" PRId64 ",", clamp(file->functions[i].calls));
		end_record(file->functions[i].name, out);
	}
}

static void write_old_functions(const struct tracefile_file *file, size_t first, FILE *out)
{
	for (size_t i = first; i < file->function_count; i++) {
		fprintf(out, "FN:%" PRIu32 ",", file->functions[i].start_line);
		end_record(file->functions[i].name, out);
	}
	write_calls(file, first, out);
}

/* Functions that begin on the same line, expanded from a macro, are one with several names. */
static void write_new_functions(const struct tracefile_file *file, size_t first, bool has_calls,
				FILE *out)
{
	size_t place = 0;

	for (size_t i = first; i < file->function_count; place++) {
		uint32_t start_line = file->functions[i].start_line, end_line = 0;
		size_t end = i;

		for (; end < file->function_count && file->functions[end].start_line == start_line;
		     end++) {
			if (file->functions[end].end_line > end_line)
				end_line = file->functions[end].end_line;
		}
		fprintf(out, "FNL:%zu,%" PRIu32, place, start_line);
		if (end_line)
			fprintf(out, ",%" PRIu32, end_line);
		putc('\n', out);
		for (; i < end; i++) {
			fprintf(out, "FNA:%zu,%" PRId64 ",", place,
				has_calls ? clamp(file->functions[i].calls) : 0);
			end_record(file->functions[i].name, out);
		}
	}
}

static void write_functions(const struct tracefile_file *file, enum cov_function_style style,
			    FILE *out)
{
	size_t first = first_placed(file), hit = 0;

	if (style == COV_FUNCTIONS_OLD)
		write_old_functions(file, first, out);
	else
		write_new_functions(file, first, style == COV_FUNCTIONS_NEW, out);
	if (style == COV_FUNCTIONS_BOTH)
		write_calls(file, first, out);
	for (size_t i = first; i < file->function_count; i++)
		hit += file->functions[i].calls > 0;
	/* By name, as genhtml counts them. */
	fprintf(out, "FNF:%zu\nFNH:%zu\n", file->function_count - first, hit);
}

/* lcov 2 marks a way out by exception; lcov 1.x does not know the mark. */
static void write_branches(const struct tracefile_file *file, enum cov_function_style style,
			   FILE *out)
{
	const struct cov_branches *branches = &file->branches;
	size_t hit = 0;
	uint32_t place = 0;

	if (!branches->count)
		return;
	for (size_t i = 0; i < branches->count; i++) {
		const struct cov_branch *branch = &branches->items[i];
		bool is_marked = style == COV_FUNCTIONS_NEW && branch->flags & PLAN_BRANCH_THROW;
		bool is_first =
		    i == 0 || branch[-1].line != branch->line || branch[-1].block != branch->block;

		place = is_first ? 0 : place + 1;
		fprintf(out, "BRDA:%" PRIu32 ",%s%" PRIu32 ",%" PRIu32 ",", branch->line,
			is_marked ? "e" : "", branch->block, place);
		if (branch->taken == COV_BRANCH_NOT_EVALUATED)
			fputs("-\n", out);
		else
			fprintf(out, "%" PRId64 "\n", branch->taken);
		hit += branch->taken > 0;
	}
	fprintf(out, "BRF:%zu\nBRH:%zu\n", branches->count, hit);
}

static void write_lines(const struct tracefile_file *file, FILE *out)
{
	size_t hit = 0;

	for (size_t i = 0; i < file->line_count; i++) {
		fprintf(out, "DA:%" PRIu32 ",%" PRId64 "\n", file->lines[i].line,
			clamp(file->lines[i].count));
		hit += file->lines[i].count > 0;
	}
	fprintf(out, "LF:%zu\nLH:%zu\n", file->line_count, hit);
}

void tracefile_write_info(const struct cov_tracefile *tracefile, const char *root,
			  enum cov_function_style style, FILE *out)
{
	if (tracefile->file_count)
		fputs("TN:\n", out);
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		/* lcov wants absolute paths. */
		fputs("SF:", out);
		if (*file->path != '/' && *root)
			fprintf(out, "%s/", root);
		end_record(file->path, out);
		write_functions(file, style, out);
		write_branches(file, style, out);
		write_lines(file, out);
		fputs("end_of_record\n", out);
	}
}

void tracefile_write_say_left_out(const struct cov_tracefile *tracefile)
{
	const struct tracefile_file *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < tracefile->file_count; i++) {
		size_t first = first_placed(&tracefile->files[i]);

		if (first && !found)
			found = &tracefile->files[i];
		count += first;
	}
	if (found)
		cov_say(
		    "left out, since a tracefile has no functions without a line: %zu; the first: "
		    "%s of %s",
		    count, found->functions[0].name, found->path);
}
