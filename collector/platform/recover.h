/* recover.h - become the only collect, and clean up after one that was killed. */
#ifndef COLLECTOR_PLATFORM_RECOVER_H
#define COLLECTOR_PLATFORM_RECOVER_H

struct cov_error;
struct experiment;

/**
 * recover_killed() - state_open(), and end and remove what the ledger of a killed collect has, and
 * what an earlier one could not remove.
 * @experiment: whose platforms may have a tear_down for it; nothing else is run but what the known
 *              runtimes delete their containers with
 * @counters:   path of the folder of the counters
 *
 * Return: 0; COV_ERR_SYSTEM if another collect is running; COV_ERR_FORMAT if the ledger is damaged.
 */
int recover_killed(const struct experiment *experiment, const char *counters,
		   struct cov_error *err);

#endif
