/* cmd_venn_list.h - the lines, functions or files of a set of lines. */
#ifndef VENN_COMMANDS_CMD_VENN_LIST_H
#define VENN_COMMANDS_CMD_VENN_LIST_H

struct cov_arguments;
struct cov_error;

/**
 * cmd_venn_list_run() - print what is in the set of the command's operand, as --list, --sort and
 * --limit say.
 *
 * A line is printed with the platforms that execute it beyond the baseline, and each one's
 * executions per second in its trials. A function or file is in the set when a line of it is, and
 * is printed with how many; a line belongs to the innermost function around it, or to none.
 *
 * Return: 0; COV_ERR_USAGE, COV_ERR_MISMATCH, COV_ERR_STORE.
 */
int cmd_venn_list_run(const struct cov_arguments *arguments, struct cov_error *err);

#endif
