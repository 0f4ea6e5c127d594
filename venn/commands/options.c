/* options.c - options that many commands have: which database, kernel, footprints and format. */
#include "venn/commands/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/output_file.h"
#include "collector/base/screen.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/print/rows_table.h"
#include "venn/store/store_names.h"
#include "venn/store/store_transaction.h"

/* Each platform has its colour in all commands: by its place among all of them. */
static int color_platforms(struct store *store, struct cov_error *err)
{
	COV_AUTO(store_names_deinit) struct store_names names = { 0 };

	if (!cov_screen_has_color())
		return 0;
	int result = store_names_read(store, STORE_NAMES_PLATFORMS, "", 0, &names, err);
	if (result == 0)
		rows_table_platforms((const char *const *)names.items, names.count);
	return result;
}

int options_store(const struct cov_arguments *arguments, enum store_mode mode, struct store **store,
		  struct store_kernel *about, struct cov_error *err)
{
	int result = store_open(store_path(cov_option_value(arguments, "db")), mode, store, err);

	if (result == 0 && mode == STORE_WRITE)
		result = store_transaction_write(*store, err);
	if (result == 0)
		result = color_platforms(*store, err);
	if (result)
		return result;
	return store_kernel_find(*store, NULL, cov_option_value(arguments, "kernel"), about, err);
}

int options_rule(const struct cov_arguments *arguments, enum cov_rule *ret, struct cov_error *err)
{
	const char *value = cov_option_value(arguments, "rule");
	const char *const *names = cov_rule_names();
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	if (!value)
		return 0;
	*ret = cov_rule_find(value);
	if (*ret != COV_RULE_COUNT)
		return 0;
	for (size_t i = 0; i < COV_RULE_COUNT; i++)
		cov_text_print(&list, "%s%s", i ? ", " : "", names[i]);
	COV_AUTO(free) char *meant = cov_suggest_of(value, names, COV_RULE_COUNT);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no rule '%s', only %s%s", value, list.data,
			meant);
}

int options_choice(const struct cov_arguments *arguments, const struct store_kernel *about,
		   struct store_choice *ret, struct cov_error *err)
{
	enum cov_rule rule = COV_RULE_RATE;
	int result = options_rule(arguments, &rule, err);

	*ret = (struct store_choice){
		.kernel_id = about->id,
		.rule = cov_option_value(arguments, "rule"),
		.baseline = cov_option_value(arguments, "baseline"),
	};
	return result;
}

const char *options_kernel_src(const struct cov_arguments *arguments)
{
	const char *given = cov_option_value(arguments, "kernel-src");
	const char *environment = getenv("COVDB_KERNEL_SRC");

	return given || !environment || !*environment ? given : environment;
}

int options_phase(const struct cov_arguments *arguments, const char **ret, struct cov_error *err)
{
	const char *choices[COV_MANIFEST_PHASES + 2] = { "all" };
	int choice = 0;

	memcpy(choices + 1, cov_manifest_phase_names, sizeof(cov_manifest_phase_names));
	int result = cov_option_choice(arguments, "phase", choices, &choice, err);
	*ret = choice ? choices[choice] : NULL;
	return result;
}

int options_workloads(const struct cov_arguments *arguments, struct store_union_asked *ret,
		      struct cov_error *err)
{
	ret->names = cov_option_value(arguments, "workload");
	return options_phase(arguments, &ret->phase, err);
}

int options_format_or(const struct cov_arguments *arguments, const char *other,
		      enum rows_format *ret, bool *is_other, struct cov_error *err)
{
	const char *choices[] = { "text", "json", "csv", "ndjson", "tsv", "markdown", other, NULL };
	int choice = ROWS_TEXT;
	bool is_safe = false;
	int result = cov_option_choice(arguments, "format", choices, &choice, err);

	if (result == 0)
		result = options_csv_safe(arguments, choice == ROWS_CSV, &is_safe, err);
	*is_other = choice > ROWS_MARKDOWN;
	*ret = is_safe ? ROWS_CSV_SAFE : *is_other ? ROWS_TEXT : (enum rows_format)choice;
	return result;
}

int options_format(const struct cov_arguments *arguments, enum rows_format *ret,
		   struct cov_error *err)
{
	bool is_other;

	return options_format_or(arguments, NULL, ret, &is_other, err);
}

int options_check_output(const struct cov_arguments *arguments, bool is_file, const char *formats,
			 struct cov_error *err)
{
	if (cov_option_value(arguments, "output") && !is_file)
		return cov_fail(err, COV_ERR_USAGE, "--output needs --format %s", formats);
	return 0;
}

int options_write(const struct cov_arguments *arguments, const char *text, struct cov_error *err)
{
	COV_AUTO(cov_output_deinit) struct cov_output output = { 0 };
	int result = cov_output_open(cov_option_value(arguments, "output"), &output, err);

	if (result)
		return result;
	fputs(text, output.stream);
	return cov_output_close(&output, err);
}

int options_limit(const struct cov_arguments *arguments, enum rows_format format, size_t *ret,
		  struct cov_error *err)
{
	uint64_t limit = format == ROWS_TEXT ? OPTIONS_LIMIT_TEXT : 0;
	int result = cov_option_number(arguments, "limit", 0, SIZE_MAX, &limit, err);

	*ret = limit ? limit : SIZE_MAX;
	return result;
}

void options_print(struct rows *rows, enum rows_format format, size_t count)
{
	size_t shown = rows->cell_count / rows->column_count;

	rows->there_are = count;
	if (!rows->none)
		rows->none = cov_xstrdup("nothing fits what was asked");
	rows_print(rows, format);
	if (format != ROWS_TEXT || shown >= count)
		return;
	COV_AUTO(free) char *rest = cov_number_grouped((int64_t)(count - shown));
	cov_screen_print(0, "\n%s more; --limit 0 shows all\n", rest);
}

int options_csv_safe(const struct cov_arguments *arguments, bool is_csv, bool *ret,
		     struct cov_error *err)
{
	*ret = cov_option_value(arguments, "csv-safe") != NULL;
	if (*ret && !is_csv)
		return cov_fail(err, COV_ERR_USAGE, "--csv-safe goes with --format csv");
	return 0;
}
