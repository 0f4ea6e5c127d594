/* experiment_leave_out.h - an experiment without the platforms that this machine has not. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_LEAVE_OUT_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_LEAVE_OUT_H

#include "collector/experiment/experiment.h"

/**
 * experiment_leave_out() - go on without some optional platforms, and their idle baselines.
 * @is_here: of each optional platform, whether it stays
 *
 * What is left is planned as if the file had no others: in the order of the seed, too.
 */
void experiment_leave_out(struct experiment *experiment,
			  bool (*is_here)(const struct experiment_platform *platform));

#endif
