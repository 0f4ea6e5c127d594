/* cmd_verify.c - covdb verify: a snapshot's counts against the system's gcov. */
#include <string.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"
#include "venn/commands/options.h"
#include "venn/print/rows.h"

static const struct cov_option options[] = {
	{ "notes", 'n', "DIR",
	  "the kernel's build tree, or a directory or tar of its .gcno files" },
	{ "gcov", 0, "PROGRAM",
	  "which gcov (default: gcov-N of the notes' compiler version; llvm-cov for clang)" },
	OPTIONS_FORMAT,
	{ 0 },
};

static void print_rows(const struct verify_result *result, enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "OBJECT", "object", ROWS_WORD }, { "ONLY", "only", ROWS_WORD },
		{ "FILE", "file", ROWS_WORD },     { "LINE", "line", ROWS_NUMBER },
		{ "KIND", "kind", ROWS_WORD },     { "NAME", "name", ROWS_WORD },
		{ "COUNT", "count", ROWS_NUMBER }, { "BLOCKS", "blocks_executed", ROWS_NUMBER },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(columns[0]),
			     .about = cov_json_answer("verify"),
			     .none = cov_xstrdup("no difference") };

	cov_json_set(rows.about, "objects", cov_json_integer((int64_t)result->objects));
	cov_json_set(rows.about, "lines", cov_json_integer((int64_t)result->lines));
	cov_json_set(rows.about, "functions", cov_json_integer((int64_t)result->functions));
	cov_json_set(rows.about, "branches", cov_json_integer((int64_t)result->branches));
	cov_json_set(rows.about, "differences", cov_json_integer((int64_t)result->differences));
	for (size_t i = 0; i < result->differences; i++) {
		const struct verify_difference *difference = &result->items[i];

		rows_word(&rows, difference->object);
		rows_word(&rows, difference->is_gcov ? "gcov" : "covdb");
		rows_word(&rows, difference->file);
		rows_count(&rows, difference->line);
		rows_word(&rows, difference->kind);
		rows_word(&rows, difference->name);
		rows_count(&rows, difference->count);
		if (difference->blocks_executed < 0)
			rows_missing(&rows);
		else
			rows_count(&rows, difference->blocks_executed);
	}
	rows_print(&rows, format);
}

static void print_text(const struct verify_result *result, const char *gcov)
{
	if (result->listing.length)
		fputs(result->listing.data, stdout);
	printf("%zu objects, %zu lines, %zu functions, %zu branches compared with %s: "
	       "%zu differences\n",
	       result->objects, result->lines, result->functions, result->branches, gcov,
	       result->differences);
}

static int verify_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *notes = cov_option_value(arguments, "notes");
	const char *path = arguments->operands[0];
	enum rows_format format;
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	COV_AUTO(verify_result_deinit) struct verify_result compared = { 0 };
	COV_AUTO(free) char *gcov = NULL;
	int result = options_format(arguments, &format, err);

	if (result == 0 && !notes)
		result =
		    cov_fail(err, COV_ERR_USAGE, "--notes is missing: gcov needs the .gcno files");
	cov_memory_by_thread();
	if (result == 0)
		result = kernel_read_notes(notes, KERNEL_PLANS, &kernel, &problems, err);
	if (result == 0)
		result = verify_gcov_find(&kernel, cov_option_value(arguments, "gcov"), &gcov, err);
	if (result == 0)
		result = load_snapshot(&kernel, "", path, &snapshot, err);
	const struct verify_files files = { .notes = notes, .snapshot = path, .gcov = gcov };
	if (result == 0)
		result = verify_snapshot(&kernel, &snapshot.counters, &files, &compared, err);
	if (result)
		return result;
	cov_problems_print(&problems);
	cov_problems_print(&snapshot.problems);
	if (format == ROWS_TEXT)
		print_text(&compared, gcov);
	else
		print_rows(&compared, format);
	return compared.differences || problems.count || snapshot.problems.count;
}

const struct cov_command cmd_verify = {
	.name = "verify",
	.operands = "SNAPSHOT",
	.summary = "recompute every count with the system's gcov and list each difference",
	.details =
	    "Compared are, object by object, the counts of lines, functions and branches. gcov runs "
	    "in the directory the kernel was built in, which must exist. Text has the first differences of each "
	    "group of objects, the other formats all: a row is what one of the two says and the other does "
	    "not. The exit status is 1 if "
	    "anything differs, 3 if no gcov of the compiler's version is installed.\n\n"
	    "Example:\n"
	    "  $ covdb verify results/trials/host-cpu-1.tar.zst --notes /usr/src/linux",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = verify_run,
};
