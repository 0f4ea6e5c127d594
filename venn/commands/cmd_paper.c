/* cmd_paper.c - covdb paper: the tables and figures of the VEE '20 paper beside this study. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/paper/paper.h"
#include "venn/paper/paper_book.h"
#include "venn/questions/claims.h"
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

/* What is read before anything is asked, side by side. */
enum { READ_STUDY, READ_BOOK, READ_CLAIMS, READ_COUNT };

struct reading {
	const struct cov_arguments *arguments;
	const char *paths[READ_COUNT];
	struct store *stores[PAPER_STORES]; /* owned, as is what follows */
	struct store_kernel kernel;
	struct paper_book book;
	struct claims claims;
	struct store_choice choice; /* borrowed */
	struct cov_error errors[READ_COUNT];
};

static void reading_deinit(struct reading *reading)
{
	for (size_t i = 0; i < PAPER_STORES; i++)
		store_close(reading->stores[i]);
	store_kernel_deinit(&reading->kernel);
	paper_book_deinit(&reading->book);
	claims_deinit(&reading->claims);
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

static void read_study(struct reading *reading, struct cov_error *err)
{
	const struct cov_arguments *arguments = reading->arguments;
	struct store **stores = reading->stores;
	int result = options_store(arguments, STORE_READ, &stores[0], &reading->kernel, err);

	if (result == 0)
		result = options_choice(arguments, &reading->kernel, &reading->choice, err);
	if (result == 0 && cov_thread_count() > 1)
		stores[1] = store_open_again(stores[0]);
}

static void read_item(void *context, size_t item, size_t thread)
{
	struct reading *reading = context;
	const char *path = reading->paths[item];
	struct cov_error *err = &reading->errors[item];

	(void)thread;
	if (item == READ_BOOK)
		paper_book_read(path, &reading->book, err);
	else if (item == READ_CLAIMS)
		claims_read(path, &reading->claims, err);
	else
		read_study(reading, err);
}

static int paper_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(free) char *book = NULL;
	COV_AUTO(free) char *claims = NULL;
	COV_AUTO(reading_deinit) struct reading reading = { .arguments = arguments };
	COV_AUTO(paper_written_deinit) struct paper_written written = { 0 };
	const char *directory = cov_option_value(arguments, "output");

	if (!directory || !*directory)
		return cov_fail(err, COV_ERR_USAGE, "no output directory: use -o DIR");
	cov_memory_by_thread(); /* two threads ask all the time */
	int result = cov_data_path("workloads/paper.yaml", &book, err);
	if (result == 0)
		result = cov_data_path("workloads/claims.yaml", &claims, err);
	if (result)
		return result;
	reading.paths[READ_BOOK] = book;
	reading.paths[READ_CLAIMS] = claims;
	cov_parallel_for(READ_COUNT, read_item, &reading);
	result = cov_error_first(reading.errors, READ_COUNT, err);
	const struct paper_asked asked = {
		.stores = { reading.stores[0], reading.stores[1] },
		.choice = reading.choice,
		.kernel = &reading.kernel,
		.directory = directory,
		.book = &reading.book,
		.claims = &reading.claims,
	};
	if (result == 0)
		result = paper_write(&asked, &written, err);
	if (result)
		return result;
	printf("%zu of %zu tables and figures have a value (%zu panels); open %s/index.html\n%s",
	       written.with_value, written.exhibits, written.panels, directory, written.missing);
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
