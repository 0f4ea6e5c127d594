/* question.h - what the commands that ask about platforms have in common: options, scope, limit. */
#ifndef VENN_COMMANDS_QUESTION_H
#define VENN_COMMANDS_QUESTION_H

#include <jansson.h>
#include <stddef.h>

#include "collector/base/command.h"
#include "collector/collector.h"
#include "venn/commands/options.h"
#include "venn/print/rows.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/* The options that all of them take. */
#define QUESTION_OPTIONS                                                                           \
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },                  \
	    OPTIONS_WORKLOADS("workloads or groups, united (default: all)"),                       \
	    { "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },      \
	    { "rule", 0, "RULE",                                                                   \
	      "footprints by this rule: rate, poisson, permutation (default: those made last)" },  \
	    { "baseline", 0, "NAME",                                                               \
	      "footprints against this baseline (default: those made last)" },                     \
	    { "kernel", 0, "NAME", "which kernel, when several are registered" }, OPTIONS_FORMAT

/* Of the commands that compare footprints line by line: see question_platforms(). */
#define QUESTION_SETS                                                                              \
	{                                                                                          \
		"sets", 0, "PLATFORM/WORKLOAD,...",                                                \
		    "in place of platforms: what each executes because of a workload"              \
	}

/* A question put to an open database. */
struct question {
	const char *command;        /* that asks: "functions"; borrowed */
	struct store *store;        /* owned */
	struct store_kernel kernel; /* owned */
	struct store_query query;   /* owned */
	enum rows_format format;
	size_t limit; /* rows; SIZE_MAX for all */
};

void question_deinit(struct question *question);
COV_DEFINE_AUTO_STRUCT(struct question, question_deinit)

/**
 * question_platforms() - what --platforms or --sets ask for.
 * @ret: its platforms are filled in
 *
 * Return: 0; COV_ERR_USAGE if both are given.
 */
int question_platforms(const struct cov_arguments *arguments, struct store_asked *ret,
		       struct cov_error *err);

/**
 * question_open() - read the options and look up what they name.
 * @directory: directory or file, in any spelling; NULL: the whole kernel
 * @platforms: NULL: those of --platforms or --sets; may have PLATFORM/WORKLOAD
 * @ret:       release with question_deinit(), also on failure
 *
 * Return: 0; COV_ERR_USAGE, COV_ERR_MISMATCH, COV_ERR_STORE.
 */
int question_open(const struct cov_arguments *arguments, const char *directory,
		  const char *platforms, struct question *ret, struct cov_error *err);

/**
 * question_workloads() - "all workloads", "workload cpu", "workloads cpu, stream" or
 * "workloads paper: cpu, stream"; free() it.
 */
char *question_workloads(const struct store_query *query);

/** question_workloads_json() - those that are united, by name. */
json_t *question_workloads_json(const struct store_query *query);

/**
 * question_about() - the keys that every command's JSON has before its rows.
 * @command: "kernel list"
 * @kernel:  its name, or NULL
 * @query:   what was asked, or NULL: then rule and baseline are null, and lists are empty
 *
 * Return: an object that is the caller's.
 */
json_t *question_about(const char *command, const char *kernel, const struct store_query *query);

/** question_set() - append a set of platforms, joined by '+', as a cell. */
void question_set(const struct store_query *query, uint64_t mask, struct rows *rows);

/**
 * question_print() - what was compared, the rows, and how many more there are.
 * @count: rows that there are; @rows has those that are shown, and gets what was asked
 */
void question_print(const struct question *question, struct rows *rows, size_t count);

/**
 * question_print_rows() - all of @rows, where no query was asked: what they are about has platforms
 * and workloads as their columns have them.
 */
void question_print_rows(struct rows *rows, enum rows_format format);

/** question_no_function() - in place of the name where lines are in no function: NULL but in text.
 */
static inline const char *question_no_function(const struct question *question)
{
	return question->format == ROWS_TEXT ? "(no function)" : NULL;
}

/** question_print_scope() - in text the line above the table: what was compared. */
void question_print_scope(const struct question *question);

/** question_print_scope_of() - the same of a query, whatever the format. */
void question_print_scope_of(const struct store_query *query);

/** question_shown() - how many of @count rows are printed. */
static inline size_t question_shown(const struct question *question, size_t count)
{
	return count < question->limit ? count : question->limit;
}

#endif
