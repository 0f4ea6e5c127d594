/* experiment_names.h - no two trials have files of one name. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_NAMES_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_NAMES_H

#include <stddef.h>

#include "collector/experiment/experiment_platform.h"
#include "collector/experiment/experiment_workload.h"
#include "collector/experiment/yaml_reader.h"

/* A trial and the name that its files have. */
struct experiment_named {
	const char *name;
	const char *baseline; /* name; NULL: it is a workload's on a platform */
	int baseline_line;
	const struct experiment_platform *platform;
	const struct experiment_workload *workload;
};

/**
 * experiment_names_check() - two trials with the same name would share their files: two entries
 * with the same name, but also platform a-b with workload c beside platform a with workload b-c.
 * @trials: [@count], the first of each; sorted
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int experiment_names_check(struct yaml_reader *reader, struct experiment_named *trials,
			   size_t count);

#endif
