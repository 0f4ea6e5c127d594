/*
 * seccomp_profile.h - filters as JSON says them: OCI runtimes' profiles, and Firecracker's.
 *
 *   {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": ...}]}
 *        of an OCI runtime; within "linux.seccomp" of a config.json, too; of Docker, Podman and
 *        containers-common, whose rules have conditions: "includes", "excludes"
 *   {"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}
 *        of Firecracker: a filter for each kind of thread
 *
 * Sources: OCI runtime specification 1.0.2, config-linux.md; Firecracker's docs/seccomp.md.
 */
#ifndef COLLECTOR_FILTER_SECCOMP_PROFILE_H
#define COLLECTOR_FILTER_SECCOMP_PROFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;

enum { SECCOMP_ARGUMENTS = 6 };

enum seccomp_operation {
	SECCOMP_NE,
	SECCOMP_LT,
	SECCOMP_LE,
	SECCOMP_EQ,
	SECCOMP_GE,
	SECCOMP_GT,
	SECCOMP_MASKED_EQ,
};

/* A condition on one argument. */
struct seccomp_condition {
	unsigned argument; /* below SECCOMP_ARGUMENTS */
	enum seccomp_operation operation;
	uint64_t value; /* of SECCOMP_MASKED_EQ the mask */
	uint64_t under_mask;
};

struct seccomp_rule {
	const char *name; /* of a system call, of any architecture */
	uint32_t action;  /* a value that a filter returns */
	struct seccomp_condition conditions[SECCOMP_ARGUMENTS]; /* [condition_count] */
	size_t condition_count;
	bool is_any_enough; /* of conditions of one argument; else all have to hold */
};

struct seccomp_filter {
	const char *role; /* "container"; "vmm" */
	uint32_t default_action;
	struct seccomp_rule *rules; /* [rule_count] */
	size_t rule_count;
	size_t rule_capacity;
};

/* A zeroed struct is empty. All belongs to @arena, but the arrays of rules. */
struct seccomp_profile {
	struct seccomp_filter *filters; /* [filter_count]; owned */
	size_t filter_count;
	json_t *architectures; /* of OCI, as config.json has them; owned; NULL: not said */
	struct cov_arena arena;
};

/* What conditions of rules are compared with, on x86-64. */
struct seccomp_subject {
	const char *const *capabilities; /* NULL at the end */
	const char *release;             /* of the kernel: "6.1.192" */
};

/* Capabilities of Docker's default set, which containers get; NULL at the end. */
extern const char *const seccomp_profile_docker[];

void seccomp_profile_deinit(struct seccomp_profile *profile);
COV_DEFINE_AUTO_STRUCT(struct seccomp_profile, seccomp_profile_deinit)

/**
 * seccomp_profile_read() - the filters of a file, without the rules that are not for @subject.
 * @path: a file
 * @ret:  free with seccomp_profile_deinit()
 * @err:  names the file and the place in it
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT.
 */
int seccomp_profile_read(const char *path, const struct seccomp_subject *subject,
			 struct seccomp_profile *ret, struct cov_error *err);

/** seccomp_profile_json() - the first filter, as "linux.seccomp" of a config.json has it. */
json_t *seccomp_profile_json(const struct seccomp_profile *profile);

#endif
