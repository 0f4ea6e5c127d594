/* cmd_report.c - covdb report: the study as a page to explore. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/print/rows.h"
#include "venn/report/report.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"

static const struct cov_option options[] = {
	{ "output", 'o', "DIR", "where the page goes: new, empty, or a report" },
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel-src", 0, "DIR", "the kernel's source tree (default: a page without sources)" },
	{ "before", 0, "[DATABASE:]KERNEL",
	  "what changed since: another kernel of the database, or another database" },
	{ "before-src", 0, "DIR[@REVISION]",
	  "with --before: its sources (default: where it was built)" },
	{ "patch", 0, "FILE|RANGE",
	  "a diff, or REVISION..REVISION, whose lines the page shows with who executed them" },
	{ "git", 0, "DIR", "the repository of that range (default: .)" },
	{ "claims", 0, "FILE", "claims to set beside the study (default: the VEE '20 paper's)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ 0 },
};

static void print_written(const struct report_asked *asked, const struct report_written *written)
{
	COV_AUTO(free) char *files = cov_number_grouped((int64_t)written->file_count);

	if (written->source_missing)
		cov_say("%zu of %zu source files are not in %s, or are another version there; "
			"they are shown without text",
			written->source_missing, written->source_missing + written->source_count,
			asked->kernel_src);
	printf("%s files, %.1f MB; open %s/index.html\n", files, (double)written->size_bytes / 1e6,
	       asked->directory);
}

static int report_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	struct report_asked asked = {
		.kernel = &kernel,
		.directory = cov_option_value(arguments, "output"),
		.kernel_src = options_kernel_src(arguments),
		.changes = {
			.before = cov_option_value(arguments, "before"),
			.old_source = cov_option_value(arguments, "before-src"),
			.new_source = options_kernel_src(arguments),
			.database = cov_option_value(arguments, "db"),
		},
		.patch = {
			.patch = cov_option_value(arguments, "patch"),
			.repository = cov_option_value(arguments, "git"),
			.kernel_src = options_kernel_src(arguments),
		},
	};
	const char *claims = cov_option_value(arguments, "claims");
	COV_AUTO(free) char *claims_path = claims ? cov_xstrdup(claims) : NULL;
	struct report_written written;
	int result = 0;

	if (!asked.directory || !*asked.directory)
		return cov_fail(err, COV_ERR_USAGE, "no output directory: use -o DIR");
	if (asked.changes.old_source && !asked.changes.before)
		return cov_fail(err, COV_ERR_USAGE, "--before-src needs --before");
	if (asked.patch.repository && !asked.patch.patch)
		return cov_fail(err, COV_ERR_USAGE, "--git needs --patch");
	if (!claims)
		result = cov_data_path("workloads/claims.yaml", &claims_path, err);
	asked.claims = claims_path;
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = options_choice(arguments, &kernel, &asked.choice, err);
	if (result == 0)
		result = report_write(store, &asked, &written, err);
	if (result)
		return result;
	print_written(&asked, &written);
	return 0;
}

const struct cov_command cmd_report = {
	.name = "report",
	.operands = "",
	.summary = "the study as a page to explore, which opens from disk",
	.details =
	    "DIR/index.html opens in any current browser, without a network: an overview, the "
	    "kernel as a map by who executes what, files line by line, functions, what the "
	    "workloads measured, what was claimed of them, and how far all that can be trusted. "
	    "Every view has an address of "
	    "its own. The directory can be copied, sent, or put on a web server as it is.\n\n"
	    "With --kernel-src the sources are part of it, as far as they are within that tree.\n\n"
	    "With --before the page says what changed since another kernel or study, platform by "
	    "platform, as 'covdb compare' does; with --patch what executed each line of a patch, "
	    "as 'covdb patch' does.\n\n"
	    "DIR is made, or is empty, or has the file covdb-report.txt, which every report has: "
	    "the report there is replaced, and what no report wrote stays. Nothing is written to "
	    "any other folder; 'touch DIR/covdb-report.txt' lets the report of an older covdb be "
	    "replaced.\n\n"
	    "Examples:\n"
	    "  $ covdb report -o report\n"
	    "  $ covdb report -o report --kernel-src linux-6.1 --rule poisson\n"
	    "  $ covdb report -o report --before last-year.sqlite\n"
	    "  $ covdb report -o report --kernel-src linux --git linux --patch main..HEAD",
	.options = options,
	.run = report_run,
};
