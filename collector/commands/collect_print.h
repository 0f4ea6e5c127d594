/* collect_print.h - what 'covdb collect' says: the plan, and what came of each trial. */
#ifndef COLLECTOR_COMMANDS_COLLECT_PRINT_H
#define COLLECTOR_COMMANDS_COLLECT_PRINT_H

#include <stdbool.h>
#include <stddef.h>

struct collect_session;
struct cov_manifest;

/** collect_print_name() - "[2/30] host cpu 1"; free() it. @index: of the trial in the plan */
char *collect_print_name(const struct collect_session *session, size_t index);

/**
 * collect_print_plan() - every trial, how long all of them take, and what is left out.
 * @is_result: of a dry run: on stdout; else it is a message
 */
void collect_print_plan(bool is_result, const struct collect_session *session);

/**
 * collect_print_left_out() - what the file has and this machine has not: said with the plan, and
 * with what came of it. @is_result: as of collect_print_plan()
 */
void collect_print_left_out(bool is_result, const struct collect_session *session);

/** collect_print_outcome() - a trial that has ended, and how much time is left for the others. */
void collect_print_outcome(const struct collect_session *session, size_t index,
			   const struct cov_manifest *manifest);

#endif
