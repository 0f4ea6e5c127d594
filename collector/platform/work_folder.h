/*
 * work_folder.h - the folder of the trial that is being run.
 *
 * A kernel has one set of counters, so there is one collect at a time, and one such folder:
 * covdb-trial in $TMPDIR, else in /var/tmp. While a trial runs, it holds, besides what the driver
 * makes,
 *
 *   sessions   the sessions of all commands started so far, see struct process_ledger
 *   clean-up   a command, one word per line, that ends the platform (`runc delete --force ...`)
 *
 * leftover.h removes it, after the trial or, if the collect was killed, before the next.
 */
#ifndef COLLECTOR_PLATFORM_WORK_FOLDER_H
#define COLLECTOR_PLATFORM_WORK_FOLDER_H

struct cov_error;

/** work_folder_path() - path of the folder; it need not exist. free() it. */
char *work_folder_path(void);

/** work_folder_sessions(), work_folder_command() - path of the files in it. free() it. */
char *work_folder_sessions(const char *folder);
char *work_folder_command(const char *folder);

/** work_folder_make() - the folder, with its ledger of sessions. free() @ret. */
int work_folder_make(char **ret, struct cov_error *err);

/** work_folder_note_command() - what ends the platform if the collector cannot. */
int work_folder_note_command(const char *folder, char *const *command, struct cov_error *err);

#endif
