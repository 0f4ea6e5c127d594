/* experiment_groups.h - workloads of an experiment file whose union has a name. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H

#include <stddef.h>

#include "collector/experiment/experiment_workload.h"
#include "collector/experiment/yaml_reader.h"

struct experiment_group {
	const char *name;
	struct yaml_words workloads;
	int line;
};

struct experiment_groups {
	struct experiment_group *items; /* [count] */
	size_t count;
};

/** experiment_groups_read() - {name: [a, b], ...}, a yaml_reader_value. @member: the groups */
int experiment_groups_read(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   void *member);

/** experiment_groups_join() - tell each of @workloads its groups. @count: of the workloads */
int experiment_groups_join(struct yaml_reader *reader, const struct experiment_groups *groups,
			   struct experiment_workload *workloads, size_t count);

#endif
