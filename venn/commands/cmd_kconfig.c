/* cmd_kconfig.c - covdb kconfig: options of the configuration of whose code nothing was executed.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/questions/kconfig.h"
#include "venn/store/store.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	OPTIONS_LIMIT(20),
	{ "all", 'a', NULL, "all options, with the lines that were executed" },
	{ "only", 0, "A,B,...", "options of which these platforms executed lines, and no other" },
	{ 0 },
};

/* Largest first, then by name. */
static int compare_options(const void *a, const void *b)
{
	const struct kconfig_option *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return strcmp(first->name, second->name);
}

/* What is asked for. */
struct wanted {
	bool is_all;
	const char *only;   /* names of platforms, or NULL */
	uint64_t platforms; /* these, by their place in the query */
};

/* Of what is not instrumented nothing is known. */
static bool is_wanted(const struct wanted *wanted, const struct kconfig_option *option)
{
	if (wanted->only)
		return option->platforms && !(option->platforms & ~wanted->platforms);
	return wanted->is_all || (option->lines && !option->any);
}

/* Return: how many are left. */
static size_t choose(struct kconfig *kconfig, const struct wanted *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < kconfig->count; i++) {
		if (is_wanted(wanted, &kconfig->items[i]))
			kconfig->items[kept++] = kconfig->items[i];
	}
	if (kept)
		qsort(kconfig->items, kept, sizeof(*kconfig->items), compare_options);
	return kept;
}

static void add_row(struct rows *rows, const struct store_query *query,
		    const struct kconfig_option *option, bool has_executed)
{
	rows_word(rows, option->name);
	rows_count(rows, (int64_t)option->objects);
	rows_count(rows, (int64_t)option->unknown);
	rows_count(rows, option->lines);
	if (!has_executed)
		return;
	rows_count(rows, option->any);
	for (size_t i = 0; i < query->platform_count; i++)
		rows_count(rows, option->executed[i]);
}

static void print_options(const struct question *question, const struct kconfig *kconfig,
			  size_t count, const struct wanted *wanted)
{
	bool has_executed = wanted->is_all || wanted->only;
	const struct store_query *query = &question->query;
	size_t column_count = has_executed ? 5 + query->platform_count : 4;
	size_t shown = question_shown(question, count);
	COV_AUTO(free) struct rows_column *columns = cov_xcalloc(column_count, sizeof(*columns));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = column_count,
			     .about = question_about("kconfig", question->kernel.name, query) };
	struct rows_column *column = columns;

	*column++ = (struct rows_column){ "OPTION", "option", ROWS_WORD };
	*column++ = (struct rows_column){ "OBJECTS", "objects", ROWS_COUNT };
	*column++ = (struct rows_column){ "NOT INSTRUMENTED", "not_instrumented", ROWS_COUNT };
	*column++ = (struct rows_column){ "LINES", "lines", ROWS_COUNT };
	if (has_executed)
		*column++ = (struct rows_column){ "EXECUTED", "executed", ROWS_COUNT };
	for (size_t i = 0; has_executed && i < query->platform_count; i++)
		*column++ = (struct rows_column){ query->platforms[i].name,
						  query->platforms[i].name, ROWS_COUNT };
	for (size_t i = 0; i < shown; i++)
		add_row(&rows, query, &kconfig->items[i], has_executed);
	rows.none = cov_xstrdup(wanted->is_all ? "no option: no object needs one"
				: wanted->only ? "no option: of none was a line executed by these "
						 "platforms alone"
					       : "no option: of each a line was executed");
	cov_json_set(rows.about, "options", cov_json_integer((int64_t)kconfig->count));
	question_print(question, &rows, count);
}

static int kconfig_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	struct wanted wanted = { .is_all = cov_option_value(arguments, "all") != NULL,
				 .only = cov_option_value(arguments, "only") };
	COV_AUTO(question_deinit) struct question question = { 0 };
	COV_AUTO(kconfig_deinit) struct kconfig kconfig = { 0 };
	struct store_query_places places = { .count = 0 };
	int result = question_open(arguments, NULL, NULL, &question, err);

	if (result == 0 && wanted.is_all && wanted.only)
		result = cov_fail(err, COV_ERR_USAGE, "--all and --only exclude each other");
	if (result == 0 && wanted.only)
		result = store_query_places(&question.query, wanted.only, &places, err);
	if (result == 0)
		result = kconfig_read(question.store, &question.query, &kconfig, err);
	if (result)
		return result;
	store_transaction_end(question.store);
	wanted.platforms = places.mask;
	size_t option_count = kconfig.count, count = choose(&kconfig, &wanted);
	print_options(&question, &kconfig, count, &wanted);
	if (question.format == ROWS_TEXT && !wanted.is_all && !wanted.only)
		cov_screen_print(
		    0, "\n%zu of %zu options that objects need: no line of theirs was executed\n",
		    count, option_count);
	return 0;
}

const struct cov_command cmd_kconfig = {
	.name = "kconfig",
	.operands = "",
	.summary =
	    "options of the kernel's configuration of whose code no platform executed a line",
	.details =
	    "An option's code is the objects that Kbuild would not build without it, as the "
	    "tree's Makefiles say, and LINES those that no other object has. Executed "
	    "means in any trial, whatever a rule makes of it; trials begin after the boot, "
	    "so code that only boots the machine counts as not executed. Options that no object needs, but only "
	    "lines within objects, are not listed; nor is what is not instrumented "
	    "known. Without the option others may fall away, which depend on it. With "
	    "--platforms only these are asked; --only lists options that nobody but these needed.\n\n"
	    "The kernel must have been registered with its list: see --options of 'covdb "
	    "kernel add'.\n\n"
	    "Examples:\n"
	    "  $ covdb kconfig\n"
	    "  $ covdb kconfig --only gvisor\n"
	    "  $ covdb kconfig --all --format csv",
	.options = options,
	.is_paged = true,
	.run = kconfig_run,
};
