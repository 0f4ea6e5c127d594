/* experiment_workload.h - one workload of an experiment file, and the descriptions that it refers
 * to. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_WORKLOAD_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/experiment/yaml_reader.h"

struct experiment_parameter {
	const char *name;
	const char *value;
};

struct experiment_workload {
	const char *name;
	const char *summary;
	const char *from;          /* file name of the description, or NULL */
	struct yaml_words command; /* at least one word */
	struct yaml_words peer;    /* command of the peer; none if there is no traffic */
	struct experiment_parameter *parameters; /* [parameter_count] */
	size_t parameter_count;
	long long duration_ns;
	long long limit_ns;       /* at least the duration */
	struct yaml_words groups; /* that it belongs to */
	bool has_snapshot;        /* else nothing is counted: it is for what it measures */
	int line;
};

/* A workload description that the experiment refers to. */
struct experiment_description {
	const char *name; /* of the file, without its folder */
	const char *text;
	size_t size;
};

/* All of an experiment. */
struct experiment_descriptions {
	struct experiment_description *items; /* [count], with room for one of each workload */
	size_t count;
};

/**
 * experiment_workload_read() - yaml_reader_fields() of a workload and its description.
 * @descriptions: a new one that the workload refers to is added
 * @pause_ns:     what {pause} stands for
 * @ret:          its command's and peer's placeholders are replaced; whether it has a snapshot
 *                is before what it is where nothing is said of it
 */
int experiment_workload_read(struct yaml_reader *reader, struct yaml_node_s *node,
			     struct experiment_descriptions *descriptions, long long pause_ns,
			     struct experiment_workload *ret);

#endif
