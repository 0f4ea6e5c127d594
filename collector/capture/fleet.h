/* fleet.h - manifests of many hosts: which of them do not belong together, and why. */
#ifndef COLLECTOR_CAPTURE_FLEET_H
#define COLLECTOR_CAPTURE_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;

struct fleet_finding {
	const char *host; /* or the folder of a trial that says none */
	const char *what; /* why it does not belong to the others, or what is wrong */
	bool is_grave;    /* its trials cannot be added up with the others, or not be used */
};

/* All texts are the arena's. */
struct fleet {
	struct fleet_trial *trials; /* [trial_count]; owned */
	size_t trial_count, trial_capacity;
	size_t host_count, kernel_count;
	struct fleet_finding *findings; /* [finding_count], by host; owned */
	size_t finding_count, finding_capacity;
	struct cov_arena arena;
};

/**
 * fleet_read() - look at every manifest in @folder and in folders in it.
 * @ret: filled on success; release with fleet_deinit()
 *
 * A manifest that cannot be read is a finding. Return: 0; COV_ERR_SYSTEM if a folder cannot be
 * listed; COV_ERR_FORMAT if there is no manifest at all.
 */
int fleet_read(const char *folder, struct fleet *ret, struct cov_error *err);

void fleet_deinit(struct fleet *fleet);

COV_DEFINE_AUTO_STRUCT(struct fleet, fleet_deinit)

#endif
