/* carried.h - the lines of one registered kernel looked at in those of another. */
#ifndef VENN_COMMANDS_CARRIED_H
#define VENN_COMMANDS_CARRIED_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "collector/base/command.h"
#include "collector/collector.h"
#include "venn/change/join.h"
#include "venn/print/rows.h"

struct cov_error;
struct store;

/* The options of a command that does so. */
#define CARRIED_OPTIONS                                                                            \
	{ "in-lines-of", 0, "KERNEL",                                                              \
	  "also where each is in another registered kernel, as 'kernel diff' joins "               \
	  "them" },                                                                                \
	    { "from", 0, "DIR[@REVISION]",                                                         \
	      "with --in-lines-of: the sources of --kernel (default: where it was built)" },       \
	{                                                                                          \
		"to", 0, "DIR[@REVISION]", "likewise of the other kernel"                          \
	}

#define CARRIED_COLUMNS                                                                            \
	{ "IN FILE", "in_file", ROWS_WORD }, { "IN LINE", "in_line", ROWS_NUMBER },                \
	{                                                                                          \
		"BECAME", "became", ROWS_WORD                                                      \
	}

enum { CARRIED_COLUMN_COUNT = 3 };

struct carried {
	const char *name;         /* of the other kernel; borrowed; NULL: none is asked for */
	struct cov_kernel kernel; /* owned, as is the next */
	struct join join;         /* its old side is the kernel that was asked about */
	int64_t counts[JOIN_FATE_COUNT]; /* lines counted, by what became of them */
};

void carried_deinit(struct carried *carried);
COV_DEFINE_AUTO_STRUCT(struct carried, carried_deinit)

/**
 * carried_open() - join the kernel that is asked about with that of --in-lines-of, if it is given.
 * @ret: free with carried_deinit(), also on failure
 *
 * Return: 0; COV_ERR_USAGE; what sources_load_kernel() and join_kernels() return.
 */
int carried_open(const struct cov_arguments *arguments, struct store *store, const char *kernel,
		 struct carried *ret, struct cov_error *err);

/** carried_count() - count a line of the kernel that is asked about. */
void carried_count(struct carried *carried, uint32_t line);

/** carried_add() - append the cells of CARRIED_COLUMNS. */
void carried_add(const struct carried *carried, uint32_t line, struct rows *rows);

/** carried_json() - the other kernel, and how many lines became what. */
json_t *carried_json(const struct carried *carried);

/** carried_say() - the same on stderr. @command: "lines" */
void carried_say(const struct carried *carried, const char *command);

#endif
