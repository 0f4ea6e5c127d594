/*
 * work_folder.h - the folder of the trial that is being run: what a driver makes, and what needs
 * room. See place.h for where it is, and ledger.h for where it is noted.
 */
#ifndef COLLECTOR_PLATFORM_WORK_FOLDER_H
#define COLLECTOR_PLATFORM_WORK_FOLDER_H

struct cov_error;
struct ledger_entry;

/** work_folder_make() - a new folder, for this user alone. free() @ret. */
int work_folder_make(char **ret, struct cov_error *err);

/**
 * work_folder_check() - whether the folder is the one that was noted, and still nobody else's.
 * @noted: a LEDGER_FOLDER
 *
 * Return: a descriptor of it; COV_ERR_SYSTEM; COV_ERR_MISMATCH if it is another.
 */
int work_folder_check(const struct ledger_entry *noted, struct cov_error *err);

/**
 * work_folder_remove() - unmount what is mounted below it, and remove it with all that is in it.
 * @noted: a LEDGER_FOLDER
 *
 * Return: 0, also if it is gone; COV_ERR_SYSTEM if it cannot be removed; COV_ERR_MISMATCH if it is
 *         not the folder that was noted, and left alone.
 */
int work_folder_remove(const struct ledger_entry *noted, struct cov_error *err);

#endif
