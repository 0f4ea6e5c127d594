/* cmd_paper.c - covdb paper: the tables and figures of the VEE '20 paper beside this study. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/paper/paper.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"

static const struct cov_option options[] = {
	{ "output", 'o', "DIR", "where it goes: new, empty, or made by covdb paper" },
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ 0 },
};

static int paper_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(free) char *paper = NULL;
	COV_AUTO(free) char *claims = NULL;
	COV_AUTO(paper_written_deinit) struct paper_written written = { 0 };
	struct paper_asked asked = {
		.kernel = &kernel,
		.directory = cov_option_value(arguments, "output"),
	};

	if (!asked.directory || !*asked.directory)
		return cov_fail(err, COV_ERR_USAGE, "no output directory: use -o DIR");
	cov_memory_by_thread(); /* two threads ask all the time */
	int result = cov_data_path("workloads/paper.yaml", &paper, err);
	if (result == 0)
		result = cov_data_path("workloads/claims.yaml", &claims, err);
	asked.paper = paper;
	asked.claims = claims;
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = options_choice(arguments, &kernel, &asked.choice, err);
	if (result == 0)
		result = paper_write(store, &asked, &written, err);
	if (result)
		return result;
	printf("%zu of %zu tables and figures have a value (%zu panels); open %s/index.html\n%s",
	       written.with_value, written.exhibits, written.panels, asked.directory,
	       written.missing);
	return 0;
}

const struct cov_command cmd_paper = {
	.name = "paper",
	.operands = "",
	.summary = "the tables and figures of the VEE '20 paper beside this study",
	.details =
	    "DIR/index.html has every table and measured figure of the paper: what it prints, what "
	    "this study has, their ratio, a verdict, the number of trials, and the command that "
	    "gives it alone; then what the paper claims, as covdb claims does. It needs no network "
	    "and no script. DIR/data has each as SVG and CSV, DIR/README.md says how to cite and "
	    "make it again. What the study does not have is there with the reason.\n\n"
	    "The verdict is 'holds' within a factor that workloads/paper.yaml gives, mostly two; "
	    "'differs'; 'not comparable' for times and samples of an emulated processor; 'for information' "
	    "where the paper prints no number; 'not measured'. Footprints by the rule rate, which "
	    "is the paper's, and of the steady phase stand beside the others where they are "
	    "stored.\n\n"
	    "DIR is made, or is empty, or has the file covdb-paper.txt, which this command leaves: "
	    "what it wrote before is then replaced.\n\n"
	    "Examples:\n"
	    "  $ covdb paper -o paper\n"
	    "  $ covdb paper -o paper --rule rate --baseline host/idle",
	.options = options,
	.run = paper_run,
};
