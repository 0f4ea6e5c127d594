/* options.h - options that many commands have: which database, kernel, footprints and format. */
#ifndef VENN_COMMANDS_OPTIONS_H
#define VENN_COMMANDS_OPTIONS_H

#include "differ/differ.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_union.h"

struct cov_arguments;
struct cov_error;

/* Of the commands that print CSV, and of those that print rows. */
#define OPTIONS_CSV_SAFE                                                                           \
	{                                                                                          \
		"csv-safe", 0, NULL,                                                               \
		    "of csv: ' before what a spreadsheet would take for a formula"                 \
	}
#define OPTIONS_FORMATS "text|json|csv|ndjson|tsv|markdown"
#define OPTIONS_FORMAT                                                                             \
	{ "format", 0, OPTIONS_FORMATS, "how to print (default: text)" }, OPTIONS_CSV_SAFE

/* Of the commands that make files for other programs: read by options_check_output(). */
#define OPTIONS_OUTPUT(formats)                                                                    \
	{                                                                                          \
		"output", 'o', "FILE",                                                             \
		    "with --format " formats ": write there (default, or -: standard output)"      \
	}

/* How many rows; of text @usual unless told otherwise. */
#define OPTIONS_LIMIT(usual)                                                                       \
	{                                                                                          \
		"limit", 'n', "N",                                                                 \
		    "at most N rows; 0 for all (default: " #usual ", of text; else all)"           \
	}

enum { OPTIONS_LIMIT_TEXT = 20 };

/* Of the commands that ask about workloads: read by options_workloads(). */
#define OPTIONS_PHASE(of)                                                                          \
	{                                                                                          \
		"phase", 0, "all|start-up|steady|tear-down",                                       \
		    of " the whole (default: all) or only a part"                                  \
	}
#define OPTIONS_WORKLOADS(of) { "workload", 'w', "A,B,...", of }, OPTIONS_PHASE("of their trials")

/**
 * options_store() - open the database of --db and find the kernel of --kernel in it, within a
 * transaction: with STORE_WRITE commit it, with STORE_READ end it before printing.
 * @store: release with store_close(), also on failure
 * @about: filled on success; free with store_kernel_deinit()
 *
 * Return: 0; COV_ERR_STORE, COV_ERR_MISMATCH.
 */
int options_store(const struct cov_arguments *arguments, enum store_mode mode, struct store **store,
		  struct store_kernel *about, struct cov_error *err);

/**
 * options_rule() - the rule of --rule.
 * @ret: untouched when it was not given
 *
 * Return: 0; COV_ERR_MISMATCH with the rules there are.
 */
int options_rule(const struct cov_arguments *arguments, enum cov_rule *ret, struct cov_error *err);

/**
 * options_choice() - the footprints that --rule and --baseline ask for.
 * @ret: borrows texts of @arguments
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such rule.
 */
int options_choice(const struct cov_arguments *arguments, const struct store_kernel *about,
		   struct store_choice *ret, struct cov_error *err);

/** options_kernel_src() - that of --kernel-src, else $COVDB_KERNEL_SRC, else NULL. */
const char *options_kernel_src(const struct cov_arguments *arguments);

/** options_phase() - that of --phase; NULL: of whole trials. Return: 0; COV_ERR_USAGE. */
int options_phase(const struct cov_arguments *arguments, const char **ret, struct cov_error *err);

/**
 * options_workloads() - the workloads that --workload and --phase ask for.
 * @ret: borrows texts of @arguments
 *
 * Return: 0; COV_ERR_USAGE if there is no such phase.
 */
int options_workloads(const struct cov_arguments *arguments, struct store_union_asked *ret,
		      struct cov_error *err);

/** options_format() - the value of --format, with --csv-safe; text when it was not given. */
int options_format(const struct cov_arguments *arguments, enum rows_format *ret,
		   struct cov_error *err);

/**
 * options_format_or() - the same, of a command that has a format of its own besides.
 * @other:    what it is called, or NULL
 * @is_other: whether it is that; then @ret is ROWS_TEXT
 */
int options_format_or(const struct cov_arguments *arguments, const char *other,
		      enum rows_format *ret, bool *is_other, struct cov_error *err);

/**
 * options_check_output() - --output is for other programs' files: all else goes to standard output.
 * @is_file: whether what was asked for is one
 * @formats: those that are, as OPTIONS_OUTPUT() names them
 *
 * Return: 0; COV_ERR_USAGE.
 */
int options_check_output(const struct cov_arguments *arguments, bool is_file, const char *formats,
			 struct cov_error *err);

/**
 * options_write() - write @text to where --output says.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int options_write(const struct cov_arguments *arguments, const char *text, struct cov_error *err);

/**
 * options_limit() - the value of --limit: what programs read is whole unless it is asked for less.
 * @ret: rows; SIZE_MAX for all
 *
 * Return: 0; COV_ERR_USAGE.
 */
int options_limit(const struct cov_arguments *arguments, enum rows_format format, size_t *ret,
		  struct cov_error *err);

/**
 * options_print() - write @rows; of text, how many of the @count that there are it does not show.
 * Where there is none, stderr has why: what rows->none says.
 */
void options_print(struct rows *rows, enum rows_format format, size_t count);

/**
 * options_csv_safe() - whether --csv-safe was given.
 * @is_csv: whether CSV is asked for, without which it means nothing
 *
 * Return: 0; COV_ERR_USAGE.
 */
int options_csv_safe(const struct cov_arguments *arguments, bool is_csv, bool *ret,
		     struct cov_error *err);

#endif
