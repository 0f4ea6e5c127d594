/*
 * leftover.h - the folder of the trial that is being run, and what a killed collect left of it.
 *
 * A kernel has one set of counters, so there is one collect at a time, and one such folder:
 * covdb-trial in $TMPDIR, else in /var/tmp. While a trial runs, it has
 *
 *   sessions   the sessions of all commands started so far, see struct process_ledger
 *   clean-up   a command, a word a line, that ends the platform (`runc delete --force ...`)
 *
 * Names of network interfaces and name spaces are fixed: see network.h.
 */
#ifndef COLLECTOR_PLATFORM_LEFTOVER_H
#define COLLECTOR_PLATFORM_LEFTOVER_H

struct cov_error;

/**
 * leftover_open() - become the only collect, and clean up behind one that was killed.
 *
 * Return: 0; COV_ERR_SYSTEM if another one runs.
 */
int leftover_open(struct cov_error *err);

/** leftover_folder() - path of the folder; it need not be there. free() it. */
char *leftover_folder(void);

/** leftover_make_folder() - the folder, with its ledger of sessions. free() @ret. */
int leftover_make_folder(char **ret, struct cov_error *err);

/** leftover_note_command() - what ends the platform if the collector cannot. */
int leftover_note_command(const char *folder, char *const *command, struct cov_error *err);

/**
 * leftover_remove() - end processes, unmount, remove networks, control groups and the folder, as
 * far as they are there.
 */
void leftover_remove(void);

#endif
