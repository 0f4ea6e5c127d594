/* cmd_verify.c - covdb verify: a snapshot's counts against the system's gcov. */
#include <string.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"

static const struct cov_option options[] = {
	{ "notes", 'n', "DIR",
	  "the kernel's build tree, or a directory or tar of its .gcno files" },
	{ "gcov", 0, "PROGRAM",
	  "which gcov (default: gcov-N of the notes' compiler version; llvm-cov for clang)" },
	{ "format", 0, "text|json", "how to print (default: text)" },
	{ 0 },
};

static void print_json(const struct verify_result *result)
{
	json_t *whole = cov_json_answer("verify");

	cov_json_set(whole, "objects", cov_json_integer((int64_t)result->objects));
	cov_json_set(whole, "lines", cov_json_integer((int64_t)result->lines));
	cov_json_set(whole, "functions", cov_json_integer((int64_t)result->functions));
	cov_json_set(whole, "branches", cov_json_integer((int64_t)result->branches));
	cov_json_set(whole, "differences", cov_json_integer((int64_t)result->differences));
	cov_json_print(whole, JSON_INDENT(1), stdout);
	putchar('\n');
	json_decref(whole);
}

static void print_result(const struct verify_result *result, const char *gcov, bool is_json)
{
	const char *listing = result->listing.length ? result->listing.data : "";

	if (!is_json)
		fputs(listing, stdout);
	for (const char *end = strchr(listing, '\n'); is_json && end; end = strchr(listing, '\n')) {
		cov_say("%.*s", (int)(end - listing), listing);
		listing = end + 1;
	}
	if (is_json)
		print_json(result);
	else
		printf("%zu objects, %zu lines, %zu functions, %zu branches compared with %s: "
		       "%zu differences\n",
		       result->objects, result->lines, result->functions, result->branches, gcov,
		       result->differences);
}

static int verify_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const formats[] = { "text", "json", NULL };
	const char *notes = cov_option_value(arguments, "notes");
	const char *path = arguments->operands[0];
	int format = 0;
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	COV_AUTO(verify_result_deinit) struct verify_result compared = { 0 };
	COV_AUTO(free) char *gcov = NULL;
	int result = cov_option_choice(arguments, "format", formats, &format, err);

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
	print_result(&compared, gcov, format == 1);
	return compared.differences || problems.count || snapshot.problems.count;
}

const struct cov_command cmd_verify = {
	.name = "verify",
	.operands = "SNAPSHOT",
	.summary = "recompute every count with the system's gcov and list each difference",
	.details =
	    "Compared are, object by object, the counts of lines, functions and branches. gcov runs "
	    "in the directory the kernel was built in, which must exist. The exit status is 1 if "
	    "anything differs, 3 if no gcov of the compiler's version is installed.\n\n"
	    "Example:\n"
	    "  $ covdb verify results/trials/host-cpu-1.tar.zst --notes /usr/src/linux",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = verify_run,
};
