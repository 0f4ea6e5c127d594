/*
 * threads.h - the threads of a platform while it runs, and what each is for.
 *
 * All descendants of this process are the platform's, but those that are named. The role of a
 * thread is "container" in a container's namespace of processes; of runsc "sentry", "gofer" and
 * "stub" (what the Sentry traces); of Firecracker "vmm", "api" and "vcpu"; of QEMU "qemu" and
 * "vcpu", which have names of their own only with -name debug-threads=on; of the host "workload";
 * else its process.
 */
#ifndef COLLECTOR_CAPTURE_THREADS_H
#define COLLECTOR_CAPTURE_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;

struct threads_item {
	pid_t pid;
	pid_t tid;
	const char *process; /* file name of its first argument */
	const char *name;    /* of the thread */
	const char *role;
	bool is_traced; /* by another thread than ours */
	int seccomp;    /* mode: 0 none, 1 strict, 2 filters */
};

/* A zeroed struct is empty. */
struct threads {
	struct threads_item *items; /* [count]; owned */
	size_t count;
	size_t capacity;
	struct cov_arena arena; /* texts */
};

/**
 * threads_list() - those that are there now.
 * @driver:   of the platform
 * @others:   [other_count], children of this process that are none of the platform
 * @ret:      free with threads_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int threads_list(const char *driver, const pid_t *others, size_t other_count, struct threads *ret,
		 struct cov_error *err);

void threads_deinit(struct threads *threads);
COV_DEFINE_AUTO_STRUCT(struct threads, threads_deinit)

#endif
