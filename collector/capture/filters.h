/*
 * filters.h - the seccomp filters of threads that run, by PTRACE_SECCOMP_GET_FILTER.
 *
 * Each thread is stopped while its filters are read, so that its system calls may be interrupted
 * and begin again. Needs CONFIG_CHECKPOINT_RESTORE, CAP_SYS_ADMIN, and no filter of our own.
 */
#ifndef COLLECTOR_CAPTURE_FILTERS_H
#define COLLECTOR_CAPTURE_FILTERS_H

#include "collector/capture/threads.h"
#include "collector/filter/syscalls_file.h"

struct cov_error;

/**
 * filters_read() - all threads of a platform, with their filters, into @file.
 *
 * A thread that somebody else traces, or that does not stop, is in it with the reason.
 *
 * Return: 0; COV_ERR_MACHINE if no filter can be read here; COV_ERR_FORMAT if one is none.
 */
int filters_read(const struct threads *threads, struct syscalls_file *file, struct cov_error *err);

#endif
