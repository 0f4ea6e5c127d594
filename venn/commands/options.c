/* options.c - options that many commands have: which database, kernel, footprints and format. */
#include "venn/commands/options.h"

#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/store_transaction.h"

int options_store(const struct cov_arguments *arguments, enum store_mode mode, struct store **store,
		  struct store_kernel *about, struct cov_error *err)
{
	int result = store_open(store_path(cov_option_value(arguments, "db")), mode, store, err);

	if (result == 0 && mode == STORE_WRITE)
		result = store_transaction_write(*store, err);
	if (result)
		return result;
	return store_kernel_find(*store, NULL, cov_option_value(arguments, "kernel"), about, err);
}

int options_choice(const struct cov_arguments *arguments, const struct store_kernel *about,
		   struct store_choice *ret, struct cov_error *err)
{
	int rule = COV_RULE_RATE;
	int result = cov_option_choice(arguments, "rule", cov_rule_names(), &rule, err);

	*ret = (struct store_choice){
		.kernel_id = about->id,
		.rule = cov_option_value(arguments, "rule"),
		.baseline = cov_option_value(arguments, "baseline"),
	};
	return result;
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

int options_format(const struct cov_arguments *arguments, enum rows_format *ret,
		   struct cov_error *err)
{
	static const char *const choices[] = { "text", "json", "csv", NULL };
	int choice = ROWS_TEXT;
	bool is_safe = false;
	int result = cov_option_choice(arguments, "format", choices, &choice, err);

	if (result == 0)
		result = options_csv_safe(arguments, choice == ROWS_CSV, &is_safe, err);
	*ret = is_safe ? ROWS_CSV_SAFE : (enum rows_format)choice;
	return result;
}

int options_csv_safe(const struct cov_arguments *arguments, bool is_csv, bool *ret,
		     struct cov_error *err)
{
	*ret = cov_option_value(arguments, "csv-safe") != NULL;
	if (*ret && !is_csv)
		return cov_fail(err, COV_ERR_USAGE, "--csv-safe goes with --format csv");
	return 0;
}
