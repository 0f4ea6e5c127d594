/*
 * firecracker_api.h - what Firecracker is told: as a configuration file, or as calls of its API.
 *
 * Source: Firecracker's API description, src/api_server/swagger/firecracker.yaml, of v0.19.1 (the
 * paper's) and of August 2026. Between them machine-config changed: `ht_enabled` (required) became
 * `smt` with v1.0.
 */
#ifndef COLLECTOR_PLATFORM_FIRECRACKER_API_H
#define COLLECTOR_PLATFORM_FIRECRACKER_API_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct process;

/*
 * Of the program. What changed from v0.19 to v1.16: the jailer passes `--api-sock` itself below
 * v0.21, has to be told a NUMA node below v0.23 and cannot be from v1.0 on.
 */
struct firecracker_version {
	int major;
	int minor;
};

/* One machine. Paths are as seen by Firecracker, which may be jailed. */
struct firecracker_machine {
	const char *kernel;
	const char *boot_text;
	const char *root_image;
	const char *job_image;
	const char *tap;     /* NULL: no network */
	const char *address; /* of the guest's interface */
	long long memory_mib;
	long long cpu_count;
	struct firecracker_version version;
};

/* A call of the API; always a PUT. */
struct firecracker_call {
	char *path; /* "/drives/root"; owned */
	char *body; /* JSON; owned */
};

enum { FIRECRACKER_CALLS_MAX = 6 };

/* [count], in the order in which they are to be made; the last one starts the machine. */
struct firecracker_api_calls {
	struct firecracker_call calls[FIRECRACKER_CALLS_MAX];
	size_t count;
};

/** firecracker_api_calls() - the calls that make and start @machine;
 * firecracker_api_calls_deinit(). */
void firecracker_api_calls(const struct firecracker_machine *machine,
			   struct firecracker_api_calls *ret);

/** firecracker_api_calls_deinit() - free what @calls owns; a zeroed struct is fine. */
void firecracker_api_calls_deinit(struct firecracker_api_calls *calls);

/** firecracker_api_config() - the same as the text of a configuration file; free() it. */
char *firecracker_api_config(const struct firecracker_machine *machine);

/**
 * firecracker_api_version() - a version out of what a program says of itself.
 * @text: "Firecracker v1.16.1", "firecracker 0.19.1" (below v0.21); NULL if it does not say
 *
 * What cannot be read is taken for the last one that did not say it, v0.21.
 */
struct firecracker_version firecracker_api_version(const char *text);

/** firecracker_api_is_below() - whether @version is one before @major.@minor. */
bool firecracker_api_is_below(struct firecracker_version version, int major, int minor);

/**
 * firecracker_api_put() - one call.
 * @socket_path: of the API
 * @process:     who is to listen there; when it has ended, it is not waited for
 * @limit_ns:    how long to wait for the socket to appear and for the answer
 * @err:         has Firecracker's own reason
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int firecracker_api_put(const char *socket_path, const struct process *process,
			const struct firecracker_call *call, long long limit_ns,
			struct cov_error *err);

COV_DEFINE_AUTO_STRUCT(struct firecracker_api_calls, firecracker_api_calls_deinit)

#endif
