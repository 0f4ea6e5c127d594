/* collect_folder.h - the folder that 'covdb collect' fills: whose it is, and what is in it. */
#ifndef COLLECTOR_COMMANDS_COLLECT_FOLDER_H
#define COLLECTOR_COMMANDS_COLLECT_FOLDER_H

struct collect_session;
struct cov_error;

/**
 * collect_folder_make() - make it, and those in it that the experiment needs, with a copy of the
 * experiment.
 * @err: what is there instead, or who else may write there
 *
 * Return: 0; COV_ERR_MISMATCH if trials of another experiment are there; COV_ERR_SYSTEM; what
 *         cov_trust_output() returns.
 */
int collect_folder_make(struct collect_session *session, struct cov_error *err);

/**
 * collect_folder_find_done() - which trials an earlier collect has done: is_done and done_count.
 *
 * Return: 0; COV_ERR_MISMATCH if one is of another kernel; what cov_manifest_read() returns.
 */
int collect_folder_find_done(struct collect_session *session, struct cov_error *err);

#endif
