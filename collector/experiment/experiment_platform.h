/* experiment_platform.h - one platform of an experiment file. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_PLATFORM_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_PLATFORM_H

#include <stdbool.h>

#include "collector/experiment/yaml_reader.h"

enum experiment_network { NETWORK_NONE, NETWORK_HOST, NETWORK_BRIDGE, NETWORK_TAP };

extern const char *const experiment_network_names[]; /* NULL at the end */

/* Members that a driver has no use for are 0 or NULL. */
struct experiment_platform {
	const char *name;
	const char *driver; /* of the table in experiment_platform.c */
	const char *runtime;
	struct yaml_words arguments;
	const char *rootfs;
	bool has_overlay;
	enum experiment_network network;
	long long memory_mib; /* 0: no limit */
	long long cpu_count;  /* 0: all */
	const char *kernel;
	const char *image;
	const char *boot_arguments;
	struct yaml_words template;
	struct yaml_words version;
	struct yaml_words tear_down;
	const char *seccomp; /* a profile of OCI's form */
	bool has_api_socket;
	const char *jailer;
	long long uid; /* of the jailed process */
	long long gid;
	bool is_optional; /* left out where its programs are not */
	int line;         /* in the file, for messages */
};

/** experiment_platform_read() - yaml_reader_fields() of a platform, with all checks. */
int experiment_platform_read(struct yaml_reader *reader, struct yaml_node_s *node,
			     struct experiment_platform *ret);

#endif
