/* cmd_claims.c - covdb claims: claims about platforms, and whether this study agrees. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/screen.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
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
	OPTIONS_PHASE("of their trials"),
	{ "matrix", 0, NULL,
	  "only the verdicts: by each rule, of whole trials and of --phase (default: steady)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "timeout", 0, "SECONDS", "how long each query may take (default: 60)" },
	OPTIONS_FORMAT,
	{ 0 },
};

enum { CLAIM_INDENT = 12 };

static void print_text(const struct claims_checked *check, const struct store_analysis *analysis,
		       const char *phase)
{
	size_t counts[CLAIMS_VERDICTS] = { 0 };

	for (size_t i = 0; i < check->claims.count; i++) {
		const struct claim *claim = &check->claims.items[i];

		cov_screen_print(CLAIM_INDENT, "%s: %s (%s, %s)\n  claim     %s\n",
				 claims_check_verdict(check, i), claim->name, claim->place,
				 claim->class_name, claim->text);
		if (claim->expected)
			cov_screen_print(CLAIM_INDENT, "  expected  %s\n", claim->expected);
		cov_screen_print(CLAIM_INDENT, "  got       %s\n", check->answers[i].got);
		if (claim->note && check->answers[i].verdict != STORE_HOLDS)
			cov_screen_print(CLAIM_INDENT, "  note      %s\n", claim->note);
		cov_screen_print(0, "\n");
		counts[claims_check_kind(check, i)]++;
	}
	cov_screen_print(
	    0,
	    "%s%s%s by rule %s against baseline %s: %zu hold, %zu differ, %zu not measured, "
	    "%zu not comparable, %zu for information\n",
	    check->claims.name, phase ? ", phase " : "", phase ? phase : "", analysis->rule,
	    analysis->baseline, counts[CLAIMS_HOLDS], counts[CLAIMS_DIFFERS],
	    counts[CLAIMS_UNMEASURED], counts[CLAIMS_NOT_COMPARABLE], counts[CLAIMS_INFORMATIONAL]);
}

/* What all questions put to a file of claims have in common. */
struct asking {
	const char *path;
	const char *kernel;
	struct store *store;
	const char *phase;
	int64_t limit_ns;
};

/* The keys before the rows. @analysis: NULL: verdicts are by several */
static json_t *about(const struct asking *asking, const struct claims_checked *check,
		     const struct store_analysis *analysis)
{
	json_t *object = question_about("claims", asking->kernel, NULL);

	if (analysis) {
		cov_json_set(object, "rule", cov_json_name(analysis->rule));
		cov_json_set(object, "baseline", cov_json_name(analysis->baseline));
	}
	cov_json_set(object, "claims", cov_json_name(check->claims.name));
	cov_json_set(object, "phase", cov_json_name(asking->phase));
	return object;
}

static void print_rows(const struct asking *asking, const struct claims_checked *check,
		       const struct store_analysis *analysis, enum rows_format format)
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
	rows.about = about(asking, check, analysis);
	rows_print(&rows, format);
}

/* Verdicts by each analysis, of whole trials and of a phase. */
struct matrix {
	struct claims_checked *checks; /* [count], by analysis, whole trials first; owned */
	size_t count;
	struct store_analyses analyses; /* [count / 2] */
	const char *phase;
};

static void matrix_deinit(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->count; i++)
		claims_check_deinit(&matrix->checks[i]);
	free(matrix->checks);
	store_analysis_list_deinit(&matrix->analyses);
}

COV_DEFINE_AUTO_STRUCT(struct matrix, matrix_deinit)

static int read_matrix(const struct asking *asking, const struct store_choice *choice,
		       struct matrix *ret, struct cov_error *err)
{
	COV_AUTO(store_analysis_deinit) struct store_analysis newest = { 0 };
	struct store_choice same = *choice;
	int result = store_analysis_find(asking->store, choice, &newest, err);

	same.baseline = newest.baseline;
	ret->phase = asking->phase ? asking->phase : "steady";
	if (result == 0)
		result = store_analysis_list(asking->store, &same, &ret->analyses, err);
	ret->checks = cov_xcalloc(2 * ret->analyses.count, sizeof(*ret->checks));
	COV_AUTO(free)
	struct claims_asked *asked = cov_xcalloc(2 * ret->analyses.count, sizeof(*asked));
	for (size_t i = 0; result == 0 && i < 2 * ret->analyses.count; i++) {
		const struct store_analysis *analysis = &ret->analyses.items[i / 2];

		if (!analysis->is_current)
			return cov_fail(
			    err, COV_ERR_MISMATCH,
			    "the footprints by rule %s lack trials; 'covdb diff --rule %s "
			    "--baseline %s' brings them up to date",
			    analysis->rule, analysis->rule, analysis->baseline);
		asked[ret->count++] =
		    (struct claims_asked){ analysis->id, i % 2 ? ret->phase : NULL,
					   asking->limit_ns };
	}
	return result ? result
		      : claims_check_all(asking->path, asking->store, asked, ret->count,
					 ret->checks, err);
}

static void print_matrix(const struct asking *asking, const struct matrix *matrix,
			 enum rows_format format)
{
	enum { COLUMNS = 3 };
	const struct claims *claims = &matrix->checks[0].claims;
	COV_AUTO(free)
	struct rows_column *columns = cov_xcalloc(COLUMNS + matrix->count, sizeof(*columns));
	COV_AUTO(free)
	unsigned char *leave = cov_xcalloc(COLUMNS + matrix->count, sizeof(*leave));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = COLUMNS + matrix->count,
			     .leave = leave };

	columns[0] = (struct rows_column){ "NAME", "name", ROWS_WORD };
	columns[1] = (struct rows_column){ "PLACE", "place", ROWS_WORD };
	columns[2] = (struct rows_column){ "CLASS", "class", ROWS_WORD };
	leave[1] = leave[2] = ROWS_STAYS - 1; /* before any verdict */
	for (size_t i = 0; i < matrix->count; i++) {
		const char *key =
		    rows_name(&rows, cov_format("%s/%s", matrix->analyses.items[i / 2].rule,
						i % 2 ? matrix->phase : "all"));

		columns[COLUMNS + i] = (struct rows_column){ key, key, ROWS_WORD };
	}
	for (size_t i = 0; i < claims->count; i++) {
		rows_word(&rows, claims->items[i].name);
		rows_word(&rows, claims->items[i].place);
		rows_word(&rows, claims->items[i].class_name);
		for (size_t j = 0; j < matrix->count; j++)
			rows_word(&rows, claims_check_verdict(&matrix->checks[j], i));
	}
	rows.about = about(asking, &matrix->checks[0], NULL);
	rows_print(&rows, format);
}

static int run_matrix(const struct asking *asking, const struct store_choice *choice,
		      enum rows_format format, struct cov_error *err)
{
	COV_AUTO(matrix_deinit) struct matrix matrix = { 0 };
	int result = read_matrix(asking, choice, &matrix, err);

	if (result)
		return result;
	store_transaction_end(asking->store);
	print_matrix(asking, &matrix, format);
	return 0;
}

static int run_one(const struct asking *asking, const struct store_choice *choice,
		   enum rows_format format, struct cov_error *err)
{
	COV_AUTO(claims_check_deinit) struct claims_checked check = { 0 };
	COV_AUTO(store_analysis_deinit) struct store_analysis analysis = { 0 };
	int result = store_analysis_find(asking->store, choice, &analysis, err);

	const struct claims_asked asked = { analysis.id, asking->phase, asking->limit_ns };
	if (result == 0)
		result = claims_check(asking->path, asking->store, &asked, &check, err);
	if (result)
		return result;
	store_transaction_end(asking->store);
	if (format == ROWS_TEXT)
		print_text(&check, &analysis, asking->phase);
	else
		print_rows(asking, &check, &analysis, format);
	return 0;
}

static int claims_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(free) char *path = NULL;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	struct store_choice choice;
	enum rows_format format;
	long long limit_ns = claims_check_limit_ns;
	const char *phase = NULL;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_phase(arguments, &phase, err);
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
	if (result)
		return result;
	const struct asking asking = { path, kernel.name, store, phase, limit_ns };
	return cov_option_value(arguments, "matrix") ? run_matrix(&asking, &choice, format, err)
						     : run_one(&asking, &choice, format, err);
}

const struct cov_command cmd_claims = {
	.name = "claims",
	.operands = "[FILE]",
	.summary = "check a paper's claims about platforms against this database",
	.details =
	    "FILE is a YAML list of claims, each with its place in the paper, a query in SQL over "
	    "the tables and views of docs/schema.md, and a condition that the query's columns are "
	    "expected to meet. Without FILE, the claims of the VEE '20 paper are checked; "
	    "its platforms have its names, and lxc is runc, docker or crun where a study has these, "
	    "firecracker a microvm.\n\n"
	    "A query can only read this database. One that takes longer than --timeout, or needs "
	    "more than 256 MiB of memory, is given up, and the claim is named.\n\n"
	    "The verdict is 'holds', 'differs', 'not measured' if a platform that it is about was "
	    "not run with the workload, or not with each of a group that others were run with, "
	    "'not comparable' where it is a time or rate of an emulated processor, or "
	    "'for information'. The class says what kind of "
	    "agreement is meant: exact numbers, an order, which sets are empty or alike, or a "
	    "ratio.\n\n"
	    "With --phase every workload that a claim names stands for that phase of it. --matrix "
	    "asks of each claim by all rules that footprints were made by, against one baseline, of "
	    "whole trials and of a phase.\n\n"
	    "Examples:\n"
	    "  $ covdb claims\n"
	    "  $ covdb claims --rule rate --phase steady\n"
	    "  $ covdb claims --matrix\n"
	    "  $ covdb claims my-claims.yaml --format json",
	.options = options,
	.operand_count_max = 1,
	.is_paged = true,
	.run = claims_run,
};
