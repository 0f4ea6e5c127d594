/* experiment_groups.h - workloads of an experiment file whose union has a name. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H

#include <stddef.h>

#include "collector/experiment/experiment_workload.h"
#include "collector/experiment/yaml_reader.h"

/** experiment_groups_join() - tell each of @workloads its groups. @count: of the workloads */
int experiment_groups_join(struct yaml_reader *reader, const struct yaml_named_lists *groups,
			   struct experiment_workload *workloads, size_t count);

#endif
