/* cmd_claims.c - covdb claims: claims about platforms, and whether this study agrees. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/print/rows.h"
#include "venn/questions/claims.h"
#include "venn/questions/claims_check.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_claim.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "timeout", 0, "SECONDS", "how long each query may take (default: 60)" },
	OPTIONS_FORMAT,
	{ 0 },
};

static void print_text(const struct claims_checked *check, const struct store_analysis *analysis)
{
	size_t counts[STORE_DIFFERS + 1] = { 0 };
	size_t informational_count = 0;

	for (size_t i = 0; i < check->claims.count; i++) {
		const struct claim *claim = &check->claims.items[i];

		printf("%s: %s (%s, %s)\n  claim     %s\n", claims_check_verdict(check, i),
		       claim->name, claim->place, claim->class_name, claim->text);
		if (claim->expected)
			printf("  expected  %s\n", claim->expected);
		printf("  got       %s\n", check->answers[i].got);
		if (claim->note && check->answers[i].verdict != STORE_HOLDS)
			printf("  note      %s\n", claim->note);
		putchar('\n');
		if (claim->expected)
			counts[check->answers[i].verdict]++;
		else
			informational_count++;
	}
	printf("%s by rule %s against baseline %s: %zu hold, %zu differ, %zu not measured, "
	       "%zu for information\n",
	       check->claims.name, analysis->rule, analysis->baseline, counts[STORE_HOLDS],
	       counts[STORE_DIFFERS], counts[STORE_UNKNOWN], informational_count);
}

static void print_rows(const struct claims_checked *check, enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "NAME", "name", ROWS_WORD },         { "PLACE", "place", ROWS_WORD },
		{ "CLASS", "class", ROWS_WORD },       { "CLAIM", "claim", ROWS_WORD },
		{ "EXPECTED", "expected", ROWS_WORD }, { "GOT", "got", ROWS_WORD },
		{ "VERDICT", "verdict", ROWS_WORD },   { "NOTE", "note", ROWS_WORD },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 8 };

	for (size_t i = 0; i < check->claims.count; i++) {
		const struct claim *claim = &check->claims.items[i];

		rows_word(&rows, claim->name);
		rows_word(&rows, claim->place);
		rows_word(&rows, claim->class_name);
		rows_word(&rows, claim->text);
		rows_word(&rows, claim->expected);
		rows_word(&rows, check->answers[i].got);
		rows_word(&rows, claims_check_verdict(check, i));
		rows_word(&rows, claim->note);
	}
	rows_print(&rows, format);
}

static int claims_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(free) char *path = NULL;
	COV_AUTO(claims_check_deinit) struct claims_checked check = { 0 };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_analysis_deinit) struct store_analysis analysis = { 0 };
	struct store_choice choice;
	enum rows_format format;
	long long limit_ns = claims_check_limit_ns;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = cov_option_seconds(arguments, "timeout", &limit_ns, err);
	if (result == 0 && arguments->operand_count)
		path = cov_xstrdup(arguments->operands[0]);
	else if (result == 0)
		result = cov_data_path("workloads/claims.yaml", &path, err);
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = options_choice(arguments, &kernel, &choice, err);
	if (result == 0)
		result = store_analysis_find(store, &choice, &analysis, err);
	if (result == 0)
		result = claims_check(path, store, analysis.id, limit_ns, &check, err);
	if (result)
		return result;
	store_transaction_end(store);
	if (format == ROWS_TEXT)
		print_text(&check, &analysis);
	else
		print_rows(&check, format);
	return 0;
}

const struct cov_command cmd_claims = {
	.name = "claims",
	.operands = "[FILE]",
	.summary = "check a paper's claims about platforms against this database",
	.details =
	    "FILE is a YAML list of claims, each with its place in the paper, a query in SQL over "
	    "the tables and views of docs/schema.md, and a condition that the query's columns are "
	    "expected to meet. Without FILE, the claims of the VEE '20 paper are checked.\n\n"
	    "A query can only read this database. One that takes longer than --timeout, or needs "
	    "more than 256 MiB of memory, is given up, and the claim is named.\n\n"
	    "The verdict is 'holds', 'differs', 'not measured' if a platform or workload that it "
	    "is about is not in the database, or 'for information'. The class says what kind of "
	    "agreement is meant: exact numbers, an order, which sets are empty or alike, or a "
	    "ratio.\n\n"
	    "Examples:\n"
	    "  $ covdb claims\n"
	    "  $ covdb claims my-claims.yaml --format json",
	.options = options,
	.operand_count_max = 1,
	.run = claims_run,
};
