/* cmd_export.c - covdb export: counts out of the database, in the formats of other tools. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/output_file.h"
#include "collector/base/terminal.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/export/export_cobertura.h"
#include "venn/export/export_write.h"
#include "venn/questions/selection.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_place.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "trial", 't', "PLATFORM/WORKLOAD[/N]",
	  "the counts of a trial; without its number N, of all of them summed" },
	{ "footprint", 0, "PLATFORM[/WORKLOAD]",
	  "of the lines of a footprint; without a workload, of all united" },
	{ "region", 0, "A,B,...[/WORKLOAD]",
	  "of the lines in the footprints of exactly these platforms" },
	{ "set", 0, "EXPRESSION[/WORKLOAD]",
	  "of the lines of a set of footprints: & both, | either, - without, ^ one of both" },
	{ "rule", 0, "RULE", "footprints by this rule: rate (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "format", 0, "info|cobertura|syzkaller|json|csv",
	  "lcov tracefile (default), XML, syz-manager's JSON lines, covdb's JSON, rows" },
	OPTIONS_CSV_SAFE,
	{ "lcov", 0, "1|2",
	  "of a tracefile: records for lcov 1.x alone, or 2.2 and newer alone (default: those "
	  "that both read; lost are lines of functions in 1.x, marks of exceptions in 2)" },
	{ "branches", 0, NULL, "of a tracefile: branches as well" },
	{ "output", 'o', "FILE", "write there (default, or -: standard output)" },
	{ 0 },
};

enum export_format { FORMAT_INFO, FORMAT_COBERTURA, FORMAT_SYZKALLER, FORMAT_JSON, FORMAT_CSV };

static int select_counts(const struct cov_arguments *arguments,
			 const struct selection_source *source, const struct store_kernel *about,
			 struct selection *ret, struct cov_error *err)
{
	const char *trial = cov_option_value(arguments, "trial");
	const char *footprint = cov_option_value(arguments, "footprint");
	const char *region = cov_option_value(arguments, "region");
	struct store_choice choice;
	int result = options_choice(arguments, about, &choice, err);

	if (result)
		return result;
	if (trial)
		return selection_trials(source, trial, ret, err);
	if (footprint)
		return selection_footprint(source, &choice, footprint, ret, err);
	if (region)
		return selection_region(source, &choice, region, ret, err);
	return selection_set(source, &choice, cov_option_value(arguments, "set"), ret, err);
}

/* The part of a selection below --dir, as it is written. */
static void take_directory(const char *directory, const struct cov_kernel *kernel,
			   const struct selection *selection, struct cov_tracefile *ret)
{
	size_t line_first;
	size_t line_count = kernel_directory_range(kernel, directory, &line_first);
	const struct tracefile_choice choice = {
		.counts = &selection->counts,
		.is_listed = selection->is_listed,
		.branches = &selection->branches,
		.line_first = line_first,
		.line_count = line_count,
	};
	tracefile_from_counts(kernel, &choice, ret);
	tracefile_agree(ret);
}

/* How to write. */
struct form {
	int format; /* enum export_format */
	int style;  /* enum cov_function_style */
	bool is_csv_safe;
};

static void write_format(const struct cov_tracefile *tracefile, const char *root,
			 const struct form *form, FILE *out)
{
	switch ((enum export_format)form->format) {
	case FORMAT_INFO:
		tracefile_write_info(tracefile, root, (enum cov_function_style)form->style, out);
		tracefile_write_say_left_out(tracefile);
		break;
	case FORMAT_COBERTURA:
		export_cobertura(tracefile, root, out);
		break;
	case FORMAT_SYZKALLER:
		export_write_syzkaller(tracefile, out);
		break;
	case FORMAT_JSON:
		export_write_json(tracefile, out);
		break;
	case FORMAT_CSV:
		export_write_csv(tracefile, form->is_csv_safe, out);
		break;
	}
}

static int write_output(const struct cov_tracefile *tracefile, const char *root,
			const struct form *form, const char *path, struct cov_error *err)
{
	COV_AUTO(cov_output_deinit) struct cov_output output = { 0 };
	int result = cov_output_open(path, &output, err);

	if (result)
		return result;
	write_format(tracefile, root, form, output.stream);
	return cov_output_close(&output, err);
}

static int check_options(const struct cov_arguments *arguments, struct form *form,
			 struct cov_error *err)
{
	static const char *const formats[] = {
		"info", "cobertura", "syzkaller", "json", "csv", NULL
	};
	static const char *const styles[] = { "1", "2", NULL };
	int style = -1;
	int count = (cov_option_value(arguments, "trial") != NULL) +
		    (cov_option_value(arguments, "footprint") != NULL) +
		    (cov_option_value(arguments, "region") != NULL) +
		    (cov_option_value(arguments, "set") != NULL);

	if (count != 1)
		return cov_fail(
		    err, COV_ERR_USAGE,
		    "nothing to export: use one of --trial, --footprint, --region and --set");
	int result = cov_option_choice(arguments, "format", formats, &form->format, err);
	if (result == 0 && form->format != FORMAT_INFO && cov_option_value(arguments, "lcov"))
		return cov_fail(err, COV_ERR_USAGE, "--lcov goes with --format info");
	if (result == 0 && form->format != FORMAT_INFO && cov_option_value(arguments, "branches"))
		return cov_fail(err, COV_ERR_USAGE, "--branches goes with --format info");
	if (result == 0)
		result = options_csv_safe(arguments, form->format == FORMAT_CSV, &form->is_csv_safe,
					  err);
	if (result == 0)
		result = cov_option_choice(arguments, "lcov", styles, &style, err);
	if (style >= 0)
		form->style = style ? COV_FUNCTIONS_NEW : COV_FUNCTIONS_OLD;
	return result;
}

static int export_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "dir");
	COV_AUTO(free) char *directory = kernel_directory_name(given ? given : ".");
	struct form form = { FORMAT_INFO, COV_FUNCTIONS_BOTH, false };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(selection_deinit) struct selection selection = { 0 };
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	int result = check_options(arguments, &form, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &about, err);
	if (result == 0)
		result = store_place_check(store, about.id, directory, err);
	if (result == 0)
		result = store_load_kernel(store, about.id, &kernel, err);
	struct selection_source source = {
		.store = store,
		.kernel_id = about.id,
		.kernel = &kernel,
		.has_branches = cov_option_value(arguments, "branches") != NULL,
	};
	if (result == 0)
		result = select_counts(arguments, &source, &about, &selection, err);
	if (result == 0) {
		take_directory(directory, &kernel, &selection, &tracefile);
		store_transaction_end(store);
	}
	if (result == 0)
		result = write_output(&tracefile, kernel.source_root, &form,
				      cov_option_value(arguments, "output"), err);
	if (result)
		return result;
	struct cov_tracefile_totals totals = tracefile_total(&tracefile);
	COV_AUTO(free)
	char *branches = cov_format("; %zu branches found, %zu taken", totals.branches_found,
				    totals.branches_hit);
	cov_say("%zu lines found, %zu executed; %zu functions found, %zu called%s",
		totals.lines_found, totals.lines_hit, totals.functions_found, totals.functions_hit,
		source.has_branches ? branches : "");
	return 0;
}

const struct cov_command cmd_export = {
	.name = "export",
	.operands = "",
	.summary = "counts of a trial, footprint or region, in the formats of other tools",
	.details = "A line is executed if covdb says so; the line totals of lcov and genhtml are "
		   "those of covdb. A line of a footprint has the count of all trials of the "
		   "workloads whose footprint has it, a line of a region or set the sum over the "
		   "platforms that have it; all other lines have 0. A function of which only "
		   "inlined copies ran has the count of its first line that did, as lcov 2 wants "
		   "it.\n\n"
		   "Examples:\n"
		   "  $ covdb export --trial runc/cpu/1 -o cpu.info && genhtml -o site cpu.info\n"
		   "  $ covdb export --footprint gvisor --dir net/ -o net.info\n"
		   "  $ covdb export --trial runc/cpu --branches -o cpu.info\n"
		   "  $ covdb export --region runc,gvisor/cpu --lcov 1 -o both.info\n"
		   "  $ covdb export --set 'gvisor - (host | runc)' --dir mm -o only.info\n"
		   "  $ covdb export --trial host/cpu --format cobertura -o cpu.xml",
	.options = options,
	.is_paged = true,
	.run = export_run,
};
