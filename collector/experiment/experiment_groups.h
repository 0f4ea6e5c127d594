/* experiment_groups.h - workloads of an experiment file whose union has a name. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_GROUPS_H

struct experiment;
struct yaml_node_s;
struct yaml_reader;

/** experiment_groups_read() - {name: [a, b], ...}, as a yaml_reader_value. @member: the experiment
 */
int experiment_groups_read(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   void *member);

/** experiment_groups_join() - tell each workload its groups; a name is that of one thing only. */
int experiment_groups_join(struct yaml_reader *reader, struct experiment *experiment);

#endif
