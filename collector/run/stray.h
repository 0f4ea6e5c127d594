/* stray.h - end processes that commands left behind, and those that a killed collect did. */
#ifndef COLLECTOR_RUN_STRAY_H
#define COLLECTOR_RUN_STRAY_H

struct process_ledger;

/**
 * stray_kill_children() - kill and reap what commands left behind.
 *
 * Processes that moved to another group or session and lost their parent become children of this
 * one, from the first process_start() on.
 */
void stray_kill_children(void);

/**
 * stray_kill_sessions() - kill all processes of the sessions that another collect noted.
 *
 * Only of those whose leader is still there and started when it was noted: any other number may
 * have been given to somebody else's processes since.
 */
void stray_kill_sessions(const struct process_ledger *ledger);

#endif
