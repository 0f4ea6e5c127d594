/*
 * syscalls.h - a trial of system calls: filters are read, and calls are recorded by perf.
 *
 *   syscalls_start   perf records the start of every system call
 *   syscalls_ready   the platform is ready: its threads are listed, their filters read
 *   syscalls_stop    perf ends; calls are added up by role
 *   syscalls_save    the file, see filter/syscalls_file.h
 */
#ifndef COLLECTOR_CAPTURE_SYSCALLS_H
#define COLLECTOR_CAPTURE_SYSCALLS_H

#include <stdbool.h>

#include "collector/capture/perf.h"
#include "collector/capture/threads.h"
#include "collector/filter/syscalls_file.h"

struct cov_error;

/* A zeroed struct is empty. */
struct syscalls {
	struct perf perf;
	struct threads threads;
	struct syscalls_file file;
	bool is_read; /* threads and filters */
};

/** syscalls_check() - is perf here? Return: 0; COV_ERR_MACHINE. */
int syscalls_check(struct cov_error *err);

/** syscalls_start() - record from now on. @folder: for perf's files. Return: 0; COV_ERR_SYSTEM. */
int syscalls_start(struct syscalls *syscalls, const char *folder, struct cov_error *err);

/**
 * syscalls_ready() - read filters, the first time only.
 * @driver: of the platform
 * @peer:   process of the workload's peer, or 0
 *
 * Return: 0; as filters_read().
 */
int syscalls_ready(struct syscalls *syscalls, const char *driver, pid_t peer,
		   struct cov_error *err);

/** syscalls_stop() - record no longer, add up. Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT if the
 * platform was never ready. */
int syscalls_stop(struct syscalls *syscalls, struct cov_error *err);

/** syscalls_save() - replace the file at @path. Return: 0; COV_ERR_SYSTEM. */
int syscalls_save(const struct syscalls *syscalls, const char *path, struct cov_error *err);

void syscalls_deinit(struct syscalls *syscalls);

#endif
