/* cmd_lines.c - covdb lines: the lines of a set over platforms, as covdb venn EXPRESSION lists
 * them. */
#include <stddef.h>

#include "collector/base/command.h"
#include "venn/commands/carried.h"
#include "venn/commands/cmd_venn_list.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	QUESTION_SETS,
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "sort", 0, "ORDER", "place (default) or rate" },
	OPTIONS_LIMIT(20),
	CARRIED_OPTIONS,
	{ 0 },
};

const struct cov_command cmd_lines = {
	.name = "lines",
	.operands = "EXPRESSION",
	.operand_count_min = 1,
	.operand_count_max = 1,
	.summary = "the lines of a set over platforms",
	.details =
	    "Short for 'covdb venn EXPRESSION', whose help describes expressions, and which "
	    "lists functions and files, too. With --in-lines-of each line also has its place in "
	    "another kernel, or what became of it there, all of which are counted on "
	    "stderr.\n\n"
	    "Examples:\n"
	    "  $ covdb lines 'gvisor - runc' --dir net/core --limit 0\n"
	    "  $ covdb lines gvisor --in-lines-of 6.12 --to linux@v6.12",
	.options = options,
	.is_paged = true,
	.run = cmd_venn_list_run,
};
